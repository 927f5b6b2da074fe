import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { figureOf, parseExposition } from "@contentlib/testkit/client/parse-exposition";
import type { Readings } from "./readings.ts";
import { ServerMetrics } from "./server-metrics.ts";

const aReading = (over: Partial<Readings> = {}): Readings => ({
  activity: () => ({
    transfers: { upload: 2, download: 1 },
    movedBytes: { upload: 300, download: 40 },
    eventStreams: 5,
    eventsWaiting: 6,
  }),
  queues: () => ({ password_checks: 7, catalog_writes: 8, blob_syncs: 9 }),
  stagingThreadTransfers: () => 1,
  certificateExpiresAt: () => null,
  counts: async () => ({
    libraries: 3,
    items: 4,
    oldestActiveUpdateAt: 1_000,
    sessions: [{ kind: "update", state: "ACTIVE", count: 10 }],
    stagedBytes: { partial: 15, ready: 16, kept: 17 },
  }),
  now: () => 61_500,
  disk: async () => ({ freeBytes: 11, sizeBytes: 12, databaseBytes: 13, logBytes: 14 }),
  ...over,
});

const familiesOf = async (metrics: ServerMetrics) => parseExposition(await metrics.render());

describe("the figures of a server", () => {
  test("what others keep is read when somebody asks", async () => {
    const metrics = new ServerMetrics("1.2.3");
    metrics.watch(aReading());
    const families = await familiesOf(metrics);
    for (const [name, labels, value] of [
      ["transfers_in_progress", { direction: "upload" }, 2],
      ["transfer_bytes_total", { direction: "upload" }, 300],
      ["transfer_bytes_total", { direction: "download" }, 40],
      ["event_streams", {}, 5],
      ["events_waiting", {}, 6],
      ["queue_length", { queue: "password_checks" }, 7],
      ["queue_length", { queue: "catalog_writes" }, 8],
      ["queue_length", { queue: "blob_syncs" }, 9],
      ["staging_thread_transfers", {}, 1],
      ["libraries", {}, 3],
      ["items", {}, 4],
      ["sessions", { kind: "update", state: "ACTIVE" }, 10],
      ["oldest_active_update_session_seconds", {}, 60.5],
      ["staged_bytes", { state: "partial" }, 15],
      ["staged_bytes", { state: "ready" }, 16],
      ["staged_bytes", { state: "kept" }, 17],
      ["disk_free_bytes", {}, 11],
      ["disk_size_bytes", {}, 12],
      ["catalog_size_bytes", { file: "database" }, 13],
      ["catalog_size_bytes", { file: "log" }, 14],
      ["build_info", { version: "1.2.3" }, 1],
    ] as const)
      assert.equal(figureOf(families, `contentlib_${name}`, labels), value, name);
  });

  test("what can be counted is there at 0 before it happens, so that its first time is seen", async () => {
    const families = await familiesOf(new ServerMetrics("1.2.3"));
    for (const [name, labels] of [
      ["logins_total", { method: "token" }],
      ["logins_refused_total", { reason: "wrong_password" }],
      ["logins_refused_total", { reason: "too_many_attempts" }],
      ["logins_refused_total", { reason: "other" }],
      ["sessions_ended_total", { state: "ERROR" }],
      ["sessions_ended_total", { state: "DELETED" }],
      ["transfers_ended_total", { direction: "upload", outcome: "failed" }],
      ["transfers_ended_total", { direction: "download", outcome: "cut" }],
      ["failures_total", { where: "request" }],
    ] as const)
      assert.equal(figureOf(families, `contentlib_${name}`, labels), 0, JSON.stringify(labels));
  });

  test("no session that is ACTIVE has no age", async () => {
    const metrics = new ServerMetrics("1.2.3");
    const counts = async () => ({ ...(await aReading().counts()), oldestActiveUpdateAt: null });
    metrics.watch(aReading({ counts }));
    const name = "contentlib_oldest_active_update_session_seconds";
    assert.equal(figureOf(await familiesOf(metrics), name), 0);
  });

  test("the process is among them, and every name and help text is well made", async () => {
    const families = await familiesOf(new ServerMetrics("1.2.3"));
    assert.ok(figureOf(families, "process_start_time_seconds") > 0);
    assert.ok(figureOf(families, "process_resident_memory_bytes") > 0);
    const own = [...families.values()].filter(({ name }) => name.startsWith("contentlib_"));
    assert.ok(own.length > 20);
    for (const { name, type, help } of own) {
      assert.equal(name.endsWith("_total"), type === "counter", name);
      assert.match(help, /^[A-Z].*\.$/, name);
      if (type === "histogram") assert.match(name, /_(seconds|writes)$/);
    }
  });

  test("a figure that can not be read is left out, counted, and there again later", async () => {
    const metrics = new ServerMetrics("1.2.3");
    let isBroken = false;
    const broken = async <Value>(value: Value): Promise<Value> => {
      if (isBroken) throw new Error("The disk is gone.");
      return await Promise.resolve(value);
    };
    const { counts, disk } = aReading();
    metrics.watch(
      aReading({
        counts: async () => await broken(await counts()),
        disk: async () => await broken(await disk()),
      }),
    );
    for (const isNow of [false, true, false]) {
      isBroken = isNow;
      const families = await familiesOf(metrics);
      for (const name of [
        "libraries",
        "items",
        "sessions",
        "staged_bytes",
        "disk_free_bytes",
        "catalog_size_bytes",
      ])
        assert.equal(families.get(`contentlib_${name}`)?.samples.length === 0, isNow, name);
      assert.equal(figureOf(families, "contentlib_event_streams"), 5);
    }
    const failures = { where: "scrape" };
    assert.equal(figureOf(await familiesOf(metrics), "contentlib_failures_total", failures), 2);
  });

  test("who comes together shares one answer", async () => {
    const metrics = new ServerMetrics("1.2.3");
    let reads = 0;
    metrics.watch(
      aReading({
        counts: async () => {
          reads += 1;
          return await aReading().counts();
        },
      }),
    );
    const [one, other] = await Promise.all([metrics.render(), metrics.render()]);
    assert.equal(one, other);
    assert.equal(reads, 1);
    await metrics.render();
    assert.equal(reads, 2);
  });

  test("an instant of expiry is shown as long as there is a certificate", async () => {
    const metrics = new ServerMetrics("1.2.3");
    const name = "contentlib_tls_certificate_expiry_timestamp_seconds";
    const samples = async () => (await familiesOf(metrics)).get(name)?.samples;
    assert.deepEqual(await samples(), []);
    for (const [expiresAt, shown] of [
      [1_800_000_000_000, [{ name, labels: {}, value: 1_800_000_000 }]],
      [null, []],
    ] as const) {
      metrics.watch(aReading({ certificateExpiresAt: () => expiresAt }));
      assert.deepEqual(await samples(), shown);
    }
  });

  test("commits, writes and syncs are told as they happen", async () => {
    const metrics = new ServerMetrics("1.2.3");
    metrics.committed({ writes: 3, writeMs: 2, syncMs: 30 });
    metrics.written(40);
    metrics.synced("file", 5);
    const families = await familiesOf(metrics);
    const commit = "contentlib_catalog_commit_duration_seconds_sum";
    assert.equal(figureOf(families, commit, { phase: "write" }), 0.002);
    assert.equal(figureOf(families, commit, { phase: "sync" }), 0.03);
    assert.equal(figureOf(families, "contentlib_catalog_commit_writes_sum"), 3);
    assert.equal(figureOf(families, "contentlib_catalog_write_duration_seconds_sum"), 0.04);
    const sync = "contentlib_blob_sync_duration_seconds_count";
    assert.equal(figureOf(families, sync, { object: "file" }), 1);
  });
});
