import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type EnvelopeAttributes, envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import type { Descriptor } from "../descriptor/descriptor.ts";
import { DescriptorReader } from "../descriptor/descriptor-reader.ts";
import { textOf } from "../finding-text.ts";
import { CHUNKS_MAX, FILE_ENTRIES_MAX } from "../limits.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { ManifestReader } from "../manifest/manifest-reader.ts";
import { judgePackage } from "./judge-package.ts";
import type { PackageContents, PackageFile } from "./package-contents.ts";

const descriptorOf = (
  files: readonly EnvelopeAttributes[],
  disks: readonly EnvelopeAttributes[] = [],
): Descriptor => {
  const reader = new DescriptorReader("a.ovf", () => {});
  reader.write(new TextEncoder().encode(envelopeText({ files, disks })));
  const descriptor = reader.end();
  assert.ok(descriptor);
  return descriptor;
};

const manifestOf = (lines: readonly string[], fileName = "a.mf"): Manifest => {
  const reader = new ManifestReader(fileName, () => {});
  reader.write(new TextEncoder().encode(lines.join("\n")));
  const manifest = reader.end();
  assert.ok(manifest);
  return manifest;
};

const digest = (digit: string): string => digit.repeat(64);

const file = (name: string, sizeBytes = 10, more: Partial<PackageFile> = {}): PackageFile => ({
  name,
  sizeBytes,
  digests: { SHA256: digest("a") },
  ...more,
});

const contentsOf = (
  files: readonly (PackageFile | string)[],
  more: Partial<PackageContents> = {},
): PackageContents => ({
  name: "item",
  files: new Map(
    files.map((one) => (typeof one === "string" ? file(one) : one)).map((one) => [one.name, one]),
  ),
  awaited: new Set(),
  descriptor: null,
  manifest: null,
  certificate: null,
  signer: null,
  ...more,
});

const textsOf = (contents: PackageContents): readonly string[] =>
  judgePackage(contents).findings.map(textOf);

const ONE = descriptorOf(
  [{ id: "f", href: "d.vmdk", size: 10 }],
  [{ diskId: "d", fileRef: "f", capacity: 1 }],
);

