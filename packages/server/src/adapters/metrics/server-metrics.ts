import { setImmediate as turnOfOthers } from "node:timers/promises";
import { Registry } from "prom-client";
import type { Exposition } from "../../ports/index.ts";
import { DELETED, END_STATES, PLAIN_OUTCOMES } from "./counted-ends.ts";
import { LOGIN_REASONS } from "./login-reasons.ts";
import { processMetrics } from "./process-metrics.ts";
import type { ByDirection, Readings } from "./readings.ts";
import type { ServerFigures } from "./server-figures.ts";
import { createFigures } from "./server-figures.ts";

const DIRECTIONS = ["upload", "download"] as const;
const LOGIN_METHODS = ["password", "token"] as const;
const FAILURE_PLACES = ["request", "background", "scrape"] as const;
const MS_PER_SECOND = 1000;
/** How long figures are written before others get their turn, in milliseconds. */
const TURN_MS = 1;

/** What a group of writes that shared one commit took. */
export interface CommitTimes {
  readonly writes: number;
  readonly writeMs: number;
  readonly syncMs: number;
}

/** The figures of one server: what is told is counted at once, what others keep is read when somebody asks. */
export class ServerMetrics implements Exposition {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly figures: ServerFigures;
  readonly #registry = new Registry();
  #readings: Readings | null = null;
  #rendering: Promise<string> | null = null;

  constructor(version: string) {
    this.figures = createFigures(this.#registry);
    this.figures.buildInfo.set({ version }, 1);
    // A 0 would be an instant long ago, and raise alarms where there is no certificate.
    this.figures.certificateExpiry.remove();
    this.#beginAtZero();
    processMetrics();
  }

  /** What is counted for the first time must be seen to grow, so that each of few labels is there before. */
  #beginAtZero(): void {
    const { failures, logins, loginsRefused, sessionsEnded, transfersEnded } = this.figures;
    for (const where of FAILURE_PLACES) failures.inc({ where }, 0);
    for (const method of LOGIN_METHODS) logins.inc({ method }, 0);
    for (const reason of LOGIN_REASONS) loginsRefused.inc({ reason }, 0);
    for (const state of [...END_STATES, DELETED]) sessionsEnded.inc({ state }, 0);
    for (const direction of DIRECTIONS)
      for (const outcome of PLAIN_OUTCOMES[direction])
        transfersEnded.inc({ direction, outcome }, 0);
  }

  /** From now on these are read at each scrape. */
  watch(readings: Readings): void {
    this.#readings = readings;
  }

  committed({ writes, writeMs, syncMs }: CommitTimes): void {
    const { commitSeconds, commitWrites } = this.figures;
    commitSeconds.observe({ phase: "write" }, writeMs / MS_PER_SECOND);
    commitSeconds.observe({ phase: "sync" }, syncMs / MS_PER_SECOND);
    commitWrites.observe(writes);
  }

  /** A write of the catalog was answered, `durationMs` after it was asked for. */
  written(durationMs: number): void {
    this.figures.writeSeconds.observe(durationMs / MS_PER_SECOND);
  }

  synced(object: "file" | "folder", durationMs: number): void {
    this.figures.syncSeconds.observe({ object }, durationMs / MS_PER_SECOND);
  }

  render(): Promise<string> {
    this.#rendering ??= this.#render().finally(() => (this.#rendering = null));
    return this.#rendering;
  }

  async #render(): Promise<string> {
    if (this.#readings !== null) await this.#read(this.#readings);
    const texts: string[] = [];
    let begunMs = performance.now();
    for (const registry of [this.#registry, processMetrics()])
      for (const { name } of registry.getMetricsAsArray()) {
        texts.push(await registry.getSingleMetricAsString(name));
        if (performance.now() - begunMs < TURN_MS) continue;
        await turnOfOthers();
        begunMs = performance.now();
      }
    return `${texts.join("\n")}\n`;
  }

  async #read(readings: Readings): Promise<void> {
    this.#readPresent(readings);
    await Promise.all([this.#readCounts(readings), this.#readDisk(readings)]);
  }

  #readPresent(readings: Readings): void {
    const { figures } = this;
    const { transfers, movedBytes, eventStreams, eventsWaiting } = readings.activity();
    for (const direction of DIRECTIONS)
      figures.transfersRunning.set({ direction }, transfers[direction]);
    this.#setMoved(movedBytes);
    figures.eventStreams.set(eventStreams);
    figures.eventsWaiting.set(eventsWaiting);
    figures.stagingThreadTransfers.set(readings.stagingThreadTransfers());
    for (const [queue, length] of Object.entries(readings.queues()))
      figures.queues.set({ queue }, length);
    const expiresAt = readings.certificateExpiresAt();
    if (expiresAt === null) figures.certificateExpiry.remove();
    else figures.certificateExpiry.set(expiresAt / MS_PER_SECOND);
  }

  /** A counter that another one keeps: what it has grown since the last time is not known here, so it is set anew. */
  #setMoved(movedBytes: ByDirection): void {
    const { transferBytes } = this.figures;
    transferBytes.reset();
    for (const direction of DIRECTIONS) transferBytes.inc({ direction }, movedBytes[direction]);
  }

  async #readCounts({ counts, now }: Readings): Promise<void> {
    const { libraries, items, sessions, stagedBytes, oldestSessionSeconds } = this.figures;
    const found = await this.#orNull(counts);
    sessions.reset();
    stagedBytes.reset();
    for (const each of [libraries, items, oldestSessionSeconds]) each.remove();
    if (found === null) return;
    libraries.set(found.libraries);
    items.set(found.items);
    const { oldestActiveUpdateAt: since } = found;
    oldestSessionSeconds.set(since === null ? 0 : Math.max(0, now() - since) / MS_PER_SECOND);
    for (const { kind, state, count } of found.sessions) sessions.set({ kind, state }, count);
    for (const [state, sizeBytes] of Object.entries(found.stagedBytes))
      stagedBytes.set({ state }, sizeBytes);
  }

  async #readDisk({ disk }: Readings): Promise<void> {
    const { diskFreeBytes, diskSizeBytes, catalogBytes } = this.figures;
    const found = await this.#orNull(disk);
    catalogBytes.reset();
    for (const each of [diskFreeBytes, diskSizeBytes]) each.remove();
    if (found === null) return;
    diskFreeBytes.set(found.freeBytes);
    diskSizeBytes.set(found.sizeBytes);
    catalogBytes.set({ file: "database" }, found.databaseBytes);
    catalogBytes.set({ file: "log" }, found.logBytes);
  }

  /** What can not be read is left out and counted: the other figures are wanted most when something is broken. */
  async #orNull<Value>(read: () => Promise<Value>): Promise<Value | null> {
    try {
      return await read();
    } catch {
      this.figures.failures.inc({ where: "scrape" });
      return null;
    }
  }
}
