import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, ScriptedRemote, serves, silent } from "@contentlib/testkit/fakes/scripted-remote";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { gatedCatalog } from "@contentlib/testkit/faults/catalog-gated";
import { aCall, RIG_SETTINGS } from "@contentlib/testkit/rigs/app-rig";
import type { PullRig } from "@contentlib/testkit/rigs/pull-rig";
import { DEPOT, openPullRig, until } from "@contentlib/testkit/rigs/pull-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import type { StagedId, UpdateSessionId } from "../../domain/ids.ts";

const A = `${DEPOT}/a.iso`;
const NEVER = new Promise<void>(() => undefined);
const TEN = "0123456789";

/** A pull that has brought its first byte, and brings no more until it is cut. */
const movingPull = async (): Promise<PullRig> => {
  const rig = await openPullRig();
  rig.remote.at(A, serves({ content: TEN, validator: '"1"', gate: NEVER }));
  await rig.pull("a.iso");
  await until(
    "the first byte",
    async () => (await rig.session.file("a.iso")).bytes_transferred === 1,
  );
  return rig;
};

/** One whose server has not answered yet. */
const askingPull = async (): Promise<PullRig> => {
  const rig = await openPullRig();
  const { answer, asked } = silent();
  rig.remote.at(A, answer);
  await rig.pull("a.iso");
  await asked;
  return rig;
};

/** One that waits before it is tried again. */
const restingPull = async (): Promise<PullRig> => {
  const rig = await openPullRig();
  rig.remote.at(A, fails("connection"));
  await rig.pull("a.iso");
  await until("a try", () => rig.remote.asked.length === 1);
  return rig;
};

/** One that waits for its turn. */
const queuedPull = async (): Promise<PullRig> => {
  const rig = await openPullRig();
  const { answer } = silent();
  for (let other = 0; other < 4; other += 1) {
    rig.remote.at(`${DEPOT}/${other}.iso`, answer);
    await rig.pull(`${other}.iso`);
  }
  await until("all places are taken", () => rig.remote.asked.length === 4);
  rig.remote.at(A, serves({ content: TEN }));
  await rig.pull("a.iso");
  return rig;
};

const PHASES = { moving: movingPull, asking: askingPull, resting: restingPull, queued: queuedPull };

const scopeOf = ({ session }: PullRig) => ({ update_session_id: session.sessionId });

const ENDS: Readonly<Record<string, (rig: PullRig) => Promise<unknown>>> = {
  cancel: ({ session }) => session.cancel(),
  fail: (rig) =>
    rig.session.handlers["updateSession.fail"](
      { ...scopeOf(rig), client_error_message: "no more" },
      aCall(),
    ),
  "deletion of the item": ({ session }) =>
    session.handlers["item.delete"]({ library_item_id: session.itemId }, aCall()),
  remove: (rig) =>
    rig.session.handlers["updateSessionFile.remove"](
      { ...scopeOf(rig), file_name: "a.iso" },
      aCall(),
    ),
  "adding again to be pushed": ({ session }) => session.add("a.iso"),
};

