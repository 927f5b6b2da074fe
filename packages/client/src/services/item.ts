// Generated from packages/contract/src/operations by `npm run generate`.
import type {
  ItemCopySpec,
  ItemCreateSpec,
  ItemDestinationSpec,
  ItemFindSpec,
  ItemModel,
  ItemUpdateSpec,
} from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library.item` of the API. */
export class ItemService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Makes an item without files in a library and answers its id.
   * Refused with `already_exists`, `invalid_element_type`, `not_allowed_in_current_state` or `not_found`.
   * It is never repeated by itself.
   * In the API: `create` of `com.vmware.content.library.item`.
   */
  create(
    input: {
      /** A UUID of your own; the same one again answers the same item. */
      readonly client_token?: string;
      /** What the item is made of. */
      readonly create_spec: ItemCreateSpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("item.create", input, options);
  }

  /**
   * Shows an item.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.library.item`.
   */
  get(
    input: {
      /** Id of the item. */
      readonly library_item_id: string;
    },
    options?: CallOptions,
  ): Promise<ItemModel> {
    return this.#call("item.get", input, options);
  }

  /**
   * Changes the properties of an item; absent members stay as they are.
   * Refused with `already_exists`, `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * In the API: `update` of `com.vmware.content.library.item`.
   */
  update(
    input: {
      /** Id of the item. */
      readonly library_item_id: string;
      /** The changes. */
      readonly update_spec: ItemUpdateSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("item.update", input, options);
  }

  /**
   * Deletes an item and ends its sessions; it is gone at once, its bytes follow.
   * Refused with `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * In the API: `delete` of `com.vmware.content.library.item`.
   */
  delete(
    input: {
      /** Id of the item. */
      readonly library_item_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("item.delete", input, options);
  }

  /**
   * Lists the ids of the items of a library.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.library.item`.
   */
  list(
    input: {
      /** Id of the library. */
      readonly library_id: string;
    },
    options?: CallOptions,
  ): Promise<readonly string[]> {
    return this.#call("item.list", input, options);
  }

  /**
   * Lists the ids of the items that fit everything given; something must be given.
   * Changes nothing.
   * In the API: `find` of `com.vmware.content.library.item`.
   */
  find(
    input: {
      /** What to look for. */
      readonly spec: ItemFindSpec;
    },
    options?: CallOptions,
  ): Promise<readonly string[]> {
    return this.#call("item.find", input, options);
  }

  /**
   * Makes a new item with the files that another one has now, and answers the id of the new one.
   * Refused with `already_exists`, `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `resource_inaccessible`.
   * It is never repeated by itself.
   * In the API: `copy` of `com.vmware.content.library.item`.
   */
  copy(
    input: {
      /** A UUID of your own; the same one again answers the same copy. */
      readonly client_token?: string;
      /** Id of the item to copy. */
      readonly source_library_item_id: string;
      /** What the copy is made of. */
      readonly destination_create_spec: ItemCopySpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("item.copy", input, options);
  }

  /**
   * Begins to push an item of a published library to its subscriptions, and does not wait for the end.
   * Refused with `error`, `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `unsupported`.
   * Repeating it is harmless.
   * In the API: `publish` of `com.vmware.content.library.item`.
   */
  publish(
    input: {
      /** Id of the item. */
      readonly library_item_id: string;
      /** Whether subscribers that fetch on demand are to fetch the files too. */
      readonly force_sync_content: boolean;
      /** The subscriptions to serve; all of them when absent or empty. */
      readonly subscriptions?: readonly ItemDestinationSpec[];
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("item.publish", input, options);
  }
}
