import type { ConfigurationModel, ConfigurationUpdateSpec } from "@contentlib/client";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { tableLines } from "../output.ts";
import { profilePath } from "../profile.ts";

/** Options of `contentlib config update`. */
export interface ConfigUpdateOptions {
  readonly automaticSync?: "on" | "off";
  readonly syncFrom?: number;
  readonly syncUntil?: number;
  readonly syncsMax?: number;
  readonly pullsMax?: number;
  readonly pullsPerServerMax?: number;
}

/** `contentlib config get`: the settings of the whole service, as the API has them. */
export async function configGet({ connect, output, signal }: CommandContext): Promise<void> {
  const client = await connect();
  const configuration = await client.configuration.get({ signal });
  output.result({ configuration }, linesOf(configuration));
}

/** `contentlib config update`: changes the settings that are named. */
export async function configUpdate(
  { connect, output, signal }: CommandContext,
  options: ConfigUpdateOptions,
): Promise<void> {
  const model = modelOf(options);
  if (Object.keys(model).length === 0) {
    throw new Failure(
      EXIT_CODES.usage,
      "Nothing is named that should change.",
      "See what can be: contentlib config update --help",
    );
  }
  const client = await connect();
  const before = await client.configuration.get({ signal });
  await client.configuration.update({ model }, { signal });
  const configuration = await client.configuration.get({ signal });
  const changed = JSON.stringify(before) !== JSON.stringify(configuration);
  output.result({ changed, configuration }, linesOf(configuration));
}

/** `contentlib config path`: where the profiles are kept. */
export async function configPath({ env, output }: CommandContext): Promise<void> {
  const path = profilePath(env);
  await Promise.resolve(output.result({ profile_file: path }, [path]));
}

const modelOf = (options: ConfigUpdateOptions): ConfigurationUpdateSpec => {
  const { automaticSync, syncFrom, syncUntil, syncsMax, pullsMax, pullsPerServerMax } = options;
  return {
    ...(automaticSync === undefined ? {} : { automatic_sync_enabled: automaticSync === "on" }),
    ...(syncFrom === undefined ? {} : { automatic_sync_start_hour: syncFrom }),
    ...(syncUntil === undefined ? {} : { automatic_sync_stop_hour: syncUntil }),
    ...(syncsMax === undefined ? {} : { maximum_concurrent_item_syncs: syncsMax }),
    ...(pullsMax === undefined ? {} : { contentlib_maximum_concurrent_pulls: pullsMax }),
    ...(pullsPerServerMax === undefined
      ? {}
      : { contentlib_maximum_concurrent_pulls_per_server: pullsPerServerMax }),
  };
};

const linesOf = (configuration: ConfigurationModel): readonly string[] =>
  tableLines([
    ["automatic sync", configuration.automatic_sync_enabled ? "on" : "off"],
    ["from hour", String(configuration.automatic_sync_start_hour)],
    ["until hour", String(configuration.automatic_sync_stop_hour)],
    ["items at once", String(configuration.maximum_concurrent_item_syncs)],
    ...pullRows(configuration),
  ]);

/** Another server of the API has no such limits. */
const pullRows = ({
  contentlib_maximum_concurrent_pulls: pulls,
  contentlib_maximum_concurrent_pulls_per_server: perServer,
}: ConfigurationModel): readonly (readonly string[])[] => [
  ...(pulls === undefined ? [] : [["pulls at once", String(pulls)]]),
  ...(perServer === undefined ? [] : [["pulls from one server", String(perServer)]]),
];
