import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { ReadingTurns } from "./reading-turns.ts";

class NamedReader {
  readonly name: string;
  isAwaited: boolean;

  constructor(name: string, isAwaited = false) {
    this.name = name;
    this.isAwaited = isAwaited;
  }
}

/** Turns for two, of which each that begins is told. */
const watched = () => {
  const turns = new ReadingTurns(2);
  const begun: string[] = [];
  const ask = (reader: NamedReader): Promise<void> =>
    turns.take(reader).then(() => void begun.push(reader.name));
  return { turns, begun, ask };
};

test("so many read at once, the others in the order in which they came", async () => {
  const { turns, begun, ask } = watched();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => new NamedReader(name));
  assert.ok(a && b && c && d);
  for (const reader of [a, b, c, d]) void ask(reader);
  await nextTurn();
  assert.deepEqual(begun, ["a", "b"]);
  turns.end(b);
  turns.end(b);
  await nextTurn();
  assert.deepEqual(begun, ["a", "b", "c"]);
  turns.end(a);
  await nextTurn();
  assert.deepEqual(begun, ["a", "b", "c", "d"]);
  for (const reader of [c, d]) turns.end(reader);
  await ask(a);
});

test("those that somebody waits for come first, also where he came later than they", async () => {
  const { turns, begun, ask } = watched();
  const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((name) => new NamedReader(name));
  assert.ok(a && b && c && d && e);
  for (const reader of [a, b, c, d, e]) void ask(reader);
  d.isAwaited = true;
  e.isAwaited = true;
  for (const reader of [a, b, d]) {
    turns.end(reader);
    await nextTurn();
  }
  assert.deepEqual(begun, ["a", "b", "d", "e", "c"]);
});

test("one that nobody waits for gives way between two slices, and goes on before all that have not begun", async () => {
  const { turns, begun, ask } = watched();
  const [a, b, c] = ["a", "b", "c"].map((name) => new NamedReader(name));
  assert.ok(a && b && c);
  const asked = new NamedReader("asked", true);
  await Promise.all([ask(a), ask(b)]);
  void ask(c);
  await turns.giveWay(a);
  void ask(asked);
  const again = turns.giveWay(a).then(() => void begun.push("a again"));
  await nextTurn();
  assert.deepEqual(begun, ["a", "b", "asked"]);
  // Nobody is left to give way to.
  await turns.giveWay(b);
  turns.end(asked);
  await again;
  assert.deepEqual(begun, ["a", "b", "asked", "a again"]);
});

test("one that is awaited itself does not give way", async () => {
  const { turns, ask } = watched();
  const reading = [new NamedReader("a", true), new NamedReader("b", true)] as const;
  await Promise.all(reading.map(ask));
  void ask(new NamedReader("c", true));
  await turns.giveWay(reading[0]);
});

test("one that is withdrawn while it waits is cancelled, and takes nobody's turn", async () => {
  const { turns, begun, ask } = watched();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => new NamedReader(name));
  assert.ok(a && b && c && d);
  await Promise.all([ask(a), ask(b)]);
  const gone = assert.rejects(ask(c), portErrorWith("cancelled"));
  void ask(d);
  turns.withdraw(c);
  await gone;
  const asked = new NamedReader("asked", true);
  void ask(asked);
  const wentAway = assert.rejects(turns.giveWay(a), portErrorWith("cancelled"));
  turns.withdraw(a);
  await wentAway;
  turns.end(asked);
  await nextTurn();
  assert.deepEqual(begun, ["a", "b", "asked", "d"]);
});
