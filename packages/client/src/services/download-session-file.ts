// Generated from packages/contract/src/operations by `npm run generate`.
import type { DownloadSessionFileInfo } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library.item.downloadsession.file` of the API. */
export class DownloadSessionFileService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lists every file the session holds.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.library.item.downloadsession.file`.
   */
  list(
    input: {
      /** Id of the download session. */
      readonly download_session_id: string;
    },
    options?: CallOptions,
  ): Promise<readonly DownloadSessionFileInfo[]> {
    return this.#call("downloadSessionFile.list", input, options);
  }

  /**
   * Asks for one file and answers where its bytes are to be fetched.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * Repeating it is harmless.
   * In the API: `prepare` of `com.vmware.content.library.item.downloadsession.file`.
   */
  prepare(
    input: {
      /** Id of the download session. */
      readonly download_session_id: string;
      /** Name of the file. */
      readonly file_name: string;
      /** How the file is to be fetched; HTTPS when absent. */
      readonly endpoint_type?: "HTTPS" | "DIRECT";
    },
    options?: CallOptions,
  ): Promise<DownloadSessionFileInfo> {
    return this.#call("downloadSessionFile.prepare", input, options);
  }

  /**
   * Shows one file of the session and how far its preparation is.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.library.item.downloadsession.file`.
   */
  get(
    input: {
      /** Id of the download session. */
      readonly download_session_id: string;
      /** Name of the file. */
      readonly file_name: string;
    },
    options?: CallOptions,
  ): Promise<DownloadSessionFileInfo> {
    return this.#call("downloadSessionFile.get", input, options);
  }
}
