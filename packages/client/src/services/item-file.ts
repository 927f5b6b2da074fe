// Generated from packages/contract/src/operations by `npm run generate`.
import type { ItemFileInfo } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library.item.file` of the API. */
export class ItemFileService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lists the files of an item.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.library.item.file`.
   */
  list(
    input: {
      /** Id of the item. */
      readonly library_item_id: string;
    },
    options?: CallOptions,
  ): Promise<readonly ItemFileInfo[]> {
    return this.#call("itemFile.list", input, options);
  }

  /**
   * Shows one file of an item.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.library.item.file`.
   */
  get(
    input: {
      /** Id of the item. */
      readonly library_item_id: string;
      /** Name of the file. */
      readonly name: string;
    },
    options?: CallOptions,
  ): Promise<ItemFileInfo> {
    return this.#call("itemFile.get", input, options);
  }
}