describe("files", () => {
  test("a package with what it needs is right", () => {
    const verdict = judgePackage(contentsOf(["a.ovf", "d.vmdk"], { descriptor: ONE }));
    assert.deepEqual(verdict, {
      findings: [],
      required: ["d.vmdk"],
      missing: [],
      wanted: [],
      uncovered: [],
      covered: [],
      isCovered: false,
    });
  });

  test("nothing at all is a package without descriptor", () => {
    assert.deepEqual(textsOf(contentsOf([])), ["item: There is no descriptor (.ovf)."]);
    assert.deepEqual(textsOf(contentsOf([], { awaited: new Set(["A.OVF"]) })), []);
  });

  test("before the descriptor was read nothing is asked for", () => {
    assert.deepEqual(judgePackage(contentsOf(["a.ovf", "x"])).findings, []);
  });

  test("a file is missing unless it is awaited", () => {
    const missing = judgePackage(contentsOf(["a.ovf"], { descriptor: ONE }));
    assert.deepEqual(missing.findings.map(textOf), ["a.ovf:4: The file d.vmdk is missing."]);
    assert.deepEqual(missing.missing, ["d.vmdk"]);
    const awaited = new Set(["d.vmdk"]);
    const verdict = judgePackage(contentsOf(["a.ovf"], { descriptor: ONE, awaited }));
    assert.deepEqual([verdict.findings, verdict.missing, verdict.required], [[], [], ["d.vmdk"]]);
  });

  test("a name that differs in case is told", () => {
    const verdict = judgePackage(contentsOf(["a.ovf", "D.VMDK"], { descriptor: ONE }));
    assert.deepEqual(verdict.findings.map(textOf), [
      "a.ovf:4: The file d.vmdk is missing; D.VMDK is there, whose name differs in case.",
    ]);
    assert.deepEqual(verdict.missing, ["d.vmdk"]);
  });

  test("a size that differs is told with both numbers", () => {
    assert.deepEqual(textsOf(contentsOf(["a.ovf", file("d.vmdk", 9)], { descriptor: ONE })), [
      "d.vmdk: d.vmdk has 9 bytes, the descriptor says 10.",
    ]);
  });

  test("a disk without bytes is told, another file without bytes is none", () => {
    const descriptor = descriptorOf(
      [
        { id: "f", href: "d.vmdk" },
        { id: "g", href: "g.iso", size: 0 },
      ],
      [{ diskId: "d", fileRef: "f", capacity: 1 }],
    );
    const files = ["a.ovf", file("d.vmdk", 0), file("g.iso", 0)];
    assert.deepEqual(textsOf(contentsOf(files, { descriptor })), [
      "d.vmdk: The disk d.vmdk has no bytes.",
    ]);
  });

  test("what should be gzip is looked at where its head is at hand", () => {
    const descriptor = descriptorOf([{ id: "f", href: "d.gz", compression: "gzip" }]);
    const found = (head?: Uint8Array) =>
      textsOf(
        contentsOf(["a.ovf", file("d.gz", 10, head === undefined ? {} : { head })], { descriptor }),
      );
    for (const head of [undefined, Uint8Array.of(), Uint8Array.of(0x1f), Uint8Array.of(0x1f, 0x8b)])
      assert.deepEqual(found(head), []);
    assert.deepEqual(found(Uint8Array.of(0x4b, 0x44)), [
      "d.gz: d.gz is no gzip stream, the descriptor says gzip.",
    ]);
  });

  test("a surplus file is noted, awaited or here", () => {
    const awaited = new Set(["y.nvram"]);
    assert.deepEqual(
      textsOf(contentsOf(["a.ovf", "z.iso", "d.vmdk"], { descriptor: ONE, awaited })),
      [
        "y.nvram: y.nvram is named nowhere in the descriptor.",
        "z.iso: z.iso is named nowhere in the descriptor.",
      ],
    );
  });

  test("a file that advanced configuration names is no surplus", () => {
    const descriptor = { ...ONE, alsoNamed: ["d.nvram"] };
    assert.deepEqual(textsOf(contentsOf(["a.ovf", "d.vmdk", "d.nvram"], { descriptor })), []);
    assert.deepEqual(textsOf(contentsOf(["a.ovf", "d.vmdk"], { descriptor })), []);
  });

  test("hrefs are decoded and composed, and taken literally where that is what is there", () => {
    const descriptor = descriptorOf([
      { id: "a", href: "my%20disk.vmdk" },
      { id: "b", href: "50%25.vmdk" },
      { id: "c", href: "Pru\u0308fung.iso" },
    ]);
    const files = ["a.ovf", "my disk.vmdk", "50%25.vmdk", "Pru\u0308fung.iso"];
    const verdict = judgePackage(contentsOf(files, { descriptor }));
    assert.deepEqual(verdict.findings, []);
    assert.deepEqual(verdict.required, ["my disk.vmdk", "50%25.vmdk", "Pru\u0308fung.iso"]);
    const decoded = contentsOf(["a.ovf", "my disk.vmdk", "50%.vmdk", "Prüfung.iso"], {
      descriptor,
    });
    assert.deepEqual(judgePackage(decoded).findings, []);
  });

  test("what an href elsewhere means is missing, without being told twice", () => {
    const descriptor = descriptorOf([{ id: "a", href: "http://h/a.vmdk" }]);
    const verdict = judgePackage(contentsOf(["a.ovf", "a.vmdk"], { descriptor }));
    assert.deepEqual(verdict.missing, ["http://h/a.vmdk"]);
    assert.deepEqual(
      verdict.findings.map(({ code }) => code),
      ["file.surplus"],
    );
  });

  test("files that two references mean are needed once", () => {
    const descriptor = descriptorOf([
      { id: "a", href: "d.vmdk" },
      { id: "b", href: "d%2Evmdk" },
    ]);
    assert.deepEqual(judgePackage(contentsOf([], { descriptor })).required, ["d.vmdk"]);
  });
});

