import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { SystemClock } from "../adapters/clock/system-clock.ts";
import { RandomIdSource } from "../adapters/ids/random-id-source.ts";
import { PinoJournal } from "../adapters/journal/pino-journal.ts";
import type { App } from "../app/app.ts";
import { createApp } from "../app/create-app.ts";
import type { Settings } from "../app/ports.ts";
import type { ListenAddress } from "../config/listen-address.ts";
import { hostInUrl, isLoopback } from "../config/listen-address.ts";
import type { Clock, IdSource, PasswordHasher, RequestJournal } from "../ports/index.ts";
import { startDuties } from "../work/start-duties.ts";
import type { Documents } from "../wire/pages.ts";
import type { WireServer } from "../wire/server.ts";
import { createWireServer } from "../wire/server.ts";
import type { AdministratorOutcome } from "./administrator.ts";
import { ensureAdministrator } from "./administrator.ts";
import type { Auth } from "./compose-auth.ts";
import { composeAuth } from "./compose-auth.ts";
import type { Storage } from "./compose-storage.ts";
import { openDiskStorage, openMemoryStorage } from "./compose-storage.ts";
import type { DataDirectory } from "./data-directory.ts";
import { openDataDirectory } from "./data-directory.ts";
import { readDocsFile } from "./docs-files.ts";
import type { OwnProfileOutcome } from "./own-profile.ts";
import { writeOwnProfile } from "./own-profile.ts";
import { Opened } from "./opened.ts";
import { StartError, systemCodeOf } from "./start-error.ts";

/** How long a stop waits for answers that are under way. */
export const DRAIN_TIMEOUT_MS = 10_000;

/** The settings of a server for which the operator says nothing. */
export const DEFAULT_SETTINGS: Settings = {
  sessionTimeoutMs: 5 * 60_000,
  sessionRetentionMs: 60 * 60_000,
  loginIdleMs: 30 * 60_000,
  loginAbsoluteMs: 24 * 60 * 60_000,
  revisionsKept: 5,
  datastores: [],
};

/** How to start a server in this process. Everything but the place of the data has a default, and what is injected wins. */
export interface StartOptions {
  /** Where everything is kept; null keeps it in memory. */
  readonly dataDirectory: string | null;
  /** Any free port of loopback when absent. */
  readonly listen?: ListenAddress;
  readonly publicUrl?: string | null;
  readonly isStrict?: boolean;
  readonly settings?: Partial<Settings>;
  /** The administrator's first password; one is made up when absent or null. */
  readonly adminPassword?: string | null;
  /** Told a made-up password, before it counts. */
  readonly tellPassword?: (password: string) => void;
  /** The command line's file of profiles; the first start writes one, unless this is absent or null, or beyond loopback. */
  readonly profileFile?: string | null;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly hasher?: PasswordHasher;
  readonly journal?: RequestJournal;
  readonly uploadStallTimeoutMs?: number;
  /** Puts something around the storage, for tests of faults. */
  readonly aroundStorage?: (storage: Storage) => Storage;
}

/** A server that listens. */
export interface RunningServer {
  /** Scheme, host and port, without a trailing slash. */
  readonly url: string;
  readonly app: App;
  readonly administrator: AdministratorOutcome;
  /** Null when no profile was wanted, and at every start but the first. */
  readonly profile: OwnProfileOutcome | "failed" | null;
  /** Lets answers under way finish, cuts transfers, and gives everything back. Closing twice is harmless. */
  close(): Promise<void>;
}

const LOOPBACK: ListenAddress = { host: "127.0.0.1", port: 0 };

const readDocuments = async (): Promise<Documents> => {
  const read = async (name: string): Promise<string> =>
    await readFile(
      fileURLToPath(import.meta.resolve(`@contentlib/contract/generated/${name}`)),
      "utf8",
    );
  const [rest, api] = await Promise.all([read("openapi-rest.json"), read("openapi-api.json")]);
  return { rest, api };
};

