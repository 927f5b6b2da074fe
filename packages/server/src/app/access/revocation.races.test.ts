import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import type { GatedBlobStore } from "@contentlib/testkit/faults/blob-store-gated";
import { gated } from "@contentlib/testkit/faults/blob-store-gated";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import type { GatedCatalog } from "@contentlib/testkit/faults/catalog-gated";
import { gatedCatalog } from "@contentlib/testkit/faults/catalog-gated";
import type { RigUser } from "@contentlib/testkit/rigs/access-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall, RIG_ORIGIN } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

let rig: AccessRig;
let writes: GatedCatalog;
let blobs: GatedBlobStore;
/** Holds the next opening of a blob. */
let holdOpening: (() => { readonly reached: Promise<void>; open(): void }) | null = null;
let opening: { reached: () => void; opened: Promise<void> } | null = null;
let library: string;
let item: string;
let editor: RigUser;

beforeEach(async () => {
  opening = null;
  rig = await AccessRig.open((storage) => {
    writes = gatedCatalog(storage.catalog);
    blobs = gated(storage.blobs);
    const around = blobStoreAround(blobs, async (verb, proceed) => {
      const held = verb === "open" ? opening : null;
      opening = held === null ? opening : null;
      held?.reached();
      await held?.opened;
      return await proceed();
    });
    return { ...storage, catalog: writes.catalog, blobs: around };
  });
  holdOpening = () => {
    const reached = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<void>();
    opening = { reached: reached.resolve, opened: opened.promise };
    return { reached: reached.promise, open: opened.resolve };
  };
  library = await rig.library();
  item = await rig.filledItem(library);
  editor = await rig.user("editor", library);
});

const active = async (): Promise<number> => {
  const { updates, downloads } = await rig.storage.catalog.housekeeping.listActive();
  return updates.length + downloads.length;
};

/** A promise, and whether it is settled once everything that can run has run. */
const watched = (work: Promise<unknown>): { readonly work: Promise<unknown>; isOver: boolean } => {
  const watch = { work, isOver: false };
  const over = (): void => void (watch.isOver = true);
  work.then(over, over);
  return watch;
};

