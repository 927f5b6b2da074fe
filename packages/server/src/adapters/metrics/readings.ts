import type { Instant } from "../../domain/ids.ts";
import type { CatalogCounts } from "../../ports/index.ts";
import type { DiskFigures } from "./disk-figures.ts";

/** A figure for each direction in which content is moved. */
export interface ByDirection {
  readonly upload: number;
  readonly download: number;
}

/** What is read at each scrape, because somebody else keeps it already. Whatever rejects is left out of that answer. */
export interface Readings {
  /** What goes on in the application. */
  activity(): {
    readonly transfers: ByDirection;
    /** Since the start; never falls. */
    readonly movedBytes: ByDirection;
    readonly eventStreams: number;
    readonly eventsWaiting: number;
  };
  /** How much waits in each queue. */
  queues(): {
    readonly password_checks: number;
    readonly catalog_writes: number;
    readonly blob_syncs: number;
  };
  stagingThreadTransfers(): number;
  /** Of the certificate that new connections get; null without TLS. */
  certificateExpiresAt(): Instant | null;
  counts(): Promise<CatalogCounts>;
  now(): Instant;
  /** Null where nothing is kept on a disk. */
  disk(): Promise<DiskFigures | null>;
}
