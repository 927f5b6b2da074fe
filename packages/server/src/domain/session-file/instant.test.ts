import assert from "node:assert/strict";
import { test } from "node:test";
import { aDigest, aStagedId } from "@contentlib/testkit/builders/ids";
import { aKeptFile, aPushedFile } from "@contentlib/testkit/builders/sessions";
import { CHECKSUM_HEX_DIGITS } from "../checksum.ts";
import { declaredBytes, readyAtOnce } from "./instant.ts";
import { judge } from "./receive.ts";

const digest = aDigest();
const sha256 = { algorithm: "SHA256", hex: digest } as const;

test("S82: bytes are known by SHA-256 and size together, and by nothing else", () => {
  const both = { declaredSizeBytes: 7, declaredChecksum: sha256 };
  assert.deepEqual(declaredBytes(aPushedFile(both)), { digest, sizeBytes: 7 });
  assert.equal(declaredBytes(aPushedFile({ declaredSizeBytes: 7 })), null);
  assert.equal(declaredBytes(aPushedFile({ declaredChecksum: sha256 })), null);
  assert.equal(declaredBytes(aKeptFile({ digest, checksum: sha256, sizeBytes: 7 })), null);
  for (const algorithm of ["MD5", "SHA1", "SHA512"] as const) {
    const hex = "a".repeat(CHECKSUM_HEX_DIGITS[algorithm]);
    const file = aPushedFile({ ...both, declaredChecksum: { algorithm, hex } });
    assert.equal(declaredBytes(file), null, algorithm);
  }
});

test("S82: a file that is READY at once is as one whose bytes were sent and judged", () => {
  const file = aPushedFile({ declaredSizeBytes: 7, declaredChecksum: sha256 });
  const stagedId = aStagedId();
  const sent = judge(file, { stagedId, digest, sizeBytes: 7, checksums: [] });
  assert.deepEqual(readyAtOnce(file, { digest, sizeBytes: 7 }, stagedId), sent.file);
});
