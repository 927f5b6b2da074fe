import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditEntry } from "@contentlib/client";
import { ToldEntries } from "./told-entries.ts";

const START = Date.parse("2027-01-31T12:00:00.000Z");

const entry = (id: number, afterSeconds: number, count = 1): AuditEntry => ({
  id: String(id),
  event: "CHANGE",
  operation: "item.create",
  actor: "SERVER",
  objects: [],
  first_time: new Date(START).toISOString(),
  last_time: new Date(START + afterSeconds * 1000).toISOString(),
  count,
});

const idsOf = (entries: readonly AuditEntry[]): readonly string[] => entries.map(({ id }) => id);

test("what was told is not told again, and what counts more since is", () => {
  const told = new ToldEntries([entry(1, 0), entry(2, 1)]);
  assert.deepEqual(told.news([entry(1, 0), entry(2, 1)]), []);
  assert.deepEqual(idsOf(told.news([entry(1, 5, 2), entry(2, 1), entry(3, 4)])), ["3", "1"]);
  assert.deepEqual(told.news([entry(1, 5, 2), entry(3, 4)]), []);
});

test("what is kept later than something younger is told all the same", () => {
  const told = new ToldEntries([entry(1, 50)]);
  assert.equal(told.since(START), new Date(START - 10_000).toISOString());
  assert.deepEqual(idsOf(told.news([entry(2, 20)])), ["2"]);
});

test("older entries that were left out at first stay out, unless they count more", () => {
  const told = new ToldEntries([entry(8, 10), entry(9, 11)]);
  assert.deepEqual(idsOf(told.news([entry(7, 10), entry(6, 20, 3), entry(9, 11)])), ["6"]);
});

test("who was told nothing looks back a day, and is told all of it", () => {
  const told = new ToldEntries([]);
  assert.equal(told.since(START), new Date(START - 24 * 3_600_000).toISOString());
  assert.deepEqual(idsOf(told.news([entry(4, 0)])), ["4"]);
});

test("what is remembered does not grow for ever", () => {
  const told = new ToldEntries([entry(1, 0)]);
  for (let id = 2; id < 1_000; id += 1) told.news([entry(id, id)]);
  // Only what is looked at again has to be known: an entry of long ago would be told again.
  assert.deepEqual(idsOf(told.news([entry(1, 0)])), ["1"]);
  assert.deepEqual(told.news([entry(990, 990)]), []);
});
