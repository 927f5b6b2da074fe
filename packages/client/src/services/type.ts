// Generated from packages/contract/src/operations by `npm run generate`.
import type { TypeInfo } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.type` of the API. */
export class TypeService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lists the kinds of items whose files this server understands.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.type`.
   */
  list(options?: CallOptions): Promise<readonly TypeInfo[]> {
    return this.#call("type.list", {}, options);
  }
}
