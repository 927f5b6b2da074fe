import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { Sha256, paddingOf } from "./sha256.ts";

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
  // The digests above hang on what follows the bytes; of this many, that alone is looked at.
  for (const bytes of [0, 55, 56, 2 ** 29 - 1, 2 ** 29, 2 ** 29 + 7, 3 * 2 ** 40 + 1]) {
    const padding = paddingOf(bytes);
    const end = new DataView(padding.buffer, padding.length - 8);
    assert.equal(end.getBigUint64(0), BigInt(bytes) * 8n, `${bytes} bytes`);
    assert.equal((bytes + padding.length) % 64, 0);
    assert.ok(padding.length > 8 && padding.length <= 72);
    assert.equal(hex(padding.subarray(0, -8)), "80".padEnd(2 * (padding.length - 8), "0"));
  }
});
