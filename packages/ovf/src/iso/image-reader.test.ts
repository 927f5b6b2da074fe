import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import fc from "fast-check";
import type { FindingCode } from "../finding-codes.ts";
import type { Finding } from "../finding.ts";
import type { ImageFacts } from "./image-facts.ts";
import { ImageReader } from "./image-reader.ts";

interface Read {
  readonly facts: ImageFacts;
  readonly findings: readonly Finding[];
}

const read = (image: Uint8Array, { step = 1 << 20, sizeBytes = image.length } = {}): Read => {
  const findings: Finding[] = [];
  const reader = new ImageReader("x.iso", (finding) => void findings.push(finding));
  for (let at = 0; at < image.length; at += step) reader.write(image.subarray(at, at + step));
  return { facts: reader.end(sizeBytes), findings };
};

const accepts = (image: Uint8Array): ImageFacts => {
  const { facts, findings } = read(image);
  assert.deepEqual(findings, []);
  return facts;
};

const finds = (image: Uint8Array, code: FindingCode): Read => {
  const made = read(image);
  assert.deepEqual(
    made.findings.map((finding) => finding.code),
    [code],
  );
  return made;
};

const SECTOR = 2048;

test("a disc of ISO 9660 tells of itself", () => {
  const image = aDiscImage({
    iso: { label: "TOOLS", publisher: "EXAMPLE", application: "MAKER" },
    boots: [0, 0xef],
    hasPartitions: true,
  });
  assert.deepEqual(accepts(image), {
    formats: ["iso9660"],
    volumeLabel: "TOOLS",
    volumeBytes: 512 * SECTOR,
    boots: ["bios", "uefi"],
    isHybrid: true,
    publisherId: "EXAMPLE",
    applicationId: "MAKER",
    sizeBytes: 512 * SECTOR,
  });
  assert.deepEqual(accepts(aDiscImage()), {
    formats: ["iso9660"],
    volumeLabel: "DISC",
    volumeBytes: 512 * SECTOR,
    boots: [],
    isHybrid: false,
    publisherId: null,
    applicationId: null,
    sizeBytes: 512 * SECTOR,
  });
});

test("the label is that of Joliet, unless it was cut for it", () => {
  const label = (iso: string, joliet: string): string | null =>
    accepts(aDiscImage({ iso: { label: iso, jolietLabel: joliet } })).volumeLabel;
  assert.equal(label("WERKZEUGE", "Werkzeüge"), "Werkzeüge");
  assert.equal(label("DEBIAN_12_5_0_AMD64", "DEBIAN_12_5_0_AM"), "DEBIAN_12_5_0_AMD64");
  assert.equal(label("", "0123456789abcdef"), "0123456789abcdef");
  assert.equal(label("ISO", ""), "ISO");
  assert.equal(label("", ""), null);
});

describe("UDF", () => {
  test("alone, in each size of blocks, with each kind of text", () => {
    for (const blockBytes of [512, 2048, 4096]) {
      const udf = { label: "Blätter", blockBytes, end: 260 };
      const facts = accepts(aDiscImage({ iso: null, udf, sectors: 1024 }));
      assert.deepEqual(facts.formats, ["udf"]);
      assert.deepEqual([facts.volumeLabel, facts.volumeBytes], ["Blätter", 260 * blockBytes]);
    }
    const wide = { label: "光盘", isWide: true };
    assert.equal(accepts(aDiscImage({ iso: null, udf: wide })).volumeLabel, "光盘");
  });
  test("beside ISO 9660: the larger volume counts, the label of ISO is shown", () => {
    const facts = accepts(aDiscImage({ iso: { sectors: 20 }, udf: { label: "udf", end: 500 } }));
    assert.deepEqual(facts.formats, ["iso9660", "udf"]);
    assert.deepEqual([facts.volumeLabel, facts.volumeBytes], ["DISC", 500 * SECTOR]);
  });
  test("whose sequence lies behind what is kept of the head", () => {
    const wish = { iso: null, sectors: 2000, udf: { label: "far", sequenceAt: 1500 } };
    for (const step of [1 << 20, 4099]) {
      const { facts } = read(aDiscImage(wish), { step });
      assert.equal(facts.volumeLabel, "far");
    }
  });
  test("without an anchor is one of which no more is known", () => {
    const image = aDiscImage({ iso: null, udf: {} });
    image.fill(0, 256 * SECTOR, 257 * SECTOR);
    const { formats, volumeLabel, volumeBytes } = accepts(image);
    assert.deepEqual([formats, volumeLabel, volumeBytes], [["udf"], null, null]);
  });
  test("descriptors whose checksum does not fit are not read", () => {
    const image = aDiscImage({ iso: null, udf: {} });
    image[32 * SECTOR + 4]! ^= 1;
    assert.equal(accepts(image).volumeBytes, null);
  });
});

