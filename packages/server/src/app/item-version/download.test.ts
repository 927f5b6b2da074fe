import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readPour } from "@contentlib/testkit/bytes/read-blob";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { aCall, diskStorage, segmentOf } from "@contentlib/testkit/rigs/app-rig";
import { forgetVersions, PAST_THE_GRACE_MS } from "@contentlib/testkit/rigs/forget-versions";
import { gatedRig } from "@contentlib/testkit/rigs/gated-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";

const NOWHERE = "00000000-0000-4000-8000-00000000abcd";
const TOKEN = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

/** A rig whose item is at content version 3: its one file was replaced, and another came beside it. */
const filled = async (around?: Parameters<typeof SessionRig.open>[0]): Promise<SessionRig> => {
  const rig = await SessionRig.open(around);
  await rig.fill({ "a.iso": "first bytes" });
  await rig.openSession();
  await rig.fill({ "a.iso": "second bytes", "b.iso": "bytes of b" });
  return rig;
};

const get = async (rig: SessionRig, version: string, library_item = rig.itemId) =>
  await rig.handlers["itemVersion.get"]({ library_item, version }, aCall());

const open = async (
  rig: SessionRig,
  version: string,
  over: { readonly client_token?: string; readonly library_item?: string } = {},
): Promise<string> =>
  await rig.handlers["itemVersion.download"](
    { library_item: rig.itemId, version, ...over },
    aCall(),
  );

/** The files of a download session with their bytes, as whoever follows its addresses gets them. */
const readAll = async (rig: SessionRig, session: string): Promise<Record<string, string>> => {
  const { handlers } = rig;
  const { app } = rig.rig;
  const byId = { download_session_id: session };
  const read: Record<string, string> = {};
  for (const { name } of await handlers["downloadSessionFile.list"](byId, aCall())) {
    const file = await handlers["downloadSessionFile.prepare"](
      { ...byId, file_name: name, endpoint_type: "HTTPS" },
      aCall(),
    );
    const slot = await app.transfers.openDownload(segmentOf(file.download_endpoint?.uri ?? ""));
    const range = { start: 0, endExclusive: slot.sizeBytes };
    read[name] = Buffer.from(await readPour((sink) => slot.read(range, sink))).toString();
    slot.close();
  }
  return read;
};

describe("a kept content version", () => {
  test("is shown with its files as they were", async () => {
    const rig = await filled();
    const shown = await get(rig, "2");
    assert.equal(shown.current, false);
    assert.deepEqual(
      shown.files.map(({ name, size, version }) => [name, size, version]),
      [["a.iso", "first bytes".length, "1"]],
    );
    const present = await get(rig, "3");
    assert.equal(present.current, true);
    assert.deepEqual(present.files, await rig.itemFiles());
    const [newest] = await rig.handlers["itemChange.list"]({ library_item: rig.itemId }, aCall());
    assert.deepEqual(
      [present.version, present.time, present.user],
      [newest?.version, newest?.time, newest?.user],
    );
  });

  test("is not found where it is not kept, nor is one of an item that is not there", async () => {
    const rig = await filled();
    for (const version of ["1", "4", "", "two", "02"]) {
      for (const asked of [get(rig, version), open(rig, version)]) {
        const text = await refusedWith("item.version_not_kept", asked);
        assert.match(text, /it keeps 3, 2\./);
      }
    }
    for (const item of [NOWHERE, ""]) {
      await refusedWith("item.not_found", get(rig, "2", item));
      await refusedWith("item.not_found", open(rig, "2", { library_item: item }));
    }
  });
});

describe("a download session on a kept content version", () => {
  test("reads the bytes of then, and says which version it reads", async () => {
    const rig = await filled();
    const session = await open(rig, "2");
    const shown = await rig.handlers["downloadSession.get"](
      { download_session_id: session },
      aCall(),
    );
    assert.deepEqual(
      [shown.library_item_id, shown.library_item_content_version, shown.state],
      [rig.itemId, "2", "ACTIVE"],
    );
    assert.deepEqual(await readAll(rig, session), { "a.iso": "first bytes" });
    assert.deepEqual(await readAll(rig, await open(rig, "3")), {
      "a.iso": "second bytes",
      "b.iso": "bytes of b",
    });
  });

  test("goes on when the version is forgotten, and holds its bytes until it ends", () =>
    withScratchDirectory(async (directory) => {
      const rig = await SessionRig.openOn((clock) => diskStorage(clock, directory));
      await rig.fill({ "a.iso": "first bytes" });
      await rig.openSession();
      await rig.fill({ "a.iso": "second bytes" });
      const session = await open(rig, "2");
      const { library_id: library } = await rig.item();
      const update_spec = { revisions: 1 };
      await rig.handlers["librarySetting.update"]({ library, update_spec }, aCall());
      const { purge, collectBlobs } = rig.rig.app.duties;
      await purge();
      await refusedWith("item.version_not_kept", get(rig, "2"));
      await rig.clock.advance(PAST_THE_GRACE_MS);
      await collectBlobs();
      await rig.restart();
      assert.deepEqual(await readAll(rig, session), { "a.iso": "first bytes" });
      await rig.handlers["downloadSession.delete"]({ download_session_id: session }, aCall());
      await rig.clock.advance(PAST_THE_GRACE_MS);
      await rig.rig.app.duties.collectBlobs();
      assert.equal((await Array.fromAsync(rig.storage.blobs.list())).length, 1);
      await rig.storage.close();
    }));

  test("is not opened on a version that is forgotten and collected while it is decided", async () => {
    const { rig, writes } = await gatedRig(filled);
    const gate = writes.hold("download.put");
    const opening = open(rig, "2");
    await gate.reached;
    await forgetVersions(rig);
    gate.open();
    // The bytes are gone, and nobody is told any more that they are being deleted.
    const text = await refusedWith("item.version_not_kept", opening);
    assert.match(text, /it keeps 3\./);
  });

  test("answers the same again for the same client_token, and for that operation alone", async () => {
    const rig = await filled();
    const sent = { client_token: TOKEN };
    const session = await open(rig, "2", sent);
    assert.equal(await open(rig, "3", sent), session);
    const other = await rig.handlers["downloadSession.create"](
      { client_token: TOKEN, create_spec: { library_item_id: rig.itemId } },
      aCall(),
    );
    assert.notEqual(other, session);
    await refusedWith("client_token.invalid", open(rig, "2", { client_token: "mine" }));
  });
});
