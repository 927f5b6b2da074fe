import { Argon2PasswordHasher } from "../adapters/auth/argon2-password-hasher.ts";
import { CountingJournal } from "../adapters/metrics/counting-journal.ts";
import { readDisk } from "../adapters/metrics/disk-figures.ts";
import { ServerMetrics } from "../adapters/metrics/server-metrics.ts";
import type { Watching } from "../app/app.ts";
import type { Catalog, Clock, PasswordHasher, RequestJournal } from "../ports/index.ts";
import type { OwnStorage } from "./compose-storage.ts";
import { CATALOG_FILE } from "./compose-storage.ts";
import type { ServerTls } from "./compose-tls.ts";
import type { DataDirectory } from "./data-directory.ts";
import { readVersion } from "./read-version.ts";

/** The figures of a server, and the journal that counts on its way to the log. */
export const composeMetrics = (
  log: RequestJournal,
): { readonly metrics: ServerMetrics; readonly journal: RequestJournal } => {
  const metrics = new ServerMetrics(readVersion());
  const journal = new CountingJournal(log, metrics.figures);
  return { metrics, journal };
};

/** What figures are read from at each scrape. */
interface Watched {
  readonly watching: Pick<Watching, "activity">;
  readonly catalog: Pick<Catalog, "housekeeping">;
  readonly clock: Pick<Clock, "now">;
  readonly storage: Pick<OwnStorage, "load">;
  readonly hasher: PasswordHasher;
  readonly tls: Pick<ServerTls, "facts"> | null;
  /** Null where nothing is kept on a disk. */
  readonly directory: DataDirectory | null;
}

/** Reads from these parts at each scrape. */
export const watchParts = (metrics: ServerMetrics, parts: Watched): void => {
  const { watching, catalog, clock, storage, hasher, tls, directory } = parts;
  metrics.watch({
    activity: () => watching.activity(),
    queues: () => {
      const { writes, syncs } = storage.load();
      const checks = hasher instanceof Argon2PasswordHasher ? hasher.queueLength : 0;
      return { password_checks: checks, catalog_writes: writes, blob_syncs: syncs };
    },
    stagingThreadTransfers: () => storage.load().threadTransfers,
    certificateExpiresAt: () => tls?.facts.expiresAt ?? null,
    counts: () => catalog.housekeeping.counts(),
    now: () => clock.now(),
    disk: async () => (directory === null ? null : await readDisk(directory.place(CATALOG_FILE))),
  });
};
