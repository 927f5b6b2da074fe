import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { LibraryError, ProtocolError } from "./errors.ts";

/** The error for an add that was answered without an address. */
export const noEndpoint = (fileName: string): ProtocolError =>
  new ProtocolError(`The server gave no upload_endpoint for ${fileName}.`, { operation: "upload" });

/** The error for a file whose bytes were taken, and which waits for them. */
export const stillWaits = (fileName: string): ProtocolError =>
  new ProtocolError(`The server took ${fileName} but waits for it still.`, { operation: "upload" });

/** The reason the server gives for a file in ERROR. */
export const fileError = (info: UpdateSessionFileInfo): LibraryError => {
  const text = info.error_message ?? {
    id: "",
    default_message: `The server can not use ${info.name}.`,
    args: [],
  };
  const message = { id: text.id, default_message: text.default_message, args: text.args };
  return new LibraryError(
    { class: "invalid_argument", messages: [message], status: 400 },
    { operation: "upload" },
  );
};
