import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { PortError } from "../../ports/index.ts";
import { KEY_BYTES, loadOrCreateKey } from "./key-file.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-key-"));
after(() => rmSync(folder, { recursive: true }));

test("the key is made once, is readable by its owner only, and nothing else is left behind", () => {
  const path = join(folder, "endpoint.key");
  const first = loadOrCreateKey(path);
  assert.equal(first.length, KEY_BYTES);
  assert.deepEqual(loadOrCreateKey(path), first);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ["endpoint.key"]);
});

test("a short key file is corrupt and is not replaced", () => {
  const path = join(folder, "short.key");
  writeFileSync(path, "short");
  const isCorrupt = (error: unknown): boolean =>
    error instanceof PortError && error.kind === "corrupt";
  assert.throws(() => loadOrCreateKey(path), isCorrupt);
  assert.equal(statSync(path).size, 5);
});

test("a folder that is not there is denied, with its cause", () => {
  assert.throws(
    () => loadOrCreateKey(join(folder, "nowhere", "endpoint.key")),
    (error: unknown) =>
      error instanceof PortError && error.kind === "denied" && error.cause instanceof Error,
  );
});
