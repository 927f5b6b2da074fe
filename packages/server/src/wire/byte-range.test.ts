import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rangeOf } from "./byte-range.ts";

test("a part always lies inside the file and is never empty", () => {
  const header = fc.oneof(
    fc.tuple(fc.nat(20), fc.nat(20)).map(([first, last]) => `bytes=${first}-${last}`),
    fc.nat(20).map((first) => `bytes=${first}-`),
    fc.nat(20).map((last) => `bytes=-${last}`),
    fc.string(),
  );
  fc.assert(
    fc.property(header, fc.nat(15), (text, sizeBytes) => {
      const outcome = rangeOf(text, sizeBytes);
      if (outcome.kind !== "part") return;
      const { start, endExclusive } = outcome.range;
      assert.ok(start >= 0 && start < endExclusive && endExclusive <= sizeBytes);
    }),
  );
});

test("numbers beyond all files do not confuse it", () => {
  assert.deepEqual(rangeOf("bytes=0-999999999999999999", 4), {
    kind: "part",
    range: { start: 0, endExclusive: 4 },
  });
  assert.deepEqual(rangeOf("bytes=999999999999999999-", 4), { kind: "unsatisfiable" });
  assert.deepEqual(rangeOf("bytes=0-9999999999999999999", 4), { kind: "whole" });
  assert.deepEqual(rangeOf(null, 4), { kind: "whole" });
});
