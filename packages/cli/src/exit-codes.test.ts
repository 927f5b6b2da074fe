import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { FAULT_CLASSES } from "@contentlib/contract/vocabulary";
import { EXIT_CODES, EXIT_CODE_OF_CLASS } from "./exit-codes.ts";

test("every class of refusal has an exit status of the table", () => {
  const known = new Set<number>(Object.values(EXIT_CODES));
  assert.deepEqual(Object.keys(EXIT_CODE_OF_CLASS).sort(), [...FAULT_CLASSES].sort());
  for (const code of Object.values(EXIT_CODE_OF_CLASS)) assert.ok(known.has(code));
});

test("the guide lists exactly these exit statuses", async () => {
  const guide = await readFile(new URL("../../../docs/guides/cli.md", import.meta.url), "utf8");
  const rows = [...guide.matchAll(/^\| +(\d+) +\|/gm)].map(([, code]) => Number(code));
  assert.deepEqual(
    rows,
    Object.values(EXIT_CODES).toSorted((one, other) => one - other),
  );
});