const listen = async ({ server }: WireServer, { host, port }: ListenAddress): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: Error): void => reject(listenError(error, { host, port }));
    server.once("error", onError);
    server.listen({ host, port }, () => {
      server.off("error", onError);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return `http://${hostInUrl(host)}:${address.port}`;
};

const listenError = (error: Error, { host, port }: ListenAddress): Error => {
  const where = `${hostInUrl(host)}:${port}`;
  switch (systemCodeOf(error)) {
    case "EADDRINUSE":
      return new StartError(
        `Another program listens on ${where}: stop it, or choose another port with --listen.`,
        { cause: error },
      );
    case "EACCES":
      return new StartError(
        `Listening on ${where} is not allowed: choose a port above 1023 with --listen.`,
        { cause: error },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new StartError(`This machine has no address ${host}: choose another with --listen.`, {
        cause: error,
      });
    default:
      return error;
  }
};

interface Parts {
  readonly options: StartOptions;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly journal: RequestJournal;
  readonly directory: DataDirectory | null;
  readonly storage: Storage;
  readonly auth: Auth;
  readonly app: App;
}

const compose = async (options: StartOptions, opened: Opened): Promise<Parts> => {
  const clock = options.clock ?? new SystemClock();
  const ids = options.ids ?? new RandomIdSource();
  const journal = options.journal ?? new PinoJournal("silent", process.stderr);
  const directory =
    options.dataDirectory === null ? null : openDataDirectory(options.dataDirectory);
  if (directory !== null) opened.add(() => directory.close());
  const plain =
    directory === null
      ? await openMemoryStorage(clock, ids)
      : await openDiskStorage(directory, clock, ids);
  const storage = options.aroundStorage?.(plain) ?? plain;
  opened.add(async () => await storage.close());
  const auth = composeAuth(directory, clock, options.hasher);
  const ports = { catalog: storage.catalog, blobs: storage.blobs, clock, ids, journal, ...auth };
  const app = createApp(ports, { ...DEFAULT_SETTINGS, ...options.settings });
  await app.recover();
  return { options, clock, ids, journal, directory, storage, auth, app };
};

/** Listens, then makes the administrator and his profile, then is ready: a start that fails for its port leaves no made-up password behind. */
const openWire = async (
  parts: Parts,
  opened: Opened,
): Promise<Pick<RunningServer, "url" | "administrator" | "profile">> => {
  const { options, clock, journal, app } = parts;
  let isReady = false;
  const wire = createWireServer({
    app,
    clock,
    journal,
    publicUrl: options.publicUrl ?? null,
    isStrict: options.isStrict ?? false,
    documents: await readDocuments(),
    readDocsFile: async (name) => await readDocsFile(name),
    requestId: randomUUID,
    isReady: () => isReady,
    ...(options.uploadStallTimeoutMs === undefined
      ? {}
      : { uploadStallTimeoutMs: options.uploadStallTimeoutMs }),
  });
  const url = await listen(wire, options.listen ?? LOOPBACK);
  const duties = startDuties(app.duties, clock, journal);
  opened.add(async () => {
    isReady = false;
    await drain(wire, parts);
    await duties.close();
    await app.duties.recordActivity();
  });
  const administrator = await ensureFirstAccount(parts);
  // Whoever waits until the server is ready may use the command line at once.
  const profile = await writeProfile(parts, url, administrator);
  isReady = true;
  return { url, administrator, profile };
};

const ensureFirstAccount = async ({
  options,
  storage,
  clock,
  ids,
  auth,
}: Parts): Promise<AdministratorOutcome> =>
  await ensureAdministrator({
    catalog: storage.catalog,
    clock,
    ids,
    hasher: auth.hasher,
    password: options.adminPassword ?? null,
    tell: options.tellPassword ?? (() => undefined),
  });

/** Answers under way get their time, transfers are cut and recorded, then every connection ends. */
const drain = async (wire: WireServer, { app, clock }: Parts): Promise<void> => {
  const patience = new AbortController();
  const waited = clock.sleep(DRAIN_TIMEOUT_MS, patience.signal).catch(() => undefined);
  const drained = wire.drain();
  await app.drain();
  await Promise.race([drained, waited]);
  patience.abort();
  await wire.close();
};

const writeProfile = async (
  parts: Parts,
  url: string,
  administrator: AdministratorOutcome,
): Promise<RunningServer["profile"]> => {
  const { options, storage, clock, ids, auth, journal } = parts;
  const path = options.profileFile ?? null;
  if (path === null || !isLoopback((options.listen ?? LOOPBACK).host)) return null;
  // A later start gives nobody back what was revoked since.
  if (administrator.kind !== "created") return null;
  try {
    const { catalog } = storage;
    return await writeOwnProfile({
      path,
      url,
      accountId: administrator.account.id,
      catalog,
      clock,
      ids,
      digest: auth.digest,
    });
  } catch (error) {
    journal.trouble({ where: `writing the profile ${path}`, error });
    return "failed";
  }
};

/** Starts a server. Rejects with a `StartError` for what the operator can mend; nothing stays open then. */
export const startServer = async (options: StartOptions): Promise<RunningServer> => {
  const opened = new Opened();
  try {
    const parts = await compose(options, opened);
    const outcome = await openWire(parts, opened);
    return { ...outcome, app: parts.app, close: async () => await opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
};
