import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { CutSignal } from "../live-transfers.ts";
import type { PullLimits } from "./pull-limits.ts";
import { PullPlaces } from "./pull-places.ts";

/** Places, and who has got one so far, in order. */
const places = (limits: PullLimits | (() => Promise<PullLimits>)) => {
  const given: string[] = [];
  const leaving = new Map<string, () => void>();
  const of = new PullPlaces(typeof limits === "function" ? limits : async () => limits);
  const enter = (server: string, name: string, signal = new CutSignal()): CutSignal => {
    void of.enter(server, signal).then((leave) => {
      if (leave === null) return;
      given.push(name);
      leaving.set(name, leave);
    });
    return signal;
  };
  const leave = async (name: string): Promise<void> => {
    leaving.get(name)?.();
    await turn();
  };
  return { of, given, enter, leave };
};

test("so many have a place in all, and so many of one server", async () => {
  const { given, enter, leave } = places({ total: 3, perServer: 2 });
  for (const name of ["a1", "a2", "a3"]) enter("a", name);
  for (const name of ["b1", "b2"]) enter("b", name);
  await turn();
  assert.deepEqual(given, ["a1", "a2", "b1"]);
  await leave("b1");
  assert.deepEqual(given.slice(3), ["b2"]);
  await leave("a1");
  assert.deepEqual(given.slice(4), ["a3"]);
});

test("servers take turns, however many wait for one of them", async () => {
  const { given, enter, leave } = places({ total: 1, perServer: 1 });
  for (const name of ["a1", "a2", "a3"]) enter("a", name);
  for (const name of ["b1", "b2"]) enter("b", name);
  enter("c", "c1");
  await turn();
  for (let at = 0; at < 5; at += 1) await leave(given.at(-1) ?? "");
  assert.deepEqual(given, ["a1", "b1", "c1", "a2", "b2", "a3"]);
});

test("who is cut while he waits stands in no line, and who leaves twice gives one place back", async () => {
  const { of, given, enter, leave } = places({ total: 1, perServer: 1 });
  enter("a", "a1");
  const cut = enter("a", "a2");
  enter("a", "a3");
  await turn();
  cut.cut({ kind: "shutdown" });
  await leave("a1");
  await leave("a1");
  assert.deepEqual(given, ["a1", "a3"]);
  enter("a", "a4");
  await turn();
  assert.deepEqual(given, ["a1", "a3"], "one place is no two");
  assert.equal(await of.enter("a", cut), null);
  await leave("a3");
  assert.deepEqual(given, ["a1", "a3", "a4"]);
});

test("limits that were changed hold from the next that comes or goes, and those that can not be read stay", async () => {
  const limits = [
    async () => ({ total: 1, perServer: 1 }),
    async () => ({ total: 2, perServer: 2 }),
    async () => {
      throw new Error("The catalog is away.");
    },
  ];
  const { given, enter, leave } = places(async () => await (limits.shift() ?? limits[0])!());
  enter("a", "a1");
  await turn();
  enter("a", "a2");
  await turn();
  assert.deepEqual(given, ["a1", "a2"]);
  enter("a", "a3");
  await turn();
  assert.deepEqual(given, ["a1", "a2"]);
  await leave("a1").catch(() => undefined);
  assert.deepEqual(given, ["a1", "a2", "a3"]);
});
