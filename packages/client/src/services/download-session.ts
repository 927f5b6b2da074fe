// Generated from packages/contract/src/operations by `npm run generate`.
import type { DownloadSessionCreateSpec, DownloadSessionModel } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library.item.download_session` of the API. */
export class DownloadSessionService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Opens a download session on an item and answers its id; an item may have any number.
   * Refused with `not_found` or `resource_busy`.
   * It is never repeated by itself.
   * In the API: `create` of `com.vmware.content.library.item.download_session`.
   */
  create(
    input: {
      /** A UUID of your own; the same one again answers the same session. */
      readonly client_token?: string;
      /** What the session is made of. */
      readonly create_spec: DownloadSessionCreateSpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("downloadSession.create", input, options);
  }

  /**
   * Lists the ids of the caller's own download sessions, of one item or of all.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.library.item.download_session`.
   */
  list(
    input: {
      /** Id of the item whose sessions are wanted. */
      readonly library_item_id?: string;
    } = {},
    options?: CallOptions,
  ): Promise<readonly string[]> {
    return this.#call("downloadSession.list", input, options);
  }

  /**
   * Shows a download session as it stands now.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.library.item.download_session`.
   */
  get(
    input: {
      /** Id of the download session. */
      readonly download_session_id: string;
    },
    options?: CallOptions,
  ): Promise<DownloadSessionModel> {
    return this.#call("downloadSession.get", input, options);
  }

  /**
   * Removes a download session in whatever state; its addresses are dead at once.
   * Refused with `not_found`.
   * Repeating it is harmless.
   * In the API: `delete` of `com.vmware.content.library.item.download_session`.
   */
  delete(
    input: {
      /** Id of the download session. */
      readonly download_session_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("downloadSession.delete", input, options);
  }

  /**
   * Stops an ACTIVE session: running reads break and its addresses are dead.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * It is never repeated by itself.
   * In the API: `cancel` of `com.vmware.content.library.item.download_session`.
   */
  cancel(
    input: {
      /** Id of the download session. */
      readonly download_session_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("downloadSession.cancel", input, options);
  }

  /**
   * Ends an ACTIVE session in the state ERROR, with the client's own message.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * It is never repeated by itself.
   * In the API: `fail` of `com.vmware.content.library.item.download_session`.
   */
  fail(
    input: {
      /** Id of the download session. */
      readonly download_session_id: string;
      /** What went wrong at the client; a standard text when absent. */
      readonly client_error_message?: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("downloadSession.fail", input, options);
  }

  /**
   * Extends the life of an ACTIVE session and, where given, moves its progress forward.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * Repeating it is harmless.
   * In the API: `keep_alive` of `com.vmware.content.library.item.download_session`.
   */
  keepAlive(
    input: {
      /** Id of the download session. */
      readonly download_session_id: string;
      /** How far the client is, in percent, 0 to 100; less than before changes nothing. */
      readonly progress?: number;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("downloadSession.keepAlive", input, options);
  }
}
