import { libraryAddress } from "../address-form.ts";
import { resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { countOf, shellWord } from "../output.ts";

/** Options of `contentlib library revisions`, and the number that is wished. */
export interface LibraryRevisionsOptions {
  readonly default?: boolean;
  readonly count?: number;
}

/** `contentlib library revisions LIBRARY [COUNT]`: how many content versions of each item are kept. */
export async function libraryRevisions(
  { connect, output, signal }: CommandContext,
  address: string,
  wish: LibraryRevisionsOptions,
): Promise<void> {
  const client = await connect();
  const library = await resolveLibrary(client, address, signal);
  const byId = { library: library.id };
  const before = await client.librarySetting.get(byId, { signal });
  const wanted = wish.default ? undefined : (wish.count ?? before.revisions);
  const changed = wanted !== before.revisions;
  if (changed) {
    const update_spec = wanted === undefined ? { unset_revisions: true } : { revisions: wanted };
    await client.librarySetting.update({ ...byId, update_spec }, { signal });
  }
  const settings = await client.librarySetting.get(byId, { signal });
  const shown = libraryAddress(library.name);
  const kept = countOf(settings.revisions_in_effect, "content version");
  const whose = settings.revisions === undefined ? "as the server does" : "by its own setting";
  const owner = { id: library.id, name: library.name };
  output.result({ changed, address: shown, library: owner, settings }, [
    `Library ${shellWord(shown)} keeps ${kept} of each item, ${whose}.`,
  ]);
}