describe("names", () => {
  test("names that are not acceptable and names that are the same are told", () => {
    assert.deepEqual(textsOf(contentsOf(["a.ovf", "A.ovf", "x/y", "n".repeat(256)])).slice(0, 3), [
      `item: The name ${"n".repeat(199)}… has 256 bytes; 255 are allowed.`,
      "item: The name x/y can not be that of a file in a library item.",
      "item: Two files have the name a.ovf, or names that differ in case only.",
    ]);
    assert.deepEqual(textsOf(contentsOf(["a.ovf", "n".repeat(255)])), []);
  });
});

describe("chunks", () => {
  const chunk = (number: number, sizeBytes = 10) =>
    file(`d.vmdk.${String(number).padStart(9, "0")}`, sizeBytes);
  const chunked = (size?: number) =>
    descriptorOf([{ id: "f", href: "d.vmdk", size, chunkSize: 10 }]);
  const judge = (
    descriptor: Descriptor,
    files: readonly (PackageFile | string)[],
    awaited: readonly string[] = [],
  ) => judgePackage(contentsOf(["a.ovf", ...files], { descriptor, awaited: new Set(awaited) }));

  test("with a size their number and sizes are known", () => {
    const verdict = judge(chunked(25), [chunk(0), chunk(1), chunk(2, 5)]);
    assert.deepEqual(verdict.findings, []);
    assert.equal(verdict.required.length, 3);
    assert.deepEqual(judge(chunked(20), [chunk(0), chunk(1)]).findings, []);
    assert.deepEqual(judge(chunked(5), [chunk(0, 5)]).findings, []);
    assert.deepEqual(judge(chunked(0), [chunk(0, 0)]).findings, []);
  });

  test("the plain name is not what is needed", () => {
    const verdict = judge(chunked(5), ["d.vmdk"]);
    assert.deepEqual(verdict.missing, ["d.vmdk.000000000"]);
    assert.deepEqual(
      verdict.findings.map(({ code }) => code),
      ["file.missing", "file.surplus"],
    );
  });

  test("each chunk that is missing is told, and a gap is told as one", () => {
    const verdict = judge(chunked(35), [chunk(0), chunk(2)]);
    assert.deepEqual(verdict.findings.map(textOf), [
      "a.ovf:4: The chunk d.vmdk.000000001 is missing, but a later one is there.",
      "a.ovf:4: The file d.vmdk.000000003 is missing.",
    ]);
    assert.deepEqual(verdict.missing, ["d.vmdk.000000001", "d.vmdk.000000003"]);
    assert.deepEqual(
      judge(chunked(35), [chunk(0), chunk(2)], ["d.vmdk.000000001", "d.vmdk.000000003"]).findings,
      [],
    );
  });

  test("sizes of chunks that differ are told", () => {
    assert.deepEqual(
      judge(chunked(25), [chunk(0, 9), chunk(1, 11), chunk(2, 10)]).findings.map(textOf),
      [
        "d.vmdk.000000000: The chunk d.vmdk.000000000 has 9 bytes; 10 are expected.",
        "d.vmdk.000000001: The chunk d.vmdk.000000001 has 11 bytes; 10 are expected.",
        "d.vmdk.000000002: The chunk d.vmdk.000000002 has 10 bytes; 5 are expected.",
      ],
    );
  });

  test("chunks beyond the size are surplus", () => {
    assert.deepEqual(judge(chunked(10), [chunk(0), chunk(1)]).findings.map(textOf), [
      "d.vmdk.000000001: d.vmdk.000000001 is named nowhere in the descriptor.",
    ]);
  });

  test("without a size those count that follow each other, and one is needed", () => {
    assert.deepEqual(judge(chunked(), []).missing, ["d.vmdk.000000000"]);
    assert.deepEqual(judge(chunked(), [chunk(0), chunk(1), chunk(2, 3)]).findings, []);
    assert.deepEqual(judge(chunked(), [chunk(0), chunk(1, 3), chunk(2, 11)]).findings.map(textOf), [
      "d.vmdk.000000001: The chunk d.vmdk.000000001 has 3 bytes; 10 are expected.",
      "d.vmdk.000000002: The chunk d.vmdk.000000002 has 11 bytes; at most 10 are expected.",
    ]);
  });

  test("without a size a gap is told once, however far away the next one is", () => {
    const verdict = judge(chunked(), [chunk(0), chunk(999_999_999)]);
    assert.deepEqual(verdict.missing, ["d.vmdk.000000001"]);
    assert.deepEqual(
      verdict.findings.map(({ code }) => code),
      ["file.chunk_gap", "file.surplus"],
    );
  });

  test("chunks whose name is written literally are found", () => {
    const descriptor = descriptorOf([{ id: "f", href: "a%20b", size: 5, chunkSize: 10 }]);
    assert.deepEqual(judge(descriptor, [file("a%20b.000000000", 5)]).findings, []);
    assert.deepEqual(judge(descriptor, [file("a b.000000000", 5)]).findings, []);
    assert.deepEqual(judge(descriptor, []).missing, ["a b.000000000"]);
  });
});

