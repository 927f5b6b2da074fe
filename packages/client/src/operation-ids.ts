import { BINDINGS } from "@contentlib/contract/bindings";
import type { OperationId } from "@contentlib/contract";

/** Every operation that this client knows, by the id that the audit trail and `whoami` call it by. */
export const OPERATION_IDS: readonly OperationId[] = [
  ...new Set([...Object.keys(BINDINGS.api), ...Object.keys(BINDINGS.rest)]),
] as OperationId[];
