import type { DownloadSession } from "../domain/download-session.ts";
import type { Instant, Sha256, StagedId } from "../domain/ids.ts";
import type { KeptPartial } from "../domain/kept-partial.ts";
import type { UpdateSession } from "../domain/update-session.ts";
import type { Row } from "./row.ts";

/** Bytes that arrived and are no content of an item yet, as far as they are safe, by what has come of them. */
export interface StagedBytes {
  /** Of files of ACTIVE sessions that wait for more. */
  readonly partial: number;
  /** Of READY files of ACTIVE sessions, without those whose bytes something else holds already. */
  readonly ready: number;
  /** Kept of files whose sessions are over. */
  readonly kept: number;
}

/** How much there is in a catalog. */
export interface CatalogCounts {
  readonly libraries: number;
  readonly items: number;
  /** When the oldest update session was created that is ACTIVE; null where there is none. */
  readonly oldestActiveUpdateAt: Instant | null;
  /** Every session that is kept, ended ones too; a kind and state of which there is none is counted as 0. */
  readonly sessions: readonly {
    readonly kind: "update" | "download";
    readonly state: UpdateSession["state"] | DownloadSession["state"];
    readonly count: number;
  }[];
  readonly stagedBytes: StagedBytes;
}

/** What the background loops, start-up and `fsck` need. */
export interface CatalogHousekeeping {
  /** How much there is, counted in indexes: no row is read but that of the oldest session, and the sizes of what is staged. */
  counts(): Promise<CatalogCounts>;
  /** ACTIVE sessions, update and download, whose stored expiry is at or before `at`. */
  listLapsed(at: Instant): Promise<{
    readonly updates: readonly Row<UpdateSession>[];
    readonly downloads: readonly Row<DownloadSession>[];
  }>;
  /** All ACTIVE sessions, for the restart. */
  listActive(): Promise<{
    readonly updates: readonly Row<UpdateSession>[];
    readonly downloads: readonly Row<DownloadSession>[];
  }>;
  /** Removes ended sessions whose end is at or before `endedBefore`, revisions that are not among the last of their item that its library says are kept (`revisionsKept` where it says none), logins out of either limit, client tokens that are both older than `tokensBefore` and whose object is gone, rows of the audit trail whose last one is before `auditBefore`, and pins whose session is not ACTIVE. Takes so many rows at a time that other writers get their turn in between. Returns how many rows went, pins not counted. */
  purge(limits: {
    readonly endedBefore: Instant;
    readonly loginsIdleSince: Instant;
    readonly loginsCreatedBefore: Instant;
    readonly tokensBefore: Instant;
    readonly revisionsKept: number;
    readonly auditBefore: Instant;
  }): Promise<number>;
  /** Staged ids of READY files, and of partials, of ACTIVE sessions, and of what is kept of others: what the sweeper must keep. */
  listLiveStagedIds(): Promise<readonly StagedId[]>;
  /** What was kept at or before `at`, of whatever account, the oldest first. */
  listKeptBefore(at: Instant): Promise<readonly KeptPartial[]>;
  /** Digests that no item, no revision, no ACTIVE download session, no READY file of an ACTIVE session references, and no pin holds, since `unreferencedBefore`; at most `limit`. */
  listUnreferenced(unreferencedBefore: Instant, limit: number): Promise<readonly Sha256[]>;
  /** Tells the catalog of a blob that the store holds; unknown ones count as unreferenced since `at`. */
  noteStored(digests: readonly Sha256[], at: Instant): Promise<void>;
  /** Dooms a digest if it is still unreferenced and unpinned; from then on pinning it answers `doomed`. False when it is not. */
  doom(digest: Sha256): Promise<boolean>;
  /** The doomed blob's bytes are gone: forget digest and doom. */
  settle(digest: Sha256): Promise<void>;
  /** Dooms left by a crash; their deletion must be finished. */
  listDoomed(): Promise<readonly Sha256[]>;
  /** Every digest that an item, a revision or an ACTIVE download session references, once, with its size and one holder to name, for `fsck`. What READY files reference is not content yet: it is still staged (`listLiveStagedIds`), or was an item's when the file was added. */
  listReferences(): AsyncIterable<{
    readonly digest: Sha256;
    readonly sizeBytes: number;
    readonly holder: string;
  }>;
  /** Records that the server was alive at `at`. */
  noteAlive(at: Instant): Promise<void>;
  /** The last recorded instant, null at the very first start. */
  lastAliveAt(): Promise<Instant | null>;
  /** The identity of this server instance, a UUID made at the first start. */
  serverGuid(): Promise<string>;
}
