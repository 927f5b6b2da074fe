import assert from "node:assert/strict";
import { test } from "node:test";
import { instantText, parseInstant } from "./instant.ts";

test("an instant reads back what it was written as", () => {
  const at = 1_767_225_600_123;
  assert.equal(parseInstant(instantText(at)), at);
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
