// The public tus client as it comes, in a real browser.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { createClient } from "@contentlib/client";
import { startServer } from "@contentlib/server";
import type { Page } from "playwright-core";
import type { Upload } from "tus-js-client";
import { browserOptions as options, launchBrowser, startPageServer } from "./browser.ts";
import { password, root } from "./live-server.ts";
import { completed, PROTOCOLS, type WaitingFile, waitingFile } from "./tus-upload.ts";

const CLIENT = join(root, "node_modules", "tus-js-client", "dist", "tus.min.js");
const KIB = 1024;
const SIZE_BYTES = 600 * KIB;
const CHUNK_BYTES = 128 * KIB;

/** What a page is asked to do. */
interface Order {
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly uploadUrl: string;
  readonly sizeBytes: number;
  readonly chunkBytes: number;
  /** Ends the first upload when so many bytes are acknowledged, and begins another. */
  readonly abortAtBytes: number;
}

/** What a page saw. */
interface Seen {
  /** Offsets that were acknowledged to the first upload and to the second. */
  readonly offsets: readonly (readonly number[])[];
  readonly failure: string | null;
}

/** Letters in an order that no part of them repeats soon; the page makes the same. */
const content = Array.from({ length: SIZE_BYTES }, (_, at) =>
  String.fromCharCode(97 + ((at * 7 + (at >> 8)) % 26)),
).join("");

/** Runs in the page, which has nothing but its argument and the client. */
const uploadInPage = async (order: Order): Promise<Seen> => {
  const { tus } = globalThis as unknown as { readonly tus: { readonly Upload: typeof Upload } };
  const bytes = new Uint8Array(order.sizeBytes).map((_, at) => 97 + ((at * 7 + (at >> 8)) % 26));
  const offsets: number[][] = [];
  const run = (abortAtBytes: number): Promise<string | null> =>
    new Promise((resolve) => {
      const seen: number[] = [];
      offsets.push(seen);
      const all = {
        protocol: order.protocol,
        uploadUrl: order.uploadUrl,
        chunkSize: order.chunkBytes,
        retryDelays: null,
        onChunkComplete: (_sizeBytes: number, offset: number) => {
          seen.push(offset);
          if (offset >= abortAtBytes) void upload.abort().then(() => resolve(null));
        },
        onSuccess: () => resolve(null),
        onError: (error: Error) => resolve(String(error)),
      };
      const upload = new tus.Upload(new Blob([bytes]), all);
      upload.start();
    });
  const failure = (await run(order.abortAtBytes)) ?? (await run(Infinity));
  return { offsets, failure };
};

/** A server that lets pages of that origin in. */
async function startUploads(t: TestContext, origin: string) {
  const settings = { dataDirectory: null, adminPassword: password, corsOrigins: [origin] };
  const server = await startServer(settings);
  t.after(async () => await server.close());
  const credentials = { userName: "administrator", password };
  const client = createClient({ url: server.url, credentials });
  const libraryId = await client.localLibrary.create({
    create_spec: { name: "images", storage_backings: [{ type: "OTHER" }] },
  });
  const itemId = await client.item.create({
    create_spec: { library_id: libraryId, name: "debian" },
  });
  return { url: server.url, waiting: await waitingFile(client, itemId, SIZE_BYTES) };
}

async function openPage(t: TestContext, url: string): Promise<Page> {
  const browser = await launchBrowser(t);
  const page = await browser.newPage();
  await page.goto(url);
  await page.addScriptTag({ path: CLIENT });
  return page;
}

async function uploadIn(page: Page, waiting: WaitingFile, protocol: Order["protocol"]) {
  const order = {
    protocol,
    uploadUrl: waiting.uploadUrl,
    sizeBytes: SIZE_BYTES,
    chunkBytes: CHUNK_BYTES,
    abortAtBytes: 2 * CHUNK_BYTES,
  };
  const { offsets, failure } = await page.evaluate(uploadInPage, order);
  assert.equal(failure, null);
  const [first = [], second = []] = offsets;
  assert.deepEqual(first, [CHUNK_BYTES, 2 * CHUNK_BYTES]);
  assert.ok((second[0] ?? 0) >= 3 * CHUNK_BYTES, "the second upload began where the first ended");
  assert.equal(second.at(-1), SIZE_BYTES);
  assert.equal(await completed(waiting), content);
}

for (const protocol of PROTOCOLS) {
  describe(`the stock client in a browser, ${protocol}`, () => {
    test("sends a file from a page of the same origin, in two goes", options, async (t) => {
      const { url, waiting } = await startUploads(t, await startPageServer(t));
      await uploadIn(await openPage(t, `${url}/healthz`), waiting, protocol);
    });

    test("sends a file from a page of another origin, in two goes", options, async (t) => {
      const origin = await startPageServer(t);
      const { waiting } = await startUploads(t, origin);
      await uploadIn(await openPage(t, origin), waiting, protocol);
    });
  });
}
