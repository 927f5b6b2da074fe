import { DEFAULT_CONFIGURATION } from "../../domain/configuration.ts";
import { planConfigurationUpdate } from "../../domain/plan-configuration.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";

/** What a configuration that was never stored is written upon. */
const NEVER_STORED = { value: DEFAULT_CONFIGURATION, rev: 0 } as const;

export const updateConfiguration =
  ({ catalog, pulls }: Pick<Core, "catalog" | "pulls">): Handler<"configuration.update"> =>
  async ({ model }) => {
    await commitDecision(catalog, async () => {
      const { value, rev } = (await catalog.findConfiguration()) ?? NEVER_STORED;
      const configuration = orFault(
        planConfigurationUpdate(
          value,
          given({
            automaticSyncEnabled: model.automatic_sync_enabled,
            automaticSyncStartHour: model.automatic_sync_start_hour,
            automaticSyncStopHour: model.automatic_sync_stop_hour,
            maximumConcurrentItemSyncs: model.maximum_concurrent_item_syncs,
            maximumConcurrentPulls: model.contentlib_maximum_concurrent_pulls,
            maximumConcurrentPullsPerServer: model.contentlib_maximum_concurrent_pulls_per_server,
          }),
        ),
      );
      return {
        changes: configuration === value ? [] : [{ kind: "configuration.put", configuration, rev }],
        result: undefined,
      };
    });
    await pulls.limitsChanged();
  };