for (const [phase, begin] of Object.entries(PHASES))
  describe(`S104: a pull that is ${phase}`, () => {
    for (const [what, end] of Object.entries(ENDS))
      test(`ends with ${what}, is not tried any more, and leaves no bytes`, async () => {
        const rig = await begin();
        const asked = rig.remote.countOf(A);
        await end(rig);
        await rig.session.clock.advance(60_000);
        assert.equal(rig.remote.countOf(A), asked);
        await until("bytes are gone", async () => (await partialsOf(rig)) === 0);
        assert.deepEqual(await rig.session.staged(), []);
        assert.deepEqual(rig.session.rig.journal.troubles, []);
      });

    test("is begun anew when its name is added again to be pulled", async () => {
      const rig = await begin();
      rig.remote.at(A, serves({ content: "xyz" }));
      if (phase === "queued")
        for (const other of [0, 1, 2, 3])
          await rig.session.add(`${other}.iso`, { source_type: "PUSH" });
      await rig.pull("a.iso");
      assert.equal((await rig.settled("a.iso")).size, 3);
    });

    test("S106: goes on after a shutdown and a start, with what has come", async () => {
      const rig = await begin();
      await rig.session.rig.app.drain();
      const shown = await rig.session.file("a.iso");
      assert.equal(shown.status, "WAITING_FOR_TRANSFER");
      assert.equal(shown.bytes_transferred, phase === "moving" ? 1 : 0);
      serveAll(rig);
      await rig.session.restart();
      assert.equal((await rig.settled("a.iso")).size, 10);
      const { from } = rig.remote.asked.findLast(({ url }) => url === A) ?? {};
      assert.deepEqual(from, phase === "moving" ? { offsetBytes: 1, validator: '"1"' } : undefined);
      assert.deepEqual(rig.session.rig.journal.troubles, []);
    });

    test("S106: goes on after a crash and a start", async () => {
      const rig = await begin();
      serveAll(rig);
      await rig.session.restart();
      assert.equal((await rig.settled("a.iso")).status, "READY");
    });

    test("S104: keeps its session from expiring", async () => {
      const rig = await begin();
      const { clock, rig: server } = rig.session;
      for (let minutes = 0; minutes < 8; minutes += 1) {
        // A pull that fails is given up in less.
        if (phase === "resting" && minutes > 3) break;
        rig.remote.at(A, fails("connection"));
        await clock.advance(phase === "resting" ? 500 : RIG_SETTINGS.sessionTimeoutMs - 1);
        await server.app.duties.recordActivity();
        await server.app.duties.expireSessions();
      }
      assert.equal((await rig.session.session()).state, "ACTIVE");
    });
  });

/** From now on every address of the depot has that file. */
const serveAll = ({ remote }: PullRig): void => {
  for (const name of ["a", "0", "1", "2", "3"])
    remote.at(`${DEPOT}/${name}.iso`, serves({ content: TEN, validator: '"1"' }));
};

const partialsOf = async ({ session }: PullRig): Promise<number> => {
  const { catalog } = session.storage;
  const row = await catalog.findSession(session.sessionId as UpdateSessionId);
  const partials = await catalog.listPartials(session.sessionId as UpdateSessionId);
  const file = row?.files.find(({ value }) => value.name === "a.iso")?.value;
  if (row?.value.state !== "ACTIVE" || file === undefined || file.source === "NONE") return 0;
  return partials.filter(({ entryId }) => entryId === file.entryId).length;
};

test("S104: once nothing is pulled any more the session expires as any other, and what was pulled is not kept", async () => {
  const { session, remote, pull, settled } = await openPullRig();
  remote.at(A, serves({ content: TEN }));
  remote.at(`${DEPOT}/b.iso`, fails("absent"));
  await pull("a.iso");
  await pull("b.iso");
  await settled("a.iso");
  await settled("b.iso");
  await session.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
  await session.rig.app.duties.expireSessions();
  await refusedWith("update_session.expired", session.session());
  assert.deepEqual(await session.staged(), []);
  await session.openSession();
  assert.equal((await session.add("a.iso")).bytes_transferred, 0);
});

test("S103: bytes that were all here when the server died are judged, and not asked for again", async () => {
  const { session, remote, pull, settled } = await openPullRig();
  const { answer, asked } = silent();
  remote.at(A, answer);
  await pull("a.iso");
  await asked;
  const id = session.sessionId as UpdateSessionId;
  const { catalog, blobs } = session.storage;
  const [partial] = await catalog.listPartials(id);
  assert.ok(partial !== undefined);
  await session.rig.app.drain();
  const { sourceOf } = await import("@contentlib/testkit/bytes/byte-sources");
  await blobs.partials.append(partial.stagedId, sourceOf([Buffer.from("abc")]), {
    offsetBytes: 0,
    algorithms: [],
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onDurable: () => undefined,
  });
  const told = { ...partial, fence: 9, durableBytes: 3, lengthBytes: 3, validator: '"1"' };
  await catalog.commit([{ kind: "partial.put", partial: told }]);
  await session.restart();
  assert.equal((await settled("a.iso")).size, 3);
  assert.equal(remote.asked.length, 1);
});

