import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type FaultValue, faultOf } from "@contentlib/contract/vocabulary";
import { gatedCatalog } from "@contentlib/testkit/faults/catalog-gated";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall, RIG_SETTINGS, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import { AsyncDeedScope } from "../../adapters/deeds/async-deed-scope.ts";
import { RandomIdSource } from "../../adapters/ids/random-id-source.ts";
import { LiveTransfers } from "../live-transfers.ts";
import { SessionTime } from "../session-time.ts";
import { createItem } from "./create.ts";

/** Creates an item under the name of the rig's. */
const createAgain = async (rig: SessionRig, name = "Debian"): Promise<string> => {
  const [library_id = ""] = await wholeList(await rig.handlers["localLibrary.list"]({}, aCall()));
  return await rig.handlers["item.create"]({ create_spec: { library_id, name } }, aCall());
};

const itemsOf = async (rig: SessionRig): Promise<readonly string[]> => {
  const [library_id = ""] = await wholeList(await rig.handlers["localLibrary.list"]({}, aCall()));
  return await wholeList(await rig.handlers["item.list"]({ library_id }, aCall()));
};

/** The rig's item is replaced by a new one of that name; answers the new id. */
const replaced = async (rig: SessionRig): Promise<string> => {
  const former = rig.itemId;
  const id = await createAgain(rig);
  assert.notEqual(id, former);
  assert.deepEqual(await itemsOf(rig), [id]);
  await refusedWith("item.not_found", rig.item());
  rig.itemId = id;
  const { name, content_version } = await rig.item();
  assert.deepEqual([name, content_version], ["Debian", "1"]);
  return id;
};

const fail = async (rig: SessionRig): Promise<void> => {
  const input = { update_session_id: rig.sessionId, client_error_message: "the line broke" };
  await rig.handlers["updateSession.fail"](input, aCall());
};

const WAYS_TO_END: Readonly<Record<string, (rig: SessionRig) => Promise<void>>> = {
  "was canceled": (rig) => rig.cancel(),
  failed: fail,
  expired: async (rig) => {
    await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
    await rig.rig.app.duties.expireSessions();
  },
  "has lapsed and only waits to be ended": (rig) =>
    rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1),
  "was canceled and deleted": async (rig) => {
    await rig.cancel();
    await rig.handlers["updateSession.delete"]({ update_session_id: rig.sessionId }, aCall());
  },
  "was canceled and purged": async (rig) => {
    await rig.cancel();
    await rig.clock.advance(RIG_SETTINGS.sessionRetentionMs + 1);
    await rig.rig.app.duties.purge();
    await refusedWith("update_session.not_found", rig.session());
  },
};

describe("S80: an item whose one session", () => {
  for (const [how, end] of Object.entries(WAYS_TO_END)) {
    test(`${how} is replaced by a new one of its name`, async () => {
      const rig = await SessionRig.open();
      await rig.send(await rig.add("half.iso"), "half");
      await end(rig);
      await replaced(rig);
      // A new one on which no session was opened is nobody's draft.
      await refusedWith("item.name_taken", createAgain(rig));
      await rig.openSession();
      await rig.fill({ "whole.iso": "whole" });
      await refusedWith("item.name_taken", createAgain(rig));
      assert.deepEqual(rig.rig.journal.troubles, []);
    });
  }

  test("is still ACTIVE stands: the refusal says which session, and until when", async () => {
    const rig = await SessionRig.open();
    const { expiration_time } = await rig.session();
    const text = await refusedWith("item.name_taken_by_draft", createAgain(rig));
    for (const word of [rig.sessionId, expiration_time, "administrator"])
      assert.ok(text.includes(word), text);
    assert.equal((await rig.session()).state, "ACTIVE");
    assert.deepEqual(await itemsOf(rig), [rig.itemId]);
  });

  test("was completed stands, also with nothing in it, and whatever came after", async () => {
    const rig = await SessionRig.open();
    await rig.complete();
    await rig.openSession();
    await rig.cancel();
    await refusedWith("item.name_taken", createAgain(rig));
    assert.deepEqual(await itemsOf(rig), [rig.itemId]);
  });

  test("was canceled, and that is a copy with content, stands", async () => {
    const rig = await SessionRig.open();
    await rig.fill({ "a.iso": "a" });
    const { library_id } = await rig.item();
    const destination_create_spec = { library_id, name: "copy" };
    const copying = { source_library_item_id: rig.itemId, destination_create_spec };
    rig.itemId = await rig.handlers["item.copy"](copying, aCall());
    await rig.openSession();
    await rig.cancel();
    await refusedWith("item.name_taken", createAgain(rig, "COPY"));
  });
});

