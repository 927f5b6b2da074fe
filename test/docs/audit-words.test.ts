import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { AUDIT_CHANGES } from "@contentlib/contract/vocabulary";
import { root } from "../e2e/live-server.ts";

test("the page about the trail has every word that says what was changed, and no other", async () => {
  const page = await readFile(join(root, "docs", "protocol", "audit.md"), "utf8");
  const [, table = ""] = page.split("## What was changed\n");
  const rows = (table.split("\n## ")[0] ?? "").split("\n").slice(3);
  const words = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, word = ""]) => word),
  );
  assert.deepEqual(words.toSorted(), [...AUDIT_CHANGES].toSorted());
});
