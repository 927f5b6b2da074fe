// The SDK at a server that is not ours: the vCenter simulator of govmomi, over /rest. What it does otherwise
// than its documents say is in test/conformance/simulator-gaps.test.ts; what only servers of ours have, it is never asked for.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  blobSource,
  createClient,
  isRefusal,
  memoryResumeStore,
  streamSource,
  systemOf,
} from "@contentlib/client";
import type { PushEvent, UploadSource } from "@contentlib/client";
import { startServer } from "@contentlib/server";
import { startRecordingProxy } from "../e2e/recording-proxy.ts";
import {
  assertPulls,
  fileOn,
  isPut,
  MIB,
  oursIn,
  shown,
  shownFiles,
  SLOW_LINE,
  startSimulatorRig,
} from "./simulator-rig.ts";
import { simulatorCredentials as credentials } from "./simulator.ts";

describe("the SDK at the vCenter simulator", { timeout: 600_000 }, () => {
  test("pushes files of every kind of source, tells progress, and pulls the same bytes", async (t) => {
    const rig = await startSimulatorRig(t);
    if (rig === undefined) return;
    const { client, proxy, folder, libraryId } = rig;
    const [blob, stream] = [randomBytes(300_000), randomBytes(70_000)];
    const big = await fileOn(folder, "big.iso", 12 * MIB);
    const files = [
      big,
      { name: "b c.bin", source: blobSource(new Blob([blob])) },
      { name: "s.bin", source: streamSource(new Blob([stream]).stream(), stream.length) },
      { name: "empty", source: blobSource(new Blob([])) },
    ];
    const push = client.push({ library: "images", item: "debian", files, message: "Debian 13" });
    const events: PushEvent[] = [];
    for await (const event of push) events.push(event);
    const result = await push.result;
    const progress = events.filter((event) => event.type === "progress");
    assert.ok(progress.filter(({ fileName }) => fileName === "big.iso").length > 10);
    const totals = progress.map(({ totalSentBytes }) => totalSentBytes);
    assert.deepEqual(
      totals,
      totals.toSorted((a, b) => a - b),
    );
    const allBytes = 12 * MIB + blob.length + stream.length;
    assert.deepEqual([totals.at(-1), progress.at(-1)?.totalBytes], [allBytes, allBytes]);
    assert.deepEqual([events[0]?.type, events.at(-1)?.type], ["item", "done"]);
    assert.deepEqual([result.libraryId, result.isNew], [libraryId, true]);
    const sizes = shown([
      { name: "b c.bin", size: blob.length },
      { name: "big.iso", size: 12 * MIB },
      { name: "empty", size: 0 },
      { name: "s.bin", size: stream.length },
    ]);
    const told = result.files.map(({ name, sizeBytes }) => ({ name, size: sizeBytes }));
    assert.deepEqual(shown(told), sizes);
    assert.deepEqual(await shownFiles(client, result.itemId), sizes);
    const session = await client.updateSession.get({ update_session_id: result.sessionId });
    assert.equal(session.state, "DONE");
    await assertPulls(rig, result.itemId, {
      "big.iso": await readFile(join(folder, "big.iso")),
      "b c.bin": blob,
      "s.bin": stream,
      empty: Buffer.alloc(0),
    });
    assert.equal(await client.serverVersion(), null);
    assert.deepEqual(oursIn(proxy.seen), []);
    await client.close();
  });

  test("what only we have shows in the same eye at a server of ours", async (t) => {
    const server = await startServer({ dataDirectory: null, adminPassword: "correct horse" });
    t.after(async () => await server.close());
    const proxy = await startRecordingProxy(t, server.url);
    const own = { userName: "administrator", password: "correct horse" };
    const client = createClient({ url: proxy.url, wire: "rest", credentials: own });
    await client.localLibrary.create({
      create_spec: { name: "images", storage_backings: [{ type: "OTHER" }] },
    });
    const files = [{ name: "a", source: blobSource(new Blob(["a"])) }];
    await client.push({ library: "images", item: "debian", files, message: "A" }).result;
    assert.deepEqual(oursIn(proxy.seen), ["contentlib-message"]);
  });

  test("an abort leaves no content, ends the session, and the next push goes in", async (t) => {
    const rig = await startSimulatorRig(t, SLOW_LINE);
    if (rig === undefined) return;
    const { client, proxy, folder } = rig;
    const big = await fileOn(folder, "big.iso", 48 * MIB);
    const abort = new AbortController();
    const seen: { itemId?: string; sessionId?: string; isEnded?: boolean; isKept?: boolean } = {};
    const onEvent = (event: PushEvent): void => {
      if (event.type === "item") seen.itemId = event.itemId;
      if (event.type === "session") seen.sessionId = event.sessionId;
      if (event.type === "failed") Object.assign(seen, event);
      if (event.type === "progress" && event.sentBytes > 2 * MIB) abort.abort();
    };
    const { signal } = abort;
    const order = { library: "images", item: "debian", files: [big] };
    await assert.rejects(client.push({ ...order, signal, onEvent }).result, {
      name: "PushError",
      code: "aborted",
      canGoOn: true,
    });
    assert.deepEqual([seen.isEnded, seen.isKept], [true, false]);
    const { itemId = "", sessionId = "" } = seen;
    const session = await client.updateSession.get({ update_session_id: sessionId });
    assert.equal(session.state, "ERROR");
    assert.deepEqual(await shownFiles(client, itemId), []);
    const small = await fileOn(folder, "small.iso", MIB);
    const again = await client.push({ ...order, files: [small] }).result;
    assert.deepEqual([again.itemId, again.isNew], [itemId, false]);
    await assertPulls(rig, itemId, { "small.iso": await readFile(join(folder, "small.iso")) });
    assert.deepEqual(oursIn(proxy.seen), []);
  });

  test("a file whose line breaks goes again, whole and from its first byte", async (t) => {
    let puts = 0;
    const rig = await startSimulatorRig(t, {
      fault: ({ target }) =>
        target.startsWith("PUT ") && (puts += 1) === 1
          ? { kind: "cut", afterBytes: 3 * MIB }
          : null,
    });
    if (rig === undefined) return;
    const { client, proxy, folder } = rig;
    const file = await fileOn(folder, "a.iso", 8 * MIB);
    const events: PushEvent[] = [];
    const { itemId } = await client.push({
      library: "images",
      item: "debian",
      files: [file],
      onEvent: (event) => events.push(event),
    }).result;
    assert.equal(events.filter(({ type }) => type === "resending").length, 1);
    assert.equal(events.filter(({ type }) => type === "resuming").length, 0);
    const sizes = proxy.seen.filter(isPut).map(({ headers }) => headers["content-length"]);
    assert.deepEqual(sizes, [String(8 * MIB), String(8 * MIB)]);
    assert.deepEqual(await shownFiles(client, itemId), [`a.iso: ${8 * MIB}`]);
    await assertPulls(rig, itemId, { "a.iso": await readFile(join(folder, "a.iso")) });
    assert.deepEqual(oursIn(proxy.seen), []);
  });

  test("with notes, a push whose line broke for good is gone on with in its session", async (t) => {
    let puts = 0;
    const rig = await startSimulatorRig(t, {
      fault: ({ target }) =>
        target.startsWith("PUT ") && (puts += 1) === 2
          ? { kind: "cut", afterBytes: 2 * MIB }
          : null,
    });
    if (rig === undefined) return;
    const { client, proxy, folder } = rig;
    const files = [await fileOn(folder, "a.iso", MIB), await fileOn(folder, "b.iso", 8 * MIB)];
    const resumeStore = memoryResumeStore();
    const order = { library: "images", item: "debian", files, resumeStore, parallel: 1 };
    const impatient = createClient({
      url: proxy.url,
      wire: "rest",
      credentials,
      retriesMax: 0,
    });
    const left: string[] = [];
    const onEvent = (event: PushEvent): void => {
      if (event.type === "session") left.push(event.sessionId);
    };
    await assert.rejects(impatient.push({ ...order, onEvent }).result, { code: "connection" });
    const { itemId, sessionId } = await client.push(order).result;
    assert.deepEqual([sessionId], left);
    // It never shows a file READY, so that each goes again, whole.
    const sizes = proxy.seen.filter(isPut).map(({ headers }) => headers["content-length"]);
    assert.deepEqual(sizes.slice(2), [MIB, 8 * MIB].map(String));
    await assertPulls(rig, itemId, {
      "a.iso": await readFile(join(folder, "a.iso")),
      "b.iso": await readFile(join(folder, "b.iso")),
    });
    assert.deepEqual(oursIn(proxy.seen), []);
  });

  test("a push that waits for its source keeps the session alive", async (t) => {
    const rig = await startSimulatorRig(t);
    if (rig === undefined) return;
    const { proxy } = rig;
    const { promise: kept, resolve } = Promise.withResolvers<void>();
    const system = systemOf(async (input, init) => {
      const response = await fetch(input, init);
      if (response.url.includes("~action=keep-alive") && response.ok) resolve();
      return response;
    });
    // A minute is long in a test; the bounds of calls are shorter and stay.
    const sleep: typeof system.sleep = async (delayMs, signal) =>
      await system.sleep(delayMs === 60_000 ? 50 : delayMs, signal);
    const quick = { ...system, sleep };
    const client = createClient({ url: proxy.url, wire: "rest", credentials, system: quick });
    const blob = blobSource(new Blob(["late"]));
    const late: UploadSource = {
      sizeBytes: 4,
      isReplayable: true,
      send: async (request) => {
        await kept;
        return await blob.send(request);
      },
    };
    const expiries: string[] = [];
    const { itemId } = await client.push({
      library: "images",
      item: "debian",
      files: [{ name: "late", source: late }],
      onEvent: (event) => {
        if (event.type === "session") expiries.push(event.sessionId);
      },
    }).result;
    assert.deepEqual(await shownFiles(client, itemId), ["late: 4"]);
    const keeping = proxy.seen.filter(({ address }) => address.includes("~action=keep-alive"));
    assert.ok(keeping.length >= 1);
    assert.ok(keeping.every(({ address }) => address.includes(expiries[0] ?? "none")));
    assert.deepEqual(oursIn(proxy.seen), []);
  });

  test("a wrong password and an unknown library are errors that say so", async (t) => {
    const rig = await startSimulatorRig(t);
    if (rig === undefined) return;
    const { client, proxy } = rig;
    const wrong = { userName: credentials.userName, password: "falsch" };
    const stranger = createClient({ url: proxy.url, wire: "rest", credentials: wrong });
    await assert.rejects(stranger.library.list(), (error) => isRefusal(error, "unauthenticated"));
    const files = [{ name: "a", source: blobSource(new Blob(["a"])) }];
    const order = { item: "debian", files };
    await assert.rejects(stranger.push({ library: "images", ...order }).result, {
      code: "unauthorized",
    });
    await assert.rejects(client.push({ library: "music", ...order }).result, { code: "not_found" });
  });
});
