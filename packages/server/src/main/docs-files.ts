import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { DocsFileName } from "../wire/docs-page.ts";
import { systemCodeOf } from "./start-error.ts";

/** Where a published package has all files of the page, and a clone those that are ours. */
const OWN = new URL("../../pages/docs/", import.meta.url);

/** The file in the development dependency it comes from; null in a published package, which has none. */
const inDependency = (name: DocsFileName): URL | null => {
  try {
    return new URL(import.meta.resolve(`swagger-ui-dist/${name}`));
  } catch (error) {
    if (systemCodeOf(error) === "ERR_MODULE_NOT_FOUND") return null;
    throw error;
  }
};

const readIfThere = async (place: URL): Promise<Uint8Array | null> => {
  try {
    return await readFile(fileURLToPath(place));
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return null;
    throw error;
  }
};

/**
 * Reads a file of the page that shows the descriptions; null where it is not installed. Rejects with the system's error where it
 * is there and can not be read.
 */
export const readDocsFile = async (name: DocsFileName, own = OWN): Promise<Uint8Array | null> => {
  const found = await readIfThere(new URL(name, own));
  if (found !== null) return found;
  const elsewhere = inDependency(name);
  return elsewhere === null ? null : await readIfThere(elsewhere);
};
