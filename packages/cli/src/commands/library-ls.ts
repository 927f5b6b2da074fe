import type { CommandContext } from "../command-context.ts";
import { present } from "../if-there.ts";
import { inBatches } from "../in-batches.ts";
import { libraryTable, listedLibrary } from "../library-row.ts";

/** Options of what lists things. */
export interface LsOptions {
  readonly long?: boolean;
}

/** `contentlib library ls`: all libraries with the number of their items. */
export async function libraryLs(
  { connect, output, signal }: CommandContext,
  { long }: LsOptions,
): Promise<void> {
  const client = await connect();
  const ids = await client.library.list({ signal });
  const libraries = present(
    await inBatches(ids, async (id) => await listedLibrary(client, id, signal)),
  ).sort((one, other) => one.name.localeCompare(other.name));
  const lines =
    libraries.length === 0
      ? ["There are no libraries yet. Create one: contentlib library create NAME"]
      : libraryTable(libraries, long ?? false);
  output.result({ libraries }, lines);
}
