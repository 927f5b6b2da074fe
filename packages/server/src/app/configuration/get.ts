import { DEFAULT_CONFIGURATION } from "../../domain/configuration.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";

export const getConfiguration =
  ({ catalog }: Pick<Core, "catalog">): Handler<"configuration.get"> =>
  async () => {
    const configuration = (await catalog.findConfiguration())?.value ?? DEFAULT_CONFIGURATION;
    return {
      automatic_sync_enabled: configuration.automaticSyncEnabled,
      automatic_sync_start_hour: configuration.automaticSyncStartHour,
      automatic_sync_stop_hour: configuration.automaticSyncStopHour,
      maximum_concurrent_item_syncs: configuration.maximumConcurrentItemSyncs,
      contentlib_maximum_concurrent_pulls: configuration.maximumConcurrentPulls,
      contentlib_maximum_concurrent_pulls_per_server: configuration.maximumConcurrentPullsPerServer,
    };
  };
