// Generated from packages/contract/src/operations by `npm run generate`.
import type { SessionOverview } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.sessions`, an addition to the API: other servers do not have it. */
export class SessionOverviewService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lists the sessions of everybody.
   * Changes nothing.
   * An addition to the API: `list` of `contentlib.sessions`.
   */
  list(
    input: {
      /** The state of those wanted. */
      readonly state?: "ACTIVE" | "DONE" | "ERROR" | "CANCELED";
    } = {},
    options?: CallOptions,
  ): Promise<readonly SessionOverview[]> {
    return this.#call("sessionOverview.list", input, options);
  }
}
