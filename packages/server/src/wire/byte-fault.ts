import type { FaultClass, FaultValue } from "@contentlib/contract/vocabulary";
import { Fault } from "../app/fault.ts";
import { entryOf, faultReply } from "./fault-reply.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import { unexpectedFault } from "./unexpected.ts";

/** Statuses of byte endpoints that differ from those of the command wires (contract P9). */
const BYTE_STATUSES: Partial<Readonly<Record<FaultClass, number>>> = {
  not_allowed_in_current_state: 409,
  unable_to_allocate_resource: 507,
};

const replyOf = (values: readonly FaultValue[]): Reply => {
  const [first] = values;
  const status = first === undefined ? undefined : BYTE_STATUSES[entryOf(first).class];
  return faultReply("api", values, status === undefined ? {} : { status });
};

/** The reply of a failed transfer, in the /api form whatever client asks; null for what is nobody's expected error. */
export const byteFaultReply = (error: unknown): Reply | null => {
  if (error instanceof Refusal)
    return faultReply("api", [error.fault], { status: error.status, headers: error.headers });
  return error instanceof Fault ? replyOf(error.values) : null;
};

/** The reply of a failure that only the log explains in full. */
export const unexpectedReply = (error: unknown, requestId: string): Reply =>
  replyOf([unexpectedFault(error, requestId)]);