describe("very many chunks", () => {
  const names = (count: number) =>
    Array.from({ length: count }, (_, number) => `c.${String(number).padStart(9, "0")}`);
  const references = (hrefs: readonly string[]) =>
    descriptorOf(hrefs.map((href, number) => ({ id: `f${number}`, href, chunkSize: 10 })));

  test("those of one file are looked at once, however many references mean it", () => {
    const descriptor = references(Array.from({ length: FILE_ENTRIES_MAX }, () => "c"));
    const contents = contentsOf(names(CHUNKS_MAX), { descriptor });
    const startMs = performance.now();
    const verdict = judgePackage(contents);
    // A thousand times ten thousand look-ups take longer by far.
    assert.ok(performance.now() - startMs < 2000);
    assert.deepEqual(verdict.findings, []);
    assert.equal(verdict.required.length, CHUNKS_MAX);
  });

  test("those of all files together have a limit also where no size is told", () => {
    const one = judgePackage(contentsOf(names(CHUNKS_MAX), { descriptor: references(["c"]) }));
    assert.deepEqual(one.findings, []);
    const lines = ["a.ovf", ...names(CHUNKS_MAX - 1)].map(
      (name) => `SHA256(${name})= ${digest("a")}`,
    );
    const manifest = manifestOf(lines);
    const files = ["a.ovf", "a.mf", "d.000000000", "d.000000001", ...names(CHUNKS_MAX - 1)];
    const two = judgePackage(contentsOf(files, { descriptor: references(["c", "d"]), manifest }));
    assert.deepEqual(two.findings.map(textOf).slice(0, 1), [
      `a.ovf:5: The File f1 has 2 chunks; ${CHUNKS_MAX} are allowed for all files together.`,
    ]);
    assert.deepEqual([two.required.length, two.isCovered], [CHUNKS_MAX - 1, false]);
  });
});

describe("descriptor, manifest and certificate", () => {
  test("there is one of each at most", () => {
    const names = ["a.ovf", "b.OVF", "a.mf", "b.mf", "a.cert", "b.CERT"];
    assert.deepEqual(textsOf(contentsOf(names)), [
      "item: There is more than one descriptor: a.ovf, b.OVF.",
      "item: There is more than one manifest: a.mf, b.mf.",
      "item: There is more than one certificate file: a.cert, b.CERT.",
    ]);
    assert.deepEqual(textsOf(contentsOf(["a.ovf", "a.mf", "a.cert"])), []);
  });

  test("a certificate needs a manifest, here or awaited", () => {
    assert.deepEqual(textsOf(contentsOf(["a.ovf", "a.cert"])), [
      "a.cert: There is a certificate, but no manifest that it could sign.",
    ]);
    assert.deepEqual(textsOf(contentsOf(["a.ovf", "a.cert"], { awaited: new Set(["a.mf"]) })), []);
  });

  test("they should be named as the descriptor", () => {
    assert.deepEqual(textsOf(contentsOf(["a.ovf", "b.mf", "c.cert"])), [
      "b.mf: The manifest b.mf is not named as the descriptor a.ovf.",
      "c.cert: The certificate c.cert is not named as the descriptor a.ovf.",
    ]);
  });
});

