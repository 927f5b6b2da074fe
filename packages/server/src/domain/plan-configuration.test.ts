import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf } from "@contentlib/contract/vocabulary";
import { DEFAULT_CONFIGURATION } from "./configuration.ts";
import { planConfigurationUpdate } from "./plan-configuration.ts";
import type { ConfigurationPatch } from "./plan-configuration.ts";

const update = (patch: ConfigurationPatch) => planConfigurationUpdate(DEFAULT_CONFIGURATION, patch);

test("only what is given changes", () => {
  assert.deepEqual(update({ automaticSyncEnabled: true, automaticSyncStopHour: 0 }), {
    ...DEFAULT_CONFIGURATION,
    automaticSyncEnabled: true,
    automaticSyncStopHour: 0,
  });
  assert.deepEqual(update({ maximumConcurrentPulls: 2, maximumConcurrentPullsPerServer: 1 }), {
    ...DEFAULT_CONFIGURATION,
    maximumConcurrentPulls: 2,
    maximumConcurrentPullsPerServer: 1,
  });
  assert.deepEqual(update({ automaticSyncStartHour: 23, maximumConcurrentItemSyncs: 1 }), {
    ...DEFAULT_CONFIGURATION,
    automaticSyncStartHour: 23,
    maximumConcurrentItemSyncs: 1,
  });
});

test("an update that changes nothing gives the very same value back", () => {
  for (const patch of [{}, { ...DEFAULT_CONFIGURATION }, { automaticSyncStartHour: 20 }])
    assert.equal(update(patch), DEFAULT_CONFIGURATION);
});

describe("values that can not be", () => {
  const hours = [
    ["automatic_sync_start_hour", "automaticSyncStartHour"],
    ["automatic_sync_stop_hour", "automaticSyncStopHour"],
  ] as const;
  for (const [member, key] of hours) {
    for (const hour of [-1, 24, 1.5, Number.NaN, 2 ** 53]) {
      test(`${member} ${hour}`, () => {
        const reason = `it must be an integer from 0 to 23, not ${hour}`;
        assert.deepEqual(
          update({ [key]: hour }),
          faultOf("configuration.invalid_property", member, reason),
        );
      });
    }
  }

  const counts = [
    ["maximum_concurrent_item_syncs", "maximumConcurrentItemSyncs"],
    ["contentlib_maximum_concurrent_pulls", "maximumConcurrentPulls"],
    ["contentlib_maximum_concurrent_pulls_per_server", "maximumConcurrentPullsPerServer"],
  ] as const;
  for (const [member, key] of counts) {
    for (const count of [0, -1, 0.5, Number.POSITIVE_INFINITY, 2 ** 53]) {
      test(`${member} ${count}`, () => {
        const reason = `it must be an integer above 0, not ${count}`;
        assert.deepEqual(
          update({ [key]: count }),
          faultOf("configuration.invalid_property", member, reason),
        );
      });
    }
  }

  test("one of them refuses the whole update", () => {
    const fault = update({ automaticSyncEnabled: true, automaticSyncStopHour: 24 });
    assert.ok("fault" in fault);
  });

  test("the greatest integer is a count", () => {
    assert.deepEqual(update({ maximumConcurrentItemSyncs: Number.MAX_SAFE_INTEGER }), {
      ...DEFAULT_CONFIGURATION,
      maximumConcurrentItemSyncs: Number.MAX_SAFE_INTEGER,
    });
  });
});
