import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import { writeRecipe } from "@contentlib/testkit/ovf/package-recipe";
import { NOW, ROOT } from "@contentlib/testkit/ovf/signer-rig";
import {
  archiveWith,
  coveredContents,
  descriptorText,
  digestOf,
  DISK,
  manifestText,
} from "@contentlib/testkit/ovf/sound-package";
import { soundPackages } from "@contentlib/testkit/ovf/sound-packages";
import { tarEnd, tarHeader, tarMember } from "@contentlib/testkit/ovf/tar-writer";
import type { FindingCode } from "../finding-codes.ts";
import { FINDINGS_MAX } from "../limits.ts";
import { makeFinding } from "../make-finding.ts";
import { FindingTally } from "./finding-tally.ts";
import { lintFile, lintFiles } from "./lint-files.ts";
import type { LintProgress } from "./lint-report.ts";
import { FileChangedError, NoPlainFileError } from "./plain-file.ts";

const MIB = 1024 * 1024;
const noSystem = { trustsSystem: false, now: NOW };

const aFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "contentlib-lint-"));
  t.after(async () => await rm(folder, { recursive: true }));
  return folder;
};

const written = async (t: TestContext, files: ReturnType<typeof archiveWith>): Promise<string> =>
  await writeRecipe({ name: "x", raises: [], files }, join(await aFolder(t), "recipe"));

/** A descriptor with its disk and its manifest. */
const aTriple = async (t: TestContext): Promise<string> => {
  const folder = await aFolder(t);
  const contents = coveredContents();
  for (const [name, content] of Object.entries({ ...contents, "disk.vmdk": DISK }))
    writeFileSync(join(folder, name), content);
  return folder;
};

const codes = async (path: string): Promise<readonly string[]> =>
  (await lintFile(path, noSystem)).findings.map(({ code }) => code);

test("an archive is told with its facts, its files and their digests", async (t) => {
  const path = await written(t, archiveWith(coveredContents()));
  const { facts, ...report } = await lintFile(path, noSystem);
  const { "x.ovf": descriptor = "", "x.mf": manifest = "" } = coveredContents();
  assert.equal(facts?.disks.length, 1);
  assert.deepEqual(report, {
    file: path,
    kind: "ova",
    findings: [],
    findingsBeyond: 0,
    errors: 0,
    warnings: 0,
    notes: 0,
    images: [],
    signer: null,
    isCovered: true,
    files: [
      { name: "x.ovf", sizeBytes: descriptor.length, digests: { SHA256: digestOf(descriptor) } },
      { name: "x.mf", sizeBytes: manifest.length, digests: { SHA256: digestOf(manifest) } },
      { name: "disk.vmdk", sizeBytes: DISK.length, digests: { SHA256: digestOf(DISK) } },
    ],
    sizeBytes: report.sizeBytes,
  });
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report, "it is plain data");
});

test("each file is hashed in the algorithm that the manifest wants, and in no other", async (t) => {
  const descriptor = descriptorText();
  const manifest =
    manifestText({ "x.ovf": descriptor }, "SHA512") + manifestText({ "disk.vmdk": DISK }, "SHA1");
  const path = await written(t, archiveWith({ "x.ovf": descriptor, "x.mf": manifest }));
  const { files } = await lintFile(path, noSystem);
  assert.deepEqual(
    files.map(({ digests }) => Object.keys(digests)),
    [["SHA512"], ["SHA256"], ["SHA1"]],
  );
});

test("a signer is told, with whoever vouches for it", async (t) => {
  const recipe = soundPackages().find(({ name }) => name === "a signed archive");
  assert.ok(recipe);
  const path = await writeRecipe(recipe, join(await aFolder(t), "recipe"));
  const { signer } = await lintFile(path, { ...noSystem, trusted: [ROOT.der] });
  assert.deepEqual(
    [signer?.subject, signer?.fits, signer?.trustedBy, signer?.notAfter],
    ["/CN=signer", true, "/CN=root", "2034-01-01T00:00:00.000Z"],
  );
  const { signer: unknown, errors, warnings } = await lintFile(path, { now: NOW });
  assert.deepEqual(
    [unknown?.trustedBy, errors, warnings],
    [null, 0, 1],
    "the system knows no root",
  );
});

