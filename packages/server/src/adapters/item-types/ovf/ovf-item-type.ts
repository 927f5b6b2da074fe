import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { PackageJudgement, PackagePreview } from "../../../domain/package.ts";
import type { ItemType, PresentName, TypedFiles } from "../../../ports/item-type.ts";
import { checkAlone, checkMetadata } from "./check-add.ts";
import { isWholeArchive, judgeArchive } from "./judge-archive.ts";
import { judgeFiles } from "./judge-files.ts";
import { MetadataShelf } from "./metadata-shelf.ts";
import { isArchiveName, isDescriptor, isProof, rolesIn } from "./roles.ts";
import { saysNothing } from "./says-nothing.ts";
import { TrustAnchors } from "./trust-anchors.ts";

/**
 * OVF packages: a descriptor, what it names, and a manifest and a certificate that prove them. Their files come one by one, or all of them
 * in an archive. An archive that an item has as a plain file, from before anybody looked into it, is not looked into.
 */
export class OvfItemType implements ItemType {
  readonly type = "ovf";
  readonly looksIntoFiles = true;
  readonly isPackage = true;
  readonly #shelf = new MetadataShelf();
  readonly #anchors = new TrustAnchors();

  tellsOfOthers(name: string): boolean {
    return isDescriptor(name) || isProof(name);
  }

  isArchive(name: string): boolean {
    return isArchiveName(name);
  }

  /** What proves something is not kept, as the API has it. (S94) */
  isKept(name: string): boolean {
    return !isProof(name);
  }

  checkAdd(file: PresentName, present: readonly PresentName[]): FaultValue | null {
    return checkAlone(file, present) ?? checkMetadata(file, present);
  }

  previewBefore(names: readonly string[]): PackagePreview {
    const { descriptor, isArchive } = rolesIn(names);
    if (isArchive) return { state: "NOT_APPLICABLE" };
    return descriptor === null ? { state: "UNAVAILABLE" } : { state: "AVAILABLE", warnings: [] };
  }

  async judge(given: TypedFiles): Promise<PackageJudgement> {
    if (given.awaited.some(isArchiveName)) return saysNothing({ state: "PREPARING" });
    const means = { shelf: this.#shelf, anchors: this.#anchors };
    const archive = given.files.find(isWholeArchive);
    if (archive !== undefined) return await judgeArchive(archive, given, means);
    const names = [...given.files.map(({ name }) => name), ...given.awaited];
    const roles = rolesIn(names);
    if (names.length === 0 || roles.isArchive) return saysNothing(this.previewBefore(names));
    const packageName = given.itemName;
    const descriptorName = `${given.itemName}.ovf`;
    return await judgeFiles({ given, names, roles, packageName, descriptorName }, means);
  }
}
