// Generated from packages/contract/src/operations by `npm run generate`.
import type { ItemFacts } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.items.facts`, an addition to the API: other servers do not have it. */
export class ItemFactService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Shows what was found out about the present content of an item: who signed it, and what its descriptor or its images say.
   * Refused with `not_found`.
   * Changes nothing.
   * An addition to the API: `get` of `contentlib.items.facts`.
   */
  get(
    input: {
      /** Id of the item. */
      readonly library_item: string;
    },
    options?: CallOptions,
  ): Promise<ItemFacts> {
    return this.#call("itemFact.get", input, options);
  }
}