test("S80: its sessions are as those of a deleted item: readable by id, and in no list", async () => {
  const rig = await SessionRig.open();
  await rig.cancel();
  await replaced(rig);
  assert.equal((await rig.session()).state, "CANCELED");
  assert.deepEqual(await wholeList(await rig.handlers["updateSession.list"]({}, aCall())), []);
});

test("S80: a download session on it is canceled with it", async () => {
  const rig = await SessionRig.open();
  await rig.cancel();
  const create_spec = { library_item_id: rig.itemId };
  const id = await rig.handlers["downloadSession.create"]({ create_spec }, aCall());
  await replaced(rig);
  const shown = await rig.handlers["downloadSession.get"]({ download_session_id: id }, aCall());
  assert.equal(shown.state, "CANCELED");
});

test("renaming or copying to its name is refused as ever", async () => {
  const rig = await SessionRig.open();
  await rig.cancel();
  const draft = rig.itemId;
  const other = await createAgain(rig, "other");
  const update_spec = { name: "DEBIAN" };
  const renaming = { library_item_id: other, update_spec };
  await refusedWith("item.name_taken", rig.handlers["item.update"](renaming, aCall()));
  const { library_id } = await rig.item();
  const destination_create_spec = { library_id, name: "DEBIAN" };
  const copying = { source_library_item_id: other, destination_create_spec };
  await refusedWith("item.name_taken", rig.handlers["item.copy"](copying, aCall()));
  assert.deepEqual(await itemsOf(rig), [draft, other]);
});

test("a token of the create that made it still answers its id; a new token answers the new one, again and again", async () => {
  const rig = await SessionRig.open();
  await rig.cancel();
  const { library_id } = await rig.item();
  const create = async (client_token: string, name: string): Promise<string> =>
    await rig.handlers["item.create"]({ client_token, create_spec: { library_id, name } }, aCall());
  const [first, second] = [new RandomIdSource().accountId(), new RandomIdSource().accountId()];
  rig.itemId = await create(first, "tokened");
  await rig.openSession();
  await rig.cancel();
  const again = await Promise.all([1, 2, 3].map(() => create(second, "tokened")));
  assert.equal(new Set(again).size, 1);
  assert.notEqual(again[0], rig.itemId);
  assert.equal(await create(first, "tokened"), rig.itemId);
});

