// Generated from packages/contract/src/operations by `npm run generate`.
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library.subscribed_item` of the API. */
export class SubscribedItemService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Gives up the stored bytes of an item whose library fetches on demand; the item stays and can be fetched again.
   * Refused with `invalid_element_configuration`, `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `unsupported`.
   * Repeating it is harmless.
   * In the API: `evict` of `com.vmware.content.library.subscribed_item`.
   */
  evict(
    input: {
      /** Id of the item. */
      readonly library_item_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("subscribedItem.evict", input, options);
  }

  /**
   * Begins to bring an item up to what its publisher has now, and does not wait for the end.
   * Refused with `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `unsupported`.
   * Repeating it is harmless.
   * In the API: `sync` of `com.vmware.content.library.subscribed_item`.
   */
  sync(
    input: {
      /** Id of the item. */
      readonly library_item_id: string;
      /** Whether to fetch the files too, where the library fetches on demand. */
      readonly force_sync_content: boolean;
      /** Whether to fetch files that the item can do without; false when absent. */
      readonly sync_optional_files?: boolean;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("subscribedItem.sync", input, options);
  }
}
