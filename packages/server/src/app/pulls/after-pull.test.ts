import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ScriptedRemote, serves } from "@contentlib/testkit/fakes/scripted-remote";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import type { AppRig, RigStorage } from "@contentlib/testkit/rigs/app-rig";
import { aCall, memoryStorage, RIG_SETTINGS, startApp } from "@contentlib/testkit/rigs/app-rig";
import { serveAll } from "@contentlib/testkit/rigs/gated-pull-rig";
import { DEPOT, openPullRig, until } from "@contentlib/testkit/rigs/pull-rig";
import { ManualClock } from "../../adapters/clock/manual-clock.ts";
import { PortError } from "../../ports/index.ts";

type Handlers = AppRig["app"]["handlers"];

/** A storage that a process writes to until it dies: from then on nothing that it does comes to an end. */
class Mortal {
  readonly storage: RigStorage;
  readonly died: Promise<void>;
  isDead = false;
  isArmed = false;
  passed = 0;
  readonly #dieAt: number;
  readonly #tellDied: () => void;

  /** Writes to the catalog are counted, before and after each, once it is armed; 0 passes all of them. */
  constructor(inner: RigStorage, dieAt: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.died = promise;
    this.#tellDied = resolve;
    this.#dieAt = dieAt;
    const catalog = catalogAround(inner.catalog, async (_name, proceed) => {
      await this.#pass();
      const result = await proceed();
      await this.#pass();
      return result;
    });
    const blobs = blobStoreAround(inner.blobs, async (_verb, proceed) => {
      if (this.isDead) await new Promise(() => undefined);
      return await proceed();
    });
    this.storage = { ...inner, catalog, blobs };
  }

  async #pass(): Promise<void> {
    if (this.isArmed) this.passed += 1;
    if (this.isArmed && this.passed === this.#dieAt) {
      this.isDead = true;
      this.#tellDied();
    }
    if (this.isDead) await new Promise(() => undefined);
  }
}

const files = packageFiles({ algorithm: null, disks: { "a.vmdk": "a", "b.vmdk": "b" } });

const depot = (gate?: Promise<void>): ScriptedRemote => {
  const remote = new ScriptedRemote();
  for (const [name, content] of Object.entries(files))
    remote.at(`${DEPOT}/${name}`, serves({ content, ...(gate === undefined ? {} : { gate }) }));
  return remote;
};

/** A session on an item of type ovf whose descriptor is being pulled. */
const beginPull = async (handlers: Handlers) => {
  const library_id = await handlers["localLibrary.create"](
    { create_spec: { name: "images" } },
    aCall(),
  );
  const library_item_id = await handlers["item.create"](
    { create_spec: { library_id, name: "debian", type: "ovf" } },
    aCall(),
  );
  const update_session_id = await handlers["updateSession.create"](
    { create_spec: { library_item_id } },
    aCall(),
  );
  const source_endpoint = { uri: `${DEPOT}/vm.ovf` };
  const file_spec = { name: "vm.ovf", source_type: "PULL", source_endpoint } as const;
  await handlers["updateSessionFile.add"]({ update_session_id, file_spec }, aCall());
  return { library_item_id, update_session_id };
};

type Ids = Awaited<ReturnType<typeof beginPull>>;

const stateOf = async (handlers: Handlers, { update_session_id }: Ids): Promise<string> =>
  (await handlers["updateSession.get"]({ update_session_id }, aCall())).state;

const expectDone = async (handlers: Handlers, ids: Ids): Promise<void> => {
  await until("the session has ended", async () => (await stateOf(handlers, ids)) !== "ACTIVE");
  assert.equal(await stateOf(handlers, ids), "DONE");
  const { library_item_id } = ids;
  const item = await handlers["item.get"]({ library_item_id }, aCall());
  assert.equal(item.content_version, "2");
  const names = await handlers["itemFile.list"]({ library_item_id }, aCall());
  assert.deepEqual(
    names.map(({ name }) => name),
    ["vm.ovf", "a.vmdk", "b.vmdk"],
  );
};

describe("S114, S116: a server that dies at any moment of a pull that was completed", () => {
  test("has it done after the next start", async () => {
    let writes = 0;
    for (let dieAt = 1; writes === 0 || dieAt <= writes; dieAt += 1) {
      const clock = new ManualClock();
      const inner = await memoryStorage(clock);
      const mortal = new Mortal(inner, dieAt);
      const { promise: gate, resolve: come } = Promise.withResolvers<void>();
      const { app } = await startApp(clock, mortal.storage, RIG_SETTINGS, { remote: depot(gate) });
      const ids = await beginPull(app.handlers);
      mortal.isArmed = true;
      // Dying within the call leaves the session open: the client calls again.
      const completing = app.handlers["updateSession.complete"](
        { update_session_id: ids.update_session_id },
        aCall(),
      );
      come();
      const done = completing.then(() => expectDone(app.handlers, ids));
      await Promise.race([done, mortal.died]);
      if (!mortal.isDead) {
        writes = mortal.passed;
        assert.ok(writes >= 12, `${writes} moments`);
        break;
      }
      const again = await startApp(clock, inner, RIG_SETTINGS, { remote: depot() });
      const head = await inner.catalog.findSessionHead(ids.update_session_id as never);
      const isOpen = head?.value.state === "ACTIVE" && head.value.completing === undefined;
      if (isOpen)
        await again.app.handlers["updateSession.complete"](
          { update_session_id: ids.update_session_id },
          aCall(),
        );
      await expectDone(again.app.handlers, ids);
      assert.deepEqual(again.journal.troubles, [], `after dying at ${dieAt}`);
      await again.app.drain();
      assert.deepEqual(await Array.fromAsync(inner.blobs.listStaged()), []);
    }
  });
});

/** A rig whose catalog refuses so many writes of sessions once it is `armed`. */
const refusing = async (times: number) => {
  const state = { armed: false, refused: 0 };
  const pulling = await openPullRig((storage) => ({
    ...storage,
    catalog: catalogAround(storage.catalog, async (name, proceed) => {
      if (!state.armed || state.refused === times || !name.includes("session.put"))
        return await proceed();
      state.refused += 1;
      throw new PortError("full", "There is no room.");
    }),
  }));
  const { promise: gate, resolve: come } = Promise.withResolvers<void>();
  serveAll(pulling.remote, { "a.iso": "a" }, { gate });
  await pulling.pull("a.iso");
  await pulling.session.complete();
  state.armed = true;
  come();
  return { ...pulling, state };
};

describe("a catalog in which the end of a completion can not be written down", () => {
  test("S112: it is tried again, and the session lives meanwhile", async () => {
    const { session: rig, state } = await refusing(10);
    await until("the session has ended", async () => {
      await rig.clock.advance(1_000);
      return (await rig.session()).state !== "ACTIVE";
    });
    assert.equal((await rig.session()).state, "DONE");
    assert.equal(state.refused, 10);
    assert.equal((await rig.item()).content_version, "2");
    assert.deepEqual(
      rig.rig.journal.troubles.map(({ where }) => where),
      Array.from({ length: 5 }, () => "going on after a pull"),
    );
  });

  test("cancel ends the trying", async () => {
    const { session: rig, state } = await refusing(2);
    await until("it rests", () => rig.rig.journal.troubles.length === 1);
    await rig.cancel();
    await rig.rig.app.drain();
    assert.equal((await rig.session()).state, "CANCELED");
    assert.equal(state.refused, 2);
    assert.equal((await rig.item()).content_version, "1");
  });
});
