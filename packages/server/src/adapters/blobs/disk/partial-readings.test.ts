import assert from "node:assert/strict";
import { test } from "node:test";
import { aStagedId } from "@contentlib/testkit/builders/ids";

import { Folders } from "./folders.ts";
import { realFileSystem } from "./file-system.ts";
import { layoutIn } from "./layout.ts";
import { type Knowledge, type Partial, PartialTable } from "./partial-table.ts";
import { PartialReadings } from "./partial-readings.ts";
import { ThreadStanding } from "./standing-digests.ts";
import type { StagingThread } from "./staging-threads.ts";
import { StoreFiles } from "./store-files.ts";

/** A thread that has read whatever it is asked to, and how much that was. */
class FakeThread {
  readBytes = 0;
  dead = false;
  #atBytes = new Map<number, number>();

  async ask(question: { readonly running: number; readonly endBytes: number }) {
    const { running, endBytes } = question;
    this.readBytes += endBytes - (this.#atBytes.get(running) ?? 0);
    this.#atBytes.set(running, endBytes);
    return { kind: "read", atBytes: endBytes, heldBytes: 0 };
  }

  promise(): void {}

  giveBack(): void {}

  forget(): void {}
}

class FakeStanding extends ThreadStanding<string> {
  override covers(): boolean {
    return true;
  }

  override async result(): Promise<string> {
    return `${this.atBytes} bytes`;
  }
}

const open = (): {
  readonly readings: PartialReadings<string>;
  readonly thread: FakeThread;
  readonly partial: Partial;
} => {
  const thread = new FakeThread();
  const file = { fd: 1, close: async () => undefined };
  const fileSystem = { ...realFileSystem, open: async () => file as never };
  const files = new StoreFiles(fileSystem, layoutIn("/nowhere"), new Folders(fileSystem, false));
  const knowledge: Knowledge<string> = { standing: null, catchingUp: null, known: null };
  let begun = 0;
  const readings = new PartialReadings(files, {
    knowledgeOf: () => knowledge,
    begin: async () => new FakeStanding(thread as unknown as StagingThread, (begun += 1)),
  });
  const partial = new PartialTable(1, () => undefined).use(aStagedId());
  return { readings, thread, partial };
};

const NEVER = new AbortController().signal;
const at = (atBytes: number) => ({ atBytes, algorithms: [] });

test("what is read behind an append is read once, also where it is told late of fewer bytes", async () => {
  const { readings, thread, partial } = open();
  for (const atBytes of [100, 5_000_000, 3_000_000, 5_000_000])
    readings.prepare(partial, at(atBytes));
  assert.equal(await readings.resultAt(partial, at(5_000_000), NEVER), "5000000 bytes");
  readings.prepare(partial, at(4_000_000));
  assert.equal(await readings.resultAt(partial, at(5_000_000), NEVER), "5000000 bytes");
  readings.prepare(partial, at(6_000_000));
  assert.equal(await readings.resultAt(partial, at(6_000_000), NEVER), "6000000 bytes");
  assert.equal(thread.readBytes, 6_000_000);
});

test("what is of bytes that were dropped is read anew, and what is of fewer is gone on with", async () => {
  const { readings, thread, partial } = open();
  readings.prepare(partial, at(100));
  await readings.resultAt(partial, at(100), NEVER);
  readings.cutTo(partial, 100);
  readings.prepare(partial, at(200));
  assert.equal(await readings.resultAt(partial, at(200), NEVER), "200 bytes");
  assert.equal(thread.readBytes, 200);
  readings.cutTo(partial, 150);
  readings.prepare(partial, at(250));
  // Of the one under way, too.
  readings.cutTo(partial, 150);
  readings.prepare(partial, at(300));
  assert.equal(await readings.resultAt(partial, at(300), NEVER), "300 bytes");
  assert.ok(thread.readBytes >= 500);
});
