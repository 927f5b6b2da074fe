import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { SystemClock } from "../adapters/clock/system-clock.ts";
import { AsyncDeedScope } from "../adapters/deeds/async-deed-scope.ts";
import { RandomIdSource } from "../adapters/ids/random-id-source.ts";
import { PinoJournal } from "../adapters/journal/pino-journal.ts";
import type { ServerMetrics } from "../adapters/metrics/server-metrics.ts";
import type { App } from "../app/app.ts";
import { Places } from "../app/access/places.ts";
import { serverDeed } from "../app/audit/deeds.ts";
import { recordingCatalog } from "../app/audit/recording-catalog.ts";
import { TrailNames } from "../app/audit/trail-names.ts";
import { createApp } from "../app/create-app.ts";
import type { Settings } from "../app/ports.ts";
import type { ListenAddress } from "../config/listen-address.ts";
import { hostInUrl, isLoopback } from "../config/listen-address.ts";
import type { PullDirectory } from "../config/pull-directories.ts";
import type { PullConfig } from "../config/pull-rules.ts";
import type { TlsSetting } from "../config/tls-setting.ts";
import type {
  Catalog,
  Clock,
  IdSource,
  PasswordHasher,
  RemoteSource,
  RequestJournal,
} from "../ports/index.ts";
import { startDuties } from "../work/start-duties.ts";
import type { Documents } from "../wire/pages.ts";
import type { WireServer } from "../wire/server.ts";
import { createWireServer } from "../wire/server.ts";
import type { AdministratorOutcome } from "./administrator.ts";
import { ensureAdministrator } from "./administrator.ts";
import type { Auth } from "./compose-auth.ts";
import { composeAuth } from "./compose-auth.ts";
import { composeItemTypes } from "./compose-item-types.ts";
import { composeLocal } from "./compose-local.ts";
import { composeMetrics, watchParts } from "./compose-metrics.ts";
import { composeRemote } from "./compose-remote.ts";
import type { Storage } from "./compose-storage.ts";
import { openDiskStorage, openMemoryStorage } from "./compose-storage.ts";
import type { ServerTls } from "./compose-tls.ts";
import { composeTls } from "./compose-tls.ts";
import type { DataDirectory } from "./data-directory.ts";
import { openDataDirectory } from "./data-directory.ts";
import { readDocsFile } from "./docs-files.ts";
import { listenOn } from "./listen.ts";
import { openMetrics } from "./open-metrics.ts";
import type { Operator } from "./operator.ts";
import type { OwnProfileOutcome } from "./own-profile.ts";
import { writeOwnProfile } from "./own-profile.ts";
import { Opened } from "./opened.ts";
import { readVersion } from "./read-version.ts";

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
  partialTtlMs: 24 * 60 * 60_000,
  auditKeptMs: 400 * 24 * 60 * 60_000,
};

/** How many connections there may be at a time where nobody says so. */
const CONNECTIONS_MAX = 4_096;

/** How to start a server in this process. Everything but the place of the data has a default, and what is injected wins. */
export interface StartOptions {
  /** Where everything is kept; null keeps it in memory. */
  readonly dataDirectory: string | null;
  /** Any free port of loopback when absent. */
  readonly listen?: ListenAddress;
  readonly publicUrl?: string | null;
  /** Off when absent. */
  readonly tls?: TlsSetting;
  /** Addresses, and networks in CIDR form, whose word about the client is believed; none when absent. */
  readonly trustedProxies?: readonly string[];
  /** Origins whose pages may call the server; none when absent. */
  readonly corsOrigins?: readonly string[];
  /** Where the metrics are shown without a login; nowhere when absent or null. */
  readonly metricsListen?: ListenAddress | null;
  /** 4096 when absent. */
  readonly connectionsMax?: number;
  /** What may be fetched from other servers, and how; nothing is opened or closed when absent. */
  readonly pull?: PullConfig;
  /** Directories of this machine whose files may be pulled; none when absent. */
  readonly pullDirectories?: readonly PullDirectory[];
  /** Files that are never pulled, nor anything of the data directory. */
  readonly secretFiles?: readonly string[];
  readonly isStrict?: boolean;
  readonly settings?: Partial<Settings>;
  /** The administrator's first password; one is made up when absent or null. */
  readonly adminPassword?: string | null;
  /** Told a made-up password, before it counts. */
  readonly tellPassword?: (password: string) => void;
  /** Told what the operator should know of the certificate; a journal is told of troubles when this is absent. */
  readonly operator?: Operator;
  /** The command line's file of profiles; the first start writes one, unless this is absent or null, or beyond loopback. */
  readonly profileFile?: string | null;
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly hasher?: PasswordHasher;
  readonly journal?: RequestJournal;
  readonly remote?: RemoteSource;
  readonly uploadStallTimeoutMs?: number;
  /** Puts something around the storage, for tests of faults. */
  readonly aroundStorage?: (storage: Storage) => Storage;
}

