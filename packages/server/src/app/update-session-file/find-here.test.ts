import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { gatedCatalog } from "@contentlib/testkit/faults/catalog-gated";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall, diskStorage, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { EventRig } from "@contentlib/testkit/rigs/event-rig";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { Call } from "../call.ts";

const CONTENT = "bytes that are here";
const OTHERS = "bytes that are not";

const hexOf = (content: string, algorithm = "sha256"): string =>
  createHash(algorithm).update(content).digest("hex");

const declared = (content: string, size = content.length) => ({
  size,
  checksum_info: { algorithm: "SHA256", checksum: hexOf(content) } as const,
});

type Added = Awaited<ReturnType<SessionRig["add"]>>;

/** What everybody sees of a file, without its endpoint, which is another for each. */
const shapeOf = ({ upload_endpoint, ...shown }: Added) => {
  assert.ok(upload_endpoint, "a pushed file has an endpoint");
  return shown;
};

const READY = {
  name: "b.iso",
  source_type: "PUSH",
  ...declared(CONTENT),
  bytes_transferred: CONTENT.length,
  status: "READY",
} as const;

const waitingFor = (content: string) => ({
  name: "b.iso",
  source_type: "PUSH",
  checksum_info: declared(content).checksum_info,
  bytes_transferred: 0,
  status: "WAITING_FOR_TRANSFER",
});

/** A rig whose item holds the content, with an ACTIVE session on another item. */
const holdingRig = async (open = SessionRig.open()): Promise<SessionRig> => {
  const rig = await open;
  await rig.fill({ "a.iso": CONTENT });
  await anotherItem(rig);
  return rig;
};

const anotherItem = async (rig: SessionRig): Promise<void> => {
  const [library_id = ""] = await wholeList(await rig.handlers["localLibrary.list"]({}, aCall()));
  const create_spec = { library_id, name: `after ${rig.sessionId}` };
  rig.itemId = await rig.handlers["item.create"]({ create_spec }, aCall());
  await rig.openSession();
};

/** Deletes the item that holds the content; that of the ACTIVE session stays. */
const deleteHolder = async (rig: SessionRig): Promise<void> => {
  const { library_id } = await rig.item();
  const ids = await wholeList(await rig.handlers["item.list"]({ library_id }, aCall()));
  for (const library_item_id of ids.filter((id) => id !== rig.itemId))
    await rig.handlers["item.delete"]({ library_item_id }, aCall());
};

const contentHeld = async (rig: SessionRig): Promise<readonly unknown[]> =>
  (await rig.itemFiles()).map(({ name, checksum_info }) => [name, checksum_info?.checksum]);

