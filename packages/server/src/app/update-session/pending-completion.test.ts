import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { fails, silent } from "@contentlib/testkit/fakes/scripted-remote";
import { aCall, RIG_SETTINGS, wholeList } from "@contentlib/testkit/rigs/app-rig";
import {
  atDepot,
  endedSessionOf,
  fileNamesOf,
  itemNamesOf,
  openGatedPullRig,
  serveAll,
  statusOf,
} from "@contentlib/testkit/rigs/gated-pull-rig";
import type { GatedPullRig } from "@contentlib/testkit/rigs/gated-pull-rig";
import type { PullRig } from "@contentlib/testkit/rigs/pull-rig";
import { openPullRig, until } from "@contentlib/testkit/rigs/pull-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import { PortError } from "../../ports/index.ts";
import { catalogWith } from "../catalog-with.ts";

/** A session that was completed while `a.iso` is being pulled; `come` lets its bytes come. */
const completed = async (): Promise<GatedPullRig & { come(): void }> => {
  const pulling = await openGatedPullRig();
  const { promise: gate, resolve: come } = Promise.withResolvers<void>();
  serveAll(pulling.remote, { "a.iso": "pulled bytes" }, { gate });
  await pulling.pull("a.iso");
  await pulling.session.complete();
  return { ...pulling, come };
};

describe("S110: complete while files are pulled", () => {
  test("answers at once, and the session is ACTIVE until they have come", async () => {
    const { come, ...pulling } = await completed();
    const { session: rig } = pulling;
    assert.equal((await rig.session()).state, "ACTIVE");
    assert.deepEqual(await itemNamesOf(pulling), []);
    come();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    assert.deepEqual(await itemNamesOf(pulling), ["a.iso"]);
    assert.equal((await rig.item()).content_version, "2");
    assert.equal((await rig.file("a.iso")).status, "READY");
    assert.deepEqual(rig.rig.journal.troubles, []);
  });

  test("waits for nothing where they have come", async () => {
    const pulling = await openGatedPullRig();
    serveAll(pulling.remote, { "a.iso": "pulled bytes" });
    await pulling.pull("a.iso");
    await statusOf(pulling, "a.iso");
    await pulling.session.complete();
    assert.equal((await pulling.session.session()).state, "DONE");
  });

  test("is refused for what the client has to send, and nothing is pending", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig, remote } = pulling;
    remote.at(atDepot("a.iso"), silent().answer);
    await pulling.pull("a.iso");
    const added = await rig.add("b.iso");
    const text = await refusedWith("update_session.file_not_received", rig.complete());
    assert.match(text, /^File b\.iso /);
    await rig.send(added, "pushed bytes");
    await rig.complete();
    assert.equal((await rig.session()).state, "ACTIVE");
  });

  test("is refused for a file that could not be pulled, with its reason, and the file can be added again", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig, remote } = pulling;
    remote.at(atDepot("a.iso"), fails("absent", "It has no such file."));
    remote.at(atDepot("b.iso"), silent().answer);
    await pulling.pull("a.iso");
    await pulling.pull("b.iso");
    assert.equal(await statusOf(pulling, "a.iso"), "ERROR");
    const text = await refusedWith("update_session.file_not_received", rig.complete());
    assert.match(text, /^File a\.iso .*\(status: ERROR\).*It has no such file\./);
    assert.equal((await rig.session()).state, "ACTIVE");
    serveAll(remote, { "a.iso": "a", "b.iso": "b" });
    await pulling.pull("a.iso");
    await pulling.pull("b.iso");
    await rig.complete();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
  });
});

