import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type PackageRecipe, piecesOf, writeRecipe } from "@contentlib/testkit/ovf/package-recipe";
import { packageRecipes } from "@contentlib/testkit/ovf/package-recipes";
import { NOW } from "@contentlib/testkit/ovf/signer-rig";
import { DescriptorReader } from "../descriptor/descriptor-reader.ts";
import type { Finding } from "../finding.ts";
import { ImageReader } from "../iso/image-reader.ts";
import { FINDINGS, type FindingCode } from "../finding-codes.ts";
import type { LintOptions, LintReport } from "./lint-report.ts";
import { lintFile } from "./lint-files.ts";

const folder = await mkdtemp(join(tmpdir(), "contentlib-lint-"));
after(async () => await rm(folder, { recursive: true }));

const recipes = packageRecipes();

const optionsOf = ({ trusted = [] }: PackageRecipe): LintOptions => ({
  trusted,
  trustsSystem: false,
  now: NOW,
});

/** Every code that was found, once. */
const codesOf = ({ findings }: LintReport): readonly FindingCode[] =>
  [...new Set(findings.map(({ code }) => code))].toSorted();

/** What a stream can not know until it is over, it tells all the same; so all but the way of reading is equal. */
const comparable = ({ findings, facts, errors, signer }: LintReport, file: string) => ({
  findings: findings.map((one) => (one.file === file ? { ...one, file: "" } : one)),
  facts,
  errors,
  signer,
});

/** How many bytes are handed over at once; small pieces only where there are few bytes. */
const FEW_BYTES = 20_000;
const MANY_BYTES = 1 << 20;
const PIECES = [1, 511, 4099, MANY_BYTES] as const;

const pieceSizesFor = (sizeBytes: number): readonly number[] =>
  PIECES.filter((piece) => {
    if (piece === MANY_BYTES) return true;
    return sizeBytes <= (piece === 1 ? FEW_BYTES : MANY_BYTES);
  });

describe("each recipe raises what it is made for, and nothing else", () => {
  for (const [number, recipe] of recipes.entries())
    test(recipe.name, async () => {
      const path = await writeRecipe(recipe, join(folder, String(number)));
      const report = await lintFile(path, optionsOf(recipe));
      assert.deepEqual(codesOf(report), [...recipe.raises].toSorted());
      if (path.endsWith(".ova")) await assertSameAsStream(recipe, report);
      else assertSameInPieces(recipe, report);
      await rm(join(folder, String(number)), { recursive: true });
    });
});

const assertSameAsStream = async (recipe: PackageRecipe, whole: LintReport): Promise<void> => {
  for (const pieceBytes of pieceSizesFor(whole.sizeBytes)) {
    const report = await lintFile("-", {
      ...optionsOf(recipe),
      stdin: asStream(piecesOf(recipe, pieceBytes)),
    });
    assert.deepEqual(comparable(report, "-"), comparable(whole, "x.ova"), `${pieceBytes} bytes`);
  }
};

/** Descriptors and images are read by the engine alone, in pieces of each size. */
const assertSameInPieces = (recipe: PackageRecipe, whole: LintReport): void => {
  const read = whole.kind === "iso" ? readImage : readDescriptor;
  const [file] = recipe.files();
  for (const pieceBytes of pieceSizesFor(whole.sizeBytes))
    read(file.name, piecesOf(recipe, pieceBytes), whole);
};

const readDescriptor = (name: string, pieces: Iterable<Uint8Array>, whole: LintReport): void => {
  const findings: Finding[] = [];
  const reader = new DescriptorReader(name, (finding) => findings.push(finding));
  for (const piece of pieces) reader.write(piece);
  const descriptor = reader.end();
  assert.deepEqual(whole.findings.slice(0, findings.length), findings);
  assert.deepEqual(descriptor?.facts ?? null, whole.facts);
};

const readImage = (name: string, pieces: Iterable<Uint8Array>, whole: LintReport): void => {
  const findings: Finding[] = [];
  const reader = new ImageReader(name, (finding) => findings.push(finding));
  for (const piece of pieces) reader.write(piece);
  assert.deepEqual(reader.end(), whole.images[0]?.facts);
  assert.deepEqual(findings, whole.findings);
};

async function* asStream(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

describe("the catalogue", () => {
  for (const code of Object.keys(FINDINGS) as FindingCode[])
    test(`${code} is raised, and has a case just inside its limit`, () => {
      assert.ok(recipes.some(({ raises }) => raises.includes(code)));
      assert.ok(
        recipes.some(({ insideOf, raises }) => insideOf === code && !raises.includes(code)),
      );
    });
});

test("there are many crooked ones, and no two of a name", () => {
  assert.ok(recipes.filter(({ raises }) => raises.length > 0).length >= 40);
  assert.equal(new Set(recipes.map(({ name }) => name)).size, recipes.length);
});
