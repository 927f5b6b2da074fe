import { gzipSync } from "node:zlib";
import { aDiscImage } from "./disc-image.ts";
import type { PackageRecipe, RecipePair, RecipePart } from "./package-recipe.ts";

const image =
  (...parts: readonly RecipePart[]): PackageRecipe["files"] =>
  () => [{ name: "x.iso", parts }];

const SECTORS = 512;
const SOUND = aDiscImage({ sectors: SECTORS });

/** Each code of images, and the one that is just inside. */
export const imagePairs = (): readonly RecipePair[] => [
  { code: "iso.no_volume", crooked: image({ holeBytes: 1024 ** 2 }), inside: image(SOUND) },
  {
    code: "iso.shorter_than_volume",
    crooked: image(SOUND.subarray(0, SOUND.length - 1)),
    inside: image(SOUND),
  },
];

/** Images as broken lines leave them, and as their kinds are. */
export const oddImages = (): readonly PackageRecipe[] => [
  { name: "an image of no bytes", raises: ["iso.no_volume"], files: image("") },
  {
    name: "an image that is too small",
    raises: ["iso.no_volume"],
    files: image(SOUND.subarray(0, 20_000)),
  },
  { name: "an image in gzip", raises: ["iso.no_volume"], files: image(gzipSync(SOUND)) },
  {
    name: "an image of one gibibyte that says it has four",
    raises: ["iso.shorter_than_volume"],
    files: image(aDiscImage({ sectors: SECTORS, iso: { sectors: 2 ** 21 } }), {
      holeBytes: 1024 ** 3,
    }),
  },
  {
    name: "an image of UDF alone",
    raises: [],
    files: image(aDiscImage({ sectors: SECTORS, iso: null, udf: { end: SECTORS } })),
  },
  {
    name: "an image that boots, from a stick too",
    raises: [],
    files: image(aDiscImage({ sectors: SECTORS, boots: [0, 0xef], hasPartitions: true })),
  },
  {
    name: "an image whose boot catalogue lies far behind its head",
    raises: [],
    files: image(aDiscImage({ sectors: 4 * SECTORS, boots: [0], catalogueAt: 3 * SECTORS })),
  },
  {
    name: "an image whose boot catalogue would lie behind its end",
    raises: [],
    files: image(
      aDiscImage({ sectors: SECTORS, boots: [0] }).fill(0xff, 17 * 2048 + 71, 17 * 2048 + 75),
    ),
  },
];
