import type { ItemModel } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { canRejectImages } from "../../domain/bad-images.ts";
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

/** Where the library could refuse content of the item, that is decided on it as it was read: what is set meanwhile counts. (S74, S133) */
export const expectPolicyOf = (item: Item, library: Row<Library>): readonly Change[] =>
  canBeGuarded(item.type) || canRejectImages(item.type)
    ? [{ kind: "library.expect", id: library.value.id, rev: library.rev }]
    : [];

/** What is shown of how an item keeps to a policy. */
export interface ShownCompliance extends Compliance {
  /** Certificates of the signer, where a policy asks and there is one. */
  readonly chain: readonly string[];
}

/** How the item keeps to the policy of its library, which is looked at only where a policy could have a rule for the item. */
export const loadCompliance = async (
  catalog: Pick<CatalogReader, "findLibrary" | "findVerifiedContent">,
  item: Item,
): Promise<ShownCompliance> => {
  if (!canBeGuarded(item.type)) return { isCompliant: true, verification: null, chain: [] };
  const compliance = complianceOf(item, (await loadLibraryOf(catalog, item)).value);
  const { verification } = compliance;
  if (verification === null || verification === "NOT_AVAILABLE")
    return { ...compliance, chain: [] };
  const content = await catalog.findVerifiedContent(item.id, item.contentVersion);
  return { ...compliance, chain: content?.verification?.chain ?? [] };
};

const presentCompliance = ({
  isCompliant,
  verification,
  chain,
}: ShownCompliance): Pick<ItemModel, "security_compliance" | "certificate_verification_info"> => ({
  security_compliance: isCompliant,
  ...(verification === null
    ? {}
    : {
        certificate_verification_info: {
          status: verification,
          ...(chain.length === 0 ? {} : { cert_chain: [...chain] }),
        },
      }),
});

/** The item as the API shows it (contract I6, I7). */
export const presentItem = (item: Item, compliance: ShownCompliance): ItemModel => ({
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
