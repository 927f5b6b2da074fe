import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./command.ts";
import { generateClient } from "./generate-client.ts";

const folder = "packages/client/src/services";

test("the services of the client are those the contract gives; else: npm run generate", () => {
  const files = generateClient();
  for (const { path, text } of files)
    assert.equal(readFileSync(join(root, path), "utf8"), text, path);
  const present = readdirSync(join(root, folder)).filter((name) => !name.includes(".test"));
  assert.deepEqual(
    present.map((name) => `${folder}/${name}`).sort(),
    files.map(({ path }) => path).sort(),
  );
});