test("a manifest or a certificate leads to its descriptor", async (t) => {
  const folder = await aTriple(t);
  const report = await lintFile(join(folder, "x.mf"), noSystem);
  assert.deepEqual([report.kind, report.errors, report.isCovered], ["ovf", 0, true]);
  assert.deepEqual(
    report.files.map(({ name }) => name),
    ["x.ovf", "x.mf", "disk.vmdk"],
  );
  writeFileSync(join(folder, "lone.mf"), "");
  assert.deepEqual(await codes(join(folder, "lone.mf")), ["descriptor.missing", "manifest.empty"]);
});

test("the only manifest and certificate belong to the only descriptor, whatever their names", async (t) => {
  const folder = await aTriple(t);
  renameSync(join(folder, "x.mf"), join(folder, "other.mf"));
  writeFileSync(join(folder, "some.cert"), "no certificate");
  for (const name of ["x.ovf", "other.mf", "some.cert"]) {
    const { files, isCovered, findings } = await lintFile(join(folder, name), noSystem);
    assert.equal(isCovered, true);
    assert.deepEqual(
      files.map((one) => one.name),
      ["x.ovf", "other.mf", "some.cert", "disk.vmdk"],
    );
    assert.ok(findings.some(({ code }) => code === "manifest.named_otherwise"));
  }
  writeFileSync(join(folder, "third.mf"), "");
  const between = await lintFile(join(folder, "x.ovf"), noSystem);
  assert.ok(!between.files.some(({ name }) => name.endsWith(".mf")), "one of two is not chosen");
  await rm(join(folder, "third.mf"));
  writeFileSync(join(folder, "y.ovf"), "<another/>");
  assert.deepEqual(await codes(join(folder, "x.ovf")), [], "nobody knows whose they are");
});

test("what a signed manifest has no line for is told with its signer", async (t) => {
  const recipe = soundPackages().find(({ name }) => name === "a signed archive");
  assert.ok(recipe);
  const path = await writeRecipe(recipe, join(await aFolder(t), "recipe"));
  const options = { ...noSystem, trusted: [ROOT.der] };
  assert.deepEqual((await lintFile(path, options)).signer?.uncovered, []);
  const bytes = readFileSync(path);
  writeFileSync(
    path,
    Buffer.concat([bytes.subarray(0, -1024), tarMember({ name: "more.txt" }), tarEnd]),
  );
  const { signer, errors } = await lintFile(path, options);
  assert.deepEqual([signer?.uncovered, errors], [["more.txt"], 0]);
});

test("archives and images are known by their bytes, whatever their names are", async (t) => {
  const folder = await aFolder(t);
  const path = await written(t, archiveWith(coveredContents()));
  for (const name of ["x.tar", "x.ovf.old", "x"]) {
    writeFileSync(join(folder, name), readFileSync(path));
    const { kind, isCovered } = await lintFile(join(folder, name), noSystem);
    assert.deepEqual([kind, isCovered], ["ova", true]);
  }
  writeFileSync(join(folder, "x.img"), aDiscImage());
  assert.equal((await lintFile(join(folder, "x.img"))).kind, "iso");
  writeFileSync(
    join(folder, "udf.img"),
    Buffer.concat([Buffer.alloc(32_769), Buffer.from("BEA01")]),
  );
  assert.equal((await lintFile(join(folder, "udf.img"))).kind, "iso");
  writeFileSync(join(folder, "short"), Buffer.concat([Buffer.alloc(257), Buffer.from("usta")]));
  assert.equal((await lintFile(join(folder, "short"))).kind, "other");
});

test("a file beside a descriptor that changes between two looks at it is told", async (t) => {
  const folder = await aTriple(t);
  const onProgress = (): void => appendFileSync(join(folder, "disk.vmdk"), "x");
  await assert.rejects(
    lintFile(join(folder, "x.ovf"), { ...noSystem, onProgress }),
    FileChangedError,
  );
});

test("only files beside the descriptor count that it or its manifest names", async (t) => {
  const folder = await aTriple(t);
  writeFileSync(join(folder, "notes.txt"), "of another");
  writeFileSync(join(folder, "y.ovf"), "<another/>");
  writeFileSync(join(folder, "y.mf"), "of another");
  assert.deepEqual(await codes(join(folder, "x.ovf")), []);
  renameSync(join(folder, "disk.vmdk"), join(folder, "DISK.vmdk"));
  assert.deepEqual(await codes(join(folder, "x.ovf")), ["file.case_differs"]);
});

