import { resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { countOf, shellWord } from "../output.ts";

/** Options of `contentlib library rm`. */
export interface LibraryRmOptions {
  readonly force?: boolean;
}

/** `contentlib library rm LIBRARY`: removes a library; one that holds items only when that is asked for. */
export async function libraryRm(
  { connect, output, signal }: CommandContext,
  address: string,
  options: LibraryRmOptions,
): Promise<void> {
  const client = await connect();
  const library = await resolveLibrary(client, address, signal);
  const items = await client.items.list({ library_id: library.id }, { signal });
  if (items.length > 0 && !options.force) {
    throw new Failure(
      EXIT_CODES.refused,
      `Library ${library.name} holds ${countOf(items.length, "item")}.`,
      `Remove it with all it holds: contentlib library rm --force ${shellWord(address)}`,
    );
  }
  await client.localLibraries.delete({ library_id: library.id }, { signal });
  const removed = { id: library.id, name: library.name, item_count: items.length };
  output.result({ changed: true, removed }, [`Library ${library.name} removed.`]);
}
