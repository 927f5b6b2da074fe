import type { Sha256 } from "../domain/ids.ts";
import type { Core } from "./core.ts";

/** Something that is not as it should be between catalog and blobs, in words for an operator. */
export interface ContentFinding {
  readonly kind: "missing-blob" | "wrong-size" | "unfinished-deletion";
  readonly digest: Sha256;
  readonly sentence: string;
}

/**
 * Holds the catalog against the blobs: each digest that anything refers to must be stored, in its right size, and none may be
 * half deleted. Received files of ACTIVE sessions are not content yet and do not count. It reads only.
 */
export const checkContent = async (
  core: Pick<Core, "catalog" | "blobs">,
): Promise<readonly ContentFinding[]> => {
  const stored = new Map<Sha256, number>();
  for await (const blob of core.blobs.list()) stored.set(blob.digest, blob.sizeBytes);
  const findings: ContentFinding[] = [];
  for await (const { digest, sizeBytes, holder } of core.catalog.housekeeping.listReferences()) {
    const present = stored.get(digest);
    if (present === undefined) findings.push(missing(digest, holder));
    else if (present !== sizeBytes) {
      const sentence = `The blob of ${holder} has ${present} bytes and should have ${sizeBytes}.`;
      findings.push({ kind: "wrong-size", digest, sentence });
    }
  }
  for (const digest of await core.catalog.housekeeping.listDoomed()) {
    findings.push({
      kind: "unfinished-deletion",
      digest,
      sentence: `The deletion of blob ${digest} was not finished.`,
    });
  }
  return findings;
};

const missing = (digest: Sha256, holder: string): ContentFinding => ({
  kind: "missing-blob",
  digest,
  sentence: `The bytes of ${holder}, blob ${digest}, are not in the store.`,
});
