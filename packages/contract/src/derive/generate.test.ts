import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import manifest from "../../package.json" with { type: "json" };
import { CONTRACT_VERSION, generatedFiles } from "./generate.ts";

const root = resolve(import.meta.dirname, "../../../..");

test("the files on disk are what the contract gives now", () => {
  for (const { path, text } of generatedFiles()) {
    assert.equal(
      readFileSync(join(root, path), "utf8"),
      text,
      `${path} is stale: run npm run generate`,
    );
  }
});

test("nothing else lies among the generated files", () => {
  const known = generatedFiles().map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  assert.deepEqual(
    readdirSync(join(root, "packages/contract/generated")).toSorted(),
    known.toSorted(),
  );
});

test("the same contract gives the same bytes", () => {
  assert.deepEqual(generatedFiles(), generatedFiles());
});

test("the version of the documents is the version of the package", () => {
  assert.equal(CONTRACT_VERSION, manifest.version);
});
