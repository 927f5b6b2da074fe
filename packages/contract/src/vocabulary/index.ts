export {
  AUDIT_CHANGES,
  type AuditChange,
  type AuditEventKind,
  type AuditObjectKindName,
  type AuditRelation,
  GRANT_ROLES,
  type GrantRole,
} from "./enumerations.ts";
export * from "./fault-class.ts";
export * from "./faults.ts";
export * from "./limits.ts";
export { OPERATION_METHODS } from "./operation-methods.ts";
export { OPERATION_RIGHTS } from "./operation-rights.ts";
export { ROLES, type OperationRight, type Right, type RightObject, type Role } from "./right.ts";
export { SAFE_OPERATIONS } from "./safe-operations.ts";
export * from "./text-rules.ts";
export * from "./trail-operations.ts";
