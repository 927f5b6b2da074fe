import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { piecesOf } from "@contentlib/testkit/ovf/package-recipe";
import { NOW, ROOT } from "@contentlib/testkit/ovf/signer-rig";
import { soundPackages } from "@contentlib/testkit/ovf/sound-packages";
import fc from "fast-check";
import { lintFile } from "./lint-files.ts";
import type { LintReport } from "./lint-report.ts";

const folder = await mkdtemp(join(tmpdir(), "contentlib-lint-laws-"));
after(async () => await rm(folder, { recursive: true }));
const path = join(folder, "x.ova");

const archives = soundPackages()
  .filter((recipe) => recipe.files()[0].name.endsWith(".ova"))
  .map((recipe) => Buffer.concat([...piecesOf(recipe, 1 << 20)]));

/** A change of some bytes: written over, cut out, or put in once more. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
  cut: fc.constantFrom(0, 0, 0, 1, 11, 512),
});

/** A sound archive in which something was changed, and perhaps its end cut off. */
const crooked = fc
  .record({
    archive: fc.constantFrom(...archives),
    changes: fc.array(change, { maxLength: 3 }),
    kept: fc.oneof(
      { weight: 3, arbitrary: fc.constant(1) },
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
  })
  .map(({ archive, changes, kept }) => {
    let bytes = Buffer.from(archive);
    for (const { at, bytes: piece, cut } of changes) {
      // Most of an archive are zeros and disks; what is read of it lies at its beginning.
      const from = Math.floor(at * at * bytes.length);
      const behind = bytes.subarray(from + (cut === 0 ? piece.length : cut));
      bytes = Buffer.concat([bytes.subarray(0, from), piece, behind]);
    }
    return bytes.subarray(0, Math.ceil(kept * bytes.length));
  });

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What does not depend on the way of reading; nor on when it is found that a member is cut, which a stream sees last. */
const comparable = ({ findings, facts, signer, isCovered }: LintReport) => ({
  findings: findings
    .map(({ file, ...finding }) => ({ ...finding, file: file === "-" ? "x.ova" : file }))
    .map((finding) => JSON.stringify(finding))
    .toSorted(),
  facts,
  signer,
  isCovered,
});

test("law: any archive ends in findings, the same from a file and from a stream, however it is cut", async () => {
  const options = { trusted: [ROOT.der], trustsSystem: false, now: NOW };
  await fc.assert(
    fc.asyncProperty(crooked, fc.integer({ min: 1, max: 3000 }), async (bytes, size) => {
      await writeFile(path, bytes);
      const whole = await lintFile(path, options);
      const stream = await lintFile("-", { ...options, stdin: inPieces(bytes, size) });
      if (whole.findings.some(({ code }) => code === "archive.truncated"))
        assert.ok(stream.findings.some(({ code }) => code === "archive.truncated"));
      else assert.deepEqual(comparable(stream), comparable(whole));
    }),
    { numRuns: 400 },
  );
});
