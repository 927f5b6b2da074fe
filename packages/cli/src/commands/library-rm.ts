import type { Client, LibraryModel } from "@contentlib/client";
import { libraryAddress } from "../address-form.ts";
import { resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { confirm } from "../confirm.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { countOf, shellWord } from "../output.ts";
import { librarySummary, planLibraryRemoval, removalLines } from "../removal-plan.ts";

/** Options of `contentlib library rm`. */
export interface LibraryRmOptions {
  readonly force?: boolean;
  readonly plan?: boolean;
}

/**
 * `contentlib library rm LIBRARY`: removes a library; one that holds items only with `--force`, or when the person at the
 * terminal says so. With `--plan` it only tells what would go.
 */
export async function libraryRm(
  context: CommandContext,
  address: string,
  options: LibraryRmOptions,
): Promise<void> {
  const { connect, output, signal } = context;
  const client = await connect();
  const library = await resolveLibrary(client, address, signal);
  if (options.plan) return await showPlan(context, client, library);
  const items = await client.item.list({ library_id: library.id }, { signal });
  if (items.length > 0 && !options.force) await askFirst(context, library, items.length);
  await remove(client, library, signal);
  const removed = { id: library.id, name: library.name, item_count: items.length };
  output.result({ changed: true, removed }, [`Library ${library.name} removed.`]);
}

async function showPlan(
  { output, signal }: CommandContext,
  client: Client,
  library: LibraryModel,
): Promise<void> {
  const items = await planLibraryRemoval(client, library, signal);
  const address = libraryAddress(library.name);
  const { id, name } = library;
  output.result({ changed: false, would_remove: { address, id, name, items } }, [
    librarySummary(library.name, items),
    ...items.flatMap(removalLines),
    "Nothing was removed.",
  ]);
}

async function askFirst(
  context: CommandContext,
  library: LibraryModel,
  itemCount: number,
): Promise<void> {
  const address = shellWord(libraryAddress(library.name));
  const holds = `Library ${library.name} holds ${countOf(itemCount, "item")}.`;
  const otherwise = `Remove it with all it holds: contentlib library rm --force ${address}`;
  if (context.output.isJson || !context.streams.stdin.isTTY)
    throw new Failure(EXIT_CODES.refused, holds, otherwise);
  await confirm(context, `${holds} Remove it with all it holds?`, otherwise);
}

const remove = async (client: Client, { id, type }: LibraryModel, signal: AbortSignal) =>
  type === "SUBSCRIBED"
    ? await client.subscribedLibrary.delete({ library_id: id }, { signal })
    : await client.localLibrary.delete({ library_id: id }, { signal });
