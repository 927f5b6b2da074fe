import assert from "node:assert/strict";
import { test } from "node:test";
import { expiryTime } from "./expiry-time.ts";

const NOW = Date.parse("2026-01-01T00:00:00.000Z");

test("a span counts from now on", () => {
  assert.equal(expiryTime("30m", NOW), "2026-01-01T00:30:00.000Z");
  assert.equal(expiryTime("12h", NOW), "2026-01-01T12:00:00.000Z");
  assert.equal(expiryTime("90d", NOW), "2026-04-01T00:00:00.000Z");
  assert.equal(expiryTime("2w", NOW), "2026-01-15T00:00:00.000Z");
});

test("a day begins at midnight, and a time is left as it is", () => {
  assert.equal(expiryTime("2027-01-31", NOW), "2027-01-31T00:00:00Z");
  assert.equal(expiryTime("2027-01-31T12:00:00+02:00", NOW), "2027-01-31T12:00:00+02:00");
});

test("other words are no time", () => {
  for (const word of [
    "",
    "soon",
    "90",
    "d",
    "-1d",
    "1.5d",
    "90 d",
    "1y",
    "0d",
    "000h",
    "31.01.2027",
  ])
    assert.throws(() => expiryTime(word, NOW), { name: "Failure", exitCode: 2 }, word);
});
