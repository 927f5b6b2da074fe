import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { EventRig, Follow, turn } from "@contentlib/testkit/rigs/event-rig";
import type { SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { CommitOutcome } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";

let rig: EventRig;
let session: SessionRig;
/** Holds back the next commit before it is done, or its answer. */
let gate: { readonly at: "commit" | "answer"; readonly opened: Promise<void> } | null;
/** Runs once, right after the next commit and before it is told. */
let afterCommit: (() => void) | null;
/** How many more reads of items succeed before one fails. */
let itemsReadable: number;
let itemReads: number;
/** Reads of sessions, and change sets that were not applied, so far. */
let reads: number;
let clashes: number;

const held = (at: "commit" | "answer"): PromiseWithResolvers<void> => {
  const opening = Promise.withResolvers<void>();
  gate = { at, opened: opening.promise };
  return opening;
};

beforeEach(async () => {
  gate = null;
  afterCommit = null;
  itemsReadable = Infinity;
  rig = await EventRig.open((storage) => {
    const catalog = catalogAround(storage.catalog, async (_name, proceed) => {
      const mine = gate;
      gate = null;
      if (mine?.at === "commit") await mine.opened;
      const outcome = await proceed();
      if (mine?.at === "answer") await mine.opened;
      afterCommit?.();
      afterCommit = null;
      if ((outcome as CommitOutcome).kind === "clash") clashes += 1;
      return outcome;
    });
    const { findSession, findItem } = catalog;
    const counting = (...given: Parameters<typeof findSession>): ReturnType<typeof findSession> => {
      reads += 1;
      return findSession(...given);
    };
    const failing = async (...given: Parameters<typeof findItem>): ReturnType<typeof findItem> => {
      itemReads += 1;
      itemsReadable -= 1;
      if (itemsReadable === -1) throw new PortError("unavailable", "The disk is gone.");
      return await findItem(...given);
    };
    const instead: Readonly<Record<string | symbol, unknown>> = {
      findSession: counting,
      findItem: failing,
    };
    const counted = new Proxy(catalog, {
      get: (target, name): unknown => instead[name] ?? Reflect.get(target, name, target),
    });
    return { ...storage, catalog: counted };
  });
  ({ session } = rig);
  reads = 0;
  itemReads = 0;
  clashes = 0;
});

const turns = async (): Promise<void> => {
  for (let each = 0; each < 20; each += 1) await turn();
};

test("what was being committed when the first began to listen is in the present state, and not told again", async () => {
  const opening = held("answer");
  const adding = session.add("a.iso");
  await turns();
  let isOpen = false;
  const following = rig.followSession().finally(() => (isOpen = true));
  await turns();
  assert.equal(isOpen, false);
  opening.resolve();
  await adding;
  const follow = await following;
  assert.deepEqual(await follow.kinds(), ["SESSION_STATE", "FILE_STATUS"]);
  await session.add("b.iso");
  assert.deepEqual(await follow.kinds(), ["FILE_ADDED"]);
});

test("an end that is recorded and not yet told is still to be heard", async () => {
  const first = await rig.followSession();
  await first.kinds();
  first.close();
  const opening = held("answer");
  const canceling = session.cancel();
  await turns();
  const stream = await rig.open({ update_session_id: session.sessionId }, first.lastId);
  assert.ok(stream);
  const follow = new Follow(stream);
  assert.deepEqual(await follow.kinds(), []);
  opening.resolve();
  await canceling;
  assert.deepEqual(await follow.news(), [{ kind: "SESSION_STATE", state: "CANCELED" }]);
  assert.ok(follow.isOver);
});

test("a session that was being created when the first began to listen to its library is told", async () => {
  await session.cancel();
  const opening = held("commit");
  const creating = session.openSession();
  await turns();
  const following = rig.followLibrary();
  await turns();
  opening.resolve();
  await creating;
  assert.deepEqual(await (await following).kinds(), ["SESSION_STATE"]);
});

test("what others commit while the first begins to listen, leaves out nothing that came before", async () => {
  const opening = held("commit");
  const adding = session.add("a.iso");
  await turns();
  const following = rig.followLibrary();
  const alive = session.handlers["updateSession.keepAlive"](
    { update_session_id: session.sessionId },
    aCall(),
  );
  await turns();
  opening.resolve();
  const file = await adding;
  await alive;
  const follow = await following;
  await follow.kinds();
  await session.send(file, "bytes");
  assert.deepEqual(
    (await follow.news()).map(({ kind, file_status }) => [kind, file_status]),
    [["FILE_STATUS", "READY"]],
  );
});

test("a change set that is not applied is not told", async () => {
  const follow = await rig.followSession();
  await follow.kinds();
  const rounds = 3;
  await Promise.all(Array.from({ length: rounds }, () => session.add("a.iso")));
  assert.ok(clashes > 0);
  assert.deepEqual(
    await follow.kinds(),
    Array.from({ length: rounds }, () => "FILE_ADDED"),
  );
});

test("commits read nothing more when nobody listens, and a session's first one reads it once when somebody does", async () => {
  const readsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = reads;
    await work();
    return reads - before;
  };
  const plain = await readsOf(() => session.add("a.iso"));
  const library = await rig.followLibrary();
  assert.equal(await readsOf(() => session.add("b.iso")), plain);
  assert.deepEqual(await library.kinds(), ["SESSION_STATE", "FILE_STATUS", "FILE_ADDED"]);
});

