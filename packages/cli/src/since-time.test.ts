import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "./failure.ts";
import { sinceTime } from "./since-time.ts";

const NOW = Date.parse("2027-01-31T12:00:00.000Z");

test("a span is counted back from now, and a time is what it is", () => {
  assert.equal(sinceTime("2h", NOW), "2027-01-31T10:00:00.000Z");
  assert.equal(sinceTime("7d", NOW), "2027-01-24T12:00:00.000Z");
  assert.equal(sinceTime("2027-01-30", NOW), "2027-01-30T00:00:00Z");
  assert.equal(sinceTime("2027-01-30T08:00:00+02:00", NOW), "2027-01-30T08:00:00+02:00");
});

test("a time may be written as the table shows it, without seconds, and without a zone for UTC", () => {
  assert.equal(sinceTime("2026-11-25 22:55:25Z", NOW), "2026-11-25T22:55:25Z");
  assert.equal(sinceTime("2026-11-25 22:55:25", NOW), "2026-11-25T22:55:25Z");
  assert.equal(sinceTime("2026-11-25T22:55Z", NOW), "2026-11-25T22:55:00Z");
  assert.equal(sinceTime("2026-11-25 22:55", NOW), "2026-11-25T22:55:00Z");
  assert.equal(sinceTime("2026-11-25t22:55:25.5z", NOW), "2026-11-25T22:55:25.5Z");
  assert.equal(sinceTime("2026-11-25 22:55+02:00", NOW), "2026-11-25T22:55:00+02:00");
});

test("what is neither is a mistake of the user's", () => {
  for (const word of [
    "yesterday",
    "7",
    "-1d",
    "",
    "999999w",
    "2027-02-31",
    "2027-01-31T25:00Z",
    "2027-01-31T12",
    "2027-01-31T12:00:00+2",
  ])
    assert.throws(() => sinceTime(word, NOW), Failure, word);
});
