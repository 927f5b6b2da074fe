import type { OperationOutput } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { shownFiles } from "../../domain/item.ts";
import type { Item, ItemFile } from "../../domain/item.ts";
import { Fault } from "../fault.ts";
import { presentChecksum, presentVersion } from "../present.ts";

export const presentItemFile = (file: ItemFile): OperationOutput<"itemFile.get"> => ({
  name: file.name,
  size: file.sizeBytes,
  cached: true,
  version: presentVersion(file.version),
  checksum_info: presentChecksum(file.checksum),
});

/** The item's file of that exact name; an unknown one is not found (contract I18). */
export const itemFileOf = (item: Item, name: string): ItemFile => {
  const file = shownFiles(item.files).find((candidate) => candidate.name === name);
  if (file === undefined) throw new Fault(faultOf("item.no_such_file", item.id, name));
  return file;
};
