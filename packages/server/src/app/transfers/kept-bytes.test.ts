import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HandSource, sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { gated } from "@contentlib/testkit/faults/blob-store-gated";
import { gatedCatalog } from "@contentlib/testkit/faults/catalog-gated";
import { aCall, RIG_ACCOUNT, RIG_SETTINGS, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { StagedId, UpdateSessionId } from "../../domain/ids.ts";

type File = Awaited<ReturnType<SessionRig["add"]>>;

const broken = (text: string) =>
  sourceOf([Buffer.from(text)], { breakWith: new Error("The line went dead.") });

/** A file with four bytes of ten, by a whole file that broke off or by a piece. */
const withFour = async (rig: SessionRig, isPlain: boolean, name = "boot.iso"): Promise<File> => {
  const file = await rig.add(name, { size: 10 });
  const sending = isPlain ? rig.send(file, broken("0123")) : rig.append(file, broken("0123"));
  await refusedWith("transfer.interrupted", sending);
  return file;
};

for (const isPlain of [true, false]) {
  describe(`four bytes of ten, of ${isPlain ? "a whole file" : "a piece"} that broke off`, () => {
    test("show in get, list, validate and complete", async () => {
      // S61, S64
      const rig = await SessionRig.open();
      await withFour(rig, isPlain);
      const shown = await rig.file("boot.iso");
      assert.deepEqual([shown.status, shown.bytes_transferred], ["WAITING_FOR_TRANSFER", 4]);
      const scope = { update_session_id: rig.sessionId };
      const listed = await wholeList(await rig.handlers["updateSessionFile.list"](scope, aCall()));
      assert.deepEqual(
        listed.map((each) => each.bytes_transferred),
        [4],
      );
      const code = "update_session.file_not_received";
      assert.match(await refusedWith(code, rig.complete()), /4 of 10 bytes/);
      const validating = rig.handlers["updateSessionFile.validate"](scope, aCall());
      assert.match(await refusedWith(code, Promise.resolve(validating)), /4 of 10 bytes/);
    });

    test("outlive a restart, and can be gone on with", async () => {
      // S72
      const rig = await SessionRig.open();
      const file = await withFour(rig, isPlain);
      await rig.restart();
      assert.equal((await rig.file("boot.iso")).bytes_transferred, 4);
      assert.equal((await rig.staged()).length, 1);
      assert.equal((await rig.append(file, "456789", { offsetBytes: 4 })).isComplete, true);
      await rig.complete();
      assert.deepEqual(await rig.staged(), []);
    });

    test("are none after a restart that does not find them", async () => {
      const rig = await SessionRig.open();
      const file = await withFour(rig, isPlain);
      for (const stagedId of await rig.staged())
        await rig.storage.blobs.release(stagedId as StagedId);
      await rig.restart();
      assert.equal((await rig.file("boot.iso")).bytes_transferred, 0);
      assert.equal((await rig.resume(file)).offsetBytes, 0);
      assert.equal((await rig.append(file, "0123456789")).isComplete, true);
    });

    test("are kept when the client goes away, and when the server shuts down", async () => {
      for (const how of ["client", "server"] as const) {
        const rig = await SessionRig.open();
        const file = await rig.add("boot.iso", { size: 10 });
        const source = new HandSource();
        const gone = new AbortController();
        const slot = await (isPlain ? rig.openUpload(file) : rig.openAppend(file));
        const sending = refusedWith("transfer.cut", slot.receive(source, gone.signal));
        await source.poured;
        source.push(Buffer.from("0123"));
        if (how === "client") gone.abort();
        else await rig.rig.app.drain();
        await sending;
        assert.equal((await rig.file("boot.iso")).bytes_transferred, 4);
        await rig.restart();
        assert.equal((await rig.resume(file)).offsetBytes, 4);
      }
    });

    test("stay when the session can not be completed because of them", async () => {
      const rig = await SessionRig.open();
      await withFour(rig, isPlain);
      await refusedWith("update_session.file_not_received", rig.complete());
      assert.equal((await rig.file("boot.iso")).bytes_transferred, 4);
    });
  });
}

const scopeOf = (rig: SessionRig) => ({ update_session_id: rig.sessionId });
const NAMED = { file_name: "boot.iso" };

/** What takes the bytes of a file away, and what a live writer is told. */
const ENDS = {
  remove: {
    told: "transfer.cut",
    run: (rig: SessionRig) =>
      rig.handlers["updateSessionFile.remove"]({ ...scopeOf(rig), ...NAMED }, aCall()),
  },
  "adding again": { told: "transfer.cut", run: (rig: SessionRig) => rig.add("boot.iso") },
  cancel: { told: "transfer.session_ended", run: (rig: SessionRig) => rig.cancel() },
  fail: {
    told: "transfer.session_ended",
    run: (rig: SessionRig) =>
      rig.handlers["updateSession.fail"](
        { ...scopeOf(rig), client_error_message: "no more" },
        aCall(),
      ),
  },
  "deletion of the item": {
    told: "transfer.session_ended",
    run: (rig: SessionRig) => rig.handlers["item.delete"]({ library_item_id: rig.itemId }, aCall()),
  },
  "deletion of the library": {
    told: "transfer.session_ended",
    run: async (rig: SessionRig) => {
      const { library_id } = await rig.item();
      await rig.handlers["localLibrary.delete"]({ library_id }, aCall());
    },
  },
} as const;

describe("what ends the upload of a file takes its bytes away at once", () => {
  // S79
  for (const [name, { told, run }] of Object.entries(ENDS)) {
    test(`${name}: what had come before`, async () => {
      const rig = await SessionRig.open();
      await withFour(rig, false);
      assert.equal((await rig.staged()).length, 1);
      await run(rig);
      assert.deepEqual(await rig.staged(), []);
    });

    for (const isPlain of [true, false]) {
      test(`${name}: under a live ${isPlain ? "whole file" : "piece"}`, async () => {
        const rig = await SessionRig.open();
        const file = await withFour(rig, false);
        const source = new HandSource();
        const sending = refusedWith(
          told,
          isPlain ? rig.send(file, source) : rig.append(file, source, { offsetBytes: 4 }),
        );
        await source.poured;
        source.push(Buffer.from("4567"));
        await run(rig);
        await sending;
        assert.ok(source.stopped);
        assert.deepEqual(await rig.staged(), []);
        assert.deepEqual(rig.rig.journal.troubles, []);
      });
    }
  }
});

test("what ends a session while a broken transfer is being recorded leaves nothing either", async () => {
  const gates: ReturnType<typeof gatedCatalog>[] = [];
  const rig = await SessionRig.open((storage) => {
    const writes = gatedCatalog(storage.catalog);
    gates.push(writes);
    return { ...storage, catalog: writes.catalog };
  });
  const [writes] = gates;
  assert.ok(writes);
  const file = await rig.add("boot.iso");
  const gate = writes.hold("partial.put");
  const sending = refusedWith("transfer.session_ended", rig.send(file, broken("0123")));
  await gate.reached;
  await rig.cancel();
  gate.open();
  await sending;
  assert.deepEqual(await rig.staged(), []);
});

test("a file that is removed while its verdict is waited for leaves nothing, also of a small whole file", async () => {
  const gates: ReturnType<typeof gated>[] = [];
  const rig = await SessionRig.open((storage) => {
    const blobs = gated(storage.blobs);
    gates.push(blobs);
    return { ...storage, blobs };
  });
  const [blobs] = gates;
  assert.ok(blobs);
  for (const isPlain of [true, false]) {
    const file = await rig.add("boot.iso");
    const gate = blobs.hold("finish");
    const sending = refusedWith(
      "transfer.cut",
      isPlain ? rig.send(file, "whole") : rig.append(file, "whole", { isLast: true }),
    );
    await gate.reached;
    await ENDS.remove.run(rig);
    gate.open();
    await sending;
    assert.deepEqual(await rig.staged(), []);
  }
});

test("a client that goes away once all its bytes are here has still sent them", async () => {
  const gates: ReturnType<typeof gated>[] = [];
  const rig = await SessionRig.open((storage) => {
    const blobs = gated(storage.blobs);
    gates.push(blobs);
    return { ...storage, blobs };
  });
  const file = await rig.add("boot.iso");
  const gone = new AbortController();
  const gate = gates[0]?.hold("finish");
  const slot = await rig.openUpload(file);
  const receiving = slot.receive(sourceOf([Buffer.from("whole")]), gone.signal);
  await gate?.reached;
  gone.abort();
  gate?.open();
  assert.deepEqual(await receiving, { offsetBytes: 5, isComplete: true });
  assert.equal((await rig.file("boot.iso")).status, "READY");
});

test("the sweeper leaves bytes alone that somebody can go on with, and takes those of nobody", async () => {
  const rig = await SessionRig.open();
  await withFour(rig, true);
  const [kept] = await rig.staged();
  const orphan = "dddddddd-0000-4000-8000-000000000001" as StagedId;
  await rig.storage.blobs.partials.append(orphan, sourceOf([Buffer.from("left")]), {
    offsetBytes: 0,
    algorithms: [],
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onDurable: () => undefined,
  });
  await rig.rig.app.duties.sweepStaging();
  assert.deepEqual(await rig.staged(), [kept]);
});

test("bytes that broke off are activity until then", async () => {
  const rig = await SessionRig.open();
  await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs - 1_000);
  await withFour(rig, false);
  const head = await rig.storage.catalog.findSessionHead(rig.sessionId as UpdateSessionId);
  assert.equal(head?.value.expiresAt, rig.clock.now() + RIG_SETTINGS.sessionTimeoutMs);
  assert.ok(RIG_ACCOUNT);
});
