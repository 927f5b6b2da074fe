import assert from "node:assert/strict";
import { test } from "node:test";
import { readStorageUrl, STORAGE_URL_CHARACTERS_MAX } from "./storage-url.ts";

test("the path of a file is all that stands behind the host, which is this machine", () => {
  const names = ["srv", "images", "a b.iso"];
  for (const text of [
    "file:///srv/images/a%20b.iso",
    "file://localhost/srv/images/a%20b.iso",
    "file:/srv/images/a%20b.iso",
    "FILE:///srv//images/a%20b.iso",
    "file:////srv/images/a%20b.iso",
  ])
    assert.deepEqual(readStorageUrl(text), { kind: "file", names }, text);
  assert.deepEqual(readStorageUrl("file:///%C3%A4%25%2e%2e.iso"), {
    kind: "file",
    names: ["ä%...iso"],
  });
});

test("a datastore has a long form and a short one, and what tells of its server is passed over", () => {
  const found = { kind: "ds", volume: "san 1", names: ["isos", "a.iso"] };
  for (const text of [
    "ds:///vmfs/volumes/san%201/isos/a.iso",
    "ds:///vmfs/volumes/san%201//isos/a.iso?serverId=1f2e",
    "DS:///san%201/isos/a.iso#x",
  ])
    assert.deepEqual(readStorageUrl(text), found, text);
  assert.deepEqual(readStorageUrl("ds:///vmfs/a.iso"), {
    kind: "ds",
    volume: "vmfs",
    names: ["a.iso"],
  });
});

test("nothing leads a step back, hides a slash, or is no text", () => {
  for (const path of [
    "srv/../etc/passwd",
    "srv/%2e%2e/etc/passwd",
    "srv/%2E./a",
    "srv/./a",
    "srv/..",
    "srv/a%2Fb",
    "srv/..%2f..%2fetc",
    "srv/a%00.iso",
    "srv/%FF.iso",
    "srv/%C0%AE%C0%AE/a",
    "srv/%",
    "srv/%2",
  ])
    for (const start of ["file:///", "ds:///vmfs/volumes/", "ds:///"]) {
      const outcome = readStorageUrl(start + path);
      assert.equal(outcome.kind, "invalid", start + path);
      assert.ok("reason" in outcome && !outcome.reason.includes("passwd"));
    }
});

test("what names no file of this machine is no such address", () => {
  for (const text of [
    "",
    "file:",
    "file://",
    "file:///",
    "file:///srv/images/",
    "file:///srv/a?b",
    "file:///srv/a#b",
    "file://elsewhere/srv/a",
    "file://localhost.example/a",
    "file:srv/a",
    "ds:///",
    "ds:///san",
    "ds:///vmfs/volumes/san",
    "ds:///vmfs/volumes/san/",
    "ds://host/san/a",
    "ds:/san/a",
    "https://files.example/a",
    `file:///${"a".repeat(STORAGE_URL_CHARACTERS_MAX)}`,
  ])
    assert.equal(readStorageUrl(text).kind, "invalid", text);
});
