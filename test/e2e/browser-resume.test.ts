// A page that is closed in the middle of an upload, and the next one of its origin: notes in the browser's own database lead it to
// the session, and what has come is not sent again, however much that is.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type * as sdk from "@contentlib/client";
import { createClient } from "@contentlib/client";
import { startServer } from "@contentlib/server";
import { FaultyLine } from "@contentlib/testkit/faults/faulty-line";
import type { Page } from "playwright-core";
import { browserOptions, launchBrowser, startPageServer } from "./browser.ts";
import { password } from "./live-server.ts";
import { contentOf } from "./small-server.ts";

const MIB = 1024 * 1024;
/** What goes in one slice, as the client cuts a file. */
const SLICE_BYTES = 8 * MIB;
/** More than a browser digests at once. */
const LARGE_BYTES = 100 * MIB + 7;
/** Where the first page is closed, beyond what a browser digests at once. */
const LARGE_REACHED_BYTES = 80 * MIB;
const SMALL_BYTES = 20 * MIB + 7;
const POLL_MS = 20;

/** What a page is asked to do. */
interface Order {
  readonly url: string;
  readonly password: string;
  readonly sizeBytes: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** Moves the bytes, so that the file is another one. */
  readonly shift: number;
}

/** What a page saw. */
interface Seen {
  readonly failure: string | null;
  readonly itemId: string;
  readonly sessionId: string;
  readonly isTakenOver: boolean;
  readonly offsets: readonly number[];
  /** What the database has for the item when all is over. */
  readonly note: unknown;
}

const letterAt = (at: number, shift: number): number => 97 + ((at * 7 + (at >> 8) + shift) % 26);

/** Runs in the page, which has nothing but its argument and the client's sources. */
const pushInPage = async (order: Order): Promise<Seen> => {
  const name = "@contentlib/client";
  const client = (await import(name)) as typeof sdk;
  const credentials = { userName: "administrator", password: order.password };
  const { shift } = order;
  const bytes = new Uint8Array(order.sizeBytes).map(
    (_, at) => 97 + ((at * 7 + (at >> 8) + shift) % 26),
  );
  const file = new File([bytes], "a.iso", { lastModified: order.modifiedAt });
  const resumeStore = client.indexedDbResumeStore();
  const push = client.createClient({ url: order.url, credentials }).push({
    library: "images",
    item: "debian",
    files: [{ name: "a.iso", source: client.blobSource(file) }],
    resumeStore,
  });
  const offsets: number[] = [];
  let session = { sessionId: "", isTakenOver: false };
  let itemId = "";
  let failure: string | null = null;
  try {
    for await (const event of push) {
      if (event.type === "item") itemId = event.itemId;
      if (event.type === "session") session = event;
      if (event.type === "resuming") offsets.push(event.offsetBytes);
    }
  } catch (error) {
    failure = String(error);
  }
  const { sessionId, isTakenOver } = session;
  const note = await resumeStore.load(`${order.url} ${itemId}`);
  return { failure, itemId, sessionId, isTakenOver, offsets, note };
};

/** A page of another origin, a server, and a line between them. */
async function rig(t: TestContext) {
  const origin = await startPageServer(t);
  const server = await startServer({
    dataDirectory: null,
    adminPassword: password,
    corsOrigins: [origin],
  });
  t.after(async () => await server.close());
  const line = await FaultyLine.open(server.url);
  t.after(async () => await line.close());
  const credentials = { userName: "administrator", password };
  const client = createClient({ url: server.url, credentials });
  await client.localLibrary.create({
    create_spec: { name: "images", storage_backings: [{ type: "OTHER" }] },
  });
  const context = await (await launchBrowser(t)).newContext();
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(origin);
    return page;
  };
  const sent = () => line.requests.filter(({ target }) => target.startsWith("PATCH "));
  /** Pushes in a page that is closed as soon as a slice begins there or behind it. */
  const abandon = async (order: Order, offsetBytes: number): Promise<string> => {
    const page = await open();
    // It ends with the page.
    page.evaluate(pushInPage, order).catch(() => undefined);
    while (!sent().some((request) => numberIn(request.head, "upload-offset") >= offsetBytes))
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    await page.close();
    const [sessionId = ""] = await client.updateSession.list();
    const { state } = await client.updateSession.get({ update_session_id: sessionId });
    assert.equal(state, "ACTIVE", "a page that is closed ends nothing");
    line.requests.length = 0;
    return sessionId;
  };
  const push = async (order: Order): Promise<Seen> =>
    await (await open()).evaluate(pushInPage, order);
  const order = { url: line.url, password, sizeBytes: LARGE_BYTES, modifiedAt: 1_000, shift: 0 };
  const assertStored = async ({ sizeBytes, shift }: Order, itemId: string): Promise<void> => {
    const bytes = Buffer.from(new Uint8Array(sizeBytes).map((_, at) => letterAt(at, shift)));
    const content = await contentOf(client, itemId);
    assert.ok(content["a.iso"] === bytes.toString(), "the bytes are the page's");
  };
  return { line, order, abandon, push, sent, assertStored };
}

