/**
 * The standard error classes of the API (`com.vmware.vapi.std.errors.*`), all 25 values of its ErrorType enumeration.
 * The class decides the status on each wire; the identity of a fault is its code (`faults.ts`).
 */
export const FAULT_CLASSES = [
  "already_exists",
  "already_in_desired_state",
  "canceled",
  "concurrent_change",
  "error",
  "feature_in_use",
  "internal_server_error",
  "invalid_argument",
  "invalid_element_configuration",
  "invalid_element_type",
  "invalid_request",
  "not_allowed_in_current_state",
  "not_found",
  "operation_not_found",
  "resource_busy",
  "resource_in_use",
  "resource_inaccessible",
  "service_unavailable",
  "timed_out",
  "unable_to_allocate_resource",
  "unauthenticated",
  "unauthorized",
  "unexpected_input",
  "unsupported",
  "unverified_peer",
] as const;

/** One of the API's standard error classes. */
export type FaultClass = (typeof FAULT_CLASSES)[number];

/** Classes every operation may answer without declaring them. */
export const IMPLICIT_FAULT_CLASSES = [
  "internal_server_error",
  "invalid_argument",
  "operation_not_found",
  "service_unavailable",
  "unable_to_allocate_resource",
  "unauthenticated",
  "unauthorized",
  "unexpected_input",
] as const satisfies readonly FaultClass[];