test("S106: bytes that a start does not find are asked for anew", async () => {
  const rig = await movingPull();
  await rig.session.rig.app.drain();
  for (const stagedId of await rig.session.staged())
    await rig.session.storage.blobs.release(stagedId as StagedId);
  rig.remote.at(A, serves({ content: TEN, validator: '"1"' }));
  await rig.session.restart();
  assert.equal((await rig.settled("a.iso")).size, 10);
  assert.equal(rig.remote.asked.at(-1)?.from, undefined);
});

test("S104: a session that is failed as interrupted keeps nothing of what was pulled", async () => {
  const rig = await movingPull();
  const { session } = rig;
  const call = { ...aCall(), header: () => "true" };
  const input = { ...scopeOf(rig), client_error_message: "interrupted" };
  await session.handlers["updateSession.fail"](input, call);
  await until("bytes are gone", async () => (await session.staged()).length === 0);
  await session.openSession();
  assert.equal((await session.add("a.iso")).bytes_transferred, 0);
});

test("S104: the right that is taken from whoever had a file pulled ends the pull", async () => {
  const remote = new ScriptedRemote();
  const rig = await AccessRig.open(undefined, RIG_SETTINGS, { remote });
  const library = await rig.library();
  const editor = await rig.user("editor", library);
  const token = await rig.token(editor);
  const update_session_id = await rig.updateSession(await rig.item(library), token.call());
  remote.at(A, serves({ content: TEN, gate: NEVER }));
  const source_endpoint = { uri: A };
  const file_spec = { name: "a.iso", source_type: "PULL", source_endpoint } as const;
  await rig.handlers["updateSessionFile.add"]({ update_session_id, file_spec }, token.call());
  const { activity } = rig.rig.app.watching;
  await until("a byte", () => activity().movedBytes.upload === 1);
  await rig.handlers["token.delete"]({ token_id: token.id }, aCall());
  assert.equal(activity().transfers.upload, 0);
  const shown = await rig.handlers["updateSession.get"]({ update_session_id }, aCall());
  assert.equal(shown.state, "CANCELED");
  await rig.clock.advance(60_000);
  assert.equal(remote.asked.length, 1);
});

test("S106: a shutdown that comes while a pull is taken up cuts it", async () => {
  const gate = Promise.withResolvers<ReturnType<typeof gatedCatalog>>();
  const { session, remote, pull } = await openPullRig((storage) => {
    const writes = gatedCatalog(storage.catalog);
    gate.resolve(writes);
    return { ...storage, catalog: writes.catalog };
  });
  const writes = await gate.promise;
  remote.at(A, serves({ content: TEN }));
  const taking = writes.hold("partial.put");
  await pull("a.iso");
  await taking.reached;
  const draining = session.rig.app.drain();
  taking.open();
  await draining;
  assert.deepEqual(
    remote.asked.filter(({ signal }) => !signal.aborted),
    [],
  );
  assert.equal((await session.file("a.iso")).status, "WAITING_FOR_TRANSFER");
});

test("S104: a session is told to live once, however many of its files are pulled", async () => {
  const commits: string[] = [];
  const rig = await openPullRig((storage) => ({
    ...storage,
    catalog: catalogAround(storage.catalog, async (name, proceed) => {
      commits.push(name);
      return await proceed();
    }),
  }));
  for (const name of ["a.iso", "b.iso", "c.iso"]) {
    const { answer, asked } = silent();
    rig.remote.at(`${DEPOT}/${name}`, answer);
    await rig.pull(name);
    await asked;
  }
  const { duties } = rig.session.rig.app;
  // The first time after a start all sessions are told so.
  await duties.recordActivity();
  commits.length = 0;
  await duties.recordActivity();
  assert.deepEqual(
    commits.filter((name) => name.includes("session.extend")),
    ["commit of session.extend"],
  );
});

test("S99: whoever waits for its turn begins once the limits are raised", async () => {
  const rig = await queuedPull();
  const model = { contentlib_maximum_concurrent_pulls_per_server: 5 };
  await rig.session.handlers["configuration.update"]({ model }, aCall());
  assert.equal((await rig.settled("a.iso")).status, "READY");
});