/** Makes the next reading of the clock fail, as nothing of the kind may; it is the teller's where no operation comes first. */
const breakClock = (): void => {
  const { clock } = session;
  Object.defineProperty(clock, "now", {
    configurable: true,
    value: () => {
      Reflect.deleteProperty(clock, "now");
      throw new Error("The clock is broken.");
    },
  });
};

const troubles = (): readonly string[] => session.rig.journal.troubles.map(({ where }) => where);

test("a read that fails before a commit leaves it as it is: there is a gap, and then the present state", async () => {
  await session.cancel();
  const before = itemReads;
  await session.openSession();
  const own = itemReads - before;
  await session.cancel();
  const library = await rig.followLibrary();
  await library.kinds();
  itemsReadable = own;
  await session.openSession();
  assert.equal(itemsReadable, -1);
  assert.deepEqual(troubles(), ["telling of a commit"]);
  await turns();
  assert.deepEqual(await library.kinds(), ["GAP", "SESSION_STATE"]);
  await session.add("a.iso");
  assert.deepEqual(await library.kinds(), ["FILE_ADDED"]);
  assert.equal(troubles().length, 1);
  assert.equal(library.failure, null);
});

test("telling that fails leaves the commit done: there is a gap, and then the present state", async () => {
  const follow = await rig.followSession();
  const library = await rig.followLibrary();
  await session.add("a.iso");
  await follow.kinds();
  await library.kinds();
  const { lastId } = follow;
  afterCommit = breakClock;
  const file = await session.add("b.iso");
  assert.deepEqual(troubles(), ["telling of a commit"]);
  await turns();
  const present = ["GAP", "SESSION_STATE", "FILE_STATUS", "FILE_STATUS"];
  assert.deepEqual(await follow.kinds(), present);
  assert.deepEqual(await library.kinds(), present);
  await session.send(file, "bytes");
  assert.deepEqual(
    (await follow.news()).map(({ kind, file_status }) => [kind, file_status]),
    [["FILE_STATUS", "READY"]],
  );
  // Whoever was away for that time has missed it, too.
  assert.deepEqual((await (await rig.followSession(lastId)).kinds())[0], "GAP");
});

test("what is being committed while telling fails is in the present state, and not told as well", async () => {
  const library = await rig.followLibrary();
  await library.kinds();
  const opening = held("answer");
  const adding = session.add("a.iso");
  await turns();
  afterCommit = breakClock;
  await session.add("b.iso");
  assert.deepEqual(troubles(), ["telling of a commit"]);
  await turns();
  assert.deepEqual(await library.kinds(), []);
  opening.resolve();
  await adding;
  await turns();
  const present = ["GAP", "SESSION_STATE", "FILE_STATUS", "FILE_STATUS"];
  assert.deepEqual(await library.kinds(), present);
});

test("a library that goes while telling fails ends its streams", async () => {
  const library = await rig.followLibrary();
  await library.kinds();
  const library_id = rig.libraryId;
  afterCommit = breakClock;
  await session.handlers["localLibrary.delete"]({ library_id }, aCall());
  await turns();
  assert.ok(library.isOver);
});
