import type { Client, ItemModel } from "@contentlib/client";
import type { ItemTarget } from "./address.ts";
import type { CommandContext } from "./command-context.ts";
import type { OutgoingFile } from "./outgoing-files.ts";
import { shellWord } from "./output.ts";
import { canGoOn } from "./push-remains.ts";
import type { PushEnd } from "./push-remains.ts";

/** What an item is made for. */
interface ItemWish {
  readonly files: readonly { readonly name: string }[];
  /** Its type; guessed from the files where nobody says. */
  readonly type: string | undefined;
  readonly signal: AbortSignal;
}

/** Makes the item that a push goes into. */
export async function makeItem(
  client: Client,
  { library, itemName }: ItemTarget,
  { files, type, signal }: ItemWish,
): Promise<ItemModel> {
  const itemType = type ?? guessType(files);
  const id = await client.item.create(
    {
      client_token: crypto.randomUUID(),
      create_spec: {
        library_id: library.id,
        name: itemName,
        ...(itemType === undefined ? {} : { type: itemType }),
      },
    },
    { signal },
  );
  return await client.item.get({ library_item_id: id }, { signal });
}

/** Clients that mount images look for items of the type `iso`, and a package is checked where its item is of the type `ovf`. */
const guessType = (files: ItemWish["files"]): string | undefined => {
  if (files.some(({ name }) => /\.(ovf|ova)$/i.test(name))) return "ovf";
  return files.length > 0 && files.every(({ name }) => /\.iso$/i.test(name)) ? "iso" : undefined;
};

/** How long the server may take to take an empty item back, in milliseconds. */
const REMOVE_TIMEOUT_MS = 2_000;
const LIMITS = {
  timeoutMs: REMOVE_TIMEOUT_MS,
  deadlineMs: REMOVE_TIMEOUT_MS,
  retriesMax: 0,
} as const;

/** A push that has failed, and the item that it had made. */
export interface FailedPush {
  readonly itemId: string;
  readonly address: string;
  /** What was to be sent; nothing where the server fetches. */
  readonly files: readonly OutgoingFile[];
  /** Undefined where it came to no session. */
  readonly end: PushEnd | undefined;
  readonly error: unknown;
}

/**
 * Takes back the item that a push has made and left empty, so that nobody finds a name without content. It stays where bytes are kept
 * for it, or where somebody is at work in it.
 */
export async function takeBackItem(
  client: Client,
  { output }: Pick<CommandContext, "output">,
  push: FailedPush,
): Promise<void> {
  const place = shellWord(push.address);
  if (canGoOn(push.end, push.files) || push.end?.isEnded === false) {
    output.note(`${place} stays, empty, until you go on; rm removes it.`);
    return;
  }
  if (isSomebodys(push.error)) return;
  try {
    if (!(await isUnused(client, push.itemId))) return;
    await client.item.delete({ library_item_id: push.itemId }, LIMITS);
    output.note(`${place}, which this push had made, is removed again.`);
  } catch (error) {
    if (isFault(error, "not_found")) return;
    output.note(`${place} stays, empty; rm removes it.`);
  }
}

/** Another push was quicker with a session in it, or goes on with this one's. */
const isSomebodys = (error: unknown): boolean =>
  isFault(error, "resource_busy") ||
  (error instanceof Error && "code" in error && error.code === "contentlib.transfer.superseded");

/** Whether it has no content, and no session of this account is open in it. */
async function isUnused(client: Client, itemId: string): Promise<boolean> {
  const byItem = { library_item_id: itemId };
  if ((await client.itemFile.list(byItem, LIMITS)).length > 0) return false;
  for (const id of await client.updateSession.list(byItem, LIMITS)) {
    const { state } = await client.updateSession.get({ update_session_id: id }, LIMITS);
    if (state === "ACTIVE") return false;
  }
  return true;
}

const isFault = (error: unknown, name: string): boolean =>
  error instanceof Error && "class" in error && error.class === name;
