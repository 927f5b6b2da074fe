import { isIP } from "node:net";
import type { Services } from "@contentlib/client";
import { resolveItem, resolveLibrary } from "./address.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { isTrailOperation, nearTrailOperations } from "./known-operations.ts";
import { sinceTime } from "./since-time.ts";
import type { WhereOptions } from "./with-services.ts";

/** What narrows the trail down, as it was typed. */
export interface AuditFilterOptions extends WhereOptions {
  readonly user?: string;
  readonly actor?: string;
  readonly token?: string;
  readonly event?: string;
  readonly operation?: string;
  readonly on?: string;
  readonly address?: string;
  readonly request?: string;
  readonly since?: string;
  readonly until?: string;
}

/** What narrows it down, as the API takes it. */
export type AuditFilters = Omit<
  NonNullable<Parameters<Services["audit"]["list"]>[0]>,
  "before" | "limit"
>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Which entries are wanted, as far as that can be said without asking anybody. Throws Failure for what can not be meant. */
export function plainFilters(options: AuditFilterOptions, now: number): AuditFilters {
  const { since, until, event, operation, address, request } = options;
  const named = {
    event: event?.toUpperCase().replaceAll("-", "_") as AuditFilters["event"],
    operation: operation === undefined ? undefined : operationOf(operation),
    address: address === undefined ? undefined : addressOf(address),
    request_id: request === undefined ? undefined : requestOf(request),
    since: since === undefined ? undefined : sinceTime(since, now),
    until: until === undefined ? undefined : sinceTime(until, now),
  };
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as AuditFilters;
}

/** The rest of it: what stands for ids is looked up. Throws Failure for a name that is nothing's. */
export async function lookUpFilters(
  services: Services,
  options: AuditFilterOptions,
  signal: AbortSignal,
): Promise<AuditFilters> {
  const { on, token } = options;
  const user = options.user ?? options.actor;
  return {
    ...(user === undefined ? {} : { user: await userOf(services, user, signal) }),
    ...(token === undefined ? {} : { token_id: await tokenOf(services, options, signal) }),
    ...(on === undefined ? {} : { object_id: await objectOf(services, on, signal) }),
  };
}

function operationOf(word: string): string {
  if (isTrailOperation(word)) return word;
  throw new Failure(EXIT_CODES.usage, `There is no operation ${word}.`, nearTrailOperations(word));
}

/** An address as the trail writes it. */
function addressOf(word: string): string {
  const kind = isIP(word);
  if (kind === 0)
    throw new Failure(
      EXIT_CODES.usage,
      `${word} is no network address.`,
      "Write one like 192.0.2.7 or 2001:db8::7; names are not looked up",
    );
  const isPlain = kind === 6 && !/[.%]/.test(word);
  return isPlain ? new URL(`http://[${word}]`).hostname.slice(1, -1) : word;
}

function requestOf(word: string): string {
  if (UUID.test(word)) return word.toLowerCase();
  throw new Failure(
    EXIT_CODES.usage,
    `${word} is no id of a request.`,
    "The answer header X-Request-Id has it, and an error with --verbose",
  );
}

/** The trail knows accounts by their names, those that are gone and those that were only tried, too. */
async function userOf(services: Services, word: string, signal: AbortSignal): Promise<string> {
  if (!UUID.test(word)) return word;
  const hint = "An account that is gone is found by its name";
  const found = services.user.get({ user: word }, { signal });
  return (await orNotFound(found, hint)).name;
}

async function tokenOf(
  { token: tokens }: Services,
  { token = "", data, ...options }: AuditFilterOptions,
  signal: AbortSignal,
): Promise<string> {
  if (UUID.test(token)) return token;
  const user = options.user ?? options.actor;
  if (user === undefined && data !== undefined)
    throw new Failure(
      EXIT_CODES.usage,
      `Whose token is ${token}?`,
      "Name its account with --user NAME, or the token by its id",
    );
  const listed = await orNotFound(
    tokens.list(user === undefined ? {} : { user }, { signal }),
    GONE,
  );
  const id = listed.find(({ name }) => name === token)?.token_id;
  if (id !== undefined) return id;
  const whose = user === undefined ? "you have" : `${user} has`;
  throw new Failure(
    EXIT_CODES.notFound,
    `There is no token ${token} that ${whose}.`,
    `Name its account with --user NAME. ${GONE}`,
  );
}

const GONE = "What is gone is found by its id, as --json shows it";

const CERTIFICATE_ID = /^[0-9a-f]{64}$/i;

/** Accounts and groups have names of their own beside those of libraries; files are known by nothing but their names. */
const PREFIX = /^(user|group|file):(.+)$/s;

async function objectOf(services: Services, word: string, signal: AbortSignal): Promise<string> {
  if (UUID.test(word) || CERTIFICATE_ID.test(word)) return word;
  const [, kind, name = ""] = PREFIX.exec(word) ?? [];
  if (kind === "file") return name;
  if (kind === "user")
    return (await orNotFound(services.user.get({ user: name }, { signal }), GONE)).user_id;
  if (kind === "group")
    return (await orNotFound(services.group.get({ group: name }, { signal }), GONE)).group_id;
  if (word === "configuration") return word;
  return word.includes("/")
    ? (await orNotFound(placeIn(services, word, signal), OBJECT_HINT)).id
    : (await orNotFound(resolveLibrary(services, word, signal), OBJECT_HINT)).id;
}

/** A name with a slash may be that of a library, too. */
async function placeIn(
  services: Services,
  word: string,
  signal: AbortSignal,
): Promise<{ readonly id: string }> {
  try {
    return (await resolveItem(services, word, signal)).item;
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode !== EXIT_CODES.notFound) throw error;
    return await resolveLibrary(services, word, signal).catch(() => {
      throw error;
    });
  }
}

const OBJECT_HINT = `--on takes LIBRARY, LIBRARY/ITEM, user:NAME, group:NAME, file:NAME or an id. ${GONE}`;

/** What is looked up, or a failure that says how to name it otherwise. */
async function orNotFound<Model>(found: Promise<Model>, hint: string): Promise<Model> {
  try {
    return await found;
  } catch (error) {
    const isAbsent =
      error instanceof Error &&
      (("class" in error && error.class === "not_found") ||
        (error instanceof Failure && error.exitCode === EXIT_CODES.notFound));
    if (!isAbsent) throw error;
    throw new Failure(EXIT_CODES.notFound, error.message, hint);
  }
}
