// How much memory the reading of crooked packages takes: a process of its own for each large one, and for many small ones.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { writeRecipe } from "@contentlib/testkit/ovf/package-recipe";
import { packageRecipes } from "@contentlib/testkit/ovf/package-recipes";

/** Peak of the resident memory over that of the process before it reads. */
const GROWTH_BYTES_MAX = 64_000_000;
/** Files that are smaller share a process, so many at once. */
const SMALL_BYTES = 100_000;
const BATCH = 30;
/** Signed ones are held against all that the system trusts. */
const SIGNED_BATCH = 10;

const folder = await mkdtemp(join(tmpdir(), "contentlib-lint-memory-"));
after(async () => await rm(folder, { recursive: true }));

const program = join(import.meta.dirname, "lint-growth.ts");

/** What a process says that reads the files: how much it grew, and what it found in each. */
const growthOf = async (paths: readonly string[], input?: string) => {
  const args = ["--disable-warning=ExperimentalWarning", program, ...paths];
  const running = promisify(execFile)(process.execPath, args);
  const { stdin } = running.child;
  // A program that has seen enough reads no more, which is no failure.
  if (input !== undefined && stdin !== null)
    await pipeline(createReadStream(input), stdin).catch(() => undefined);
  const { stdout } = await running;
  return JSON.parse(stdout) as { readonly growthBytes: number; readonly codes: string[][] };
};

interface Written {
  readonly name: string;
  readonly path: string;
  /** Codes that it raises for certain; null where that depends on who trusts whom, and when. */
  readonly raises: readonly string[] | null;
}

const assertSmall = async (recipes: readonly Written[], input?: string): Promise<void> => {
  const paths = input === undefined ? recipes.map(({ path }) => path) : ["-"];
  const { growthBytes, codes } = await growthOf(paths, input);
  assert.ok(growthBytes <= GROWTH_BYTES_MAX, `${growthBytes} bytes`);
  for (const [at, { name, raises }] of recipes.entries())
    if (raises !== null) assert.deepEqual(codes[at], raises, name);
};

describe("the peak over idle stays within 64 MB", { concurrency: 2 }, () => {
  const small: Written[] = [];
  const signed: Written[] = [];
  const large: Written[] = [];
  before(async () => {
    for (const [number, recipe] of packageRecipes().entries()) {
      const path = await writeRecipe(recipe, join(folder, String(number)));
      const raises = recipe.trusted === undefined ? recipe.raises.toSorted() : null;
      const written = { name: recipe.name, path, raises };
      if ((await stat(path)).size >= SMALL_BYTES) large.push(written);
      else (raises === null ? signed : small).push(written);
    }
  });
  test("of small files, many after each other", async () => {
    assert.ok(small.length > 100);
    for (let at = 0; at < small.length; at += BATCH) await assertSmall(small.slice(at, at + BATCH));
  });
  test("of signed files, a few after each other", async () => {
    assert.ok(signed.length > 20);
    for (let at = 0; at < signed.length; at += SIGNED_BATCH)
      await assertSmall(signed.slice(at, at + SIGNED_BATCH));
  });
  test("of large files, each alone, and as a stream", async (t) => {
    assert.ok(large.length > 20);
    for (const recipe of large)
      await t.test(recipe.name, async () => {
        await assertSmall([recipe]);
        if (recipe.path.endsWith(".ova")) await assertSmall([recipe], recipe.path);
        await rm(dirname(recipe.path), { recursive: true });
      });
  });
});
