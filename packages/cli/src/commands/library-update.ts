import type { Client, LibraryModel } from "@contentlib/client";
import { libraryAddress } from "../address-form.ts";
import { resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { shellWord } from "../output.ts";

/** Options of `contentlib library update`. */
export interface LibraryUpdateOptions {
  readonly name?: string;
  readonly description?: string;
  readonly rejectBadIso?: boolean;
}

/** `contentlib library update LIBRARY`: changes what is named of a library, and nothing else. */
export async function libraryUpdate(
  { connect, output, signal }: CommandContext,
  address: string,
  options: LibraryUpdateOptions,
): Promise<void> {
  if (Object.keys(options).length === 0) {
    throw new Failure(
      EXIT_CODES.usage,
      "Nothing is named that should change.",
      "Add --description TEXT, --name NAME, --reject-bad-iso or --no-reject-bad-iso",
    );
  }
  const client = await connect();
  const before = await resolveLibrary(client, address, signal);
  const isSet = await updateSettings(client, before, { options, signal });
  const isChanged = await updateProperties(client, before, { options, signal });
  const changed = isSet || isChanged;
  const library = await client.library.get({ library_id: before.id }, { signal });
  const shown = shellWord(libraryAddress(library.name));
  const isRenamed = before.name !== library.name;
  const was = isRenamed ? `${shellWord(libraryAddress(before.name))} is now ${shown}.` : "";
  output.result({ changed, address: libraryAddress(library.name), library }, [
    isRenamed ? was : `Library ${shown} ${changed ? "changed" : "is so already"}.`,
  ]);
}

interface Wanted {
  readonly options: LibraryUpdateOptions;
  readonly signal: AbortSignal;
}

/** Whether it changed something. */
async function updateProperties(
  client: Client,
  before: LibraryModel,
  { options: { name, description }, signal }: Wanted,
): Promise<boolean> {
  const changes = {
    ...(name === undefined || name === before.name ? {} : { name }),
    ...(description === undefined || description === before.description ? {} : { description }),
  };
  if (Object.keys(changes).length === 0) return false;
  const update = { library_id: before.id, update_spec: changes };
  await client.library.update(update, { signal });
  return true;
}

/** The same of what is not the API's own. */
async function updateSettings(
  client: Client,
  { id: library }: LibraryModel,
  { options: { rejectBadIso: reject_bad_iso }, signal }: Wanted,
): Promise<boolean> {
  if (reject_bad_iso === undefined) return false;
  const before = await client.librarySetting.get({ library }, { signal });
  if (before.reject_bad_iso === reject_bad_iso) return false;
  await client.librarySetting.update({ library, update_spec: { reject_bad_iso } }, { signal });
  return true;
}
