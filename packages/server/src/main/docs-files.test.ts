import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { readDocsFile } from "./docs-files.ts";

test("a clone has all files of the page: its own, and those of its dependency", async () => {
  const text = async (name: Parameters<typeof readDocsFile>[0]): Promise<string> =>
    Buffer.from((await readDocsFile(name)) ?? []).toString();
  assert.match(await text("index.html"), /<!doctype html>/);
  assert.match(await text("docs.js"), /SwaggerUIBundle/);
  assert.match(await text("docs.css"), /\.bar/);
  assert.match(await text("swagger-ui.css"), /\.swagger-ui/);
  assert.match(await text("swagger-ui-bundle.js"), /SwaggerUIBundle/);
});

test("what stands beside the page wins over the dependency; what is nowhere is null", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "contentlib-docs-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "swagger-ui.css"), "ours");
  const own = pathToFileURL(`${folder}/`);
  assert.equal(String(await readDocsFile("swagger-ui.css", own)), "ours");
  assert.equal(await readDocsFile("docs.js", own), null);
});

test("a file that is there and can not be read rejects", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "contentlib-docs-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const own = pathToFileURL(`${folder}/`);
  await assert.rejects(readDocsFile("" as "docs.js", own), { code: "EISDIR" });
});
