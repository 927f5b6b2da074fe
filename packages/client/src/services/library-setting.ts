// Generated from packages/contract/src/operations by `npm run generate`.
import type { LibrarySettingInfo, LibrarySettingUpdateSpec } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.libraries.settings`, an addition to the API: other servers do not have it. */
export class LibrarySettingService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Shows the settings of a library that are not the API's own.
   * Refused with `not_found`.
   * Changes nothing.
   * An addition to the API: `get` of `contentlib.libraries.settings`.
   */
  get(
    input: {
      /** Id of the library. */
      readonly library: string;
    },
    options?: CallOptions,
  ): Promise<LibrarySettingInfo> {
    return this.#call("librarySetting.get", input, options);
  }

  /**
   * Changes the settings of a library that are not the API's own; absent members stay as they are.
   * Refused with `not_found`.
   * Repeating it is harmless.
   * An addition to the API: `update` of `contentlib.libraries.settings`.
   */
  update(
    input: {
      /** Id of the library. */
      readonly library: string;
      /** The changes. */
      readonly update_spec: LibrarySettingUpdateSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("librarySetting.update", input, options);
  }
}
