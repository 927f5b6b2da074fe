// Generated from packages/contract/src/operations by `npm run generate`.
import type { ItemVersionInfo } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.items.versions`, an addition to the API: other servers do not have it. */
export class ItemVersionService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Shows a content version of an item that is kept, with its files.
   * Refused with `not_found`.
   * Changes nothing.
   * An addition to the API: `get` of `contentlib.items.versions`.
   */
  get(
    input: {
      /** Id of the item. */
      readonly library_item: string;
      /** The content version, a decimal number. */
      readonly version: string;
    },
    options?: CallOptions,
  ): Promise<ItemVersionInfo> {
    return this.#call("itemVersion.get", input, options);
  }

  /**
   * Opens a download session on a content version of an item that is kept, and answers its id; from there on it is like any other.
   * Refused with `not_found`.
   * It is never repeated by itself.
   * An addition to the API: `download` of `contentlib.items.versions`.
   */
  download(
    input: {
      /** A UUID of your own; the same one again answers the same session. */
      readonly client_token?: string;
      /** Id of the item. */
      readonly library_item: string;
      /** The content version, a decimal number. */
      readonly version: string;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("itemVersion.download", input, options);
  }

  /**
   * Gives an item the files of a content version that is kept, as a new one, and answers the new content version; no bytes move.
   * Refused with `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * It is never repeated by itself.
   * An addition to the API: `rollback` of `contentlib.items.versions`.
   */
  rollback(
    input: {
      /** A UUID of your own; the same one again answers the same content version. */
      readonly client_token?: string;
      /** Id of the item. */
      readonly library_item: string;
      /** The content version whose files are wanted; the one before the present when absent. */
      readonly version?: string;
      /** What is said of the change: at most 1000 characters, with no control characters but line feeds and tabs. */
      readonly message?: string;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("itemVersion.rollback", input, options);
  }
}