describe("S111: while a completion is pending", () => {
  test("the session and its files can be read, and kept alive", async () => {
    const { come, ...pulling } = await completed();
    const { session: rig } = pulling;
    const { handlers, sessionId: update_session_id } = rig;
    const before = await rig.session();
    await rig.clock.advance(1_000);
    await handlers["updateSession.keepAlive"]({ update_session_id, client_progress: 7 }, aCall());
    const after = await rig.session();
    assert.equal(after.client_progress, 7);
    assert.ok(after.expiration_time > before.expiration_time);
    const listed = await wholeList(await handlers["updateSession.list"]({}, aCall()));
    assert.deepEqual(listed, [update_session_id]);
    assert.deepEqual(await fileNamesOf(pulling), ["a.iso"]);
    come();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
  });

  test("nothing can be changed, and the refusal says why", async () => {
    const pulling = await openGatedPullRig();
    const { session: rig, remote } = pulling;
    const pushed = await rig.add("b.iso");
    await rig.send(pushed, "pushed bytes");
    const { promise: gate, resolve: come } = Promise.withResolvers<void>();
    serveAll(remote, { "a.iso": "pulled" }, { gate });
    await pulling.pull("a.iso");
    await rig.complete();
    const { handlers, sessionId: update_session_id } = rig;
    const update_spec = { warning_behavior: [] };
    for (const work of [
      () => rig.complete(),
      () => rig.add("c.iso"),
      () => rig.add("a.iso"),
      () => rig.add("a.iso", { source_type: "NONE" }),
      () => pulling.pull("a.iso"),
      () => handlers["updateSession.update"]({ update_session_id, update_spec }, aCall()),
      () => handlers["updateSession.delete"]({ update_session_id }, aCall()),
      () =>
        handlers["updateSessionFile.remove"]({ update_session_id, file_name: "b.iso" }, aCall()),
      () => handlers["updateSessionFile.validate"]({ update_session_id }, aCall()),
    ]) {
      const text = await refusedWith("update_session.invalid_state", work());
      assert.match(text, /in the ACTIVE state\. Reason: It was completed at .* being pulled/);
    }
    for (const work of [
      () => rig.openUpload(pushed),
      () => rig.openAppend(pushed),
      () => rig.resume(pushed),
      () => rig.drop(pushed),
    ])
      await refusedWith("transfer.completion_pending", work());
    come();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    assert.deepEqual(await itemNamesOf(pulling), ["b.iso", "a.iso"]);
  });

  test("the item is held", async () => {
    const { session: rig } = await completed();
    const create_spec = { library_item_id: rig.itemId };
    const second = rig.handlers["updateSession.create"]({ create_spec }, aCall());
    await refusedWith("update_session.busy", second);
  });

  for (const [how, state] of [
    ["cancel", "CANCELED"],
    ["fail", "ERROR"],
  ] as const)
    test(`${how} ends it: nothing is pulled any more, and the item is free and as it was`, async () => {
      const pulling = await openGatedPullRig();
      const { session: rig, remote } = pulling;
      const waiting = silent();
      remote.at(atDepot("a.iso"), waiting.answer);
      await pulling.pull("a.iso");
      await waiting.asked;
      await rig.complete();
      const { handlers, sessionId: update_session_id } = rig;
      const failed = { update_session_id, client_error_message: "I gave up." };
      await (how === "cancel" ? rig.cancel() : handlers["updateSession.fail"](failed, aCall()));
      assert.equal(remote.asked[0]?.signal.aborted, true);
      const session = await rig.session();
      assert.equal(session.state, state);
      if (how === "fail") assert.equal(session.error_message?.default_message, "I gave up.");
      assert.deepEqual(await itemNamesOf(pulling), []);
      await rig.openSession();
      await rig.fill({ "b.iso": "bytes" });
      assert.deepEqual(await itemNamesOf(pulling), ["b.iso"]);
    });

  for (const [what, change] of [
    ["is added", ({ session: rig }: GatedPullRig) => rig.add("b.iso")],
    [
      "is removed",
      ({ session: { handlers, sessionId: update_session_id } }: GatedPullRig) =>
        handlers["updateSessionFile.remove"]({ update_session_id, file_name: "a.iso" }, aCall()),
    ],
  ] as const)
    test(`a file that ${what} at the moment at which it begins is refused, too`, async () => {
      const pulling = await openGatedPullRig();
      const { session: rig, remote, writes } = pulling;
      const { promise: gate, resolve: come } = Promise.withResolvers<void>();
      serveAll(remote, { "a.iso": "pulled" }, { gate });
      await pulling.pull("a.iso");
      const held = writes.hold("session.expect");
      const changing = change(pulling);
      await held.reached;
      await rig.complete();
      held.open();
      await refusedWith("update_session.invalid_state", changing);
      come();
      assert.equal((await endedSessionOf(pulling)).state, "DONE");
      assert.deepEqual(await itemNamesOf(pulling), ["a.iso"]);
    });
});

