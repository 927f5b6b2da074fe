import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import type { Digests } from "../running-digests.ts";
import { CatchingUp } from "./catching-up.ts";
import type { OpenFile } from "./file-system.ts";
import { ReadingTurns } from "./reading-turns.ts";
import type { ThreadDigests } from "./standing-digests.ts";

const MIB = 1024 * 1024;
const GOAL_BYTES = 3 * MIB;

/** A reading of three slices in a thread that reads each only once it is let go. */
class HeldReading {
  readonly turns = new ReadingTurns(1);
  readonly reading: CatchingUp<Digests>;
  /** Where each slice ended that was asked of the thread. */
  readonly slices: number[] = [];
  isFileOpen = false;
  #held: (() => void)[] = [];
  #atBytes = 0;

  constructor(tell?: () => Promise<Digests>) {
    const digests = {
      id: 1,
      thread: {
        ask: (question: { readonly endBytes: number }) => this.#read(question.endBytes),
        giveBack: () => undefined,
      },
      standAt: () => undefined,
      result: tell ?? (async () => new Map([["SHA256", `of ${this.#atBytes} bytes`]])),
      forget: () => undefined,
    };
    this.reading = new CatchingUp({
      algorithms: [],
      from: null,
      goalBytes: GOAL_BYTES,
      turns: this.turns,
      openFile: async () => {
        this.isFileOpen = true;
        const close = async (): Promise<void> => void (this.isFileOpen = false);
        return { fd: 1, close } as unknown as OpenFile;
      },
      begin: async () => digests as unknown as ThreadDigests,
      onOver: () => undefined,
    });
  }

  digestsAt(atBytes: number): Promise<Digests> {
    return this.reading.resultAt(atBytes, new AbortController().signal);
  }

  /** Resolves when a slice is being read. */
  async sliceAsked(): Promise<void> {
    while (this.#held.length === 0) await nextTurn();
  }

  /** Lets slices go as long as the reading can need; one that is asked for without end is not. */
  async letGo(): Promise<void> {
    for (let turn = 0; turn < 50; turn += 1) {
      for (const resolve of this.#held.splice(0)) resolve();
      await nextTurn();
    }
  }

  async #read(endBytes: number): Promise<{ readonly atBytes: number }> {
    this.slices.push(endBytes);
    await new Promise<void>((resolve) => this.#held.push(resolve));
    this.#atBytes = Math.max(this.#atBytes, endBytes);
    return { atBytes: this.#atBytes };
  }
}

const sha256 = (digests: Digests): string | undefined => digests.get("SHA256");

test("what is inside the slice that is being read is not promised, its end and what comes behind it is", async () => {
  const held = new HeldReading();
  await held.sliceAsked();
  assert.deepEqual(held.slices, [MIB]);
  const wheres = [0, MIB / 2, MIB, MIB + 1, GOAL_BYTES, GOAL_BYTES + 1];
  assert.deepEqual(
    wheres.map((atBytes) => held.reading.comesBy(atBytes, [])),
    [false, false, true, true, true, false],
  );
  const told = [held.digestsAt(MIB), held.digestsAt(MIB + 1), held.digestsAt(GOAL_BYTES)];
  await held.letGo();
  await held.reading.over;
  assert.deepEqual(
    (await Promise.all(told)).map(sha256),
    [MIB, MIB + 1, GOAL_BYTES].map((atBytes) => `of ${atBytes} bytes`),
  );
  assert.deepEqual(held.slices, [MIB, MIB + 1, 2 * MIB, GOAL_BYTES]);
});

test("a reading that has not begun comes by everything, and no slice passes by what is asked for", async () => {
  const held = new HeldReading();
  assert.ok(held.reading.comesBy(0, []) && held.reading.comesBy(MIB / 2, []));
  const told = [held.digestsAt(0), held.digestsAt(MIB / 2)];
  await held.letGo();
  assert.deepEqual((await Promise.all(told)).map(sha256), ["of 0 bytes", `of ${MIB / 2} bytes`]);
  assert.deepEqual(held.slices, [MIB / 2, MIB, 2 * MIB, GOAL_BYTES]);
});

test("all who wait hear of a thread that dies while it tells the first of them the digests", async () => {
  const died = new Error("The thread died.");
  const held = new HeldReading(() => Promise.reject(died));
  const ends = [MIB, MIB, GOAL_BYTES].map((atBytes) =>
    assert.rejects(held.digestsAt(atBytes), died),
  );
  await held.letGo();
  await Promise.all(ends);
  await held.reading.over;
  assert.equal(held.isFileOpen, false);
});

test("a reading that gives way holds no file open, and goes on where it was", async () => {
  const held = new HeldReading();
  await held.sliceAsked();
  const other = { isAwaited: true };
  const asked = held.turns.take(other);
  await held.letGo();
  await asked;
  assert.deepEqual([held.isFileOpen, held.slices], [false, [MIB]]);
  const told = held.digestsAt(GOAL_BYTES);
  held.turns.end(other);
  await held.letGo();
  assert.equal(sha256(await told), `of ${GOAL_BYTES} bytes`);
  await held.reading.over;
  assert.deepEqual([held.isFileOpen, held.slices], [false, [MIB, 2 * MIB, GOAL_BYTES]]);
});

test("a reading that is stopped while it gives way ends without another turn", async () => {
  const held = new HeldReading();
  await held.sliceAsked();
  const asked = held.turns.take({ isAwaited: true });
  await held.letGo();
  await asked;
  const waiting = assert.rejects(held.digestsAt(GOAL_BYTES), portErrorWith("cancelled"));
  await held.reading.stop();
  await waiting;
  assert.deepEqual(held.slices, [MIB]);
});

test("a reading that is stopped within a slice ends with it, though somebody waits for his turn", async () => {
  const held = new HeldReading();
  await held.sliceAsked();
  let isTaken = false;
  const asked = held.turns.take({ isAwaited: true }).then(() => (isTaken = true));
  const stopped = held.reading.stop();
  await held.letGo();
  assert.ok(isTaken);
  assert.equal(held.isFileOpen, false, "it does not wait for a turn again");
  await Promise.all([asked, stopped]);
  assert.deepEqual(held.slices, [MIB]);
});

test("whoever waits for a reading that is stopped is told, unless it is just there", async () => {
  const held = new HeldReading();
  await held.sliceAsked();
  const there = held.digestsAt(MIB);
  const further = assert.rejects(held.digestsAt(2 * MIB), portErrorWith("cancelled"));
  const stopped = held.reading.stop();
  await held.letGo();
  assert.equal(sha256(await there), `of ${MIB} bytes`);
  await Promise.all([further, stopped]);
});
