import type { OperationOutput } from "@contentlib/contract";
import type { ItemFile } from "../../domain/item.ts";
import { presentChecksum } from "../present.ts";

/** The archive that the files came in, as facts tell it; nothing where they came in none, or where some have changed since. */
export const presentOriginal = (
  files: readonly ItemFile[],
): Pick<OperationOutput<"itemFact.get">, "original"> => {
  const original = files.find(({ isOriginal }) => isOriginal === true);
  if (original === undefined) return {};
  const { name, sizeBytes, checksum } = original;
  return { original: { name, size: sizeBytes, checksum_info: presentChecksum(checksum) } };
};
