import assert from "node:assert/strict";
import { test } from "node:test";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import fc from "fast-check";
import type { Descriptor } from "../descriptor/descriptor.ts";
import { chunkCountOf, chunkNameOf } from "../descriptor/chunk-names.ts";
import { DescriptorReader } from "../descriptor/descriptor-reader.ts";
import { FINDINGS } from "../finding-codes.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { ManifestReader } from "../manifest/manifest-reader.ts";
import { nameFaultOf } from "../names/file-name.ts";
import { foldName } from "../names/fold-name.ts";
import { judgePackage } from "./judge-package.ts";
import type { PackageContents, PackageFile } from "./package-contents.ts";

/** A package as its maker has it: what its descriptor and manifest say is true. */
interface RightPackage {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  readonly files: readonly PackageFile[];
}

interface Planned {
  readonly name: string;
  readonly sizeBytes: number;
  readonly chunkBytes: number | null;
  readonly isSizeTold: boolean;
  readonly algorithm: "SHA256" | "SHA512";
  readonly isHrefEncoded: boolean;
}

const DIGITS = { SHA256: 64, SHA512: 128 } as const;

/** Something that is as long as a digest and differs between names. */
const digestOf = (name: string, algorithm: Planned["algorithm"]): string =>
  Buffer.from(`${name}${algorithm}`)
    .toString("hex")
    .padEnd(DIGITS[algorithm], "0")
    .slice(-DIGITS[algorithm]);

const partsOf = ({
  name,
  sizeBytes,
  chunkBytes,
}: Planned): readonly (readonly [string, number])[] =>
  chunkBytes === null
    ? [[name, sizeBytes]]
    : Array.from({ length: chunkCountOf(sizeBytes, chunkBytes) }, (_, number) => [
        chunkNameOf(name, number),
        Math.min(chunkBytes, sizeBytes - number * chunkBytes),
      ]);

const readDescriptor = (text: string): Descriptor => {
  const reader = new DescriptorReader("a.ovf", (finding) => assert.fail(JSON.stringify(finding)));
  reader.write(new TextEncoder().encode(text));
  const descriptor = reader.end();
  assert.ok(descriptor);
  return descriptor;
};

const readManifest = (lines: readonly string[]): Manifest => {
  const reader = new ManifestReader("a.mf", (finding) => assert.fail(JSON.stringify(finding)));
  reader.write(new TextEncoder().encode(lines.join("\n")));
  const manifest = reader.end();
  assert.ok(manifest);
  return manifest;
};

const make = (planned: readonly Planned[]): RightPackage => {
  const text = envelopeText({
    files: planned.map((one, index) => ({
      id: `file${index}`,
      href: one.isHrefEncoded ? encodeURIComponent(one.name) : one.name,
      size: one.isSizeTold ? one.sizeBytes : undefined,
      chunkSize: one.chunkBytes ?? undefined,
    })),
    disks: planned.map((_, index) => ({
      diskId: `d${index}`,
      fileRef: `file${index}`,
      capacity: 1,
    })),
  });
  const data = planned.flatMap((one) =>
    partsOf(one).map(([name, sizeBytes]) => ({ name, sizeBytes, algorithm: one.algorithm })),
  );
  const signed = [{ name: "a.ovf", sizeBytes: text.length, algorithm: "SHA256" as const }, ...data];
  const files = signed.map(({ name, sizeBytes, algorithm }) => ({
    name,
    sizeBytes,
    digests: { [algorithm]: digestOf(name, algorithm) },
  }));
  return {
    descriptor: readDescriptor(text),
    manifest: readManifest(
      signed.map(({ name, algorithm }) => `${algorithm}(${name})= ${digestOf(name, algorithm)}`),
    ),
    files: [...files, { name: "a.mf", sizeBytes: 1, digests: {} }],
  };
};

const contentsOf = (
  { descriptor, manifest }: RightPackage,
  files: readonly PackageFile[],
  awaited: readonly string[] = [],
): PackageContents => ({
  name: "item",
  files: new Map(files.map((one) => [one.name, one])),
  awaited: new Set(awaited),
  descriptor,
  manifest,
  certificate: null,
  signer: null,
});

const names = fc
  .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
  // Without percent signs, since what is written unencoded would be decoded; and not named as the files below.
  .filter(
    (name) =>
      nameFaultOf(`${name}x`) === null && !/[%\r\n]|[\u0080-\u009f\ufffe\uffff]/u.test(name),
  )
  .map((name) => `${name.normalize("NFC")}x`)
  .filter((name) => nameFaultOf(name) === null);

const planned: fc.Arbitrary<Planned> = fc.record({
  name: names,
  sizeBytes: fc.integer({ min: 1, max: 60 }),
  chunkBytes: fc.option(fc.integer({ min: 10, max: 40 })),
  isSizeTold: fc.boolean(),
  algorithm: fc.constantFrom("SHA256", "SHA512"),
  isHrefEncoded: fc.boolean(),
});

