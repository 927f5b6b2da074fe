// Generated from packages/contract/src/operations by `npm run generate`.
import type {
  ProbeResult,
  SourceEndpoint,
  UpdateSessionFileAddSpec,
  UpdateSessionFileInfo,
  ValidationResult,
} from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library.item.updatesession.file` of the API. */
export class UpdateSessionFileService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Adds a file to an ACTIVE session, or adds it again, and answers where its bytes are to be sent.
   * Refused with `not_allowed_in_current_state`, `not_found` or `unsupported`.
   * It is never repeated by itself.
   * In the API: `add` of `com.vmware.content.library.item.updatesession.file`.
   */
  add(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
      /** The file. */
      readonly file_spec: UpdateSessionFileAddSpec;
    },
    options?: CallOptions,
  ): Promise<UpdateSessionFileInfo> {
    return this.#call("updateSessionFile.add", input, options);
  }

  /**
   * Lists every file the item would have after complete.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.library.item.updatesession.file`.
   */
  list(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
    },
    options?: CallOptions,
  ): Promise<readonly UpdateSessionFileInfo[]> {
    return this.#call("updateSessionFile.list", input, options);
  }

  /**
   * Shows one file of a session and how far its transfer is.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.library.item.updatesession.file`.
   */
  get(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
      /** Name of the file. */
      readonly file_name: string;
    },
    options?: CallOptions,
  ): Promise<UpdateSessionFileInfo> {
    return this.#call("updateSessionFile.get", input, options);
  }

  /**
   * Takes a file out of an ACTIVE session; the item loses it when the session is completed.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * Repeating it is harmless.
   * In the API: `remove` of `com.vmware.content.library.item.updatesession.file`.
   */
  remove(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
      /** Name of the file. */
      readonly file_name: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("updateSessionFile.remove", input, options);
  }

  /**
   * Tells which files an ACTIVE session lacks or can not use, and changes nothing.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * Changes nothing.
   * In the API: `validate` of `com.vmware.content.library.item.updatesession.file`.
   */
  validate(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
    },
    options?: CallOptions,
  ): Promise<ValidationResult> {
    return this.#call("updateSessionFile.validate", input, options);
  }

  /**
   * Tries whether files can be fetched from an address, and changes nothing.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `probe` of `com.vmware.content.library.item.updatesession.file`.
   */
  probe(
    input: {
      /** The address to try. */
      readonly source_endpoint: SourceEndpoint;
    },
    options?: CallOptions,
  ): Promise<ProbeResult> {
    return this.#call("updateSessionFile.probe", input, options);
  }
}
