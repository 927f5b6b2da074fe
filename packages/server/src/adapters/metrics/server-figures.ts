import type { Registry } from "prom-client";
import { Counter, Gauge, Histogram } from "prom-client";
import { RequestTally } from "./request-tally.ts";

/** Seconds by which waiting for a disk is told apart. */
const DISK_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5];
/** How many writes share a commit; the last is the most that do. */
const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

const failureFigures = (registers: Registry[]) => ({
  failures: new Counter({
    name: "contentlib_failures_total",
    help: "Failures of the server itself: in a request, which got an internal error, or beside all requests.",
    labelNames: ["where"],
    registers,
  }),
});

const loginFigures = (registers: Registry[]) => ({
  logins: new Counter({
    name: "contentlib_logins_total",
    help: "Logins that were made, by what proved them.",
    labelNames: ["method"],
    registers,
  }),
  loginsRefused: new Counter({
    name: "contentlib_logins_refused_total",
    help: "Credentials that were not taken, by reason.",
    labelNames: ["reason"],
    registers,
  }),
});

const contentFigures = (registers: Registry[]) => ({
  libraries: new Gauge({
    name: "contentlib_libraries",
    help: "Libraries there are.",
    registers,
  }),
  items: new Gauge({ name: "contentlib_items", help: "Items there are.", registers }),
  sessions: new Gauge({
    name: "contentlib_sessions",
    help: "Sessions that are kept, by kind and state; ended ones go after their retention.",
    labelNames: ["kind", "state"],
    registers,
  }),
  oldestSessionSeconds: new Gauge({
    name: "contentlib_oldest_active_update_session_seconds",
    help: "Age of the oldest update session that is ACTIVE; 0 where there is none.",
    registers,
  }),
  stagedBytes: new Gauge({
    name: "contentlib_staged_bytes",
    help: "Safe bytes that are no content of an item yet, by what has come of them.",
    labelNames: ["state"],
    registers,
  }),
  sessionsEnded: new Counter({
    name: "contentlib_sessions_ended_total",
    help: "Sessions that ended, by the state they ended in.",
    labelNames: ["state"],
    registers,
  }),
  contentChanges: new Counter({
    name: "contentlib_content_changes_total",
    help: "New content versions of items that were made by completed sessions.",
    registers,
  }),
});

const transferFigures = (registers: Registry[]) => ({
  transferBytes: new Counter({
    name: "contentlib_transfer_bytes_total",
    help: "Bytes of content that were moved, those of running transfers included.",
    labelNames: ["direction"],
    registers,
  }),
  transfersRunning: new Gauge({
    name: "contentlib_transfers_in_progress",
    help: "Transfers that run.",
    labelNames: ["direction"],
    registers,
  }),
  transfersEnded: new Counter({
    name: "contentlib_transfers_ended_total",
    help: "Transfers that ended, by outcome: a fault of the API, or how else they ended.",
    labelNames: ["direction", "outcome"],
    registers,
  }),
});

const queueFigures = (registers: Registry[]) => ({
  queues: new Gauge({
    name: "contentlib_queue_length",
    help: "What waits in a queue, or is being served from it.",
    labelNames: ["queue"],
    registers,
  }),
  stagingThreadTransfers: new Gauge({
    name: "contentlib_staging_thread_transfers",
    help: "Uploads that are written by a thread of their own.",
    registers,
  }),
  eventStreams: new Gauge({
    name: "contentlib_event_streams",
    help: "Streams of events that are open.",
    registers,
  }),
  eventsWaiting: new Gauge({
    name: "contentlib_events_waiting",
    help: "Events that wait for the readers of all streams.",
    registers,
  }),
});

const storageFigures = (registers: Registry[]) => ({
  writeSeconds: new Histogram({
    name: "contentlib_catalog_write_duration_seconds",
    help: "Time a write of the catalog takes its caller: waiting, writing and the sync to the disk.",
    buckets: DISK_SECONDS,
    registers,
  }),
  commitSeconds: new Histogram({
    name: "contentlib_catalog_commit_duration_seconds",
    help: "Time of a commit of the catalog, which many writes share: writing, and the sync to the disk.",
    labelNames: ["phase"],
    buckets: DISK_SECONDS,
    registers,
  }),
  commitWrites: new Histogram({
    name: "contentlib_catalog_commit_writes",
    help: "Writes that share a commit of the catalog.",
    buckets: GROUP_SIZES,
    registers,
  }),
  catalogBytes: new Gauge({
    name: "contentlib_catalog_size_bytes",
    help: "Size of the files of the catalog: the database, and its write-ahead log.",
    labelNames: ["file"],
    registers,
  }),
  syncSeconds: new Histogram({
    name: "contentlib_blob_sync_duration_seconds",
    help: "Time to sync arriving bytes, or the name of a file, to the disk.",
    labelNames: ["object"],
    buckets: DISK_SECONDS,
    registers,
  }),
  blobsCollected: new Counter({
    name: "contentlib_blobs_collected_total",
    help: "Blobs that were deleted because nothing referenced them any more.",
    registers,
  }),
  diskFreeBytes: new Gauge({
    name: "contentlib_disk_free_bytes",
    help: "Room left for the server on the file system of the data directory.",
    registers,
  }),
  diskSizeBytes: new Gauge({
    name: "contentlib_disk_size_bytes",
    help: "Size of the file system of the data directory.",
    registers,
  }),
});

const serverFigures = (registers: Registry[]) => ({
  buildInfo: new Gauge({
    name: "contentlib_build_info",
    help: "Which version of the server runs; the value is always 1.",
    labelNames: ["version"],
    registers,
  }),
  certificateExpiry: new Gauge({
    name: "contentlib_tls_certificate_expiry_timestamp_seconds",
    help: "When the certificate expires that the server shows, in seconds since 1970.",
    registers,
  }),
});

/** All figures of one server, by what they are about. */
export const createFigures = (registry: Registry) => {
  const registers = [registry];
  return {
    requests: new RequestTally(registry),
    ...failureFigures(registers),
    ...loginFigures(registers),
    ...contentFigures(registers),
    ...transferFigures(registers),
    ...queueFigures(registers),
    ...storageFigures(registers),
    ...serverFigures(registers),
  };
};

export type ServerFigures = ReturnType<typeof createFigures>;
