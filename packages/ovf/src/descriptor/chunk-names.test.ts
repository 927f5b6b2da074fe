import assert from "node:assert/strict";
import { test } from "node:test";
import { chunkCountOf, chunkNameOf, parseChunkName } from "./chunk-names.ts";

test("a file has as many chunks as it takes, and one at least", () => {
  for (const [size, chunk, count] of [
    [0, 10, 1],
    [9, 10, 1],
    [10, 10, 1],
    [11, 10, 2],
    [20, 10, 2],
    [6_872_576, 7_516_192_768, 1],
  ] as const)
    assert.equal(chunkCountOf(size, chunk), count);
});

test("names of chunks have nine digits from zero, and read back", () => {
  assert.equal(chunkNameOf("a.vmdk", 0), "a.vmdk.000000000");
  assert.deepEqual(parseChunkName(chunkNameOf("a.vmdk", 1234)), { name: "a.vmdk", number: 1234 });
  for (const name of ["a.vmdk", "a.00000000", "a.00000000x", ".000000000", "a.0000000000", ""])
    assert.equal(parseChunkName(name), null, name);
});
