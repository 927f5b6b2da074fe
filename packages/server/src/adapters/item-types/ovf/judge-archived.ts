import type { PackageJudgement, PackagePreview } from "../../../domain/package.ts";

/** Of no files, and of an archive that is not looked into, there is nothing to say. */
export const judgeArchived = (preview: PackagePreview): PackageJudgement => ({
  faults: [],
  missing: [],
  wanted: [],
  algorithms: [],
  preview,
  verification: {
    status: "NOT_AVAILABLE",
    reason: "it holds no package whose files could be verified one by one",
    chain: [],
  },
  facts: null,
});
