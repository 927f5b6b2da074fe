import { isRefusal } from "./errors.ts";
import { PushError } from "./push-error.ts";
import type { PushContext, PushOptions } from "./push-options.ts";

/** Finds the library and the item of a push by what they are called. */
export interface PushItems {
  /** The library's id. Throws PushError where there is none of that name or id, or more than one. */
  findLibrary(signal: AbortSignal): Promise<string>;
  /** The item's id; undefined where there is none. Throws PushError where more than one has the name. */
  findItem(libraryId: string, signal: AbortSignal): Promise<string | undefined>;
  /** Makes the item. Throws what `create` throws. */
  makeItem(libraryId: string, signal: AbortSignal): Promise<string>;
  /** The content version that the item has now. */
  readVersion(itemId: string, signal: AbortSignal): Promise<string>;
}

/** What they are called. */
type Named = Pick<PushOptions, "item" | "library"> & { readonly type: string | undefined };

/** What a push finds and makes by names. */
export const pushItems = (context: PushContext, { library, item, type }: Named): PushItems => ({
  findLibrary: async (signal) => await libraryOf(context, library, signal),
  findItem: async (libraryId, signal) => await findItem(context, { libraryId, item }, signal),
  makeItem: async (libraryId, signal) =>
    await createItem(context, { libraryId, item, type }, signal),
  readVersion: async (itemId, signal) =>
    (await context.services.item.get({ library_item_id: itemId }, { signal })).content_version,
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

async function libraryOf(
  { services }: PushContext,
  library: string,
  signal: AbortSignal,
): Promise<string> {
  const found = await services.library.find({ spec: { name: library } }, { signal });
  const [libraryId, ...others] = found;
  if (others.length > 0) throw ambiguous("libraries", library, found);
  if (libraryId !== undefined) return libraryId;
  if (!UUID.test(library)) throw new PushError("not_found", `There is no library ${library}.`);
  return (await services.library.get({ library_id: library }, { signal })).id;
}

interface WantedItem {
  readonly libraryId: string;
  readonly item: string;
}

async function findItem(
  { services }: PushContext,
  { libraryId, item }: WantedItem,
  signal: AbortSignal,
): Promise<string | undefined> {
  const spec = { name: item, library_id: libraryId };
  const found = await services.item.find({ spec }, { signal });
  if (found.length > 1) throw ambiguous("items", item, found);
  if (found.length === 1 || !UUID.test(item)) return found[0];
  try {
    const { id, library_id: place } = await services.item.get(
      { library_item_id: item },
      { signal },
    );
    return place === libraryId ? id : undefined;
  } catch (error) {
    if (isRefusal(error, "not_found")) return undefined;
    throw error;
  }
}

/** Made under a token of our own, so that an answer that is lost can be asked for again. */
const createItem = async (
  { services, system }: PushContext,
  { libraryId, item, type }: WantedItem & { readonly type: string | undefined },
  signal: AbortSignal,
): Promise<string> =>
  await services.item.create(
    {
      client_token: system.uuid(),
      create_spec: {
        library_id: libraryId,
        name: item,
        ...(type === undefined ? {} : { type }),
      },
    },
    { signal },
  );

const ambiguous = (what: string, name: string, ids: readonly string[]): PushError =>
  new PushError("ambiguous", `Several ${what} are called ${name}: ${ids.join(", ")}.`);
