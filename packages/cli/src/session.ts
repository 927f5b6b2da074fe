import type { Client, DownloadSessionModel, UpdateSessionModel } from "@contentlib/client";
import { idAddress, itemAddress } from "./address-form.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

/** A session of either kind. */
export type Session =
  | { readonly kind: "update"; readonly session: UpdateSessionModel }
  | { readonly kind: "download"; readonly session: DownloadSessionModel };

/** The session of an id, whichever kind it is. Throws Failure, with the server's words where it knew the session. */
export async function getSession(
  client: Client,
  id: string,
  signal: AbortSignal,
): Promise<Session> {
  const found = await lookForSession(client, id, signal);
  if ("kind" in found) return found;
  const hint = "List your sessions: contentlib session ls";
  throw new Failure(EXIT_CODES.notFound, found.message, hint);
}

/** As `getSession`; null where there is none any more. */
export async function findSession(
  client: Client,
  id: string,
  signal: AbortSignal,
): Promise<Session | null> {
  const found = await lookForSession(client, id, signal);
  return "kind" in found ? found : null;
}

async function lookForSession(
  client: Client,
  id: string,
  signal: AbortSignal,
): Promise<Session | { readonly message: string }> {
  const update = await attempt(client.updateSession.get({ update_session_id: id }, { signal }));
  if ("model" in update) return { kind: "update", session: update.model };
  const download = await attempt(
    client.downloadSession.get({ download_session_id: id }, { signal }),
  );
  if ("model" in download) return { kind: "download", session: download.model };
  const told = [update, download].find(({ code }) => code.endsWith(".expired"));
  return { message: told?.message ?? `There is no session ${id}.` };
}

async function attempt<Model>(
  get: Promise<Model>,
): Promise<{ readonly model: Model } | { readonly code: string; readonly message: string }> {
  try {
    return { model: await get };
  } catch (error) {
    const isAbsent = error instanceof Error && "class" in error && error.class === "not_found";
    if (!isAbsent) throw error;
    return { code: "code" in error ? String(error.code) : "", message: error.message };
  }
}

/** The address of the item of a session; its bare id where it is gone. */
export async function placeOf(
  client: Client,
  itemId: string,
  signal: AbortSignal,
): Promise<string> {
  const item = await attempt(client.item.get({ library_item_id: itemId }, { signal }));
  if (!("model" in item)) return itemId;
  const library = await attempt(
    client.library.get({ library_id: item.model.library_id }, { signal }),
  );
  return "model" in library
    ? itemAddress(library.model.name, item.model.name)
    : idAddress(item.model.id);
}