describe("S82: a file declared with SHA-256 and size whose bytes are here", () => {
  test("is READY at once, and completes without a byte", async () => {
    const rig = await holdingRig();
    const file = await rig.add("b.iso", declared(CONTENT));
    assert.deepEqual(shapeOf(file), READY);
    assert.deepEqual(await rig.file("b.iso"), file);
    assert.deepEqual(await rig.staged(), []);
    await rig.complete();
    assert.deepEqual(await contentHeld(rig), [["b.iso", hexOf(CONTENT)]]);
  });

  test("is READY in any spelling of the digest and its algorithm", async () => {
    const rig = await holdingRig();
    for (const algorithm of ["SHA256", "SHA-256", "sha2-256"]) {
      const checksum_info = { algorithm, checksum: hexOf(CONTENT).toUpperCase() } as never;
      const { status } = await rig.add("b.iso", { size: CONTENT.length, checksum_info });
      assert.equal(status, "READY", algorithm);
    }
  });

  test("takes bytes that come anyway: it waits for them, is judged, and is READY again", async () => {
    const rig = await holdingRig();
    const file = await rig.add("b.iso", declared(CONTENT));
    const slot = await rig.openUpload(file, CONTENT.length);
    assert.equal((await rig.file("b.iso")).status, "WAITING_FOR_TRANSFER");
    slot.close();
    await refusedWith("transfer.checksum_mismatch", rig.send(file, "other bytes of size"));
    assert.equal((await rig.file("b.iso")).status, "ERROR");
    await rig.send(file, CONTENT);
    assert.deepEqual(shapeOf(await rig.file("b.iso")), READY);
    await rig.complete();
    assert.deepEqual(await contentHeld(rig), [["b.iso", hexOf(CONTENT)]]);
    assert.deepEqual(await rig.staged(), []);
  });

  test("completes together with the same bytes sent under another name, in either order", async () => {
    for (const names of [
      ["b.iso", "c.iso"],
      ["c.iso", "b.iso"],
    ] as const) {
      const rig = await holdingRig();
      for (const name of names) {
        if (name === "b.iso") await rig.add(name, declared(CONTENT));
        else await rig.send(await rig.add(name), CONTENT);
      }
      await rig.complete();
      assert.equal((await rig.itemFiles()).length, 2);
      assert.deepEqual(await rig.staged(), []);
    }
  });

  test("keeps its bytes when the item that held them goes before complete", async () => {
    const rig = await holdingRig();
    await rig.add("b.iso", declared(CONTENT));
    await deleteHolder(rig);
    await rig.clock.advance(250_000);
    await rig.rig.app.duties.collectBlobs();
    await rig.rig.app.duties.sweepStaging();
    await rig.complete();
    assert.deepEqual(await contentHeld(rig), [["b.iso", hexOf(CONTENT)]]);
  });

  test("is READY after a restart, and its bytes are there", () =>
    withScratchDirectory(async (directory) => {
      const opening = SessionRig.openOn((clock) => diskStorage(clock, directory));
      const rig = await holdingRig(opening);
      await rig.add("b.iso", declared(CONTENT));
      await deleteHolder(rig);
      await rig.restart();
      assert.deepEqual(shapeOf(await rig.file("b.iso")), READY);
      await rig.complete();
      assert.deepEqual(await contentHeld(rig), [["b.iso", hexOf(CONTENT)]]);
      await rig.storage.close();
    }));

  test("is told to those who follow as READY with its size, and what comes after it as ever", async () => {
    const events = await EventRig.open();
    const rig = events.session;
    await rig.fill({ "a.iso": CONTENT });
    await anotherItem(rig);
    const follow = await events.followSession();
    await follow.news();
    const file = await rig.add("b.iso", declared(CONTENT));
    const size = CONTENT.length;
    const told = { file_name: "b.iso", file_status: "READY", bytes_transferred: size, size };
    assert.deepEqual(await follow.news(), [{ kind: "FILE_ADDED", ...told }]);
    await rig.send(file, CONTENT);
    const news = await follow.news();
    assert.deepEqual(news.at(-1), { kind: "FILE_STATUS", ...told });
    assert.deepEqual(
      news.find(({ file_status }) => file_status === "WAITING_FOR_TRANSFER"),
      {
        kind: "FILE_STATUS",
        ...told,
        file_status: "WAITING_FOR_TRANSFER",
        bytes_transferred: 0,
      },
    );
    follow.close();
  });

  test("gives its bytes up with the session: nothing holds them then", async () => {
    const rig = await holdingRig();
    await rig.add("b.iso", declared(CONTENT));
    await deleteHolder(rig);
    await rig.cancel();
    await rig.clock.advance(86_400_000);
    await rig.rig.app.duties.collectBlobs();
    assert.deepEqual(await Array.fromAsync(rig.storage.blobs.list()), []);
    assert.deepEqual(rig.rig.journal.troubles, []);
  });
});

describe("S82: a file waits as ever", () => {
  test("when no item holds such bytes", async () => {
    const rig = await holdingRig();
    assert.deepEqual(shapeOf(await rig.add("b.iso", declared(OTHERS))), waitingFor(OTHERS));
  });

  test("by another algorithm, without a size, or with another size", async () => {
    const rig = await holdingRig();
    const size = CONTENT.length;
    for (const algorithm of ["MD5", "SHA1", "SHA512"] as const) {
      const checksum_info = { algorithm, checksum: hexOf(CONTENT, algorithm) };
      const { status } = await rig.add("b.iso", { size, checksum_info });
      assert.equal(status, "WAITING_FOR_TRANSFER", algorithm);
    }
    const { checksum_info } = declared(CONTENT);
    assert.equal((await rig.add("b.iso", { checksum_info })).status, "WAITING_FOR_TRANSFER");
    const file = await rig.add("b.iso", declared(CONTENT, size + 1));
    assert.equal(file.status, "WAITING_FOR_TRANSFER");
    await refusedWith("transfer.size_mismatch", rig.send(file, CONTENT));
  });

  test("when the bytes are another session's, received and not completed", async () => {
    const rig = await holdingRig();
    await rig.send(await rig.add("staged.iso"), OTHERS);
    await anotherItem(rig);
    assert.deepEqual(shapeOf(await rig.add("b.iso", declared(OTHERS))), waitingFor(OTHERS));
  });

  test("when only an old version of an item holds them, or a deleted one", async () => {
    const rig = await SessionRig.open();
    await rig.fill({ "a.iso": CONTENT });
    await rig.openSession();
    await rig.fill({ "a.iso": OTHERS });
    await anotherItem(rig);
    assert.equal((await rig.add("b.iso", declared(CONTENT))).status, "WAITING_FOR_TRANSFER");
    assert.equal((await rig.add("c.iso", declared(OTHERS))).status, "READY");
    await deleteHolder(rig);
    assert.equal((await rig.add("d.iso", declared(OTHERS))).status, "WAITING_FOR_TRANSFER");
  });

  test("when the store has lost the blob", async () => {
    const rig = await holdingRig();
    await rig.storage.blobs.delete(hexOf(CONTENT) as never);
    const file = await rig.add("b.iso", declared(CONTENT));
    assert.equal(file.status, "WAITING_FOR_TRANSFER");
    await rig.send(file, CONTENT);
    await rig.complete();
  });

  test("when the item that held them goes at that very moment", async () => {
    let hold: ReturnType<typeof gatedCatalog>["hold"] | undefined;
    const rig = await holdingRig(
      SessionRig.open((storage) => {
        const gates = gatedCatalog(storage.catalog);
        ({ hold } = gates);
        return { ...storage, catalog: gates.catalog };
      }),
    );
    const gate = hold?.("item.expect");
    assert.ok(gate);
    const adding = rig.add("b.iso", declared(CONTENT));
    await gate.reached;
    await deleteHolder(rig);
    await rig.clock.advance(86_400);
    await rig.rig.app.duties.collectBlobs();
    gate.open();
    const file = await adding;
    assert.deepEqual(shapeOf(file), waitingFor(CONTENT));
    await rig.send(file, CONTENT);
    await rig.complete();
  });
});

