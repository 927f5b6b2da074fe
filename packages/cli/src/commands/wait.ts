import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@contentlib/client";
import { resolveVersion } from "../address.ts";
import { itemAddress } from "../address-form.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { formatDuration, shellWord } from "../output.ts";
import { openPinnedFetch } from "../pinned-fetch.ts";
import { serverOf } from "../server-of.ts";
import { getSession, placeOf } from "../session.ts";

/** Options of `contentlib wait`. */
export interface WaitOptions {
  /** How long at most, in milliseconds. */
  readonly timeout: number;
  /** States of a session, any of which is waited for. */
  readonly until?: readonly string[];
}

/** How often to look, in milliseconds. */
const PERIOD_MS = 500;

/** `contentlib wait server`: until the server is ready to be used. No login is needed. */
export async function waitServer(context: CommandContext, { timeout }: WaitOptions): Promise<void> {
  const { url, pin } = await serverOf(context.globals, context.env);
  const pinned = pin === undefined ? undefined : await openPinnedFetch({ url, pin });
  const request = pinned?.fetch ?? fetch;
  const startedAt = Date.now();
  try {
    await waited(context, { timeout, what: `${url} is not ready` }, async (signal) => {
      const status = await request(`${url}/readyz`, { redirect: "manual", signal }).then(
        async (response) => {
          await response.body?.cancel();
          return response.status;
        },
        () => null,
      );
      // A server of another make does not know the address, and is there all the same.
      return status !== null && status < 500 ? status : null;
    });
  } finally {
    await pinned?.close();
  }
  context.output.result({ url, waited_ms: Date.now() - startedAt }, [`${url} is ready.`]);
}

/** `contentlib wait item LIBRARY/ITEM[@VERSION]`: until the item has files, or has come to that content version. */
export async function waitItem(
  context: CommandContext,
  address: string,
  { timeout }: WaitOptions,
): Promise<void> {
  const client = await context.connect();
  const startedAt = Date.now();
  const what = `${shellWord(address)} is not there`;
  const { library, item } = await waited(context, { timeout, what }, async (signal) => {
    const place = await resolveVersion(client, address, signal).catch(nullIfAbsent);
    if (place === null || (await isToCome(client, place, signal))) return null;
    return place;
  });
  const shown = itemAddress(library.name, item.name);
  const owner = { id: library.id, name: library.name };
  context.output.result(
    { address: shown, library: owner, item, waited_ms: Date.now() - startedAt },
    [`${shellWord(shown)} is there: content version ${item.content_version}.`],
  );
}

async function isToCome(
  client: Client,
  { item, version }: Awaited<ReturnType<typeof resolveVersion>>,
  signal: AbortSignal,
): Promise<boolean> {
  if (version !== null) return Number(item.content_version) < Number(version);
  const files = await client.itemFile.list({ library_item_id: item.id }, { signal });
  return files.length === 0;
}

const nullIfAbsent = (error: unknown): null => {
  if (error instanceof Failure && error.exitCode === EXIT_CODES.notFound) return null;
  throw error;
};

/** `contentlib wait session ID`: until the session has ended, well unless other states are asked for. */
export async function waitSession(
  context: CommandContext,
  id: string,
  { timeout, until }: WaitOptions,
): Promise<void> {
  const client = await context.connect();
  const startedAt = Date.now();
  const what = `Session ${id} is still active`;
  const { kind, session } = await waited(context, { timeout, what }, async (signal) => {
    const found = await getSession(client, id, signal);
    const isWanted = until?.includes(found.session.state) ?? false;
    return isWanted || found.session.state !== "ACTIVE" ? found : null;
  });
  const wanted = until ?? (kind === "update" ? ["DONE"] : ["CANCELED"]);
  if (!wanted.includes(session.state)) {
    const why = session.error_message?.default_message;
    throw new Failure(
      EXIT_CODES.refused,
      `Session ${id} ended as ${session.state}${why === undefined ? "." : `: ${why}`}`,
      `Look at it: contentlib session show ${id}`,
    );
  }
  const place = await placeOf(client, session.library_item_id, context.signal);
  context.output.result({ kind, place, session, waited_ms: Date.now() - startedAt }, [
    `Session ${id} is ${session.state}.`,
  ]);
}

/** Looks again and again until there is something; throws Failure where that takes too long. */
async function waited<Found>(
  context: Pick<CommandContext, "signal">,
  { timeout, what }: { readonly timeout: number; readonly what: string },
  look: (signal: AbortSignal) => Promise<Found | null>,
): Promise<Found> {
  const over = AbortSignal.timeout(timeout);
  const signal = AbortSignal.any([context.signal, over]);
  try {
    for (;;) {
      const found = await look(signal);
      if (found !== null) return found;
      await sleep(PERIOD_MS, undefined, { signal });
    }
  } catch (error) {
    if (!over.aborted || context.signal.aborted) throw error;
    throw new Failure(
      EXIT_CODES.connection,
      `${what} after ${formatDuration(timeout)}.`,
      "Wait longer: add --timeout 1h",
    );
  }
}
