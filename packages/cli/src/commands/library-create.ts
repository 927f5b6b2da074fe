import type { LibraryModel } from "@contentlib/client";
import type { CommandContext } from "../command-context.ts";

/** Options of `contentlib library create`. */
export interface LibraryCreateOptions {
  readonly description?: string;
}

/** `contentlib library create NAME`: makes a library, unless there is one of exactly this name. */
export async function libraryCreate(
  { connect, output, signal }: CommandContext,
  name: string,
  options: LibraryCreateOptions,
): Promise<void> {
  const client = await connect();
  const ids =
    name === "" ? [] : await client.library.find({ spec: { name, type: "LOCAL" } }, { signal });
  const namesakes = await Promise.all(
    ids.map((id) => client.library.get({ library_id: id }, { signal })),
  );
  const present = namesakes.find((library) => library.name === name);
  if (present !== undefined) {
    report(present, false);
    return;
  }
  const description = options.description === undefined ? {} : { description: options.description };
  const id = await client.localLibrary.create(
    { client_token: crypto.randomUUID(), create_spec: { name, ...description } },
    { signal },
  );
  report(await client.localLibrary.get({ library_id: id }, { signal }), true);

  function report(library: LibraryModel, changed: boolean): void {
    const line = changed
      ? `Library ${library.name} created.`
      : `Library ${library.name} exists already.`;
    output.result({ changed, library }, [`${line}  ${output.style("dim", library.id)}`]);
  }
}
