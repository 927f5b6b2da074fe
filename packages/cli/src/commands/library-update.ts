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
}

/** `contentlib library update LIBRARY`: changes the name or the description of a library, and nothing that is not named. */
export async function libraryUpdate(
  { connect, output, signal }: CommandContext,
  address: string,
  { name, description }: LibraryUpdateOptions,
): Promise<void> {
  if (name === undefined && description === undefined) {
    throw new Failure(
      EXIT_CODES.usage,
      "Nothing is named that should change.",
      "Add --description TEXT or --name NAME",
    );
  }
  const client = await connect();
  const before = await resolveLibrary(client, address, signal);
  const changes = {
    ...(name === undefined || name === before.name ? {} : { name }),
    ...(description === undefined || description === before.description ? {} : { description }),
  };
  const changed = Object.keys(changes).length > 0;
  if (changed) {
    const update = { library_id: before.id, update_spec: changes };
    await client.library.update(update, { signal });
  }
  const library = await client.library.get({ library_id: before.id }, { signal });
  const shown = shellWord(libraryAddress(library.name));
  const isRenamed = before.name !== library.name;
  const was = isRenamed ? `${shellWord(libraryAddress(before.name))} is now ${shown}.` : "";
  output.result({ changed, address: libraryAddress(library.name), library }, [
    isRenamed ? was : `Library ${shown} ${changed ? "changed" : "is so already"}.`,
  ]);
}
