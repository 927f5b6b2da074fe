import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { READ_CHUNK_BYTES, filePieces } from "./file-pieces.ts";

const CHUNKS = 7;
const { signal } = new AbortController();

/** A file whose chunks all differ. */
async function file(t: TestContext): Promise<{ path: string; content: Buffer }> {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-pieces-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const content = Buffer.concat(
    Array.from({ length: CHUNKS }, (_, at) => Buffer.alloc(READ_CHUNK_BYTES, `chunk ${at} `)),
  );
  const path = join(directory, "disk.img");
  await writeFile(path, content);
  return { path, content };
}

test("memory goes round, and what is not released is left alone", async (t) => {
  const { path, content } = await file(t);
  const pieces = filePieces(path, content.byteLength, { fromBytes: 0, signal });
  const held = [];
  for (let n = 0; n < 3; n += 1) {
    const { value } = await pieces.next();
    assert.ok(value);
    held.push(value);
  }
  const fourth = pieces.next();
  // A read of as many bytes takes at least as long as one that did not wait would.
  await readFile(path);
  for (const [n, { bytes }] of held.entries())
    assert.ok(bytes.equals(content.subarray(n * READ_CHUNK_BYTES, (n + 1) * READ_CHUNK_BYTES)));
  held[0]?.release();
  const { value } = await fourth;
  assert.ok(value);
  assert.ok(value.bytes.equals(content.subarray(3 * READ_CHUNK_BYTES, 4 * READ_CHUNK_BYTES)));
  assert.equal(value.bytes.buffer, held[0]?.bytes.buffer);
  await pieces.return();
});

test("a range is read to its end, which may be that of the file", async (t) => {
  const { path, content } = await file(t);
  const sizeBytes = content.byteLength;
  for (const [fromBytes, toBytes] of [
    [0, sizeBytes],
    [5, 2 * READ_CHUNK_BYTES + 7],
    [READ_CHUNK_BYTES + 1, undefined],
    [sizeBytes, undefined],
    [9, 9],
  ] as const) {
    const read: Buffer[] = [];
    const range = { fromBytes, signal, ...(toBytes === undefined ? {} : { toBytes }) };
    for await (const { bytes, release } of filePieces(path, sizeBytes, range)) {
      read.push(Buffer.from(bytes));
      release();
    }
    assert.ok(Buffer.concat(read).equals(content.subarray(fromBytes, toBytes)));
  }
});

test("a small file takes little memory, and one that grew is read to its new end", async (t) => {
  const { path } = await file(t);
  await writeFile(path, "grown");
  const read: string[] = [];
  for await (const { bytes, release } of filePieces(path, 3, { fromBytes: 0, signal })) {
    assert.equal(bytes.buffer.byteLength, 4);
    read.push(bytes.toString());
    release();
  }
  assert.deepEqual(read, ["grow", "n"]);
});

test("an abort breaks off a read that waits for memory, and one that was not begun", async (t) => {
  const { path, content } = await file(t);
  const abort = new AbortController();
  const range = { fromBytes: 0, signal: abort.signal };
  const pieces = filePieces(path, content.byteLength, range);
  for (let n = 0; n < 3; n += 1) await pieces.next();
  const waiting = pieces.next();
  abort.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
  await assert.rejects(filePieces(path, content.byteLength, range).next(), /enough/);
});

test("a missing file is the error of the file system", async () => {
  const path = join(tmpdir(), "contentlib-none-such");
  await assert.rejects(filePieces(path, 1, { fromBytes: 0, signal }).next(), { code: "ENOENT" });
});
