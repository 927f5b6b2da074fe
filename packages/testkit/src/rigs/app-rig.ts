import { createHash } from "node:crypto";
import { join } from "node:path";
import type { App } from "@contentlib/server/app/app";
import { type Call, LongList, type Origin } from "@contentlib/server/app/call";
import { createApp } from "@contentlib/server/app/create-app";
import type { Ports, Settings } from "@contentlib/server/app/ports";
import { AesSecretSeal } from "@contentlib/server/adapters/auth/aes-secret-seal";
import type {
  DiskBlobStore,
  DiskBlobStoreOptions,
} from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import { openDiskBlobStore } from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import { MemoryBlobStore } from "@contentlib/server/adapters/blobs/memory/memory-blob-store";
import {
  openMemoryCatalog,
  openSqliteCatalog,
} from "@contentlib/server/adapters/catalog/sqlite/sqlite-catalog";
import { NodeCertificateReader } from "@contentlib/server/adapters/certificates/node-certificate-reader";
import { composeItemTypes } from "@contentlib/server/main/compose-item-types";
import { composeLocal } from "@contentlib/server/main/compose-local";
import { composeRemote } from "@contentlib/server/main/compose-remote";
import type { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { AsyncDeedScope } from "@contentlib/server/adapters/deeds/async-deed-scope";
import { RandomIdSource } from "@contentlib/server/adapters/ids/random-id-source";
import type { AccountId } from "@contentlib/server/domain/ids";
import type { BlobStore, Catalog, EndpointSubject, Journal } from "@contentlib/server/ports/index";
import { aGrant, anAccount } from "../builders/accounts.ts";

/** Times that are short enough to reason about and long enough not to matter unless a test moves the clock. */
export const RIG_SETTINGS: Settings = {
  sessionTimeoutMs: 300_000,
  sessionRetentionMs: 3_600_000,
  loginIdleMs: 1_800_000,
  loginAbsoluteMs: 86_400_000,
  revisionsKept: 5,
  datastores: [],
  partialTtlMs: 86_400_000,
  auditKeptMs: 400 * 86_400_000,
};

/** What keeps its content between two apps: an app opened again on it is a server restarted. */
export interface RigStorage {
  readonly catalog: Catalog;
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

const ids = new RandomIdSource();

export const RIG_ACCOUNT = "aaaaaaaa-0000-4000-8000-000000000001" as string as AccountId;

/** The account of the rig's calls, which may do everything. Its password is `secret`. */
const storeRigAccount = async (catalog: Catalog): Promise<void> => {
  if ((await catalog.findAccount(RIG_ACCOUNT)) !== null) return;
  const account = anAccount({
    id: RIG_ACCOUNT,
    name: "administrator",
    passwordHash: "plain:secret",
  });
  const grant = aGrant({ subject: { kind: "account", id: RIG_ACCOUNT }, role: "administrator" });
  await catalog.commit([
    { kind: "account.put", account, rev: null },
    { kind: "grant.put", grant },
  ]);
};

/** Catalog and blobs in memory. */
export const memoryStorage = async (clock: ManualClock): Promise<RigStorage> => {
  const catalog = await openMemoryCatalog({
    now: () => clock.now(),
    newServerGuid: () => ids.accountId(),
  });
  await storeRigAccount(catalog);
  return { catalog, blobs: new MemoryBlobStore({ clock }), close: () => catalog.close() };
};

/** SQLite and files in the directory, as a server has them; the blobs' file system may be another than the real one. */
export const diskStorage = async (
  clock: ManualClock,
  directory: string,
  disk: Pick<DiskBlobStoreOptions, "fileSystem" | "engine"> = {},
): Promise<RigStorage> => {
  const blobs: DiskBlobStore = await openDiskBlobStore({
    directory: join(directory, "store"),
    clock,
    ...disk,
  });
  const catalog = await openSqliteCatalog({
    file: join(directory, "catalog.sqlite"),
    now: () => clock.now(),
    newServerGuid: () => ids.accountId(),
  });
  await storeRigAccount(catalog);
  const close = async (): Promise<void> => {
    await catalog.close();
    await blobs.close();
  };
  return { catalog, blobs, close };
};

/** A catalog in memory over blobs in the directory: for tests that let the blobs' disk fail and start again on a sound one. */
export const blobsOnDisk = async (
  clock: ManualClock,
  directory: string,
  disk: Pick<DiskBlobStoreOptions, "fileSystem" | "engine">,
): Promise<RigStorage> => {
  const { catalog } = await memoryStorage(clock);
  const blobs = await openDiskBlobStore({ directory, clock, ...disk });
  const close = async (): Promise<void> => {
    await catalog.close();
    await blobs.close();
  };
  return { catalog, blobs, close };
};

/** Remembers troubles, which tests of the regular road want to be none. */
export class ListingJournal implements Journal {
  readonly troubles: { readonly where: string; readonly error: unknown }[] = [];
  readonly events: { readonly kind: string; readonly event: object }[] = [];

  sessionEnded(event: object): void {
    this.events.push({ kind: "sessionEnded", event });
  }
  contentChanged(event: object): void {
    this.events.push({ kind: "contentChanged", event });
  }
  transferEnded(event: object): void {
    this.events.push({ kind: "transferEnded", event });
  }
  loginMade(event: object): void {
    this.events.push({ kind: "loginMade", event });
  }
  loginPutOff(event: object): void {
    this.events.push({ kind: "loginPutOff", event });
  }
  loginRefused(event: object): void {
    this.events.push({ kind: "loginRefused", event });
  }
  blobsCollected(event: object): void {
    this.events.push({ kind: "blobsCollected", event });
  }
  partialsDropped(event: object): void {
    this.events.push({ kind: "partialsDropped", event });
  }
  trouble(event: { readonly where: string; readonly error: unknown }): void {
    this.troubles.push(event);
  }
}

/** An app on its storage, with time in the test's hand, and the rest as plain as it can be. */
export interface AppRig {
  readonly app: App;
  readonly journal: ListingJournal;
}

/** Starts an app: what a server does before its first request. Ports may be others than the rig's. */
export const startApp = async (
  clock: ManualClock,
  storage: Pick<RigStorage, "catalog" | "blobs">,
  settings: Settings = RIG_SETTINGS,
  others: Partial<Ports> = {},
): Promise<AppRig> => {
  const journal = new ListingJournal();
  const ports: Ports = {
    ...storage,
    clock,
    ids,
    journal,
    deeds: new AsyncDeedScope(),
    hasher: {
      hash: async (password) => `plain:${password}`,
      verify: async (password, hash) => hash === `plain:${password}`,
    },
    digest: { digest: (secret) => createHash("sha256").update(secret).digest("hex") },
    seal: new AesSecretSeal(Buffer.alloc(32, 2)),
    signer: {
      sign: (subject) => Buffer.from(JSON.stringify(subject)).toString("base64url"),
      read: (segment) =>
        JSON.parse(Buffer.from(segment, "base64url").toString()) as EndpointSubject,
    },
    attempts: {
      admit: () => ({ kind: "ok" }),
      failed: () => undefined,
      succeeded: () => undefined,
    },
    certificates: new NodeCertificateReader(),
    itemTypes: composeItemTypes(),
    remote: composeRemote(clock),
    local: composeLocal(clock),
    ...others,
  };
  const app = createApp(ports, settings);
  await app.recover();
  return { app, journal };
};

/** Where the calls of the rig come from. */
export const RIG_ORIGIN: Origin = { address: "127.0.0.1", requestId: "request" };

/** A call by the rig's account; `ignored` collects what the operation says it ignored. */
export const aCall = (ignored: string[] = []): Call => ({
  caller: {
    accountId: RIG_ACCOUNT,
    accountName: "administrator",
    userName: "administrator@vsphere.local",
    loginHash: "",
  },
  ...RIG_ORIGIN,
  baseUrl: "http://127.0.0.1:8697",
  thumbprint: null,
  signal: new AbortController().signal,
  header: () => null,
  changeMessage: () => null,
  ignored: (member) => ignored.push(member),
});

/** All values of a handler's answer that may come in pages. */
export const wholeList = async <Value>(
  answer: readonly Value[] | LongList<Value>,
): Promise<readonly Value[]> =>
  answer instanceof LongList ? (await Array.fromAsync(answer.pages)).flat() : answer;

/** The secret part of a transfer endpoint's address. */
export const segmentOf = (uri: string): string => new URL(uri).pathname.split("/")[3] ?? "";
