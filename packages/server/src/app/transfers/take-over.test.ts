import assert from "node:assert/strict";
import { test } from "node:test";
import { HandSource, sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { gatedRig } from "@contentlib/testkit/rigs/gated-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { UpdateSessionId } from "../../domain/ids.ts";
import { Fault } from "../fault.ts";
import { WAITING_MAX } from "./in-turn.ts";
import { YIELD_WAIT_MS } from "./until-written.ts";

/** Lets everything happen that does not wait for something of the test. */
const calm = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A result of work, for a test that looks whether it is there yet. */
const watched = (work: Promise<unknown>): { readonly isOver: boolean } => {
  const seen = { isOver: false };
  const over = (): void => void (seen.isOver = true);
  work.then(over, over);
  return seen;
};

type File = Awaited<ReturnType<SessionRig["add"]>>;

/** Four bytes of an append that goes on until it is cut: `older` resolves when it was told why. */
const fourBytesOf = async (
  rig: SessionRig,
  file: File,
): Promise<{ readonly source: HandSource; readonly older: Promise<string> }> => {
  const source = new HandSource();
  const older = refusedWith("transfer.superseded", rig.append(file, source));
  await source.poured;
  source.push(Buffer.from("0123"));
  return { source, older };
};

test("what is here is told only once the older stream has written its last byte, and counts it", async () => {
  // S77
  const { rig, blobs } = await gatedRig();
  const file = await rig.add("boot.iso", { size: 10 });
  const gate = blobs.hold("append");
  const { source, older } = await fourBytesOf(rig, file);
  const asking = rig.resume(file);
  const asked = watched(asking);
  await gate.reached;
  await calm();
  assert.ok(source.stopped, "the older stream is cut at once");
  assert.equal(asked.isOver, false);
  gate.open();
  assert.equal((await asking).offsetBytes, 4);
  await older;
});

test("the newer append is let in only then, and at that offset", async () => {
  const { rig, blobs } = await gatedRig();
  const file = await rig.add("boot.iso", { size: 10 });
  const gate = blobs.hold("append");
  const { older } = await fourBytesOf(rig, file);
  const newer = rig.append(file, "456789", { offsetBytes: 4 });
  await gate.reached;
  gate.open();
  assert.deepEqual(await newer, { offsetBytes: 10, isComplete: true });
  await older;
  assert.equal((await rig.file("boot.iso")).size, 10);
});

test("the number of the newer writer is in the catalog before the older one is cut", async () => {
  const { rig, writes } = await gatedRig();
  const file = await rig.add("boot.iso");
  const { source, older } = await fourBytesOf(rig, file);
  const before = writes.hold("partial.put");
  const after = writes.hold("partial.put", "after");
  const asking = rig.resume(file);
  await before.reached;
  await calm();
  assert.equal(source.stopped, false, "nothing happens before it is there");
  before.open();
  await after.reached;
  assert.equal(source.stopped, false);
  after.open();
  assert.equal((await asking).offsetBytes, 4);
  await older;
});

test("a verdict that comes after a newer writer's number does not count, also in a process that knows nothing of it", async () => {
  // S78
  const { rig, writes } = await gatedRig();
  const file = await rig.add("boot.iso");
  await refusedWith(
    "transfer.interrupted",
    rig.append(file, sourceOf([Buffer.from("01")], { breakWith: new Error("The line is dead.") })),
  );
  const gate = writes.hold("session-file.put");
  const older = refusedWith(
    "transfer.superseded",
    rig.append(file, "23", { offsetBytes: 2, isLast: true }),
  );
  await gate.reached;
  const [partial] = await rig.storage.catalog.listPartials(rig.sessionId as UpdateSessionId);
  assert.ok(partial);
  const fence = partial.fence + 1;
  await rig.storage.catalog.commit([{ kind: "partial.put", partial: { ...partial, fence } }]);
  gate.open();
  await older;
  assert.equal((await rig.file("boot.iso")).status, "WAITING_FOR_TRANSFER");
  assert.equal((await rig.staged()).length, 1, "the bytes are the newer writer's");
});

test("one who had all bytes but no verdict yet loses, and whoever asks next finds the file whole", async () => {
  for (const isPlain of [true, false]) {
    const { rig, blobs } = await gatedRig();
    const file = await rig.add("boot.iso");
    const gate = blobs.hold("finish");
    const sending = isPlain
      ? rig.send(file, "0123456789")
      : rig.append(file, "0123456789", { isLast: true });
    const older = refusedWith("transfer.superseded", sending);
    await gate.reached;
    const asking = rig.resume(file);
    await calm();
    gate.open();
    const state = await asking;
    assert.deepEqual([state.offsetBytes, state.isComplete], [10, true]);
    await older;
    const ready = await rig.file("boot.iso");
    assert.deepEqual([ready.status, ready.size], ["READY", 10]);
    assert.equal((await rig.staged()).length, 1);
    await rig.complete();
    assert.deepEqual(await rig.staged(), []);
  }
});

test("one who had all bytes but no verdict yet loses to a whole file, whose bytes it leaves alone", async () => {
  const { rig, blobs } = await gatedRig();
  const file = await rig.add("boot.iso");
  const gate = blobs.hold("finish");
  const older = refusedWith("transfer.superseded", rig.send(file, "older"));
  await gate.reached;
  const newer = rig.send(file, "newer bytes");
  await calm();
  gate.open();
  await Promise.all([older, newer]);
  assert.equal((await rig.file("boot.iso")).size, 11);
  assert.equal((await rig.staged()).length, 1);
});

test("an append that all the same brings nothing to bytes that were finished before makes the file READY", async () => {
  const { rig, blobs } = await gatedRig();
  const file = await rig.add("boot.iso", { size: 10 });
  const gate = blobs.hold("finish");
  const older = refusedWith("transfer.superseded", rig.append(file, "0123456789"));
  await gate.reached;
  const newer = rig.append(file, "", { offsetBytes: 10 });
  await calm();
  gate.open();
  assert.deepEqual(await newer, { offsetBytes: 10, isComplete: true });
  await older;
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("HEAD, DELETE, a whole file and more bytes each cut an older stream, and it is told so", async () => {
  const cuts = {
    HEAD: (rig: SessionRig, file: File) => rig.resume(file),
    DELETE: (rig: SessionRig, file: File) => rig.drop(file),
    PUT: (rig: SessionRig, file: File) => rig.send(file, "new"),
    PATCH: (rig: SessionRig, file: File) => rig.append(file, "new", { offsetBytes: 5 }),
  };
  for (const [name, cut] of Object.entries(cuts)) {
    for (const isPlain of [true, false]) {
      const rig = await SessionRig.open();
      const file = await rig.add("boot.iso");
      const source = new HandSource();
      const sending = isPlain ? rig.send(file, source) : rig.append(file, source);
      const older = refusedWith("transfer.superseded", sending);
      await source.poured;
      source.push(Buffer.from("older"));
      await cut(rig, file);
      await older;
      assert.ok(source.stopped, name);
      const shown = await rig.file("boot.iso");
      const bytes = { HEAD: 5, DELETE: 0, PUT: 3, PATCH: 8 }[name];
      assert.equal(shown.bytes_transferred, bytes, `${name} after ${isPlain ? "PUT" : "PATCH"}`);
      const stagedIds = await rig.staged();
      assert.equal(stagedIds.length, name === "DELETE" ? 0 : 1, name);
    }
  }
});

test("an older write that hangs is waited for so long, then the client is told when to come back; later it works", async () => {
  const ways = {
    HEAD: (rig: SessionRig, file: File) => rig.resume(file),
    PATCH: (rig: SessionRig, file: File) => rig.append(file, "456789", { offsetBytes: 4 }),
    PUT: (rig: SessionRig, file: File) => rig.send(file, "0123456789"),
  };
  for (const [name, come] of Object.entries(ways)) {
    const { rig, blobs } = await gatedRig();
    const file = await rig.add("boot.iso", { size: 10 });
    const gate = blobs.hold("append");
    const { older } = await fourBytesOf(rig, file);
    const coming: Promise<unknown> = come(rig, file);
    const waited = watched(coming);
    const refused = assert.rejects(coming, (error: unknown) => {
      assert.ok(error instanceof Fault);
      const [value] = error.values;
      assert.equal(value?.fault, "server.unavailable");
      assert.match(error.message, /an older transfer of boot\.iso is still being written/);
      return true;
    });
    await gate.reached;
    await calm();
    await rig.clock.advance(YIELD_WAIT_MS - 1);
    assert.equal(waited.isOver, false, name);
    await rig.clock.advance(1);
    await refused;
    // Whoever stands in line behind does not wait as long once more.
    const next = refusedWith("server.unavailable", rig.resume(file));
    const nextWaited = watched(next);
    await calm();
    await rig.clock.advance(1);
    await calm();
    assert.equal(nextWaited.isOver, true, name);
    await next;
    gate.open();
    await older;
    const { offsetBytes } = await rig.resume(file);
    assert.ok(offsetBytes === 0 || offsetBytes === 4, String(offsetBytes));
    await rig.append(file, "0123456789".slice(offsetBytes), { offsetBytes });
    assert.equal((await rig.file("boot.iso")).status, "READY");
    assert.equal((await rig.staged()).length, 1);
  }
});

test("of one file only so many requests wait, so that whoever ends the session does not wait long", async () => {
  const rig = await SessionRig.open();
  const [file, other] = [await rig.add("boot.iso"), await rig.add("other.iso")];
  const asked = Array.from({ length: WAITING_MAX + 3 }, () => rig.resume(file));
  const others = rig.resume(other);
  const settled = await Promise.allSettled(asked);
  const refused = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  assert.deepEqual(
    refused.map((reason: unknown) => reason instanceof Fault && reason.code),
    Array.from({ length: 3 }, () => "server.unavailable"),
  );
  assert.equal((await others).offsetBytes, 0);
  assert.equal((await rig.resume(file)).offsetBytes, 0);
});
