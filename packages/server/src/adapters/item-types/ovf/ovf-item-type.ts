import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { PackageJudgement, PackagePreview } from "../../../domain/package.ts";
import type { ItemType, PresentName, TypedFiles } from "../../../ports/item-type.ts";
import { judgeArchived } from "./judge-archived.ts";
import { judgeFiles } from "./judge-files.ts";
import { MetadataShelf } from "./metadata-shelf.ts";
import { isDescriptor, isProof, rolesIn } from "./roles.ts";
import { TrustAnchors } from "./trust-anchors.ts";

/**
 * OVF packages whose files come one by one: a descriptor, what it names, and a manifest and a certificate that prove them. An
 * archive is kept as it is, and not looked into.
 */
export class OvfItemType implements ItemType {
  readonly type = "ovf";
  readonly looksIntoFiles = true;
  readonly #shelf = new MetadataShelf();
  readonly #anchors = new TrustAnchors();

  tellsOfOthers(name: string): boolean {
    return isDescriptor(name) || isProof(name);
  }

  /** What proves something is not kept, as the API has it. (S94) */
  isKept(name: string): boolean {
    return !isProof(name);
  }

  /** One descriptor a package; and what proves something comes before what says which files there are. (S95) */
  checkAdd({ name, isPushed }: PresentName, present: readonly PresentName[]): FaultValue | null {
    const others = present.filter((one) => one.name !== name && isDescriptor(one.name));
    const [other] = others;
    if (other !== undefined && isDescriptor(name))
      return faultOf("update_session.second_descriptor", name, other.name);
    const descriptor = others.find((one) => one.isPushed);
    // A file that is there already is only sent again.
    const isThere = present.some((one) => one.name === name);
    return isPushed && isProof(name) && descriptor !== undefined && !isThere
      ? faultOf("update_session.metadata_too_late", name, descriptor.name)
      : null;
  }

  previewBefore(names: readonly string[]): PackagePreview {
    const { descriptor, isArchive } = rolesIn(names);
    if (isArchive) return { state: "NOT_APPLICABLE" };
    return descriptor === null ? { state: "UNAVAILABLE" } : { state: "AVAILABLE", warnings: [] };
  }

  async judge(given: TypedFiles): Promise<PackageJudgement> {
    const names = [...given.files.map(({ name }) => name), ...given.awaited];
    const roles = rolesIn(names);
    if (names.length === 0 || roles.isArchive) return judgeArchived(this.previewBefore(names));
    return await judgeFiles(
      { given, names, roles },
      { shelf: this.#shelf, anchors: this.#anchors },
    );
  }
}
