// Generated from packages/contract/src/operations by `npm run generate`.
import type {
  LibraryDestinationSpec,
  LibraryModel,
  LocalLibraryCreateSpec,
  LocalLibraryUpdateSpec,
} from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.local_library` of the API. */
export class LocalLibraryService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Makes a local library and answers its id.
   * Refused with `not_found` or `unsupported`.
   * It is never repeated by itself.
   * In the API: `create` of `com.vmware.content.local_library`.
   */
  create(
    input: {
      /** A UUID of your own; the same one again answers the same library. */
      readonly client_token?: string;
      /** What the library is made of. */
      readonly create_spec: LocalLibraryCreateSpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("localLibrary.create", input, options);
  }

  /**
   * Lists the ids of the local libraries.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.local_library`.
   */
  list(options?: CallOptions): Promise<readonly string[]> {
    return this.#call("localLibrary.list", {}, options);
  }

  /**
   * Shows a local library.
   * Refused with `invalid_element_type` or `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.local_library`.
   */
  get(
    input: {
      /** Id of the local library. */
      readonly library_id: string;
    },
    options?: CallOptions,
  ): Promise<LibraryModel> {
    return this.#call("localLibrary.get", input, options);
  }

  /**
   * Changes the properties of a local library; absent members stay as they are.
   * Refused with `concurrent_change`, `invalid_element_type`, `not_allowed_in_current_state`, `not_found`, `resource_busy` or `unsupported`.
   * Repeating it is harmless.
   * In the API: `update` of `com.vmware.content.local_library`.
   */
  update(
    input: {
      /** Id of the local library. */
      readonly library_id: string;
      /** The changes. */
      readonly update_spec: LocalLibraryUpdateSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("localLibrary.update", input, options);
  }

  /**
   * Deletes a local library with all its items; it is gone at once, its bytes follow.
   * Refused with `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * In the API: `delete` of `com.vmware.content.local_library`.
   */
  delete(
    input: {
      /** Id of the local library. */
      readonly library_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("localLibrary.delete", input, options);
  }

  /**
   * Begins to push the content of a published library to its subscriptions, and does not wait for the end.
   * Refused with `error`, `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `unsupported`.
   * Repeating it is harmless.
   * In the API: `publish` of `com.vmware.content.local_library`.
   */
  publish(
    input: {
      /** Id of the local library. */
      readonly library_id: string;
      /** The subscriptions to serve; all of them when absent or empty. */
      readonly subscriptions?: readonly LibraryDestinationSpec[];
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("localLibrary.publish", input, options);
  }
}
