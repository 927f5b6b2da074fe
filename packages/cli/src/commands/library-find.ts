import type { CommandContext } from "../command-context.ts";
import { present } from "../if-there.ts";
import { inBatches } from "../in-batches.ts";
import { libraryTable, listedLibrary } from "../library-row.ts";

/** `contentlib library find NAME`: the libraries of this name, in any case. */
export async function libraryFind(
  { connect, output, signal }: CommandContext,
  name: string,
): Promise<void> {
  const client = await connect();
  const ids = await client.library.find({ spec: { name } }, { signal });
  const libraries = present(
    await inBatches(ids, async (id) => await listedLibrary(client, id, signal)),
  );
  const lines =
    libraries.length === 0 ? [`No library is called ${name}.`] : libraryTable(libraries, false);
  output.result({ libraries }, lines);
}
