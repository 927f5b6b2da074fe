import assert from "node:assert/strict";
import { test } from "node:test";
import { publishedManifest } from "./published-manifest.ts";

const inTree = {
  name: "@contentlib/x",
  version: "1.2.3",
  exports: {
    ".": "./src/index.ts",
    "./words/*": "./src/words/*.ts",
    "./generated/*": "./generated/*",
    "./*": "./src/*.ts",
  },
  dependencies: { zod: "4.0.0" },
  devDependencies: { "@contentlib/testkit": "1.2.3" },
};

test("what led to sources leads to compiled files, and what only tests need is gone", () => {
  const { exports, devDependencies, dependencies, version } = publishedManifest(
    JSON.stringify(inTree),
  );
  assert.deepEqual(exports, {
    ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
    "./words/*": { types: "./dist/words/*.d.ts", default: "./dist/words/*.js" },
    "./generated/*": "./generated/*",
  });
  assert.equal(devDependencies, undefined);
  assert.deepEqual({ dependencies, version }, { dependencies: { zod: "4.0.0" }, version: "1.2.3" });
});

test("only the command line has a command", () => {
  assert.equal(publishedManifest(JSON.stringify(inTree)).bin, undefined);
  const { bin } = publishedManifest(JSON.stringify({ ...inTree, name: "@contentlib/cli" }));
  assert.deepEqual(bin, { contentlib: "bin/contentlib.mjs" });
});
