import { invariant } from "../../../domain/invariant.ts";
import type { PackageJudgement, PackagePreview } from "../../../domain/package.ts";
import type { ItemType } from "../../../ports/item-type.ts";

/** Serves every type that has no rules of its own: files are files. */
export class PlainItemType implements ItemType {
  readonly type = "";
  readonly looksIntoFiles = false;
  readonly isPackage = false;

  tellsOfOthers(): boolean {
    return false;
  }

  isArchive(): boolean {
    return false;
  }

  isKept(): boolean {
    return true;
  }

  checkAdd(): null {
    return null;
  }

  previewBefore(): PackagePreview {
    return { state: "NOT_APPLICABLE" };
  }

  async judge(): Promise<PackageJudgement> {
    invariant(this.looksIntoFiles, "Plain files are not judged.");
    return {
      faults: [],
      missing: [],
      wanted: [],
      algorithms: [],
      preview: this.previewBefore(),
      verification: { status: "NOT_AVAILABLE", reason: null, chain: [] },
      facts: null,
    };
  }
}
