import assert from "node:assert/strict";
import { test } from "node:test";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { SessionRig } from "@contentlib/testkit/rigs/session-rig";
import { DEFAULT_PULL_LIMITS, pullLimits } from "./pull-limits.ts";

test("the limits are those of the configuration, as it is at the time", async () => {
  const { handlers, storage } = await SessionRig.open();
  assert.deepEqual(DEFAULT_PULL_LIMITS, { total: 8, perServer: 4 });
  assert.deepEqual(await pullLimits(storage), DEFAULT_PULL_LIMITS);
  const model = {
    contentlib_maximum_concurrent_pulls: 3,
    contentlib_maximum_concurrent_pulls_per_server: 2,
  };
  await handlers["configuration.update"]({ model }, aCall());
  assert.deepEqual(await pullLimits(storage), { total: 3, perServer: 2 });
});
