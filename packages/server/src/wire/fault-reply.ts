import type { Wire } from "@contentlib/contract/bindings";
import { encodeFault } from "@contentlib/contract/bindings";
import type { FaultEntry, FaultValue } from "@contentlib/contract/vocabulary";
import { FAULTS, faultOf, messageOf } from "@contentlib/contract/vocabulary";
import type { Reply } from "./reply.ts";

/** What an unauthenticated error tells the client to present (contract 2.3). */
export const CHALLENGE = 'Basic realm="contentlib"';

/** How a reply departs from what the fault's class says. */
export interface FaultReplyOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The catalogue entry of a fault. */
export const entryOf = (fault: FaultValue): FaultEntry => FAULTS[fault.fault];

/** After how many seconds the caller may try again; `undefined` where trying again does not help. */
export const retryAfterOf = (fault: FaultValue): string | undefined => {
  if (fault.fault === "login.busy") return fault.args[0];
  if (fault.fault === "server.unavailable") return fault.args[1];
  return undefined;
};

/** The reply of an error: the first fault decides class and status, each adds its message (contract E1). */
export const faultReply = (
  wire: Wire,
  faults: readonly FaultValue[],
  options: FaultReplyOptions = {},
): Reply => {
  const first = faults[0] ?? faultOf("server.internal", "");
  const { class: faultClass } = entryOf(first);
  const encoded = encodeFault(
    wire,
    faultClass,
    faults.map(messageOf),
    faultClass === "unauthenticated" ? { challenge: CHALLENGE } : {},
  );
  const retryAfter = retryAfterOf(first);
  return {
    status: options.status ?? encoded.status,
    json: JSON.stringify(encoded.body),
    headers: {
      ...(retryAfter === undefined ? {} : { "Retry-After": retryAfter }),
      ...options.headers,
    },
  };
};
