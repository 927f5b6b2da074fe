import type { PackageJudgement, PackagePreview } from "../../../domain/package.ts";

/** Of no files, of an archive that is still to come, and of one that is a plain file, there is nothing to say. */
export const saysNothing = (preview: PackagePreview): PackageJudgement => ({
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