describe("S83: who may not read an item that holds the bytes", () => {
  /** Two libraries; the content is in the first, and somebody has an item in the second. */
  const setUp = async () => {
    const rig = await AccessRig.open();
    const [theirs, own] = [await rig.library("theirs"), await rig.library("own")];
    await rig.filledItem(theirs, CONTENT);
    const user = await rig.user("editor", own);
    const session = await rig.updateSession(await rig.item(own), user.call());
    const add = (call: Call, content = CONTENT, update_session_id = session): Promise<Added> =>
      rig.handlers["updateSessionFile.add"](
        {
          update_session_id,
          file_spec: { name: "b.iso", source_type: "PUSH", ...declared(content) },
        },
        call,
      );
    const grant = (role = "VIEWER" as const): Promise<string> =>
      rig.handlers["grant.create"](
        { create_spec: { user: user.id, role, library_id: theirs } },
        aCall(),
      );
    return { rig, theirs, own, user, session, add, grant };
  };

  test("gets what he would get if there were no such bytes, to the letter", async () => {
    const { user, add } = await setUp();
    const here = shapeOf(await add(user.call()));
    const nowhere = shapeOf(await add(user.call(), OTHERS));
    assert.deepEqual(here, waitingFor(CONTENT));
    assert.deepEqual({ ...here, checksum_info: null }, { ...nowhere, checksum_info: null });
  });

  test("gets them at once with a grant, and not any more when it is taken away", async () => {
    const { rig, user, add, grant } = await setUp();
    const grant_id = await grant();
    assert.deepEqual(shapeOf(await add(user.call())), READY);
    await rig.handlers["grant.delete"]({ grant_id }, aCall());
    assert.deepEqual(shapeOf(await add(user.call())), waitingFor(CONTENT));
  });

  test("keeps what he had got when the grant goes before complete", async () => {
    const { rig, user, session, add, grant } = await setUp();
    const grant_id = await grant();
    await add(user.call());
    await rig.handlers["grant.delete"]({ grant_id }, aCall());
    await rig.handlers["updateSession.complete"]({ update_session_id: session }, user.call());
  });

  test("does not get them by a token that is cut down to what does not show them", async () => {
    const { rig, own, user, add, grant } = await setUp();
    await grant();
    const narrow = await rig.token(user, { grants: [{ role: "EDITOR", library_id: own }] });
    const wide = await rig.token(user);
    for (const [token, expected] of [
      [narrow, waitingFor(CONTENT)],
      [wide, READY],
    ] as const) {
      const session = await rig.updateSession(await rig.item(own, token.id), token.call());
      assert.deepEqual(shapeOf(await add(token.call(), CONTENT, session)), expected);
    }
  });

  test("gets them where he holds them himself, and by a role on everything", async () => {
    const { rig, own, user, add } = await setUp();
    await rig.filledItem(await rig.library("third"), OTHERS);
    assert.equal((await add(user.call(), OTHERS)).status, "WAITING_FOR_TRANSFER");
    const update = await rig.updateSession(await rig.item(own, "his"), user.call());
    await rig.send(await rig.addFile(update, "own.iso", user.call()), OTHERS);
    await rig.handlers["updateSession.complete"]({ update_session_id: update }, user.call());
    assert.equal((await add(user.call(), OTHERS)).status, "READY");
    const everywhere = await rig.user("editor");
    const session = await rig.updateSession(await rig.item(own, "all"), everywhere.call());
    assert.equal((await add(everywhere.call(), CONTENT, session)).status, "READY");
  });
});
