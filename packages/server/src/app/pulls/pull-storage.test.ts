import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serves } from "@contentlib/testkit/fakes/scripted-remote";
import { failingAt } from "@contentlib/testkit/faults/blob-store-failing";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { aCall, RIG_ACCOUNT } from "@contentlib/testkit/rigs/app-rig";
import { DEPOT, openPullRig, until } from "@contentlib/testkit/rigs/pull-rig";
import { PortError } from "../../ports/index.ts";

const A = `${DEPOT}/a.iso`;

describe("S108: a storage that fails while a file is pulled", () => {
  for (const verb of ["append", "finish"] as const) {
    test(`without room in ${verb} makes the file an ERROR, as of an upload, and the session stays ACTIVE`, async () => {
      const { session, remote, pull, settled } = await openPullRig((storage) => ({
        ...storage,
        blobs: failingAt(storage.blobs, 1, { verbs: [verb], kind: "full" }),
      }));
      remote.at(A, serves({ content: "abc" }));
      await pull("a.iso");
      const file = await settled("a.iso");
      assert.equal(file.status, "ERROR");
      assert.equal(file.error_message?.id, "contentlib.server.storage_full");
      assert.equal((await session.session()).state, "ACTIVE");
      await until("bytes are gone", async () => (await session.staged()).length === 0);
    });

    for (const kind of ["unavailable", "absent", "corrupt"] as const)
      test(`once with ${kind} in ${verb} is tried again`, async () => {
        const { remote, pull, settled } = await openPullRig((storage) => ({
          ...storage,
          blobs: failingAt(storage.blobs, 1, { verbs: [verb], kind }),
        }));
        remote.at(A, serves({ content: "abc", validator: '"1"' }));
        await pull("a.iso");
        const file = await settled("a.iso");
        assert.equal(file.status, "READY", file.error_message?.default_message);
        assert.equal(file.size, 3);
      });

    test(`for good in ${verb} is an ERROR in the end, and told to the operator`, async () => {
      const { session, remote, pull, settled } = await openPullRig((storage) => ({
        ...storage,
        blobs: failingAt(storage.blobs, 1, { verbs: [verb], times: "from then on" }),
      }));
      remote.at(A, serves({ content: "abc" }));
      await pull("a.iso");
      const file = await settled("a.iso");
      assert.equal(file.status, "ERROR");
      assert.match(file.error_message?.default_message ?? "", /storage of this server failed/);
      assert.ok(session.rig.journal.troubles.length > 0);
      assert.equal((await session.session()).state, "ACTIVE");
    });
  }

  test("that can not even write that down leaves the file waiting, until it can", async () => {
    let isAway = false;
    const { session, remote, pull, settled } = await openPullRig((storage) => ({
      ...storage,
      catalog: catalogAround(storage.catalog, async (_name, proceed) => {
        if (isAway) throw new PortError("unavailable", "The catalog is away.");
        return await proceed();
      }),
    }));
    const gate = Promise.withResolvers<void>();
    remote.at(A, serves({ content: "abc", gate: gate.promise, validator: '"1"' }));
    await pull("a.iso");
    await until("a byte", async () => (await session.file("a.iso")).bytes_transferred > 0);
    isAway = true;
    gate.resolve();
    await session.clock.advance(100_000);
    isAway = false;
    assert.equal((await settled("a.iso")).status, "READY");
  });
});

test("S109: the trail tells of it as of a deed of whoever had it pulled, by no request", async () => {
  const { session, remote, pull, settled } = await openPullRig();
  remote.at(A, serves({ content: "abc" }));
  await pull("a.iso");
  await settled("a.iso");
  const filters = { operation: "transfer.upload" };
  const { entries } = await session.handlers["audit.list"](filters, aCall());
  assert.equal(entries.length, 1);
  const [entry] = entries;
  assert.equal(entry?.user_id, RIG_ACCOUNT);
  assert.deepEqual(
    entry?.objects.map(({ name }) => name),
    ["a.iso", undefined, "debian", "images"],
  );
  assert.deepEqual([entry?.address, entry?.request_id], [undefined, undefined]);
});
