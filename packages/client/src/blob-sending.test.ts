import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { BlobSending } from "./blob-sending.ts";

const MIB = 1024 * 1024;
/** More than is digested at once. */
const LARGE_BYTES = 65 * MIB + 7;
const piece = Uint8Array.from({ length: MIB + 1 }, (_, at) => (at * 31) >> 3);
const large = new Blob(Array.from({ length: 65 }, () => piece));
const forever = new AbortController().signal;

const platform = async (firstBytes: number): Promise<string> => {
  const hash = createHash("sha256");
  for await (const chunk of large.slice(0, firstBytes).stream()) hash.update(chunk);
  return hash.digest("hex");
};

test("the digest of a beginning is that of so many bytes, however many they are", async () => {
  const sending = new BlobSending(large);
  for (const firstBytes of [0, 1, 3 * MIB, LARGE_BYTES])
    assert.equal(await sending.digestOf(firstBytes, forever), await platform(firstBytes));
});

test("a digest of much is given up with its signal", async () => {
  const stop = new AbortController();
  const digest = new BlobSending(large).digestOf(LARGE_BYTES, stop.signal);
  stop.abort(new Error("enough"));
  await assert.rejects(digest, { message: "enough" });
});