/** Lets everything run that waits for nothing but its turn. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1)
    await new Promise<void>((resolve) => setImmediate(resolve));
};

suite("a session that is made while the right to it goes", () => {
  for (const [kind, change] of [
    ["updateSession.create", "session.create"],
    ["downloadSession.create", "download.put"],
  ] as const) {
    for (const when of ["before", "after"] as const) {
      test(`${kind}, held ${when} its commit`, async () => {
        const gate = writes.hold(change, when);
        const create_spec = { library_item_id: item };
        const creating = refusedWith(
          "item.not_found",
          rig.handlers[kind]({ create_spec }, editor.call()),
        );
        await gate.reached;
        const taking = watched(rig.takeAll(editor));
        await settle();
        assert.equal(taking.isOver, false, "whoever takes away waits for what was under way");
        gate.open();
        await creating;
        await taking.work;
        assert.equal(await active(), 0);
      });
    }
  }

  test("is refused as unauthorized to one who may still see", async () => {
    await rig.handlers["grant.create"](
      { create_spec: { user: editor.id, role: "VIEWER", library_id: library } },
      aCall(),
    );
    const [first] = await rig.storage.catalog.listGrants({
      subject: { kind: "account", id: editor.id },
    });
    const gate = writes.hold("session.create", "after");
    const creating = refusedWith("access.missing_right", rig.updateSession(item, editor.call()));
    await gate.reached;
    const taking = rig.handlers["grant.delete"]({ grant_id: first?.id ?? "" }, aCall());
    await settle();
    gate.open();
    await creating;
    await taking;
    assert.equal(await active(), 0);
    // The item is free for others.
    await rig.updateSession(item, aCall());
  });

  test("stays when the change concerned somebody else", async () => {
    const other = await rig.user("editor", library);
    const gate = writes.hold("session.create", "after");
    const creating = rig.updateSession(item, editor.call());
    await gate.reached;
    await rig.takeAll(other);
    gate.open();
    const { state } = await rig.handlers["updateSession.get"](
      { update_session_id: await creating },
      editor.call(),
    );
    assert.equal(state, "ACTIVE");
  });
});

suite("a session that is completed while the right to it goes", () => {
  const readyToComplete = async (): Promise<string> => {
    const session = await rig.updateSession(item, editor.call());
    await rig.send(await rig.addFile(session, "b.iso", editor.call()), "new bytes");
    return session;
  };
  const files = async (): Promise<readonly string[]> =>
    (await rig.handlers["itemFile.list"]({ library_item_id: item }, aCall())).map(
      ({ name }) => name,
    );

  test("while its bytes are made permanent: the item stays as it was", async () => {
    const update_session_id = await readyToComplete();
    const gate = blobs.hold("promote");
    const completing = refusedWith(
      "update_session.not_found",
      rig.handlers["updateSession.complete"]({ update_session_id }, editor.call()),
    );
    await gate.reached;
    const taking = watched(rig.takeAll(editor));
    await settle();
    assert.equal(taking.isOver, false);
    gate.open();
    await completing;
    await taking.work;
    assert.deepEqual(await files(), ["a.iso"]);
    assert.deepEqual(rig.rig.journal.troubles, []);
  });

  test("while its end is still being recorded: the right is asked for again before the commit", async () => {
    const update_session_id = await readyToComplete();
    const promoting = blobs.hold("promote");
    const completing = refusedWith(
      "update_session.not_found",
      rig.handlers["updateSession.complete"]({ update_session_id }, editor.call()),
    );
    await promoting.reached;
    const ending = writes.hold("session.put");
    const taking = rig.takeAll(editor);
    await ending.reached;
    promoting.open();
    await completing;
    assert.deepEqual(await files(), ["a.iso"]);
    ending.open();
    await taking;
  });

  test("when it was decided and not yet committed: the item stays as it was", async () => {
    const update_session_id = await readyToComplete();
    const gate = writes.hold("revision.put");
    const completing = refusedWith(
      "update_session.not_found",
      rig.handlers["updateSession.complete"]({ update_session_id }, editor.call()),
    );
    await gate.reached;
    const taking = rig.takeAll(editor);
    await settle();
    gate.open();
    await completing;
    await taking;
    assert.deepEqual(await files(), ["a.iso"]);
  });

  test("when it was committed: it was done before, and the taking away waits for its end", async () => {
    const update_session_id = await readyToComplete();
    const gate = writes.hold("revision.put", "after");
    const completing = rig.handlers["updateSession.complete"]({ update_session_id }, editor.call());
    await gate.reached;
    const taking = watched(rig.takeAll(editor));
    await settle();
    assert.equal(taking.isOver, false);
    gate.open();
    await completing;
    await taking.work;
    assert.deepEqual(await files(), ["a.iso", "b.iso"]);
  });
});

test("a call under way that changes something is over before the taking away answers", async () => {
  const gate = writes.hold("item.delete");
  const deleting = rig.handlers["item.delete"]({ library_item_id: item }, editor.call());
  await gate.reached;
  const taking = watched(rig.takeAll(editor));
  await settle();
  assert.equal(taking.isOver, false);
  gate.open();
  await deleting;
  await taking.work;
  await refusedWith(
    "library.not_found",
    rig.handlers["item.create"](
      { create_spec: { library_id: library, name: "late" } },
      editor.call(),
    ),
  );
});

test("rights that were read before a change are not kept after it", async () => {
  const { catalog } = rig.storage;
  const { grantsFor } = catalog;
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  let reads = 0;
  const slow: typeof grantsFor = async (...who) => {
    const grants = await grantsFor.call(catalog, ...who);
    reads += 1;
    if (reads === 1) {
      reached.resolve();
      await opened.promise;
    }
    return grants;
  };
  rig = await AccessRig.open((storage) => ({
    ...storage,
    catalog: new Proxy(rig.storage.catalog, {
      get: (target, name) => {
        if (name === "grantsFor" && reads >= 0) return slow;
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? member.bind(target) : member;
      },
    }),
  }));
  const getting = refusedWith(
    "item.not_found",
    rig.handlers["item.get"]({ library_item_id: item }, editor.call()),
  );
  await reached.promise;
  const taking = rig.takeAll(editor);
  await settle();
  opened.resolve();
  await getting;
  await taking;
  await refusedWith(
    "item.not_found",
    rig.handlers["item.get"]({ library_item_id: item }, editor.call()),
  );
});

test("a reader who is let in just as his right goes reads nothing", async () => {
  const { id, segment } = await rig.download(item, editor.call());
  assert.ok(holdOpening !== null);
  const gate = holdOpening();
  const entering = refusedWith(
    "transfer.unknown_endpoint",
    rig.rig.app.transfers.openDownload(segment),
  );
  await gate.reached;
  await rig.takeAll(editor);
  gate.open();
  await entering;
  const { state } = await rig.handlers["downloadSession.get"]({ download_session_id: id }, aCall());
  assert.equal(state, "CANCELED");
});

test("a writer who is let in just as his right goes writes nothing", async () => {
  const session = await rig.updateSession(item, editor.call());
  const segment = await rig.addFile(session, "b.iso", editor.call());
  await rig.send(segment, "bytes");
  // A second upload gives up what the file had, which is a commit to be held at.
  const gate = writes.hold("session-file.put");
  const entering = refusedWith(
    "transfer.session_ended",
    rig.rig.app.transfers.openUpload(segment, null, RIG_ORIGIN),
  );
  await gate.reached;
  const taking = rig.takeAll(editor);
  await settle();
  gate.open();
  await entering;
  await taking;
  assert.deepEqual(await Array.fromAsync(rig.storage.blobs.listStaged()), []);
});
