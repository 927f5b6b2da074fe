import { checkChangeMessage, checkFileName } from "@contentlib/contract/bindings";
import { PushError } from "./push-error.ts";
import type { UploadOptions } from "./upload-options.ts";

/** What is to be sent, as far as it can be judged without a server. */
export type Sendable = Pick<UploadOptions, "message" | "removeOthers"> & {
  readonly files: readonly { readonly name: string }[];
};

/**
 * Judges what is to be sent before anything is: the names of the files, the message, and whether there is anything to do. The rules
 * are the server's own, which judges again. Throws PushError, of the code `invalid`.
 */
export function requireSendable({ files, message = "", removeOthers }: Sendable): void {
  if (files.length === 0 && removeOthers !== true)
    throw invalid("There are no files to send. To empty the item, say removeOthers.");
  const reason = checkChangeMessage(message);
  if (reason !== null) throw invalid(`The message can not be kept: ${reason}.`);
  const names = new Set<string>();
  for (const { name } of files) {
    requireName(name);
    if (names.has(name))
      throw invalid(`Two of the files are called ${name}, and an item holds one of a name.`, name);
    names.add(name);
  }
}

function requireName(name: string): void {
  const reason = checkFileName(name);
  if (reason !== null)
    throw invalid(`${JSON.stringify(name)} can not be the name of a file: ${reason}.`, name);
}

const invalid = (message: string, fileName?: string): PushError =>
  new PushError("invalid", message, { fileName });
