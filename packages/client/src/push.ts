// A push: names to ids ─► the item, made where it is missing ─► upload ─► what the item is now.
import { isRefusal } from "./errors.ts";
import { PushError, pushErrorOf } from "./push-error.ts";
import type { Services } from "./services/services.ts";
import { startTransfer } from "./transfer.ts";
import type { Transfer, TransferControl } from "./transfer.ts";
import { runUpload } from "./upload.ts";
import type { UploadContext, UploadEvent, UploadOptions, UploadResult } from "./upload-options.ts";

/** What to push, and where to. */
export interface PushOptions extends Omit<UploadOptions, "itemId" | "onEvent"> {
  /** Name or id of the library. */
  readonly library: string;
  /** Name of the item, or the id of one that is there. An item of that name is made where there is none. */
  readonly item: string;
  /** Type of an item that is made, like `iso`. */
  readonly type?: string;
  /** Told of each event as it happens, as an alternative to reading them. */
  readonly onEvent?: (event: PushEvent) => void;
}

/** What happens in a push: the item is known, and then what happens in an upload. */
export type PushEvent =
  | { readonly type: "item"; readonly itemId: string; readonly isNew: boolean }
  | UploadEvent;

/** A finished push. */
export interface PushResult extends UploadResult {
  readonly libraryId: string;
  readonly itemId: string;
  /** Whether the item was made by this push. */
  readonly isNew: boolean;
  /** The content version that the item has now. */
  readonly contentVersion: string;
}

/** What a push uses of its client. */
export interface PushContext extends UploadContext {
  readonly services: UploadContext["services"] & Pick<Services, "items" | "libraries">;
}

/** Starts a push; see the drawing above. Its errors are PushErrors. */
export const startPush = (
  context: PushContext,
  options: PushOptions,
): Transfer<PushEvent, PushResult> =>
  startTransfer(options.signal, options.onEvent, async (control) => {
    try {
      return await runPush(context, options, control);
    } catch (error) {
      throw pushErrorOf(error);
    }
  });

async function runPush(
  context: PushContext,
  options: PushOptions,
  control: TransferControl<PushEvent>,
): Promise<PushResult> {
  const { library, item, type, onEvent: _, ...upload } = options;
  const { items } = context.services;
  const { signal } = control;
  const libraryId = await libraryOf(context, library, signal);
  const found = await itemOf(context, { libraryId, item, type }, signal);
  control.emit({ type: "item", ...found });
  const { itemId } = found;
  const result = await runUpload(context, { ...upload, itemId }, control);
  const after = await items.get({ library_item_id: itemId }, { signal });
  return { ...result, libraryId, ...found, contentVersion: after.content_version };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

async function libraryOf(
  { services }: PushContext,
  library: string,
  signal: AbortSignal,
): Promise<string> {
  const found = await services.libraries.find({ spec: { name: library } }, { signal });
  const [libraryId, ...others] = found;
  if (others.length > 0) throw ambiguous("libraries", library, found);
  if (libraryId !== undefined) return libraryId;
  if (!UUID.test(library)) throw new PushError("not_found", `There is no library ${library}.`);
  return (await services.libraries.get({ library_id: library }, { signal })).id;
}

interface WantedItem {
  readonly libraryId: string;
  readonly item: string;
  readonly type: string | undefined;
}

interface FoundItem {
  readonly itemId: string;
  readonly isNew: boolean;
}

async function itemOf(
  context: PushContext,
  wanted: WantedItem,
  signal: AbortSignal,
): Promise<FoundItem> {
  const there = await findItem(context, wanted, signal);
  if (there !== undefined) return { itemId: there, isNew: false };
  try {
    return { itemId: await createItem(context, wanted, signal), isNew: true };
  } catch (error) {
    // Somebody was quicker.
    if (!isRefusal(error, "already_exists")) throw error;
    const made = await findItem(context, wanted, signal);
    if (made === undefined) throw error;
    return { itemId: made, isNew: false };
  }
}

async function findItem(
  { services }: PushContext,
  { libraryId, item }: WantedItem,
  signal: AbortSignal,
): Promise<string | undefined> {
  const spec = { name: item, library_id: libraryId };
  const found = await services.items.find({ spec }, { signal });
  if (found.length > 1) throw ambiguous("items", item, found);
  if (found.length === 1 || !UUID.test(item)) return found[0];
  try {
    const { id, library_id: place } = await services.items.get(
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
  { libraryId, item, type }: WantedItem,
  signal: AbortSignal,
): Promise<string> =>
  await services.items.create(
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
