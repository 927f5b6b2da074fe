// Generated from packages/contract/src/operations by `npm run generate`.
import type {
  LibraryModel,
  ProbeResult,
  SubscribedLibraryCreateSpec,
  SubscribedLibraryUpdateSpec,
  SubscriptionSpec,
} from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.subscribed_library` of the API. */
export class SubscribedLibraryService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Makes a subscribed library and answers its id.
   * Refused with `not_found`, `resource_inaccessible` or `unsupported`.
   * It is never repeated by itself.
   * In the API: `create` of `com.vmware.content.subscribed_library`.
   */
  create(
    input: {
      /** A UUID of your own; the same one again answers the same library. */
      readonly client_token?: string;
      /** What the library is made of. */
      readonly create_spec: SubscribedLibraryCreateSpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("subscribedLibrary.create", input, options);
  }

  /**
   * Lists the ids of the subscribed libraries.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.subscribed_library`.
   */
  list(options?: CallOptions): Promise<readonly string[]> {
    return this.#call("subscribedLibrary.list", {}, options);
  }

  /**
   * Shows a subscribed library.
   * Refused with `invalid_element_type` or `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.subscribed_library`.
   */
  get(
    input: {
      /** Id of the subscribed library. */
      readonly library_id: string;
    },
    options?: CallOptions,
  ): Promise<LibraryModel> {
    return this.#call("subscribedLibrary.get", input, options);
  }

  /**
   * Changes the properties of a subscribed library; absent members stay as they are.
   * Refused with `concurrent_change`, `invalid_element_type`, `not_allowed_in_current_state`, `not_found`, `resource_busy`, `resource_inaccessible` or `unsupported`.
   * Repeating it is harmless.
   * In the API: `update` of `com.vmware.content.subscribed_library`.
   */
  update(
    input: {
      /** Id of the subscribed library. */
      readonly library_id: string;
      /** The changes. */
      readonly update_spec: SubscribedLibraryUpdateSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("subscribedLibrary.update", input, options);
  }

  /**
   * Deletes a subscribed library with all its items; it is gone at once, its bytes follow.
   * Refused with `invalid_element_type`, `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * In the API: `delete` of `com.vmware.content.subscribed_library`.
   */
  delete(
    input: {
      /** Id of the subscribed library. */
      readonly library_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("subscribedLibrary.delete", input, options);
  }

  /**
   * Gives up the stored bytes of a library that fetches on demand; its items stay and can be fetched again.
   * Refused with `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `unsupported`.
   * Repeating it is harmless.
   * In the API: `evict` of `com.vmware.content.subscribed_library`.
   */
  evict(
    input: {
      /** Id of the subscribed library. */
      readonly library_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("subscribedLibrary.evict", input, options);
  }

  /**
   * Begins to bring a library up to what its publisher has now, and does not wait for the end.
   * Refused with `invalid_element_type`, `not_allowed_in_current_state`, `not_found`, `resource_inaccessible` or `unsupported`.
   * Repeating it is harmless.
   * In the API: `sync` of `com.vmware.content.subscribed_library`.
   */
  sync(
    input: {
      /** Id of the subscribed library. */
      readonly library_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("subscribedLibrary.sync", input, options);
  }

  /**
   * Tries whether a publisher can be followed, and changes nothing.
   * Refused with `unsupported`.
   * Changes nothing.
   * In the API: `probe` of `com.vmware.content.subscribed_library`.
   */
  probe(
    input: {
      /** The publisher to try. */
      readonly subscription_info: SubscriptionSpec;
    },
    options?: CallOptions,
  ): Promise<ProbeResult> {
    return this.#call("subscribedLibrary.probe", input, options);
  }
}
