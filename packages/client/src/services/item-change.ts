// Generated from packages/contract/src/operations by `npm run generate`.
import type { ItemChangeInfo, ItemChangeSummary } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library.item.changes` of the API. */
export class ItemChangeService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lists the completed changes to the files of an item, as far back as they are kept.
   * Refused with `error` or `not_found`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.library.item.changes`.
   */
  list(
    input: {
      /** Id of the item. */
      readonly library_item: string;
    },
    options?: CallOptions,
  ): Promise<readonly ItemChangeSummary[]> {
    return this.#call("itemChange.list", input, options);
  }

  /**
   * Shows the change that made one content version of an item.
   * Refused with `error` or `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.library.item.changes`.
   */
  get(
    input: {
      /** Id of the item. */
      readonly library_item: string;
      /** The content version that the change made, a decimal number. */
      readonly version: string;
    },
    options?: CallOptions,
  ): Promise<ItemChangeInfo> {
    return this.#call("itemChange.get", input, options);
  }
}
