import type { Client } from "@contentlib/client";
import { Retold } from "./failure.ts";
import { namingItem } from "./named-refusal.ts";
import type { NamedItem } from "./named-refusal.ts";
import type { RunningPushes } from "./running-pushes.ts";

/** How long the server may take to say who asks, in milliseconds. */
const WHO_TIMEOUT_MS = 5_000;

/** What is known of the one who is at work in an item. */
interface Holder {
  readonly sessionId: string | undefined;
  /** Name of the account. */
  readonly user: string | undefined;
}

/** The refusal of a push into an item that somebody is changing, told with the item's address and with what this user can do. */
export async function busyItem(
  error: unknown,
  item: NamedItem,
  { client, pushes }: { readonly client: Client; readonly pushes: RunningPushes },
): Promise<unknown> {
  const holder = holderOf(error);
  if (holder === null) return namingItem(error, item);
  if (await pushes.isRunning(item.id))
    return new Retold(
      error,
      endHint(holder),
      `Your own push into ${item.place} still runs on this machine.`,
    );
  const isOwn = isSame(holder, await callerOf(client));
  const text = error instanceof Error ? error.message.replaceAll(item.id, item.place) : "";
  return new Retold(error, isOwn ? endHint(holder) : "Try again when it has ended", text);
}

function holderOf(error: unknown): Holder | null {
  if (!(error instanceof Error) || !("class" in error) || error.class !== "resource_busy")
    return null;
  const messages = "messages" in error && Array.isArray(error.messages) ? error.messages : [];
  const [first] = messages as readonly { readonly args?: readonly string[] }[];
  return {
    sessionId: first?.args?.find((arg, index) => index > 0 && SESSION_ID.test(arg)),
    user: first?.args?.[2],
  };
}

/** Nothing but an id is put into a command that people paste into a shell. */
const SESSION_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const endHint = ({ sessionId }: Holder): string =>
  sessionId === undefined
    ? "See it: contentlib session ls"
    : `See it: contentlib session show ${sessionId}; end it: contentlib session cancel ${sessionId}`;

/** Accounts of the server's own domain are told with it and without it. */
const isSame = ({ user }: Holder, caller: string | undefined): boolean =>
  user !== undefined &&
  caller !== undefined &&
  (user === caller || caller.startsWith(`${user}@`) || user.startsWith(`${caller}@`));

const callerOf = async (client: Client): Promise<string | undefined> =>
  await client.whoami.get({}, { timeoutMs: WHO_TIMEOUT_MS, retriesMax: 0 }).then(
    ({ user }) => user,
    () => undefined,
  );