describe("what boots", () => {
  test("is in the catalogue, wherever it lies", () => {
    const boots = (wish: Parameters<typeof aDiscImage>[0]): readonly string[] =>
      accepts(aDiscImage(wish)).boots;
    assert.deepEqual(boots({ boots: [0] }), ["bios"]);
    assert.deepEqual(boots({ boots: [0xef] }), ["uefi"]);
    assert.deepEqual(boots({ boots: [0xef, 0, 0] }), ["uefi", "bios"]);
    assert.deepEqual(boots({ boots: [1, 2] }), []);
    assert.deepEqual(boots({ boots: [0], catalogueAt: 1800, sectors: 2000 }), ["bios"]);
    assert.deepEqual(boots({ boots: [0], catalogueAt: 513, sectors: 2000 }), ["bios"]);
  });
  test("is nothing where the catalogue is damaged or not there", () => {
    const image = aDiscImage({ boots: [0] });
    image[40 * SECTOR + 5]! ^= 1;
    assert.deepEqual(accepts(image).boots, []);
    const far = aDiscImage({ boots: [0], catalogueAt: 40 });
    far.writeUInt32LE(0xffff_ffff, 17 * SECTOR + 71);
    assert.deepEqual(accepts(far).boots, []);
  });
});

test("an image without a volume", () => {
  finds(new Uint8Array(), "iso.no_volume");
  finds(new Uint8Array(1 << 20), "iso.no_volume");
  finds(Buffer.alloc(3 << 20, "CD001"), "iso.no_volume");
  finds(aDiscImage().subarray(0, 17 * SECTOR - 1), "iso.no_volume");
  finds(aDiscImage({ iso: null, hasPartitions: true }), "iso.no_volume");
  const bootOnly = aDiscImage();
  bootOnly[16 * SECTOR] = 0;
  finds(bootOnly, "iso.no_volume");
  const unframed = aDiscImage({ iso: null });
  unframed.write("NSR03", 16 * SECTOR + 1, "latin1");
  finds(unframed, "iso.no_volume");
});

test("an image that is shorter than its volume", () => {
  const image = aDiscImage();
  const { findings, facts } = finds(image.subarray(0, -1), "iso.shorter_than_volume");
  assert.deepEqual(
    [findings[0]?.expected, findings[0]?.actual],
    [String(image.length), String(image.length - 1)],
  );
  assert.equal(facts.sizeBytes, image.length - 1);
  finds(aDiscImage({ iso: { sectors: 513 } }), "iso.shorter_than_volume");
  finds(aDiscImage({ iso: null, udf: { end: 513 } }), "iso.shorter_than_volume");
  accepts(aDiscImage({ iso: { sectors: 511 } }));
  assert.equal(accepts(aDiscImage({ iso: { sectors: 0 } })).volumeBytes, null);
});

test("the first bytes and the size are enough", () => {
  const image = aDiscImage({ iso: { sectors: 5000 }, udf: {}, boots: [0] });
  const { facts, findings } = read(image, { sizeBytes: 5000 * SECTOR });
  assert.deepEqual([facts.volumeBytes, facts.sizeBytes], [5000 * SECTOR, 5000 * SECTOR]);
  assert.deepEqual(findings, []);
});

test("however the bytes are cut, and whatever they are, it reads the same and never throws", () => {
  const whole = aDiscImage({ udf: {}, boots: [0, 0xef], sectors: 600, catalogueAt: 560 });
  const changes = fc.array(fc.tuple(fc.integer({ min: 32_768, max: 90_000 }), fc.nat(255)), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(changes, fc.integer({ min: 511, max: 700_000 }), (changed, step) => {
      const image = Buffer.from(whole);
      for (const [at, value] of changed) image[at] = value;
      assert.deepEqual(read(image, { step }), read(image));
    }),
    { numRuns: 60 },
  );
});
