import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { instantText, parseInstant } from "./instant.ts";

test("an instant reads back what it was written as", () => {
  const at = 1_767_225_600_123;
  assert.equal(parseInstant(instantText(at)), at);
});

test("an instant is written as a date writes it, on any day and in any order", () => {
  const far = 8.64e15;
  const instants = fc.oneof(
    fc.integer({ min: 0, max: 4_102_444_800_000 }),
    fc.double({ min: -far, max: far, noNaN: true }),
    fc.constantFrom(0, -1, -0.5, 86_399_999, 86_400_000, -86_400_000, far, -far),
  );
  fc.assert(
    fc.property(fc.array(instants, { minLength: 1, maxLength: 5 }), (all) => {
      for (const at of all) assert.equal(instantText(at), new Date(at).toISOString());
    }),
    { numRuns: 500 },
  );
  for (const none of [Number.NaN, Number.POSITIVE_INFINITY, far + 86_400_000])
    assert.throws(() => instantText(none), RangeError);
});

test("offsets and fractions count, and what is no time of the calendar is none", () => {
  assert.equal(parseInstant("2026-01-01T02:00:00+02:00"), parseInstant("2026-01-01T00:00:00Z"));
  assert.equal(parseInstant("2026-01-01t00:00:00.5z"), parseInstant("2026-01-01T00:00:00.500Z"));
  for (const text of [
    "",
    "2026-01-01",
    "2026-01-01T00:00:00",
    "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T25:00:00Z",
    "2026-01-01T00:00:00+25:00",
    "1767225600",
    "yesterday",
  ])
    assert.equal(parseInstant(text), null, text);
});
