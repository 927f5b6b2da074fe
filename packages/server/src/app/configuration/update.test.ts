import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import type { AppRig, RigStorage } from "@contentlib/testkit/rigs/app-rig";
import { aCall, diskStorage, memoryStorage, startApp } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

type Model = Parameters<AppRig["app"]["handlers"]["configuration.update"]>[0]["model"];

const DEFAULTS = {
  automatic_sync_enabled: false,
  automatic_sync_start_hour: 20,
  automatic_sync_stop_hour: 7,
  maximum_concurrent_item_syncs: 5,
  contentlib_maximum_concurrent_pulls: 8,
  contentlib_maximum_concurrent_pulls_per_server: 4,
};

const open = async (storage: RigStorage, clock: ManualClock) => {
  const { handlers } = (await startApp(clock, storage)).app;
  return {
    get: async () => await handlers["configuration.get"]({}, aCall()),
    update: async (model: Model) => await handlers["configuration.update"]({ model }, aCall()),
  };
};

/** An application on memory that counts what is committed. */
const counting = async () => {
  const clock = new ManualClock();
  const storage = await memoryStorage(clock);
  let commits = 0;
  const catalog = catalogAround(storage.catalog, async (_, proceed) => {
    commits += 1;
    return await proceed();
  });
  const service = await open({ ...storage, catalog }, clock);
  return { ...service, commits: () => commits };
};

test("what nobody changed is the default, and an update changes what it names", async () => {
  const service = await counting();
  assert.deepEqual(await service.get(), DEFAULTS);
  await service.update({ automatic_sync_enabled: true, maximum_concurrent_item_syncs: 1 });
  await service.update({ automatic_sync_stop_hour: 0 });
  assert.deepEqual(await service.get(), {
    ...DEFAULTS,
    automatic_sync_enabled: true,
    automatic_sync_stop_hour: 0,
    maximum_concurrent_item_syncs: 1,
  });
});

test("an update that changes nothing writes nothing", async () => {
  const service = await counting();
  const before = service.commits();
  await service.update({});
  await service.update(DEFAULTS);
  assert.equal(service.commits(), before);
});

test("an update with one value that can not be changes nothing", async () => {
  const service = await counting();
  const before = service.commits();
  const text = await refusedWith(
    "configuration.invalid_property",
    service.update({ automatic_sync_enabled: true, automatic_sync_start_hour: 24 }),
  );
  assert.match(text, /automatic_sync_start_hour .* from 0 to 23, not 24/);
  await refusedWith(
    "configuration.invalid_property",
    service.update({ maximum_concurrent_item_syncs: 0 }),
  );
  assert.equal(service.commits(), before);
  assert.deepEqual(await service.get(), DEFAULTS);
});

test("updates of different members at once are all kept", async () => {
  const service = await counting();
  await Promise.all([
    service.update({ automatic_sync_enabled: true }),
    service.update({ automatic_sync_start_hour: 1 }),
    service.update({ automatic_sync_stop_hour: 2 }),
    service.update({ maximum_concurrent_item_syncs: 3 }),
    service.update({ contentlib_maximum_concurrent_pulls: 4 }),
    service.update({ contentlib_maximum_concurrent_pulls_per_server: 5 }),
  ]);
  assert.deepEqual(await service.get(), {
    automatic_sync_enabled: true,
    automatic_sync_start_hour: 1,
    automatic_sync_stop_hour: 2,
    maximum_concurrent_item_syncs: 3,
    contentlib_maximum_concurrent_pulls: 4,
    contentlib_maximum_concurrent_pulls_per_server: 5,
  });
});

test("it outlives a restart", () =>
  withScratchDirectory(async (directory) => {
    const clock = new ManualClock();
    const storage = await diskStorage(clock, directory);
    const { update } = await open(storage, clock);
    await update({ automatic_sync_start_hour: 3 });
    await storage.close();
    const again = await diskStorage(clock, directory);
    const { get } = await open(again, clock);
    assert.deepEqual(await get(), { ...DEFAULTS, automatic_sync_start_hour: 3 });
    await again.close();
  }));