test("links that lead elsewhere are not followed, but the one that is named is", async (t) => {
  const [folder, elsewhere] = [await aTriple(t), await aFolder(t)];
  renameSync(join(folder, "disk.vmdk"), join(elsewhere, "disk.vmdk"));
  symlinkSync(join(elsewhere, "disk.vmdk"), join(folder, "disk.vmdk"));
  const { findings, files } = await lintFile(join(folder, "x.ovf"), noSystem);
  assert.deepEqual(
    findings.map(({ code, file }) => [code, file]),
    [["file.not_plain", "disk.vmdk"]],
  );
  assert.ok(!files.some(({ name }) => name === "disk.vmdk"));
  symlinkSync(join(folder, "x.ovf"), join(elsewhere, "x.ovf"));
  assert.deepEqual(await codes(join(elsewhere, "x.ovf")), [], "beside the link lies all it needs");
});

test("a pipe beside the descriptor is not waited for", async (t) => {
  const folder = await aTriple(t);
  await rm(join(folder, "disk.vmdk"));
  execFileSync("mkfifo", [join(folder, "disk.vmdk")]);
  assert.deepEqual(await codes(join(folder, "x.ovf")), ["file.not_plain"]);
  renameSync(join(folder, "disk.vmdk"), join(folder, "pipe.ova"));
  await assert.rejects(lintFile(join(folder, "pipe.ova")), NoPlainFileError);
  await mkdir(join(folder, "folder.ova"));
  await assert.rejects(lintFile(join(folder, "folder.ova")), NoPlainFileError);
});

test("what has no rules is said to have none, and what is not there is not", async (t) => {
  const folder = await aFolder(t);
  writeFileSync(join(folder, "notes.txt"), "12345");
  const { kind, sizeBytes, findings } = await lintFile(join(folder, "notes.txt"));
  assert.deepEqual([kind, sizeBytes, findings], ["other", 5, []]);
  for (const name of ["x.ova", "x.ovf", "x.mf", "x.iso", "x.txt"])
    await assert.rejects(lintFile(join(folder, name)), { code: "ENOENT" });
  await assert.rejects(lintFile("-"), TypeError);
});

test("of an image only what matters is read, wherever that lies", async (t) => {
  const folder = await aFolder(t);
  const path = join(folder, "x.iso");
  writeFileSync(path, aDiscImage({ sectors: 16_384, boots: [0, 0xef], catalogueAt: 16_000 }));
  let pieces = 0;
  const onProgress = (): void => void (pieces += 1);
  const { images, sizeBytes } = await lintFile(path, { onProgress });
  assert.deepEqual(images[0]?.facts.boots, ["bios", "uefi"]);
  assert.equal(sizeBytes, 32 * MIB);
  assert.ok(pieces <= 4, `${pieces} pieces`);
});

test("several files come one after the other", async (t) => {
  const folder = await aTriple(t);
  writeFileSync(join(folder, "x.iso"), aDiscImage());
  const paths = [join(folder, "x.ovf"), join(folder, "x.iso")];
  const reports = await Array.fromAsync(lintFiles(paths, noSystem));
  assert.deepEqual(
    reports.map(({ file, kind, errors }) => [file, kind, errors]),
    [
      [paths[0], "ovf", 0],
      [paths[1], "iso", 0],
    ],
  );
});

test("of very many findings the first are kept, and all are counted", async (t) => {
  const files = Array.from({ length: 10 }, (_, n) => ({
    id: n,
    href: `f${n}`,
    size: FINDINGS_MAX,
    chunkSize: 1,
  }));
  const path = await written(t, archiveWith({ "x.ovf": envelopeText({ files }) }));
  const { findings, findingsBeyond, errors, notes } = await lintFile(path);
  assert.equal(findings.length, FINDINGS_MAX);
  assert.equal(findings.length + findingsBeyond, 10 * FINDINGS_MAX + 1);
  assert.deepEqual([errors, notes], [10 * FINDINGS_MAX, 1]);
});

test("errors are kept before warnings, and these before notes, however late they come", async (t) => {
  const files = Array.from({ length: 3 }, (_, n) => ({ id: n, href: `f${n}` }));
  const unknown = Array.from({ length: 10 }, (_, n) => `SHA256(g${n})= ${digestOf("")}\n`);
  const surplus = Array.from({ length: FINDINGS_MAX }, (_, n) => [`s${n}`, ""] as const);
  const path = await written(
    t,
    archiveWith({
      "x.ovf": envelopeText({ files }),
      "x.mf": unknown.join(""),
      ...Object.fromEntries(surplus),
    }),
  );
  const { findings, findingsBeyond, errors, warnings, notes } = await lintFile(path);
  assert.deepEqual([errors, warnings], [3, 10]);
  assert.equal(findings.length, FINDINGS_MAX);
  assert.equal(findings.length + findingsBeyond, errors + warnings + notes);
  assert.equal(findings.filter(({ code }) => code === "file.missing").length, 3);
  assert.equal(findings.filter(({ code }) => code === "manifest.file_unknown").length, 10);
});