/** A server that listens. */
export interface RunningServer {
  /** Scheme, host and port, without a trailing slash. */
  readonly url: string;
  /** Where the metrics are shown without a login; null for nowhere. */
  readonly metricsUrl: string | null;
  readonly app: App;
  readonly administrator: AdministratorOutcome;
  /** Null when no profile was wanted, and at every start but the first. */
  readonly profile: OwnProfileOutcome | "failed" | null;
  /** The certificate that new connections get, and a way to read it again at once; null without TLS. */
  readonly tls: Pick<ServerTls, "facts" | "reload"> | null;
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

const listen = async (
  { server }: WireServer,
  address: ListenAddress,
  scheme: "http" | "https",
): Promise<string> => {
  const port = await listenOn(server, address, "--listen");
  return `${scheme}://${hostInUrl(address.host)}:${port}`;
};

interface Parts {
  readonly options: StartOptions;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly journal: RequestJournal;
  readonly metrics: ServerMetrics;
  readonly directory: DataDirectory | null;
  readonly storage: Storage;
  readonly auth: Auth;
  readonly tls: ServerTls | null;
  readonly app: App;
}

/** Notes are for people at a terminal; a warning is worth a line of the log. */
const journalOperator = (journal: RequestJournal): Operator => ({
  note: () => undefined,
  warn: (sentence) => journal.trouble({ where: "TLS", error: new Error(sentence) }),
});

const compose = async (options: StartOptions, opened: Opened): Promise<Parts> => {
  const clock = options.clock ?? new SystemClock();
  const ids = options.ids ?? new RandomIdSource();
  const log = options.journal ?? new PinoJournal("silent", process.stderr);
  const { metrics, journal } = composeMetrics(log);
  const directory =
    options.dataDirectory === null ? null : openDataDirectory(options.dataDirectory);
  if (directory !== null) opened.add(() => directory.close());
  const tls = await composeTls({
    setting: options.tls ?? { kind: "off" },
    directory,
    publicUrl: options.publicUrl ?? null,
    listen: options.listen ?? LOOPBACK,
    clock,
    operator: options.operator ?? journalOperator(journal),
  });
  const plain =
    directory === null
      ? await openMemoryStorage({ clock, ids, watch: metrics })
      : await openDiskStorage(directory, { clock, ids, watch: metrics });
  const storage = options.aroundStorage?.(plain) ?? plain;
  opened.add(async () => await storage.close());
  const auth = composeAuth(directory, clock, options.hasher);
  const deeds = new AsyncDeedScope();
  const { catalog, blobs } = storage;
  const itemTypes = composeItemTypes();
  const remote = options.remote ?? composeRemote(clock, options.pull);
  const { pullDirectories, secretFiles = [] } = options;
  const secrets = directory === null ? secretFiles : [...secretFiles, directory.path];
  const local = composeLocal(clock, pullDirectories, secrets);
  const ports = { catalog, blobs, clock, ids, journal, deeds, itemTypes, remote, local, ...auth };
  const app = createApp(ports, { ...DEFAULT_SETTINGS, ...options.settings });
  await app.recover();
  const { watching } = app;
  watchParts(metrics, { ...auth, watching, catalog, clock, storage: plain, tls, directory });
  return { options, clock, ids, journal, metrics, directory, storage, auth, tls, app };
};

/** Listens, then makes the administrator and his profile, then is ready: a start that fails for its port leaves no made-up password behind. */
const openWire = async (
  parts: Parts,
  opened: Opened,
): Promise<Omit<RunningServer, "app" | "close">> => {
  const { options, clock, journal, app, tls } = parts;
  let isReady = false;
  const metricsUrl = await openMetrics(parts, options.metricsListen ?? null, opened);
  const wire = createWireServer({
    app,
    clock,
    journal,
    publicUrl: options.publicUrl ?? null,
    tls: tls?.pair ?? null,
    trustedProxies: options.trustedProxies ?? [],
    corsOrigins: options.corsOrigins ?? [],
    connectionsMax: options.connectionsMax ?? CONNECTIONS_MAX,
    isStrict: options.isStrict ?? false,
    version: readVersion(),
    documents: await readDocuments(),
    readDocsFile: async (name) => await readDocsFile(name),
    requestId: randomUUID,
    isReady: () => isReady,
    metrics: parts.metrics,
    ...(options.uploadStallTimeoutMs === undefined
      ? {}
      : { uploadStallTimeoutMs: options.uploadStallTimeoutMs }),
  });
  const url = await listen(wire, options.listen ?? LOOPBACK, tls === null ? "http" : "https");
  const duties = startDuties(app.duties, clock, journal);
  tls?.watch(wire);
  opened.add(async () => {
    isReady = false;
    tls?.close();
    await drain(wire, parts);
    await duties.close();
    await app.duties.recordActivity();
    await app.duties.recordRefusals();
  });
  const administrator = await ensureFirstAccount(parts);
  // Whoever waits until the server is ready may use the command line at once.
  const profile = await writeProfile(parts, url, administrator);
  isReady = true;
  return { url, metricsUrl, administrator, profile, tls };
};

/** What a first start makes is told in the trail as well. */
const startCatalog = ({ storage, clock }: Parts): Catalog =>
  recordingCatalog(storage.catalog, {
    clock,
    names: new TrailNames(storage.catalog, new Places(storage.catalog)),
    deeds: { current: () => serverDeed("server.start") },
  });

const ensureFirstAccount = async (parts: Parts): Promise<AdministratorOutcome> => {
  const { options, clock, ids, auth } = parts;
  return await ensureAdministrator({
    catalog: startCatalog(parts),
    clock,
    ids,
    hasher: auth.hasher,
    password: options.adminPassword ?? null,
    tell: options.tellPassword ?? (() => undefined),
  });
};

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
  const { options, clock, ids, auth, tls, journal } = parts;
  const path = options.profileFile ?? null;
  if (path === null || !isLoopback((options.listen ?? LOOPBACK).host)) return null;
  // A later start gives nobody back what was revoked since.
  if (administrator.kind !== "created") return null;
  try {
    return await writeOwnProfile({
      path,
      url,
      pin: tls?.facts.pin,
      accountId: administrator.account.id,
      catalog: startCatalog(parts),
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
