import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { HandSource, sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { aCall, diskStorage, RIG_SETTINGS, startApp } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { StagedId } from "../../domain/ids.ts";
import type { Call } from "../call.ts";

type File = Awaited<ReturnType<SessionRig["add"]>>;

const HOUR_MS = 3_600_000;
const CONTENT = "0123456789";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const declared = (text: string) => ({
  size: text.length,
  checksum_info: { algorithm: "SHA256", checksum: sha256(text) } as const,
});

const broken = (text: string) =>
  sourceOf([Buffer.from(text)], { breakWith: new Error("The line went dead.") });

/** A call by a client that comes back for what it has sent. */
const interruptedCall = (value = "true"): Call => ({
  ...aCall(),
  header: (name) => (name === "contentlib-keep-partials" ? value : null),
});

const interrupt = async (rig: SessionRig, value?: string): Promise<void> => {
  const input = { update_session_id: rig.sessionId, client_error_message: "interrupted" };
  await rig.handlers["updateSession.fail"](input, interruptedCall(value));
};

const expire = async (rig: SessionRig): Promise<void> => {
  await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
  await rig.rig.app.duties.expireSessions();
};

/** A file with four bytes of ten. */
const withFour = async (rig: SessionRig, isPlain = false): Promise<File> => {
  const file = await rig.add("boot.iso", { size: 10 });
  const sending = isPlain ? rig.send(file, broken("0123")) : rig.append(file, broken("0123"));
  await refusedWith("transfer.interrupted", sending);
  return file;
};

/** The file in a new session, with how much of it is here. */
const addAgain = async (rig: SessionRig, size: number | null = 10): Promise<File> => {
  await rig.openSession();
  return await rig.add("boot.iso", size === null ? {} : { size });
};

const shapeOf = ({ status, bytes_transferred }: File) => [status, bytes_transferred];

const contentOf = async (rig: SessionRig): Promise<string | undefined> =>
  (await rig.item()).content_version === "2"
    ? (await rig.itemFiles())[0]?.checksum_info?.checksum
    : undefined;

const ENDS = { "that expired": expire, "that was interrupted": interrupt } as const;

for (const [name, end] of Object.entries(ENDS)) {
  describe(`bytes of a session ${name}`, () => {
    for (const isPlain of [true, false])
      test(`are gone on with an hour later, be they of a ${isPlain ? "whole file" : "piece"}`, async () => {
        // S84
        const rig = await SessionRig.open();
        await withFour(rig, isPlain);
        await end(rig);
        assert.equal((await rig.staged()).length, 1);
        await rig.clock.advance(HOUR_MS);
        for (const duty of ["purge", "sweepStaging", "collectBlobs"] as const)
          await rig.rig.app.duties[duty]();
        const file = await addAgain(rig);
        assert.deepEqual(shapeOf(file), ["WAITING_FOR_TRANSFER", 4]);
        assert.deepEqual(shapeOf(await rig.file("boot.iso")), ["WAITING_FOR_TRANSFER", 4]);
        assert.equal((await rig.resume(file)).offsetBytes, 4);
        const sent = await rig.append(file, "456789", { offsetBytes: 4 });
        assert.deepEqual(sent, { offsetBytes: 10, isComplete: true });
        await rig.complete();
        assert.equal(await contentOf(rig), sha256(CONTENT));
        assert.deepEqual(await rig.staged(), []);
        assert.deepEqual(rig.rig.journal.troubles, []);
      });

    test("survive a restart, and a second end", async () => {
      const rig = await SessionRig.open();
      await withFour(rig);
      await end(rig);
      await rig.restart();
      await addAgain(rig);
      await end(rig);
      await rig.restart();
      const file = await addAgain(rig);
      assert.deepEqual(shapeOf(file), ["WAITING_FOR_TRANSFER", 4]);
      await refusedWith("transfer.interrupted", rig.append(file, broken("45"), { offsetBytes: 4 }));
      await end(rig);
      assert.deepEqual(shapeOf(await addAgain(rig)), ["WAITING_FOR_TRANSFER", 6]);
      assert.equal((await rig.staged()).length, 1);
    });

    test("of a file that was READY are all there, and nothing is sent again", async () => {
      const rig = await SessionRig.open();
      await rig.send(await rig.add("boot.iso", { size: 10 }), CONTENT);
      await end(rig);
      const file = await addAgain(rig);
      assert.deepEqual(shapeOf(file), ["WAITING_FOR_TRANSFER", 10]);
      const { offsetBytes, lengthBytes, isComplete } = await rig.resume(file);
      assert.deepEqual([offsetBytes, lengthBytes, isComplete], [10, 10, true]);
      assert.equal((await rig.file("boot.iso")).status, "READY");
      await rig.complete();
      assert.equal(await contentOf(rig), sha256(CONTENT));
    });

    test("are dropped by a plain upload, which begins at 0", async () => {
      const rig = await SessionRig.open();
      await withFour(rig);
      await end(rig);
      const file = await addAgain(rig);
      await rig.send(file, "abcdefghij");
      assert.equal((await rig.file("boot.iso")).status, "READY");
      assert.equal((await rig.staged()).length, 1);
      await rig.complete();
      assert.deepEqual(await rig.staged(), []);
    });

    test("under a live transfer are kept as far as they are safe", async () => {
      const rig = await SessionRig.open();
      const file = await withFour(rig);
      const source = new HandSource();
      const sending = refusedWith(
        "transfer.session_ended",
        rig.append(file, source, { offsetBytes: 4 }),
      );
      await source.poured;
      source.push(Buffer.from("56"));
      await end(rig);
      await sending;
      assert.ok(source.stopped);
      const again = await addAgain(rig);
      // An interruption waits for what came; a session expires without anybody's doing.
      assert.equal(again.bytes_transferred, end === interrupt ? 6 : 4);
      assert.equal((await rig.resume(again)).offsetBytes, again.bytes_transferred);
      assert.deepEqual(rig.rig.journal.troubles, []);
    });

    test("are in no list, and the session shows nothing of them", async () => {
      const rig = await SessionRig.open();
      await withFour(rig);
      await end(rig);
      assert.deepEqual(await rig.itemFiles(), []);
      await rig.openSession();
      const scope = { update_session_id: rig.sessionId };
      assert.deepEqual(await rig.handlers["updateSessionFile.list"](scope, aCall()), []);
    });
  });
}

describe("what bytes are found by", () => {
  // S84
  const setUp = async (): Promise<SessionRig> => {
    const rig = await SessionRig.open();
    await withFour(rig);
    await interrupt(rig);
    await rig.openSession();
    return rig;
  };

  test("another name, and another declared size or none, begin at 0", async () => {
    const rig = await setUp();
    for (const [name, spec] of [
      ["Boot.iso", { size: 10 }],
      ["boot.iso", { size: 11 }],
      ["boot.iso", {}],
    ] as const)
      assert.equal((await rig.add(name, spec)).bytes_transferred, 0);
    assert.equal((await rig.add("boot.iso", { size: 10 })).bytes_transferred, 4);
  });

  test("a file without a declared size goes on with one without", async () => {
    const rig = await SessionRig.open();
    await rig.append(await rig.add("boot.iso"), "0123");
    await interrupt(rig);
    const file = await addAgain(rig, null);
    assert.equal(file.bytes_transferred, 4);
    await rig.append(file, "456789", { offsetBytes: 4, isLast: true });
    await interrupt(rig);
    const whole = await addAgain(rig, null);
    assert.equal((await rig.resume(whole)).isComplete, true);
    await rig.complete();
    assert.equal(await contentOf(rig), sha256(CONTENT));
  });

  test("an item that was made again under its name has them, and another item has not", async () => {
    const rig = await setUp();
    const { library_id } = await rig.item();
    await rig.cancel();
    const create = (name: string) =>
      rig.handlers["item.create"]({ create_spec: { library_id, name } }, aCall());
    rig.itemId = await create("other");
    assert.equal((await addAgain(rig)).bytes_transferred, 0);
    rig.itemId = await create("DEBIAN");
    assert.equal((await addAgain(rig)).bytes_transferred, 4);
  });

  test("an item that was renamed does not have them", async () => {
    const rig = await setUp();
    const update_spec = { name: "renamed" };
    await rig.handlers["item.update"]({ library_item_id: rig.itemId, update_spec }, aCall());
    assert.equal((await rig.add("boot.iso", { size: 10 })).bytes_transferred, 0);
  });

  test("they are handed out once", async () => {
    const rig = await setUp();
    const both = await Promise.all([1, 2].map(() => rig.add("boot.iso", { size: 10 })));
    const counts = both.map(({ bytes_transferred }) => bytes_transferred);
    assert.deepEqual(
      counts.toSorted((a, b) => a - b),
      [0, 4],
    );
  });

  test("bytes that an item has come before them, and they stay for another time", async () => {
    const rig = await SessionRig.open();
    await rig.fill({ "other.iso": CONTENT });
    await rig.openSession();
    await withFour(rig);
    await interrupt(rig);
    await rig.openSession();
    assert.equal((await rig.add("boot.iso", declared(CONTENT))).status, "READY");
    assert.equal((await rig.add("boot.iso", { size: 10 })).bytes_transferred, 4);
  });

  test("a file that was READY at once leaves nothing to go on with", async () => {
    const rig = await SessionRig.open();
    await rig.fill({ "other.iso": CONTENT });
    await rig.openSession();
    assert.equal((await rig.add("boot.iso", declared(CONTENT))).status, "READY");
    await interrupt(rig);
    assert.equal((await addAgain(rig)).bytes_transferred, 0);
  });

  test("bytes that the store has lost are not promised", async () => {
    for (const isRestarted of [true, false]) {
      const rig = await setUp();
      for (const stagedId of await rig.staged())
        await rig.storage.blobs.release(stagedId as StagedId);
      if (isRestarted) await rig.restart();
      const file = await rig.add("boot.iso", { size: 10 });
      assert.equal(file.bytes_transferred, 0);
      await rig.append(file, CONTENT);
      await rig.complete();
    }
  });

  test("of a file that changed meanwhile the declared checksum finds out", async () => {
    const rig = await setUp();
    const file = await rig.add("boot.iso", declared("abcdefghij"));
    assert.equal(file.bytes_transferred, 4);
    await refusedWith("transfer.checksum_mismatch", rig.append(file, "efghij", { offsetBytes: 4 }));
    await rig.append(file, "abcdefghij");
    assert.equal((await rig.file("boot.iso")).status, "READY");
  });
});

describe("bytes go at once", () => {
  // S85
  const afterwards = async (rig: SessionRig): Promise<void> => {
    assert.deepEqual(await rig.staged(), []);
    assert.deepEqual(await rig.storage.catalog.housekeeping.listKeptBefore(Infinity), []);
    assert.deepEqual(rig.rig.journal.troubles, []);
  };

  for (const [name, run] of Object.entries({
    cancel: (rig: SessionRig) => rig.cancel(),
    "a fail that says nothing": (rig: SessionRig) => interrupt(rig, ""),
    "a fail that says false": (rig: SessionRig) => interrupt(rig, "false"),
    remove: (rig: SessionRig) =>
      rig.handlers["updateSessionFile.remove"](
        { update_session_id: rig.sessionId, file_name: "boot.iso" },
        aCall(),
      ),
    "deletion of the item": (rig: SessionRig) =>
      rig.handlers["item.delete"]({ library_item_id: rig.itemId }, aCall()),
  }))
    test(`by ${name}, also those that had been kept before`, async () => {
      const rig = await SessionRig.open();
      await withFour(rig);
      await interrupt(rig);
      assert.equal((await addAgain(rig)).bytes_transferred, 4);
      await run(rig);
      await afterwards(rig);
    });

  test("when the session that left them is deleted", async () => {
    const rig = await SessionRig.open();
    await withFour(rig);
    await interrupt(rig);
    await rig.handlers["updateSession.delete"]({ update_session_id: rig.sessionId }, aCall());
    await afterwards(rig);
  });

  test("when newer ones of the same file take their place", async () => {
    const rig = await SessionRig.open();
    await rig.fill({ "other.iso": "9876543210" });
    await rig.openSession();
    await withFour(rig);
    await interrupt(rig);
    // The file is READY by what the item has, so the kept bytes stay; then it is sent anyway.
    await rig.openSession();
    await rig.send(await rig.add("boot.iso", declared("9876543210")), "9876543210");
    assert.equal((await rig.staged()).length, 2);
    await interrupt(rig);
    assert.equal((await rig.staged()).length, 1);
    assert.equal((await addAgain(rig)).bytes_transferred, 10);
  });

  test("where none are to be kept", async () => {
    for (const end of Object.values(ENDS)) {
      const rig = await SessionRig.open();
      const settings = { ...RIG_SETTINGS, partialTtlMs: 0 };
      rig.rig = await startApp(rig.clock, rig.storage, settings);
      await withFour(rig);
      await end(rig);
      await afterwards(rig);
    }
  });

  test("of a session that had expired when the server starts, where none are to be kept", async () => {
    const rig = await SessionRig.open();
    await withFour(rig);
    await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
    await rig.storage.catalog.housekeeping.noteAlive(rig.clock.now());
    await startApp(rig.clock, rig.storage, { ...RIG_SETTINGS, partialTtlMs: 0 });
    await afterwards(rig);
  });
});

test("a session that had expired when the server starts leaves its bytes", async () => {
  const rig = await SessionRig.open();
  await withFour(rig);
  await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
  await rig.storage.catalog.housekeeping.noteAlive(rig.clock.now());
  await rig.restart();
  assert.equal((await rig.staged()).length, 1);
  assert.equal((await addAgain(rig)).bytes_transferred, 4);
});

test("bytes are kept for as long as the operator says, and no longer", async () => {
  // S86
  const rig = await SessionRig.open();
  await withFour(rig);
  await interrupt(rig);
  await rig.clock.advance(RIG_SETTINGS.partialTtlMs - 1);
  await rig.rig.app.duties.purge();
  assert.equal((await rig.staged()).length, 1);
  await rig.clock.advance(1);
  assert.equal((await addAgain(rig)).bytes_transferred, 0, "too old, and not purged yet");
  await rig.rig.app.duties.purge();
  assert.deepEqual(await rig.staged(), []);
});

test("an interruption of a session that has ended says so, and changes nothing", async () => {
  const rig = await SessionRig.open();
  await rig.cancel();
  await refusedWith("update_session.invalid_state", interrupt(rig));
  rig.sessionId = "11111111-0000-4000-8000-000000000000";
  await refusedWith("update_session.not_found", interrupt(rig));
});

test("files on disk, pieces and wholes, are gone on with after a restart", () =>
  withScratchDirectory(async (directory) => {
    const rig = await SessionRig.openOn((clock) => diskStorage(clock, directory));
    await withFour(rig);
    await rig.send(await rig.add("whole.iso", { size: 10 }), CONTENT);
    await interrupt(rig);
    const storage = rig.storage;
    await storage.close();
    const opened = await diskStorage(rig.clock, directory);
    Object.assign(rig, { storage: opened });
    try {
      await rig.restart();
      const file = await addAgain(rig);
      await rig.append(file, "456789", { offsetBytes: 4 });
      const whole = await rig.add("whole.iso", { size: 10 });
      assert.deepEqual(shapeOf(whole), ["WAITING_FOR_TRANSFER", 10]);
      assert.deepEqual(await rig.append(whole, "", { offsetBytes: 10 }), {
        offsetBytes: 10,
        isComplete: true,
      });
      await rig.complete();
      const digests = (await rig.itemFiles()).map((each) => each.checksum_info?.checksum);
      assert.deepEqual(digests, [sha256(CONTENT), sha256(CONTENT)]);
      assert.deepEqual(rig.rig.journal.troubles, []);
    } finally {
      await opened.close();
    }
  }));