const numberIn = (head: string, header: string): number =>
  Number(new RegExp(`\\r\\n${header}: (\\d+)`, "i").exec(head)?.[1] ?? Number.NaN);

test(
  "the next page goes on behind what a closed one has sent, beyond what a browser digests at once",
  browserOptions,
  async (t) => {
    const { order, abandon, push, sent, assertStored } = await rig(t);
    const sessionId = await abandon(order, LARGE_REACHED_BYTES);
    const seen = await push(order);
    assert.equal(seen.failure, null);
    assert.deepEqual([seen.sessionId, seen.isTakenOver], [sessionId, true]);
    const [offsetBytes = 0, ...others] = seen.offsets;
    assert.ok(offsetBytes >= LARGE_REACHED_BYTES && offsetBytes % SLICE_BYTES === 0);
    assert.deepEqual(others, []);
    const sentBytes = sent().reduce((sum, { head }) => sum + numberIn(head, "content-length"), 0);
    assert.equal(sentBytes, LARGE_BYTES - offsetBytes, "only what was missing was sent");
    assert.equal(seen.note, null, "what is done is not noted any more");
    await assertStored(order, seen.itemId);
  },
);

test(
  "a file that is another one by its bytes alone is not mixed with what a closed page has sent",
  browserOptions,
  async (t) => {
    const { order, abandon, push, sent, assertStored } = await rig(t);
    await abandon(order, LARGE_REACHED_BYTES);
    const other = { ...order, shift: 1 };
    const seen = await push(other);
    assert.equal(seen.failure, null);
    assert.deepEqual(seen.offsets, []);
    const sentBytes = sent().reduce((sum, { head }) => sum + numberIn(head, "content-length"), 0);
    assert.equal(sentBytes, LARGE_BYTES);
    await assertStored(other, seen.itemId);
  },
);

test(
  "a file of another size is sent from its first byte, and nothing is asked of what is there",
  browserOptions,
  async (t) => {
    const { line, order, abandon, push, assertStored } = await rig(t);
    const small = { ...order, sizeBytes: SMALL_BYTES };
    const sessionId = await abandon(small, SLICE_BYTES);
    const changed = { ...small, sizeBytes: SMALL_BYTES + 1, modifiedAt: 2_000, shift: 2 };
    const seen = await push(changed);
    assert.equal(seen.failure, null);
    assert.deepEqual([seen.sessionId, seen.offsets], [sessionId, []]);
    assert.ok(!line.requests.some(({ target }) => target.startsWith("HEAD ")));
    await assertStored(changed, seen.itemId);
  },
);

test("a file with another time alone is gone on with", browserOptions, async (t) => {
  const { order, abandon, push, assertStored } = await rig(t);
  const small = { ...order, sizeBytes: SMALL_BYTES };
  await abandon(small, SLICE_BYTES);
  const touched = { ...small, modifiedAt: 2_000 };
  const seen = await push(touched);
  assert.equal(seen.failure, null);
  assert.ok(seen.offsets.length === 1 && (seen.offsets[0] ?? 0) >= SLICE_BYTES);
  await assertStored(touched, seen.itemId);
});