const packages = fc
  .uniqueArray(planned, { maxLength: 6, selector: ({ name }) => foldName(name) })
  .map(make);

const isError = ({ code }: { readonly code: keyof typeof FINDINGS }): boolean =>
  FINDINGS[code].severity === "error";

/** A package and one of the files that its manifest names. */
const withVictim = packages.chain((right) =>
  fc.tuple(fc.constant(right), fc.constantFrom(...right.files.slice(0, -1))),
);

test("law: in a right package nothing is found, and it is covered", () => {
  fc.assert(
    fc.property(packages, (right) => {
      const verdict = judgePackage(contentsOf(right, right.files));
      assert.deepEqual(verdict.findings, []);
      assert.deepEqual([verdict.missing, verdict.wanted, verdict.isCovered], [[], [], true]);
    }),
  );
});

test("law: one digest that differs is found, and nothing else", () => {
  fc.assert(
    fc.property(withVictim, fc.nat(63), ([right, victim], at) => {
      const flipped = right.files.map((one) => {
        if (one !== victim) return one;
        const [entry] = Object.entries(one.digests);
        assert.ok(entry);
        const [algorithm, digest] = entry;
        const other = digest[at] === "0" ? "1" : "0";
        return {
          ...one,
          digests: { [algorithm]: digest.slice(0, at) + other + digest.slice(at + 1) },
        };
      });
      const { findings, isCovered } = judgePackage(contentsOf(right, flipped));
      assert.deepEqual(
        findings.map(({ code, subject }) => [code, subject]),
        [["manifest.digest_differs", victim.name]],
      );
      assert.equal(isCovered, false);
    }),
  );
});

test("law: one digest that was not made is wanted, and nothing else", () => {
  fc.assert(
    fc.property(withVictim, ([right, victim]) => {
      const files = right.files.map((one) => (one === victim ? { ...one, digests: {} } : one));
      const { findings, wanted, isCovered } = judgePackage(contentsOf(right, files));
      assert.deepEqual(findings, []);
      assert.deepEqual(
        wanted.map(({ name }) => name),
        [victim.name],
      );
      assert.equal(isCovered, false);
    }),
  );
});

test("law: a file that is too long by one byte is found where its size is told", () => {
  fc.assert(
    fc.property(packages, fc.nat(), (right, at) => {
      const told = right.descriptor.files.filter(
        ({ sizeBytes, chunkBytes }) => sizeBytes !== null && chunkBytes === null,
      );
      const reference = told[at % Math.max(1, told.length)];
      fc.pre(reference !== undefined);
      const files = right.files.map((one) =>
        one.name === reference.name ? { ...one, sizeBytes: one.sizeBytes + 1 } : one,
      );
      const { findings } = judgePackage(contentsOf(right, files));
      assert.deepEqual(
        findings.map(({ code, file }) => [code, file]),
        [["file.size_differs", reference.name]],
      );
    }),
  );
});

test("law: while files arrive nothing is an error, in whatever order they do", () => {
  const arrivals = packages.chain((right) =>
    fc.tuple(
      fc.constant(right),
      fc.shuffledSubarray([...right.files], { minLength: right.files.length }),
      fc.nat(right.files.length),
    ),
  );
  fc.assert(
    fc.property(arrivals, ([right, order, count]) => {
      const awaited = order.slice(count).map(({ name }) => name);
      const verdict = judgePackage(contentsOf(right, order.slice(0, count), awaited));
      assert.deepEqual(verdict.findings.filter(isError), []);
      assert.deepEqual(verdict.missing, []);
    }),
  );
});

test("law: what is there decides, not the order in which it came", () => {
  const orders = packages.chain((right) => {
    const some = fc.subarray([...right.files]);
    return fc.tuple(
      fc.constant(right),
      some.chain((files) =>
        fc.tuple(fc.constant(files), fc.shuffledSubarray(files, { minLength: files.length })),
      ),
    );
  });
  fc.assert(
    fc.property(orders, ([right, [files, shuffled]]) =>
      assert.deepEqual(
        judgePackage(contentsOf(right, shuffled)),
        judgePackage(contentsOf(right, files)),
      ),
    ),
  );
});

test("law: what is missing is what is required and not there", () => {
  const halves = packages.chain((right) =>
    fc.tuple(fc.constant(right), fc.subarray([...right.files])),
  );
  fc.assert(
    fc.property(halves, ([right, files]) => {
      const { required, missing, isCovered } = judgePackage(contentsOf(right, files));
      const there = new Set(files.map(({ name }) => name));
      assert.deepEqual(
        missing,
        required.filter((name) => !there.has(name)),
      );
      if (missing.length > 0) assert.equal(isCovered, false);
    }),
  );
});
