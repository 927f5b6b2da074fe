import { BINDINGS } from "@contentlib/contract/bindings";
import type { OperationId } from "@contentlib/contract";

/** What the audit trail tells of besides operations: the bytes of a file, many calls at once, and what the server does by itself. */
export { TRAIL_OPERATIONS } from "@contentlib/contract/bindings";

/** Every operation that this client knows, by the id that the audit trail and `whoami` call it by. */
export const OPERATION_IDS: readonly OperationId[] = [
  ...new Set([...Object.keys(BINDINGS.api), ...Object.keys(BINDINGS.rest)]),
] as OperationId[];
