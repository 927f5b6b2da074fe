import { flag, integer, optional, structure } from "./schema.ts";

const CONFIGURATION_MODEL = { canonical: "com.vmware.content.configuration_model" } as const;

const automaticSync = flag(
  "Whether subscribed libraries follow their publishers by themselves: each of them once a day, and those that ask for it every hour between the two hours given here.",
);
const startHour = integer("Hour of the day, 0 to 23, from which libraries follow by themselves.");
const stopHour = integer(
  "Hour of the day, 0 to 23, after which no library begins to follow by itself; what runs then goes on.",
);
const concurrency = integer("How many items at most are fetched at once; more than zero.");

const pulls = integer(
  "How many files at most are fetched from other servers at once; more than zero.",
);
const pullsPerServer = integer(
  "How many of them at most are fetched from the same server; more than zero.",
);

/** Settings of the whole service. */
export const configurationModel = structure(
  "ConfigurationModel",
  "Settings that hold for every library of this server.",
  {
    automatic_sync_enabled: automaticSync,
    automatic_sync_start_hour: startHour,
    automatic_sync_stop_hour: stopHour,
    maximum_concurrent_item_syncs: concurrency,
    contentlib_maximum_concurrent_pulls: optional(pulls),
    contentlib_maximum_concurrent_pulls_per_server: optional(pullsPerServer),
  },
  CONFIGURATION_MODEL,
);

/** Changes to the settings of the whole service. */
export const configurationUpdateSpec = structure(
  "ConfigurationUpdateSpec",
  "Changes to the settings of this server; absent members stay as they are.",
  {
    automatic_sync_enabled: optional(automaticSync),
    automatic_sync_start_hour: optional(startHour),
    automatic_sync_stop_hour: optional(stopHour),
    maximum_concurrent_item_syncs: optional(concurrency),
    contentlib_maximum_concurrent_pulls: optional(pulls),
    contentlib_maximum_concurrent_pulls_per_server: optional(pullsPerServer),
  },
  CONFIGURATION_MODEL,
);
