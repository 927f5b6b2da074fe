// Generated from packages/contract/src/operations by `npm run generate`.
import type { LibraryFindSpec, LibraryModel, LibraryUpdateSpec } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library` of the API. */
export class LibraryService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lists the ids of all libraries, of whatever kind.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.library`.
   */
  list(options?: CallOptions): Promise<readonly string[]> {
    return this.#call("library.list", {}, options);
  }

  /**
   * Shows a library of any kind.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.library`.
   */
  get(
    input: {
      /** Id of the library. */
      readonly library_id: string;
    },
    options?: CallOptions,
  ): Promise<LibraryModel> {
    return this.#call("library.get", input, options);
  }

  /**
   * Changes the properties that libraries of all kinds have; absent members stay as they are.
   * Refused with `not_found`, `unsupported` or `resource_busy`.
   * Repeating it is harmless.
   * In the API: `update` of `com.vmware.content.library`.
   */
  update(
    input: {
      /** Id of the library. */
      readonly library_id: string;
      /** The changes. */
      readonly update_spec: LibraryUpdateSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("library.update", input, options);
  }

  /**
   * Deletes a library of any kind with all its items; it is gone at once, its bytes follow.
   * Refused with `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * In the API: `delete` of `com.vmware.content.library`.
   */
  delete(
    input: {
      /** Id of the library. */
      readonly library_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("library.delete", input, options);
  }

  /**
   * Lists the ids of the libraries that fit everything given; something must be given.
   * Changes nothing.
   * In the API: `find` of `com.vmware.content.library`.
   */
  find(
    input: {
      /** What to look for. */
      readonly spec: LibraryFindSpec;
    },
    options?: CallOptions,
  ): Promise<readonly string[]> {
    return this.#call("library.find", input, options);
  }
}