describe("manifest", () => {
  const line = (name: string, digit = "a") => `SHA256(${name})= ${digest(digit)}`;
  const judge = (
    lines: readonly string[],
    files: readonly (PackageFile | string)[],
    more: Partial<PackageContents> = {},
  ) =>
    judgePackage(
      contentsOf(["a.ovf", "a.mf", ...files], {
        descriptor: ONE,
        manifest: manifestOf(lines),
        ...more,
      }),
    );

  test("a package is covered where each digest is there, strong and right", () => {
    const verdict = judge([line("a.ovf"), line("d.vmdk")], ["d.vmdk"]);
    assert.deepEqual([verdict.findings, verdict.wanted, verdict.isCovered], [[], [], true]);
  });

  test("a digest that differs is told with both, at its line", () => {
    const verdict = judge([line("a.ovf"), "", line("d.vmdk", "b")], ["d.vmdk"]);
    assert.deepEqual(verdict.findings.map(textOf), [
      `a.mf:3: d.vmdk is not the file that the manifest tells of: SHA256 ${digest("b")} is expected, ` +
        `SHA256 ${digest("a")} was found.`,
    ]);
    assert.equal(verdict.isCovered, false);
  });

  test("a digest that was not made is wanted, once the file is here", () => {
    const lines = [line("a.ovf"), `SHA512(d.vmdk)= ${"c".repeat(128)}`];
    const verdict = judge(lines, ["d.vmdk"]);
    assert.deepEqual(verdict.wanted, [{ name: "d.vmdk", algorithm: "SHA512" }]);
    assert.deepEqual([verdict.findings, verdict.isCovered], [[], false]);
    assert.deepEqual(judge(lines, [], { awaited: new Set(["d.vmdk"]) }).wanted, []);
    const made = file("d.vmdk", 10, { digests: { SHA512: "c".repeat(128) } });
    assert.equal(judge(lines, [made]).isCovered, true);
  });

  test("what it leaves out is noted", () => {
    const verdict = judge([line("d.vmdk")], ["d.vmdk"]);
    assert.deepEqual(verdict.findings.map(textOf), ["a.mf: The manifest has no line for a.ovf."]);
    assert.equal(verdict.isCovered, false);
  });

  test("what a signed manifest leaves out is an error, as soon as a certificate is known of", () => {
    const lines = [line("d.vmdk")];
    const more = { awaited: new Set(["a.cert"]) };
    for (const verdict of [
      judge(lines, ["d.vmdk", "a.cert", "x.iso"]),
      judge(lines, ["d.vmdk", "x.iso"], more),
    ]) {
      assert.deepEqual(verdict.findings.map(textOf), [
        "a.mf: The signature does not cover a.ovf: the manifest has no line for it.",
        "x.iso: x.iso is named nowhere in the descriptor.",
      ]);
      assert.deepEqual(verdict.uncovered, ["a.ovf", "x.iso"]);
    }
  });

  test("one without lines is warned of, whatever the descriptor is", () => {
    const found = (descriptor: Descriptor | null) =>
      judge([], ["d.vmdk"], { descriptor }).findings.map(({ code }) => code);
    assert.deepEqual(found(null), ["manifest.empty"]);
    assert.deepEqual(found(ONE), [
      "manifest.empty",
      "manifest.file_uncovered",
      "manifest.file_uncovered",
    ]);
  });

  test("a line in another case is held against the file that is there", () => {
    const lines = (digit: string) => [line("a.ovf"), line("D.VMDK", digit)];
    const right = judge(lines("a"), ["d.vmdk"]);
    assert.deepEqual(right.findings.map(textOf), [
      "a.mf:2: The manifest names D.VMDK; the file is d.vmdk, whose name differs in case.",
    ]);
    assert.equal(right.isCovered, true);
    const wrong = judge(lines("b"), ["d.vmdk"]);
    assert.deepEqual(
      wrong.findings.map(({ code }) => code),
      ["manifest.case_differs", "manifest.digest_differs"],
    );
    const both = judge([line("a.ovf"), line("d.vmdk", "b")], ["D.VMDK"]);
    assert.deepEqual(
      both.findings.map(({ code }) => code),
      ["file.case_differs"],
      "what the descriptor needs by this name is missing",
    );
  });

  test("a file that nobody has is warned of, one that is missing is not told twice", () => {
    const verdict = judge([line("a.ovf"), line("d.vmdk"), line("x.iso")], []);
    assert.deepEqual(verdict.findings.map(textOf), [
      "a.ovf:4: The file d.vmdk is missing.",
      "a.mf:3: The manifest names x.iso, which the package does not have.",
    ]);
  });

  test("lines for itself and the certificate are warned of", () => {
    const verdict = judge(
      [line("a.ovf"), line("d.vmdk"), line("a.mf", "b"), line("a.cert", "b")],
      ["d.vmdk", "a.cert"],
    );
    assert.deepEqual(verdict.findings.map(textOf), [
      "a.mf:3: The manifest names itself or the certificate.",
      "a.mf:4: The manifest names itself or the certificate.",
    ]);
    assert.equal(verdict.isCovered, true);
  });

  test("SHA-1 is checked and noted, and covers nothing", () => {
    const sha1 = "d".repeat(40);
    const disk = (found: string) => file("d.vmdk", 10, { digests: { SHA1: found } });
    const lines = [line("a.ovf"), `SHA1(d.vmdk)= ${sha1}`];
    const right = judge(lines, [disk(sha1)]);
    assert.deepEqual(right.findings.map(textOf), ["a.mf:2: d.vmdk is protected by SHA-1 alone."]);
    assert.equal(right.isCovered, false);
    assert.deepEqual(
      judge(lines, [disk("e".repeat(40))]).findings.map(({ code }) => code),
      ["manifest.weak_algorithm", "manifest.digest_differs"],
    );
  });

  test("surplus files are held against it too", () => {
    const verdict = judge([line("a.ovf"), line("d.vmdk"), line("x.iso", "b")], ["d.vmdk", "x.iso"]);
    assert.deepEqual(
      verdict.findings.map(({ code }) => code),
      ["manifest.digest_differs", "file.surplus"],
    );
    assert.equal(verdict.isCovered, true);
  });

  test("names may be composed otherwise, or written as the href", () => {
    const descriptor = descriptorOf([
      { id: "a", href: "my%20disk.vmdk" },
      { id: "b", href: "Prüfung.iso" },
    ]);
    const verdict = judge(
      [line("a.ovf"), line("my%20disk.vmdk"), line("Pru\u0308fung.iso")],
      ["my disk.vmdk", "Prüfung.iso"],
      { descriptor },
    );
    assert.deepEqual([verdict.findings, verdict.isCovered], [[], true]);
    assert.deepEqual(verdict.covered, ["a.ovf", "my disk.vmdk", "Prüfung.iso"]);
  });

  test("chunks are covered by their own names", () => {
    const descriptor = descriptorOf([{ id: "f", href: "d", size: 15, chunkSize: 10 }]);
    const chunks = ["d.000000000", "d.000000001"] as const;
    const files = [file(chunks[0], 10), file(chunks[1], 5)];
    assert.equal(
      judge([line("a.ovf"), ...chunks.map((name) => line(name))], files, { descriptor }).isCovered,
      true,
    );
    assert.equal(judge([line("a.ovf"), line(chunks[0])], files, { descriptor }).isCovered, false);
  });

  test("nothing is covered that an href elsewhere, an unread descriptor or a missing file leaves open", () => {
    const all = [line("a.ovf"), line("d.vmdk"), line("http://h/x")];
    const remote = descriptorOf([
      { id: "f", href: "d.vmdk" },
      { id: "g", href: "http://h/x" },
    ]);
    assert.equal(judge(all, ["d.vmdk"], { descriptor: remote }).isCovered, false);
    assert.equal(judge(all, ["d.vmdk"], { descriptor: null }).isCovered, false);
    assert.equal(judge(all, []).isCovered, false);
    assert.equal(judge(all, [], { awaited: new Set(["d.vmdk"]) }).isCovered, false);
  });
});
