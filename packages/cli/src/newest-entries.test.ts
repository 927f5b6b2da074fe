import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditEntry } from "@contentlib/client";
import { newestEntries } from "./newest-entries.ts";
import type { Trail } from "./newest-entries.ts";

const START = Date.parse("2027-01-31T12:00:00.000Z");
const timeAt = (second: number): string => new Date(START + second * 1_000).toISOString();

const entry = (id: number, firstSecond: number, lastSecond = firstSecond): AuditEntry => ({
  id: String(id),
  event: "CHANGE",
  operation: "item.create",
  actor: "SERVER",
  objects: [],
  first_time: timeAt(firstSecond),
  last_time: timeAt(lastSecond),
  count: lastSecond === firstSecond ? 1 : 2,
});

/** A trail that answers as the API says it does. */
const trailOf = (entries: readonly AuditEntry[]): Trail => ({
  audit: {
    list: async (wish) => {
      const { since = "", before = "Infinity", limit = 100 } = wish ?? {};
      const found = entries
        .filter(({ id, last_time }) => Number(id) < Number(before) && last_time >= since)
        .toSorted((one, other) => Number(other.id) - Number(one.id));
      const page = found.slice(0, limit);
      const isMore = found.length > page.length;
      return { entries: page, ...(isMore ? { next: page.at(-1)?.id ?? "" } : {}) };
    },
  },
});

const { signal } = new AbortController();
const idsOf = (entries: readonly AuditEntry[]): readonly string[] => entries.map(({ id }) => id);

test("an entry that has just grown is among the newest, however long ago it began", async () => {
  const trail = trailOf([entry(1, 0, 100), entry(2, 1), entry(3, 2), entry(4, 3), entry(5, 4)]);
  const { entries, isCut } = await newestEntries(trail, {}, { limit: 2, signal });
  assert.deepEqual([idsOf(entries), isCut], [["1", "5"], true]);
});

test("the rows are in the order in which they began, though refusals are written later", async () => {
  const trail = trailOf([entry(1, 0), entry(2, 5), entry(3, 4), entry(4, 4)]);
  const { entries, isCut } = await newestEntries(trail, {}, { limit: 4, signal });
  assert.deepEqual([idsOf(entries), isCut], [["1", "3", "4", "2"], false]);
});

test("what was asked for still holds, and many come in parts", async () => {
  const many = Array.from({ length: 2_500 }, (_, index) => entry(index + 1, index));
  const all = await newestEntries(trailOf(many), {}, { limit: Infinity, signal });
  assert.equal(all.entries.length, 2_500);
  const cut = await newestEntries(trailOf(many), { since: timeAt(2_400) }, { limit: 50, signal });
  assert.equal(cut.entries[0]?.id, "2451");
  const none = await newestEntries(trailOf([]), {}, { limit: 5, signal });
  assert.deepEqual(none, { entries: [], isCut: false });
});
