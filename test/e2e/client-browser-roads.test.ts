// The main roads of the SDK in a real browser: what its tests show in Node is shown here of a page of another origin.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type * as sdk from "@contentlib/client";
import { createClient } from "@contentlib/client";
import { startServer } from "@contentlib/server";
import { FaultyLine } from "@contentlib/testkit/faults/faulty-line";
import type { Page } from "playwright-core";
import { browserOptions, launchBrowser, startPageServer } from "./browser.ts";
import { type InPage, installInPage } from "./in-page.ts";
import { password } from "./live-server.ts";
import { contentOf } from "./small-server.ts";

const MIB = 1024 * 1024;
/** What goes in one slice, as the client cuts a file. */
const SLICE_BYTES = 8 * MIB;
/** One slice, and most of another. */
const SIZE_BYTES = SLICE_BYTES + 6 * MIB;

/** Where the page reaches the server, and what it pushes. */
interface Order {
  readonly url: string;
  readonly slowUrl: string;
  readonly sizeBytes: number;
  readonly sliceBytes: number;
}

const lettersOf = (sizeBytes: number): string =>
  Buffer.from(
    new Uint8Array(sizeBytes).map((_, at) => 97 + ((at * 7 + (at >> 8)) % 26)),
  ).toString();

interface Rig {
  readonly page: Page;
  readonly order: Order;
  readonly client: sdk.Client;
  readonly libraryId: string;
}

async function start(t: TestContext): Promise<Rig> {
  const origin = await startPageServer(t);
  const server = await startServer({
    dataDirectory: null,
    adminPassword: password,
    corsOrigins: [origin],
  });
  t.after(async () => await server.close());
  const slow = await FaultyLine.open(server.url, { bytesPerTurn: 128 * 1024, turnMs: 10 });
  t.after(async () => await slow.close());
  const client = createClient({
    url: server.url,
    credentials: { userName: "administrator", password },
  });
  const libraryId = await client.localLibrary.create({
    create_spec: { name: "images", storage_backings: [{ type: "OTHER" }] },
  });
  const pages = await (await launchBrowser(t)).newContext();
  const page = await pages.newPage();
  await page.goto(origin);
  await page.evaluate(installInPage, password);
  const sizes = { sizeBytes: SIZE_BYTES, sliceBytes: SLICE_BYTES };
  const order = { url: server.url, slowUrl: slow.url, ...sizes };
  return { page, order, client, libraryId };
}

const itemCalled = async ({ client }: Rig, name: string): Promise<string> => {
  const [itemId] = await client.item.find({ spec: { name } });
  assert.ok(itemId, `there is no item ${name}`);
  return itemId;
};

/** Whether the item holds the letters, and nothing else; texts of this size are not to be shown when they differ. */
const holdsLetters = async (rig: Rig, item: string): Promise<boolean> => {
  const content = await contentOf(rig.client, await itemCalled(rig, item));
  return Object.keys(content).join() === "a.iso" && content["a.iso"] === lettersOf(SIZE_BYTES);
};