test("a late error makes room for itself", () => {
  const tally = new FindingTally();
  const take = (code: FindingCode, count: number): void => {
    for (let n = 0; n < count; n += 1) tally.take(makeFinding(code, `f${n}`));
  };
  const kept = () =>
    (["file.missing", "manifest.file_unknown", "file.surplus"] as const).map(
      (code) => tally.told.findings.filter((one) => one.code === code).length,
    );
  take("file.surplus", FINDINGS_MAX - 1);
  take("manifest.file_unknown", 5);
  assert.deepEqual(kept(), [0, 5, FINDINGS_MAX - 5]);
  take("file.missing", 2);
  take("file.surplus", 1);
  assert.deepEqual(kept(), [2, 5, FINDINGS_MAX - 7]);
  take("file.missing", FINDINGS_MAX - 4);
  assert.deepEqual(kept(), [FINDINGS_MAX - 2, 2, 0]);
  take("file.missing", 5);
  assert.deepEqual(kept(), [FINDINGS_MAX, 0, 0]);
  const { findingsBeyond, errors, warnings, notes } = tally.told;
  assert.deepEqual([errors, warnings, notes], [FINDINGS_MAX + 3, 5, FINDINGS_MAX]);
  assert.equal(findingsBeyond, errors + warnings + notes - FINDINGS_MAX);
});

/** An archive with a disk of so many zeros, and no manifest. */
const withDisk = (bytes: number) => () =>
  [
    {
      name: "x.ova",
      parts: [
        tarMember(
          { name: "x.ovf" },
          envelopeText({ files: [{ id: "f", href: "disk.vmdk", size: bytes }] }),
        ),
        tarHeader({ name: "disk.vmdk", size: bytes }),
        { holeBytes: bytes },
        tarEnd,
      ],
    },
  ] as const;

test("progress goes up to the end, and a signal ends it with its reason", async (t) => {
  const path = await written(t, withDisk(5 * MIB));
  const seen: LintProgress[] = [];
  await lintFile(path, { onProgress: (progress) => seen.push(progress) });
  const done = seen.map(({ doneBytes }) => doneBytes);
  assert.deepEqual(
    done,
    done.toSorted((one, other) => one - other),
  );
  assert.ok(done.length >= 5);
  const [{ totalBytes } = assert.fail()] = seen;
  assert.ok((totalBytes ?? 0) >= (done.at(-1) ?? Infinity));
  const stop = new AbortController();
  let pieces = 0;
  const onProgress = (): void => {
    pieces += 1;
    if (pieces === 3) stop.abort(new Error("enough"));
  };
  await assert.rejects(lintFile(path, { signal: stop.signal, onProgress }), /enough/);
  assert.ok(pieces < done.length);
  await assert.rejects(
    lintFile(path, { signal: AbortSignal.abort(new Error("before")) }),
    /before/,
  );
});

test("a file that grows while it is read is told", async (t) => {
  const path = await written(t, withDisk(3 * MIB));
  const onProgress = (): void => appendFileSync(path, "x");
  await assert.rejects(lintFile(path, { onProgress }), FileChangedError);
});

test("a stream that ends early, fails or is stopped", async () => {
  async function* parts(...all: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
    for (const part of all) {
      if (part instanceof Error) throw part;
      yield part;
    }
  }
  const ovf = tarMember({ name: "x.ovf" }, descriptorText());
  const cut = await lintFile("-", { stdin: parts(ovf, tarHeader({ name: "disk.vmdk", size: 9 })) });
  assert.deepEqual(
    cut.findings.map(({ code }) => code),
    ["archive.truncated"],
  );
  await assert.rejects(lintFile("-", { stdin: parts(ovf, new Error("broken")) }), /broken/);
  const stop = new AbortController();
  const options = {
    stdin: parts(ovf, ovf, ovf),
    signal: stop.signal,
    onProgress: () => stop.abort(new Error("enough")),
  };
  await assert.rejects(lintFile("-", options), /enough/);
});

test("a stream is not read beyond an error", async () => {
  let pieces = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      pieces += 1;
      yield new Uint8Array(512).fill(1);
    }
  }
  const { findings } = await lintFile("-", { stdin: endless() });
  assert.deepEqual([findings[0]?.code, pieces], ["archive.not_tar", 1]);
});