/** A session whose file has come, and whose completion is being done: it makes the bytes permanent. */
const finishing = async () => {
  const pulling = await openGatedPullRig();
  const { promise: gate, resolve: come } = Promise.withResolvers<void>();
  serveAll(pulling.remote, { "a.iso": "pulled" }, { gate });
  await pulling.pull("a.iso");
  await pulling.session.complete();
  const held = pulling.blobs.hold("promote");
  come();
  await held.reached;
  return { ...pulling, held };
};

describe("a pending completion that takes long in the end", () => {
  test("S104: keeps its session from expiring", async () => {
    const { held, ...pulling } = await finishing();
    const { clock, rig: server } = pulling.session;
    for (let times = 0; times < 3; times += 1) {
      await clock.advance(RIG_SETTINGS.sessionTimeoutMs - 1);
      await server.app.duties.recordActivity();
      await server.app.duties.expireSessions();
    }
    held.open();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
    assert.deepEqual(await itemNamesOf(pulling), ["a.iso"]);
  });

  test("S114: keeps no start waiting that goes on with it", async () => {
    const { blobs, ...pulling } = await finishing();
    const held = blobs.hold("promote");
    await pulling.session.restart();
    await held.reached;
    assert.equal((await pulling.session.session()).state, "ACTIVE");
    held.open();
    assert.equal((await endedSessionOf(pulling)).state, "DONE");
  });
});

/** A rig on whose catalog each reading is told to `on`, which may refuse it. */
const reading = async (on: (name: string) => void): Promise<PullRig> =>
  await openPullRig((storage) => ({
    ...storage,
    catalog: new Proxy(storage.catalog, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...given: readonly unknown[]): unknown => {
          on(String(name));
          return Reflect.apply(member, target, given);
        };
      },
    }),
  }));

test("S112: however many files come, all of them are looked at a few times only", async () => {
  let looks = 0;
  const pulling = await reading((name) => (looks += name === "findSession" ? 1 : 0));
  const names = Array.from({ length: 40 }, (_, at) => `${at}.iso`);
  const { promise: gate, resolve: come } = Promise.withResolvers<void>();
  serveAll(pulling.remote, Object.fromEntries(names.map((name) => [name, name])), { gate });
  for (const name of names) await pulling.pull(name);
  await pulling.session.complete();
  const before = looks;
  come();
  assert.equal((await endedSessionOf(pulling)).state, "DONE");
  assert.ok(looks - before < names.length / 2, `${looks - before} looks`);
  assert.deepEqual((await itemNamesOf(pulling)).toSorted(), names.toSorted());
});

test("S110: complete begins a pull again that could not begin, as the catalog failed", async () => {
  let refusals = 1;
  const pulling = await reading((name) => {
    if (name !== "findPartial" || refusals === 0) return;
    refusals -= 1;
    throw new PortError("unavailable", "The disk is away.");
  });
  serveAll(pulling.remote, { "a.iso": "pulled" });
  await pulling.pull("a.iso");
  await until("it was refused", () => pulling.session.rig.journal.troubles.length === 1);
  await pulling.session.complete();
  assert.equal((await endedSessionOf(pulling)).state, "DONE");
});

test("S112: a completion goes on though nobody was told that the last file had come", async () => {
  let isComing = false;
  let isAway = false;
  const lost = new PortError("unavailable", "The disk is away.");
  const pulling = await openPullRig((storage) => {
    const catalog = catalogAround(storage.catalog, async (name, proceed) => {
      const outcome = await proceed();
      if (!isComing || !name.includes("session-file.put")) return outcome;
      [isComing, isAway] = [false, true];
      throw lost;
    });
    const findSessionFile: typeof catalog.findSessionFile = async (entry) => {
      if (!isAway) return await storage.catalog.findSessionFile(entry);
      isAway = false;
      throw lost;
    };
    return { ...storage, catalog: catalogWith(catalog, { findSessionFile }) };
  });
  const { promise: gate, resolve: come } = Promise.withResolvers<void>();
  serveAll(pulling.remote, { "a.iso": "pulled" }, { gate });
  await pulling.pull("a.iso");
  await pulling.session.complete();
  isComing = true;
  come();
  await until("the session has ended", async () => {
    await pulling.session.clock.advance(100);
    return (await pulling.session.session()).state !== "ACTIVE";
  });
  assert.equal((await pulling.session.session()).state, "DONE");
  assert.deepEqual([isComing, isAway], [false, false]);
});