test("the SDK in a page", browserOptions, async (t) => {
  const rig = await start(t);
  const { page, order, client } = rig;

  await t.test("pushes several files in one step, and pulls them again", async () => {
    const seen = await page.evaluate(async ({ url }) => {
      const { inPage } = globalThis as unknown as { readonly inPage: InPage };
      const { blobSource } = inPage.sdk;
      const by = inPage.connect(url);
      const files = ["one", "two", "three", ""].map((text, at) => ({
        name: `${at}.txt`,
        source: blobSource(new Blob([text])),
      }));
      const progress: number[] = [];
      const push = by.push({ library: "images", item: "several", files });
      for await (const event of push)
        if (event.type === "progress") progress.push(event.totalSentBytes);
      const { itemId, isNew, contentVersion } = await push.result;
      const pulled: Record<string, string> = {};
      await by.download({
        itemId,
        sink: {
          open: async ({ name, sizeBytes }) => {
            const decoder = new TextDecoder();
            let text = "";
            return await Promise.resolve({
              write: async (chunk) => void (text += await Promise.resolve(decoder.decode(chunk))),
              finish: async () => {
                pulled[name] = await Promise.resolve(`${sizeBytes} ${text}`);
              },
              discard: async () => await Promise.resolve(),
            });
          },
        },
      }).result;
      await by.close();
      return { progress, isNew, contentVersion, pulled };
    }, order);
    assert.deepEqual([seen.isNew, seen.contentVersion], [true, "2"]);
    assert.deepEqual(seen.pulled, {
      "0.txt": "3 one",
      "1.txt": "3 two",
      "2.txt": "5 three",
      "3.txt": "0 ",
    });
    assert.equal(Math.max(...seen.progress), "onetwothree".length);
  });

  await t.test("gives up by a signal, and goes on with the same push", async () => {
    const [first, second] = await page.evaluate(async ({ url, slowUrl, sizeBytes, sliceBytes }) => {
      const { inPage } = globalThis as unknown as { readonly inPage: InPage };
      const abort = new AbortController();
      const what = { item: "given up", sizeBytes };
      const act = async (): Promise<void> => {
        await Promise.resolve();
        abort.abort();
      };
      return [
        await inPage.push(
          inPage.connect(slowUrl),
          { ...what, signal: abort.signal },
          { afterBytes: sliceBytes, act },
        ),
        await inPage.push(inPage.connect(url), what),
      ] as const;
    }, order);
    assert.deepEqual(first.error, { name: "PushError", code: "aborted", canGoOn: true });
    assert.equal(first.types.at(-1), "failed");
    const { state } = await client.updateSession.get({ update_session_id: first.sessionId });
    assert.equal(state, "ERROR", "the session ended with the push");
    assert.equal(second.error, null);
    assert.deepEqual(second.offsets, [SLICE_BYTES]);
    assert.ok(await holdsLetters(rig, "given up"));
  });

  await t.test("takes over the session of a page that died", async () => {
    const dying = await page.context().newPage();
    await dying.goto(page.url());
    await dying.evaluate(installInPage, password);
    await dying.evaluate(async ({ slowUrl, sizeBytes, sliceBytes }) => {
      const { inPage } = globalThis as unknown as { readonly inPage: InPage };
      const what = { item: "left", sizeBytes };
      await new Promise<void>((resolve) => {
        const act = async (): Promise<void> => await Promise.resolve(resolve());
        void inPage.push(inPage.connect(slowUrl), what, { afterBytes: sliceBytes, act });
      });
    }, order);
    await dying.close();
    const seen = await page.evaluate(async ({ url, sizeBytes }) => {
      const { inPage } = globalThis as unknown as { readonly inPage: InPage };
      return await inPage.push(inPage.connect(url), { item: "left", sizeBytes });
    }, order);
    assert.equal(seen.error, null);
    assert.deepEqual(seen.offsets, [SLICE_BYTES]);
    assert.ok(await holdsLetters(rig, "left"));
  });

  await t.test("is told with a code why a push failed", async () => {
    const itemId = await client.item.create({
      create_spec: { library_id: rig.libraryId, name: "held" },
    });
    const { user } = await makeEditor(rig);
    await user.updateSession.create({ create_spec: { library_item_id: itemId } });
    const seen = await page.evaluate(async ({ url }) => {
      const { inPage } = globalThis as unknown as { readonly inPage: InPage };
      const { blobSource } = inPage.sdk;
      const by = inPage.connect(url);
      const text = { name: "a.txt", source: blobSource(new Blob(["text"])) };
      const checksum = { algorithm: "SHA256", checksum: "0".repeat(64) } as const;
      const what = { item: "failed", sizeBytes: 1 };
      return [
        await inPage.push(by, { ...what, library: "nowhere" }),
        await inPage.push(by, { ...what, item: "held" }),
        await inPage.push(by, { ...what, files: [{ ...text, checksum }] }),
        await inPage.push(inPage.connect(url, "wrong"), what),
        await inPage.push(inPage.connect("http://127.0.0.1:1"), what),
      ].map(({ error }) => error?.code);
    }, order);
    assert.deepEqual(seen, ["not_found", "busy", "digest_mismatch", "unauthorized", "connection"]);
    await user.close();
  });

  await t.test(
    "stops where a newer writer sends the same file, and leaves it the session",
    async () => {
      const seen = await page.evaluate(async ({ url, slowUrl, sizeBytes, sliceBytes }) => {
        const { inPage } = globalThis as unknown as { readonly inPage: InPage };
        const newer = inPage.connect(url);
        const act = async (sessionId: string): Promise<void> => {
          const { upload_endpoint: endpoint } = await newer.updateSessionFile.get({
            update_session_id: sessionId,
            file_name: "a.iso",
          });
          const headers = { "tus-resumable": "1.0.0" };
          await fetch(endpoint?.uri ?? "", { method: "HEAD", headers });
        };
        const what = { item: "twice", sizeBytes };
        return await inPage.push(inPage.connect(slowUrl), what, { afterBytes: sliceBytes, act });
      }, order);
      assert.deepEqual(seen.error, { name: "PushError", code: "superseded", canGoOn: false });
      const { state } = await client.updateSession.get({ update_session_id: seen.sessionId });
      assert.equal(state, "ACTIVE");
    },
  );

  await t.test("logs in again where its login has died", async () => {
    const seen = await page.evaluate(async ({ url, slowUrl, sizeBytes, sliceBytes }) => {
      const { inPage } = globalThis as unknown as { readonly inPage: InPage };
      const by = inPage.connect(slowUrl);
      const before = await by.loginId();
      const act = async (): Promise<void> => {
        const headers = { "vmware-api-session-id": before };
        await fetch(`${url}/api/session`, { method: "DELETE", headers });
      };
      const what = { item: "logged out", sizeBytes };
      const { error } = await inPage.push(by, what, { afterBytes: sliceBytes, act });
      return { error, isOther: (await by.loginId()) !== before };
    }, order);
    assert.deepEqual(seen, { error: null, isOther: true });
    assert.ok(await holdsLetters(rig, "logged out"));
  });
});

/** Another account that may change the library. */
async function makeEditor({
  client,
  libraryId,
  order: { url },
}: Rig): Promise<{ readonly user: sdk.Client }> {
  const credentials = { userName: "ben", password: "another horse entirely" };
  const user = await client.user.create({
    create_spec: { name: credentials.userName, password: credentials.password },
  });
  await client.grant.create({ create_spec: { user, role: "EDITOR", library_id: libraryId } });
  return { user: createClient({ url, credentials }) };
}
