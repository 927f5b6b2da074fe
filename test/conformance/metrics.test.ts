// What the figures of a server count while it works.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { figureOf } from "@contentlib/testkit/client/parse-exposition";
import { basic } from "./client.ts";
import {
  addPush,
  downloadUrl,
  makeItem,
  makeLibrary,
  openSession,
  push,
  read,
  send,
} from "./content.ts";
import { api, FORMS } from "./forms.ts";
import { eventually, heldUpload } from "./held-upload.ts";
import { exchange } from "./http-exchange.ts";
import { type Families, scrapeMetrics } from "./metrics-scrape.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

const scrape = (): Promise<Families> => scrapeMetrics(server);

const directions = ["upload", "download"] as const;

describe("what is counted", () => {
  for (const form of FORMS)
    test(`calls on ${form.name}: how many, how they ended, how long they took`, async () => {
      const client = await server.client(form);
      const operation = { road: form.name, operation: "library.get" };
      const countOf = (families: Families, status: string): number =>
        figureOf(families, "contentlib_http_requests_total", { ...operation, status });
      const before = await scrape();
      const library = await makeLibrary(client);
      await client.done(form.getLibrary(library));
      await client.done(form.getLibrary(library));
      await client.refused(form.getLibrary("00000000-0000-4000-8000-000000000000"), "not_found");
      const now = await scrape();
      assert.equal(countOf(now, "2xx") - countOf(before, "2xx"), 2);
      const failed = form.name === "rpc" ? "error" : "4xx";
      assert.equal(countOf(now, failed) - countOf(before, failed), 1);
      const name = "contentlib_http_request_duration_seconds_count";
      assert.equal(figureOf(now, name, operation) - figureOf(before, name, operation), 3);
    });

  test("logins that were made, and those that were not, by reason; a scrape makes none", async () => {
    const made = "contentlib_logins_total";
    const refused = "contentlib_logins_refused_total";
    const before = await scrape();
    await server.client(api);
    const status = async (user: string, password: string): Promise<number> =>
      (
        await exchange({
          method: "POST",
          url: `${server.url}/api/session`,
          headers: { Authorization: basic(user, password) },
        })
      ).status;
    assert.equal(await status("administrator", "wrong"), 401);
    assert.equal(await status("nobody", "wrong"), 401);
    const now = await scrape();
    assert.equal(figureOf(now, made) - figureOf(before, made), 1);
    for (const reason of ["wrong_password", "unknown_account"])
      assert.equal(figureOf(now, refused, { reason }) - figureOf(before, refused, { reason }), 1);
    assert.equal(figureOf(now, refused, { reason: "other" }), 0);
  });

  test("sessions, libraries and items that there are", async () => {
    const client = await server.client(api);
    const before = await scrape();
    const active = { kind: "update", state: "ACTIVE" };
    const grown = (families: Families, name: string, labels = {}): number =>
      figureOf(families, name, labels) - figureOf(before, name, labels);
    const session = await openSession(client);
    const during = await scrape();
    assert.equal(grown(during, "contentlib_sessions", active), 1);
    assert.equal(grown(during, "contentlib_libraries"), 1);
    assert.equal(grown(during, "contentlib_items"), 1);
    await client.done(client.form.cancelSession(session));
    const over = await scrape();
    assert.equal(grown(over, "contentlib_sessions", active), 0);
    assert.equal(grown(over, "contentlib_sessions", { kind: "update", state: "CANCELED" }), 1);
    assert.equal(grown(over, "contentlib_sessions_ended_total", { state: "CANCELED" }), 1);
  });

  test("commits and syncs, with the time they took", async () => {
    const before = await scrape();
    const client = await server.client(api);
    await makeItem(client, { "a.bin": "some bytes" });
    const now = await scrape();
    for (const [name, labels] of [
      ["contentlib_catalog_write_duration_seconds_count", {}],
      ["contentlib_catalog_commit_duration_seconds_count", { phase: "write" }],
      ["contentlib_catalog_commit_duration_seconds_sum", { phase: "sync" }],
      ["contentlib_catalog_commit_writes_count", {}],
      ["contentlib_blob_sync_duration_seconds_sum", { object: "file" }],
      ["contentlib_blob_sync_duration_seconds_sum", { object: "folder" }],
      ["contentlib_content_changes_total", {}],
    ] as const)
      assert.ok(figureOf(now, name, labels) > figureOf(before, name, labels), name);
    const writes = figureOf(now, "contentlib_catalog_commit_writes_sum");
    assert.equal(writes, figureOf(now, "contentlib_catalog_write_duration_seconds_count"));
  });

  test("the disk, the files of the catalog, the version and the process", async () => {
    const families = await scrape();
    const free = figureOf(families, "contentlib_disk_free_bytes");
    assert.ok(free > 0 && free < figureOf(families, "contentlib_disk_size_bytes"));
    assert.ok(figureOf(families, "contentlib_catalog_size_bytes", { file: "database" }) > 0);
    assert.ok(figureOf(families, "contentlib_catalog_size_bytes", { file: "log" }) > 0);
    const [build] = families.get("contentlib_build_info")?.samples ?? [];
    assert.match(build?.labels["version"] ?? "", /^\d+\.\d+\.\d+/);
    assert.ok(figureOf(families, "process_start_time_seconds") > 1e9);
    assert.ok(families.has("nodejs_eventloop_lag_seconds"));
  });
});

