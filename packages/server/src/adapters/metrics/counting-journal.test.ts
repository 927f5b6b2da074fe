import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { figureOf, parseExposition } from "@contentlib/testkit/client/parse-exposition";
import { anItemId, anUpdateSessionId } from "@contentlib/testkit/builders/ids";
import type { RequestJournal } from "../../ports/index.ts";
import { PinoJournal } from "../journal/pino-journal.ts";
import { CountingJournal } from "./counting-journal.ts";
import { ServerMetrics } from "./server-metrics.ts";

const rig = () => {
  const lines: string[] = [];
  const log = new PinoJournal("debug", { write: (line) => void lines.push(line) });
  const metrics = new ServerMetrics("1.2.3");
  const journal: RequestJournal = new CountingJournal(log, metrics.figures);
  const figure = async (name: string, labels?: Record<string, string>): Promise<number> =>
    figureOf(parseExposition(await metrics.render()), name, labels);
  return { journal, figure, lines };
};

describe("a journal that counts", () => {
  test("counts requests by road, operation and status, with the time they took", async () => {
    const { journal, figure } = rig();
    const answered = { method: "GET", route: "api item.get", durationMs: 4 };
    journal.requestAnswered({ ...answered, status: 200 });
    journal.requestAnswered({ ...answered, status: 200 });
    journal.requestAnswered({ ...answered, status: 404 });
    const operation = { road: "api", operation: "item.get" };
    const requests = "contentlib_http_requests_total";
    assert.equal(await figure(requests, { ...operation, status: "2xx" }), 2);
    assert.equal(await figure(requests, { ...operation, status: "4xx" }), 1);
    const seconds = "contentlib_http_request_duration_seconds";
    assert.equal(await figure(`${seconds}_count`, operation), 3);
    assert.ok(Math.abs((await figure(`${seconds}_sum`, operation)) - 0.012) < 1e-9);
    assert.equal(await figure(`${seconds}_bucket`, { ...operation, le: "0.0025" }), 0);
    assert.equal(await figure(`${seconds}_bucket`, { ...operation, le: "0.005" }), 3);
  });

  test("a request is in progress from its beginning to its answer", async () => {
    const { journal, figure } = rig();
    const name = "contentlib_http_requests_in_progress";
    const { promise, resolve } = Promise.withResolvers<void>();
    const working = journal.within("one", async () => {
      await promise;
      journal.requestAnswered({ method: "GET", route: "api item.get", status: 200, durationMs: 1 });
    });
    assert.equal(await figure(name), 1);
    resolve();
    await working;
    assert.equal(await figure(name), 0);
  });

  test("logins are counted by what proved them, refusals by their reason, of which there are few", async () => {
    const { journal, figure, lines } = rig();
    journal.loginMade({ by: "token" });
    assert.equal(await figure("contentlib_logins_total", { method: "token" }), 1);
    for (const why of ["wrong password", "unknown account", "a reason with a secret"])
      journal.loginRefused({ accountName: "secret", address: "192.0.2.1", why });
    journal.loginPutOff({ address: "192.0.2.1", why: "too many failed attempts" });
    const reasons = ["wrong_password", "unknown_account", "other", "too_many_attempts"];
    for (const reason of reasons)
      assert.equal(await figure("contentlib_logins_refused_total", { reason }), 1, reason);
    assert.equal(lines.length, 5);
  });

  test("sessions, transfers, changes and collected blobs are counted", async () => {
    const { journal, figure } = rig();
    const [sessionId, itemId] = [anUpdateSessionId(), anItemId()];
    journal.sessionEnded({ sessionId, itemId, state: "EXPIRED", why: "secret" });
    journal.sessionEnded({ sessionId, itemId, state: "ACTIVE", why: "deleted" });
    journal.sessionEnded({ sessionId, itemId, state: "secret", why: "secret" });
    journal.contentChanged({ itemId, contentVersion: 2, sessionId });
    journal.blobsCollected({ count: 3 });
    const transfer = { sessionId, fileName: "secret", sizeBytes: 1, durationMs: 1 };
    journal.transferEnded({ ...transfer, direction: "upload", outcome: "transfer.superseded" });
    journal.transferEnded({ ...transfer, direction: "download", outcome: "secret" });
    assert.equal(await figure("contentlib_sessions_ended_total", { state: "EXPIRED" }), 1);
    assert.equal(await figure("contentlib_sessions_ended_total", { state: "DELETED" }), 1);
    assert.equal(await figure("contentlib_sessions_ended_total", { state: "other" }), 1);
    assert.equal(await figure("contentlib_content_changes_total"), 1);
    assert.equal(await figure("contentlib_blobs_collected_total"), 3);
    const ended = "contentlib_transfers_ended_total";
    const superseded = { direction: "upload", outcome: "transfer.superseded" };
    assert.equal(await figure(ended, superseded), 1);
    assert.equal(await figure(ended, { direction: "download", outcome: "other" }), 1);
  });

  test("failures are counted by where they happened", async () => {
    const { journal, figure } = rig();
    const name = "contentlib_failures_total";
    assert.equal(await figure(name), 0);
    journal.requestFailed({ route: "api item.get", error: new Error("x") });
    journal.trouble({ where: "purge", error: new Error("x") });
    assert.equal(await figure(name, { where: "request" }), 1);
    assert.equal(await figure(name, { where: "background" }), 1);
  });

  test("everything is handed on as it came", () => {
    const { journal, lines } = rig();
    const [sessionId, itemId] = [anUpdateSessionId(), anItemId()];
    journal.within("r1", () => {
      journal.requestAnswered({ method: "GET", route: "api item.get", status: 200, durationMs: 1 });
      journal.requestFailed({ route: "x", error: new Error("x") });
      journal.sessionEnded({ sessionId, itemId, state: "DONE", why: "completed" });
      journal.contentChanged({ itemId, contentVersion: 2, sessionId });
      journal.loginMade({ by: "password" });
      journal.loginRefused({ accountName: "ann", address: "", why: "wrong password" });
      journal.loginPutOff({ address: "192.0.2.1", why: "too many passwords to check" });
      journal.blobsCollected({ count: 1 });
      journal.trouble({ where: "x", error: new Error("x") });
    });
    const told = lines.map((line) => JSON.parse(line) as { event: string; requestId: string });
    assert.deepEqual(
      told.map(({ event }) => event),
      [
        "request.answered",
        "request.failed",
        "session.ended",
        "content.changed",
        "login.made",
        "login.refused",
        "login.put_off",
        "blobs.collected",
        "trouble",
      ],
    );
    assert.ok(told.every(({ requestId }) => requestId === "r1"));
  });
});
