import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { readDisk } from "./disk-figures.ts";

test("the files of the catalog and the file system they lie on", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.sqlite");
    writeFileSync(file, Buffer.alloc(5000));
    writeFileSync(`${file}-wal`, Buffer.alloc(700));
    const { freeBytes, sizeBytes, databaseBytes, logBytes } = await readDisk(file);
    assert.deepEqual([databaseBytes, logBytes], [5000, 700]);
    assert.ok(freeBytes > 0 && freeBytes < sizeBytes);
  }));

test("a log that is not there has no bytes", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.sqlite");
    writeFileSync(file, "x");
    assert.equal((await readDisk(file)).logBytes, 0);
  }));

test("what can not be asked is an error, and no small figure", () =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.sqlite");
    await assert.rejects(readDisk(join(directory, "gone", "catalog.sqlite")));
    writeFileSync(file, "x");
    await assert.rejects(readDisk(join(file, "below a file", "catalog.sqlite")));
    mkdirSync(join(directory, "folder"));
    assert.ok((await readDisk(join(directory, "folder", "catalog.sqlite"))).sizeBytes > 0);
  }));
