import type { ItemModel } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { parseItemId } from "../../domain/ids.ts";
import type { Item } from "../../domain/item.ts";
import type { Library } from "../../domain/library.ts";
import { itemSizeBytes } from "../../domain/plan-item.ts";
import { canBeGuarded, complianceOf } from "../../domain/security-policy.ts";
import type { Compliance } from "../../domain/security-policy.ts";
import type { CatalogReader, Change, Row } from "../../ports/index.ts";
import { Fault } from "../fault.ts";
import { presentTime, presentVersion } from "../present.ts";

export const itemNotFound = (idText: string): Fault => new Fault(faultOf("item.not_found", idText));

export const loadItem = async (
  catalog: Pick<CatalogReader, "findItem">,
  idText: string,
): Promise<Row<Item>> => {
  const id = parseItemId(idText);
  const row = id === null ? null : await catalog.findItem(id);
  if (row === null) throw itemNotFound(idText);
  return row;
};

/** The library of an item. One that is gone took the item along, which is what is not found then. */
export const loadLibraryOf = async (
  catalog: Pick<CatalogReader, "findLibrary">,
  item: Item,
): Promise<Row<Library>> => {
  const row = await catalog.findLibrary(item.libraryId);
  if (row === null) throw itemNotFound(item.id);
  return row;
};

/** Where a policy could guard the item, its content is decided on the library as it was read: a policy set meanwhile counts. (S74) */
export const expectPolicyOf = (item: Item, library: Row<Library>): readonly Change[] =>
  canBeGuarded(item.type)
    ? [{ kind: "library.expect", id: library.value.id, rev: library.rev }]
    : [];

/** How the item keeps to the policy of its library, which is looked at only where a policy could have a rule for the item. */
export const loadCompliance = async (
  catalog: Pick<CatalogReader, "findLibrary">,
  item: Item,
): Promise<Compliance> =>
  canBeGuarded(item.type)
    ? complianceOf(item, (await loadLibraryOf(catalog, item)).value)
    : { isCompliant: true };

const presentCompliance = (
  compliance: Compliance,
): Pick<ItemModel, "security_compliance" | "certificate_verification_info"> =>
  compliance.isCompliant
    ? { security_compliance: true }
    : {
        security_compliance: false,
        certificate_verification_info: { status: compliance.verification },
      };

/** The item as the API shows it (contract I6, I7). */
export const presentItem = (item: Item, compliance: Compliance): ItemModel => ({
  id: item.id,
  library_id: item.libraryId,
  name: item.name,
  description: item.description,
  type: item.type,
  creation_time: presentTime(item.createdAt),
  last_modified_time: presentTime(item.modifiedAt),
  version: presentVersion(item.version),
  metadata_version: presentVersion(item.metadataVersion),
  content_version: presentVersion(item.contentVersion),
  cached: true,
  size: itemSizeBytes(item),
  ...presentCompliance(compliance),
});
