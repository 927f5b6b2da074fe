import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { Sha256 } from "./sha256.ts";

const platform = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("is the platform's digest, in whatever pieces the bytes come", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (pieces) => {
      const hash = new Sha256();
      for (const piece of pieces) hash.update(piece);
      assert.equal(hex(hash.digest()), platform(Buffer.concat(pieces)));
    }),
  );
});

test("is the platform's digest at every length around the ends of blocks", () => {
  const bytes = Uint8Array.from({ length: 260 }, (_, at) => at * 7);
  for (let length = 0; length <= bytes.length; length += 1) {
    const hash = new Sha256();
    hash.update(bytes.subarray(0, length));
    assert.equal(hex(hash.digest()), platform(bytes.subarray(0, length)), `${length} bytes`);
  }
});

test("counts more bits than a word of 32 holds", () => {
  const piece = new Uint8Array(8 * 1024 * 1024).fill(5);
  const pieces = 65;
  const hash = new Sha256();
  const expected = createHash("sha256");
  for (let at = 0; at < pieces; at += 1) {
    hash.update(piece);
    expected.update(piece);
  }
  assert.equal(hex(hash.digest()), expected.digest("hex"));
});