describe("bytes and transfers", () => {
  const moved = (families: Families, direction: string): number =>
    figureOf(families, "contentlib_transfer_bytes_total", { direction });
  const running = (families: Families, direction: string): number =>
    figureOf(families, "contentlib_transfers_in_progress", { direction });

  test("bytes are counted while they move, and never fall when a transfer ends, whatever its end", async () => {
    const client = await server.client(api);
    const session = await openSession(client);
    const before = await scrape();
    const uri = await addPush(client, session, "a.bin");
    const upload = await heldUpload(client, session, "a.bin", uri, {
      first: "12345",
      sizeBytes: 1000,
    });
    const during = await scrape();
    assert.equal(moved(during, "upload") - moved(before, "upload"), 5);
    assert.equal(running(during, "upload"), 1);
    upload.vanish();
    const over = await eventually(scrape, (families) => running(families, "upload") === 0);
    assert.equal(moved(over, "upload") - moved(before, "upload"), 5);
    const ended = { direction: "upload", outcome: "transfer.interrupted" };
    const name = "contentlib_transfers_ended_total";
    assert.equal(figureOf(over, name, ended) - figureOf(before, name, ended), 1);
    await send(uri, "again");
    assert.equal(moved(await scrape(), "upload") - moved(before, "upload"), 10);
  });

  test("in both directions, also by parts and over and over", async () => {
    const client = await server.client(api);
    const item = await makeItem(client, { "a.bin": "0123456789" });
    const url = await downloadUrl(client, item, "a.bin");
    const before = await scrape();
    await read(url);
    await read(url);
    const range = { Range: "bytes=2-4" };
    assert.equal((await exchange({ method: "GET", url, headers: range })).status, 206);
    const now = await eventually(scrape, (families) => running(families, "download") === 0);
    assert.equal(moved(now, "download") - moved(before, "download"), 23);
    assert.equal(moved(now, "upload"), moved(before, "upload"));
  });

  test("counters never fall while many transfers come and go", async () => {
    const client = await server.client(api);
    const item = await makeItem(client, { "a.bin": "x".repeat(200_000) });
    const url = await downloadUrl(client, item, "a.bin");
    const session = await openSession(client);
    let isOver = false;
    const working = (async () => {
      for (let round = 0; round < 15; round += 1) {
        const uploads = ["a", "b", "c"].map((name) =>
          push(client, session, `${name}${round}`, "y".repeat(100_000)),
        );
        await Promise.all([...uploads, read(url), read(url)]);
      }
      isOver = true;
    })();
    let last = await scrape();
    let scrapes = 0;
    while (!isOver) {
      const now = await scrape();
      for (const [name, { type, samples }] of last) {
        if (type !== "counter") continue;
        for (const { labels, value } of samples)
          assert.ok(figureOf(now, name, labels) >= value, `${name} ${JSON.stringify(labels)}`);
      }
      last = now;
      scrapes += 1;
    }
    await working;
    assert.ok(scrapes > 3);
    for (const direction of directions) assert.ok(moved(last, direction) > 0);
  });
});
