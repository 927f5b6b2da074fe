import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aDigest, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { scratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { fileSystemAround } from "@contentlib/testkit/faults/file-system-around";
import { imagePairs, oddImages } from "@contentlib/testkit/ovf/crooked-images";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import {
  type PackageRecipe,
  type RecipePart,
  recipesOf,
  writeRecipe,
} from "@contentlib/testkit/ovf/package-recipe";
import type { PackageFile, PackageJudgement } from "../../../domain/package.ts";
import type { OpenBlob } from "../../../ports/blob-store.ts";
import { PortError } from "../../../ports/port-error.ts";
import { openDiskBlobStore } from "../../blobs/disk/disk-blob-store.ts";
import { realFileSystem } from "../../blobs/disk/file-system.ts";
import { IsoItemType } from "./iso-item-type.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const SECTOR = 2048;

const sizeOf = (part: RecipePart): number => {
  if (typeof part === "string") return Buffer.byteLength(part);
  return "holeBytes" in part ? part.holeBytes : part.byteLength;
};

/** The type over files on a disk, whose reads are counted. */
const rig = async () => {
  const { path: directory, remove } = await scratchDirectory();
  let reads = 0;
  const fileSystem = fileSystemAround(realFileSystem, {
    call: async ({ name }, proceed) => {
      if (name === "read") reads += 1;
      return await proceed();
    },
  });
  const store = await openDiskBlobStore({ directory, clock: { now: () => BUILT_AT }, fileSystem });
  const type = new IsoItemType();
  const opened: string[] = [];
  const open = async (file: PackageFile): Promise<OpenBlob> => {
    opened.push(file.name);
    return await store.open(file.digest);
  };
  const close = async (): Promise<void> => {
    await store.close();
    await remove();
  };
  return {
    opened,
    reads: () => reads,
    /** Puts parts among the blobs, without a byte for their holes; their digest is made up. */
    put: async (name: string, parts: readonly RecipePart[]): Promise<PackageFile> => {
      const digest = aDigest();
      const files: PackageRecipe["files"] = () => [{ name: digest, parts }];
      await writeRecipe({ name, raises: [], files }, store.layout.blobFolders(digest)[1]);
      const sizeBytes = parts.reduce((sum, part) => sum + sizeOf(part), 0);
      return { name, digest, sizeBytes, checksums: [] };
    },
    judge: async (
      files: readonly PackageFile[],
      { rejectsBadImages = false } = {},
    ): Promise<PackageJudgement> =>
      await type.judge({
        itemName: "item",
        files,
        awaited: ["later.iso"],
        open,
        rejectsBadImages,
        trusted: [],
        now: BUILT_AT,
      }),
    [Symbol.asyncDispose]: close,
  };
};

const partsOf = ({ files }: PackageRecipe): readonly RecipePart[] => {
  const [file] = files();
  return "parts" in file ? file.parts : [];
};

describe("S130: what is found", () => {
  for (const recipe of [...imagePairs().flatMap(recipesOf), ...oddImages()])
    test(`in ${recipe.name} is told, and refuses where the library says so`, async () => {
      await using on = await rig();
      const file = await on.put("x.iso", partsOf(recipe));
      const told = await on.judge([file]);
      assert.deepEqual(told.faults, []);
      assert.deepEqual(
        told.remarks?.map(({ code }) => code),
        recipe.raises,
      );
      const rejected = await on.judge([file], { rejectsBadImages: true });
      assert.deepEqual(rejected.remarks, []);
      assert.deepEqual(
        rejected.faults.map(({ code }) => code),
        recipe.raises,
      );
      assert.ok(rejected.faults.every(({ name, isWrong }) => name === "x.iso" && isWrong));
      for (const judged of [told, rejected]) {
        assert.deepEqual(judged.preview, { state: "NOT_APPLICABLE" });
        assert.equal(judged.verification, null);
        assert.deepEqual([judged.missing, judged.wanted, judged.algorithms], [[], [], []]);
      }
    });

  test("has both sizes, and what to do", async () => {
    await using on = await rig();
    const image = aDiscImage();
    const file = await on.put("x.iso", [image.subarray(0, -1)]);
    const { remarks } = await on.judge([file]);
    assert.deepEqual(remarks, [
      {
        code: "iso.shorter_than_volume",
        severity: "WARNING",
        file: "x.iso",
        text: `x.iso: x.iso has ${image.length - 1} bytes, its volume says ${image.length}.`,
        mend: "Download the image again: its end is missing.",
      },
    ]);
  });
});

describe("S131: facts", () => {
  test("are those of each image, in the order of the files; others are not read", async () => {
    await using on = await rig();
    const both = aDiscImage({ udf: {}, boots: [0, 0xef], hasPartitions: true });
    const first = await on.put("B.ISO", [both]);
    const second = await on.put("a.iso", [aDiscImage({ iso: { label: "", sectors: 0 } })]);
    const readme = await on.put("readme.txt", ["no image"]);
    const { facts } = await on.judge([first, readme, second]);
    assert.deepEqual(facts, {
      images: [
        {
          file: "B.ISO",
          formats: ["ISO9660", "UDF"],
          volumeLabel: "DISC",
          volumeBytes: both.length,
          fileBytes: both.length,
          boots: ["BIOS", "UEFI"],
          isHybrid: true,
        },
        {
          file: "a.iso",
          formats: ["ISO9660"],
          fileBytes: 512 * SECTOR,
          boots: [],
          isHybrid: false,
        },
      ],
    });
    assert.deepEqual([...new Set(on.opened)], ["B.ISO", "a.iso"]);
  });

  test("are told of a hundred images; where bad ones are refused all others are looked at too", async () => {
    await using on = await rig();
    const good = await on.put("x.iso", [aDiscImage({ sectors: 20 })]);
    const bad = await on.put("last.iso", ["no image"]);
    const files = [
      ...Array.from({ length: 100 }, (_, at) => ({ ...good, name: `${at}.iso` })),
      bad,
    ];
    const { facts, remarks } = await on.judge(files);
    assert.ok(facts !== null && "images" in facts);
    assert.equal(facts.images.length, 100);
    assert.deepEqual(remarks, []);
    const rejected = await on.judge(files, { rejectsBadImages: true });
    assert.equal(rejected.faults.at(-1)?.name, "last.iso");
  });
});

describe("an image is read", () => {
  test("at its head and where that leads, however long it is", async () => {
    await using on = await rig();
    const sectors = (4 * GIB) / SECTOR;
    const head = aDiscImage({ iso: { sectors }, boots: [0xef], sectors: 600 });
    head.writeUInt32LE(sectors - 8, 17 * SECTOR + 71);
    const catalogue = aDiscImage({ boots: [0xef], catalogueAt: 40, sectors: 600 });
    const file = await on.put("x.iso", [
      head,
      { holeBytes: 4 * GIB - head.length - 8 * SECTOR },
      catalogue.subarray(40 * SECTOR, 48 * SECTOR),
    ]);
    const { facts, remarks } = await on.judge([file]);
    assert.deepEqual(remarks, []);
    assert.ok(facts !== null && "images" in facts);
    assert.deepEqual(facts.images[0]?.boots, ["UEFI"]);
    assert.equal(facts.images[0]?.volumeBytes, 4 * GIB);
    assert.deepEqual(on.opened, ["x.iso", "x.iso"]);
    assert.ok(on.reads() * 256 * 1024 <= 2 * MIB, `${on.reads()} reads`);
  });

  test("once while nothing is wrong with it; one that is bad is looked at again", async () => {
    await using on = await rig();
    const good = await on.put("good.iso", [aDiscImage()]);
    const bad = await on.put("bad.iso", [aDiscImage().subarray(0, -1)]);
    await on.judge([good, bad]);
    await on.judge([good, bad], { rejectsBadImages: true });
    assert.deepEqual(on.opened, ["good.iso", "bad.iso", "bad.iso"]);
  });

  test("as far as the store has it", async () => {
    await using on = await rig();
    const file = await on.put("x.iso", [aDiscImage().subarray(0, 40 * SECTOR)]);
    const { remarks } = await on.judge([{ ...file, sizeBytes: 512 * SECTOR }]);
    assert.deepEqual(remarks, []);
  });

  test("not at all where its bytes are gone; that fails only where it could be refused", async () => {
    await using on = await rig();
    const gone: PackageFile = { name: "x.iso", digest: aDigest(), sizeBytes: 9, checksums: [] };
    const type = new IsoItemType();
    const given = {
      itemName: "item",
      files: [gone],
      awaited: [],
      open: () => Promise.reject(new PortError("corrupt", "The bytes are not in the store.")),
      trusted: [],
      now: BUILT_AT,
    };
    const { facts, remarks } = await type.judge({ ...given, rejectsBadImages: false });
    assert.deepEqual([facts, remarks], [{ images: [] }, []]);
    await assert.rejects(type.judge({ ...given, rejectsBadImages: true }), PortError);
    assert.deepEqual(on.opened, []);
  });
});
