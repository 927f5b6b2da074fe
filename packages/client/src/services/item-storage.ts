// Generated from packages/contract/src/operations by `npm run generate`.
import type { ItemStorageInfo } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library.item.storage` of the API. */
export class ItemStorageService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lists where the files of an item are stored.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.library.item.storage`.
   */
  list(
    input: {
      /** Id of the item. */
      readonly library_item_id: string;
    },
    options?: CallOptions,
  ): Promise<readonly ItemStorageInfo[]> {
    return this.#call("itemStorage.list", input, options);
  }

  /**
   * Shows where one file of an item is stored, as a list.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.library.item.storage`.
   */
  get(
    input: {
      /** Id of the item. */
      readonly library_item_id: string;
      /** Name of the file. */
      readonly file_name: string;
    },
    options?: CallOptions,
  ): Promise<readonly ItemStorageInfo[]> {
    return this.#call("itemStorage.get", input, options);
  }
}
