export { readInput, type ReadInput } from "./derive/read-input.ts";
export * from "./models/models.ts";
export type { Operation } from "./operations/operation.ts";
export * from "./operations/operations.ts";
export * from "./vocabulary/enumerations.ts";
export * from "./vocabulary/fault-class.ts";
export * from "./vocabulary/faults.ts";
export type { Immutable } from "./vocabulary/immutable.ts";
export * from "./vocabulary/limits.ts";
export * from "./vocabulary/operation-ids.ts";
export { OPERATION_RIGHTS } from "./vocabulary/operation-rights.ts";
export {
  ROLES,
  type OperationRight,
  type Right,
  type RightObject,
  type Role,
} from "./vocabulary/right.ts";
