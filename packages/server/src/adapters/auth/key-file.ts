import { randomBytes } from "node:crypto";
import { PortError } from "../../ports/index.ts";
import { createPrivateFile, findFile } from "../private-file.ts";

/** Bytes of a key file: as many as the MAC's hash gives. */
export const KEY_BYTES = 32;

/** The key in the file at `path`, made at the first start with mode 0600. A file of another length is `corrupt`. */
export const loadOrCreateKey = (path: string): Buffer => {
  const found = findFile(path);
  if (found === null) {
    createPrivateFile(path, randomBytes(KEY_BYTES));
    return loadOrCreateKey(path);
  }
  if (found.length !== KEY_BYTES)
    throw new PortError("corrupt", `The key file ${path} does not hold ${KEY_BYTES} bytes.`);
  return found;
};
