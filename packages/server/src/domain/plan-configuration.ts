import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Configuration } from "./configuration.ts";
import type { Reason } from "./names.ts";

/** Changes to the configuration; absent members are left as they are. */
export type ConfigurationPatch = Partial<Configuration>;

const HOUR_MAX = 23;

/** The hour of the day as an integer from 0 to 23. */
const checkHour = (hour: number): Reason =>
  Number.isSafeInteger(hour) && hour >= 0 && hour <= HOUR_MAX
    ? null
    : `it must be an integer from 0 to ${HOUR_MAX}, not ${hour}`;

const checkCount = (count: number): Reason =>
  Number.isSafeInteger(count) && count > 0 ? null : `it must be an integer above 0, not ${count}`;

/** Null when every given member is valid; else a fault that names the first that is not, as the API spells it. */
const checkPatch = (patch: ConfigurationPatch): FaultValue | null => {
  const checks = [
    ["automatic_sync_start_hour", patch.automaticSyncStartHour, checkHour],
    ["automatic_sync_stop_hour", patch.automaticSyncStopHour, checkHour],
    ["maximum_concurrent_item_syncs", patch.maximumConcurrentItemSyncs, checkCount],
    ["contentlib_maximum_concurrent_pulls", patch.maximumConcurrentPulls, checkCount],
    [
      "contentlib_maximum_concurrent_pulls_per_server",
      patch.maximumConcurrentPullsPerServer,
      checkCount,
    ],
  ] as const;
  for (const [member, value, check] of checks) {
    const reason = value === undefined ? null : check(value);
    if (reason !== null) return faultOf("configuration.invalid_property", member, reason);
  }
  return null;
};

const MEMBERS = [
  "automaticSyncEnabled",
  "automaticSyncStartHour",
  "automaticSyncStopHour",
  "maximumConcurrentItemSyncs",
  "maximumConcurrentPulls",
  "maximumConcurrentPullsPerServer",
] as const;

/**
 * The configuration after an update (contract L25): all given members are taken or none is, and an update that changes nothing
 * gives the very same value back. A stop hour before the start hour means the next day.
 */
export const planConfigurationUpdate = (
  configuration: Configuration,
  patch: ConfigurationPatch,
): Configuration | FaultValue => {
  const fault = checkPatch(patch);
  if (fault !== null) return fault;
  const next = { ...configuration, ...patch };
  return MEMBERS.every((member) => next[member] === configuration[member]) ? configuration : next;
};