describe("S81: who may not delete it", () => {
  const refusing = (refused: string, fault: FaultValue) => ({
    ask: async (operation: string) => ({
      fault: operation === refused ? fault : null,
      besides: [],
    }),
  });

  const createWithout = async (rig: SessionRig, refused: string): Promise<string> => {
    const { storage, clock } = rig;
    const { journal } = rig.rig;
    const core = {
      ...storage,
      clock,
      journal,
      settings: RIG_SETTINGS,
      deeds: new AsyncDeedScope(),
      ids: new RandomIdSource(),
      time: new SessionTime(clock, RIG_SETTINGS.sessionTimeoutMs),
      live: new LiveTransfers(),
      access: refusing(refused, faultOf("item.not_found", "x")),
    };
    const { library_id } = await rig.item();
    const create_spec = { library_id, name: "debian" };
    return String(await createItem(core)({ create_spec }, aCall()));
  };

  test("is told that the name is taken, and nothing is touched", async () => {
    const rig = await SessionRig.open();
    await rig.cancel();
    await refusedWith("item.name_taken", createWithout(rig, "item.delete"));
    assert.deepEqual(await itemsOf(rig), [rig.itemId]);
    assert.notEqual(await createWithout(rig, "updateSession.get"), rig.itemId);
  });

  test("nor see the session that holds it, is not told which that is", async () => {
    const rig = await SessionRig.open();
    await refusedWith("item.name_taken", createWithout(rig, "updateSession.get"));
    await refusedWith("item.name_taken_by_draft", createWithout(rig, "none"));
  });

  test("in practice: a viewer makes no items; another editor replaces the draft of the first", async () => {
    const rig = await AccessRig.open();
    const library_id = await rig.library();
    const [one, other] = [
      await rig.user("editor", library_id),
      await rig.user("editor", library_id),
    ];
    const viewer = await rig.user("viewer", library_id);
    const create_spec = { library_id, name: "draft" };
    const draft = await rig.handlers["item.create"]({ create_spec }, one.call());
    const session = await rig.updateSession(draft, one.call());
    const input = { update_session_id: session };
    const again = (call = other.call()) => rig.handlers["item.create"]({ create_spec }, call);
    await refusedWith("item.name_taken_by_draft", again());
    await rig.handlers["updateSession.cancel"](input, one.call());
    await refusedWith("access.missing_right", again(viewer.call()));
    assert.notEqual(await again(), draft);
    await refusedWith(
      "item.not_found",
      rig.handlers["item.get"]({ library_item_id: draft }, one.call()),
    );
  });
});

describe("S80: at the same time", () => {
  const gatedRig = async () => {
    let gates: ReturnType<typeof gatedCatalog> | undefined;
    const rig = await SessionRig.open((storage) => {
      gates = gatedCatalog(storage.catalog);
      return { ...storage, catalog: gates.catalog };
    });
    assert.ok(gates);
    await rig.cancel();
    return { rig, hold: gates.hold };
  };

  test("a session that is opened before the draft goes keeps it, and the create is refused", async () => {
    const { rig, hold } = await gatedRig();
    const gate = hold("item.delete");
    const creating = refusedWith("item.name_taken_by_draft", createAgain(rig));
    await gate.reached;
    await rig.openSession();
    gate.open();
    assert.ok((await creating).includes(rig.sessionId));
    assert.equal((await rig.session()).state, "ACTIVE");
    await rig.fill({ "a.iso": "a" });
    assert.deepEqual(await itemsOf(rig), [rig.itemId]);
  });

  test("a session that is opened and completed empty before the draft goes makes it stay", async () => {
    const { rig, hold } = await gatedRig();
    const gate = hold("item.delete");
    const creating = refusedWith("item.name_taken", createAgain(rig));
    await gate.reached;
    await rig.openSession();
    await rig.complete();
    gate.open();
    await creating;
    assert.deepEqual(await itemsOf(rig), [rig.itemId]);
  });

  test("a session that comes after it finds no item", async () => {
    const { rig, hold } = await gatedRig();
    const gate = hold("session.create");
    const opening = refusedWith("item.not_found", rig.openSession());
    await gate.reached;
    const id = await createAgain(rig);
    gate.open();
    await opening;
    assert.deepEqual(await itemsOf(rig), [id]);
  });

  test("of many creates one wins, and of a create and a session exactly one", async () => {
    for (let round = 0; round < 20; round += 1) {
      const rig = await SessionRig.open();
      await rig.cancel();
      const creates = Array.from({ length: 3 }, () => createAgain(rig));
      const asked =
        round % 2 === 0 ? [...creates, rig.openSession()] : [rig.openSession(), ...creates];
      const outcomes = await Promise.allSettled(asked);
      const succeeded = outcomes.filter(({ status }) => status === "fulfilled");
      assert.equal(succeeded.length, 1, `round ${round}`);
      const items = await itemsOf(rig);
      assert.equal(items.length, 1);
      const isSessionOpen = (await rig.storage.catalog.housekeeping.listActive()).updates.length;
      assert.equal(isSessionOpen, items[0] === rig.itemId ? 1 : 0);
    }
  });
});
