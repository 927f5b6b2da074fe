// Generated from packages/contract/src/operations by `npm run generate`.
import type { CallerInfo } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.whoami`, an addition to the API: other servers do not have it. */
export class WhoamiService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Shows who calls and what the caller may do, and tells beforehand about one thing.
   * Changes nothing.
   * An addition to the API: `get` of `contentlib.whoami`.
   */
  get(
    input: {
      /** An operation to ask about, by its id, e.g. item.create, or as service.method. */
      readonly can?: string;
      /** Id of what it would be done to: a library, an item or a session. Of two objects it is one, the first of that kind. */
      readonly on?: string;
    } = {},
    options?: CallOptions,
  ): Promise<CallerInfo> {
    return this.#call("whoami.get", input, options);
  }
}
