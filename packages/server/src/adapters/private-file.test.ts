import assert from "node:assert/strict";
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { createPrivateFile, findFile, replacePrivateFile } from "./private-file.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-file-"));
after(() => rmSync(folder, { recursive: true }));

test("a file is made once, for its owner alone, and replaced in one step; nothing else is left behind", () => {
  const path = join(folder, "own", "file");
  mkdirSync(join(folder, "own"));
  assert.equal(findFile(path), null);
  createPrivateFile(path, "one");
  createPrivateFile(path, "two");
  assert.equal(readFileSync(path, "utf8"), "one");
  replacePrivateFile(path, Buffer.from("three"));
  assert.equal(findFile(path)?.toString(), "three");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(folder, "own")), ["file"]);
});

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

test(
  "what is replaced for another account stays that account's",
  { skip: isRoot ? false : "only root can make files of others" },
  () => {
    const path = join(folder, "theirs");
    createPrivateFile(path, "one");
    chownSync(path, NOBODY, NOBODY);
    replacePrivateFile(path, "two");
    const { uid, gid, mode } = statSync(path);
    assert.deepEqual([uid, gid, mode & 0o777], [NOBODY, NOBODY, 0o600]);
    assert.equal(readFileSync(path, "utf8"), "two");
  },
);

test("what can not be read or written is denied", () => {
  assert.throws(() => findFile(folder), portErrorWith("denied"));
  for (const write of [createPrivateFile, replacePrivateFile])
    assert.throws(() => write(join(folder, "nowhere", "file"), "x"), portErrorWith("denied"));
});
