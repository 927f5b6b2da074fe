// The SDK in a real browser, as its sources are: a page of another origin pushes, is cut, and goes on.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import type * as sdk from "@contentlib/client";
import { createClient } from "@contentlib/client";
import { startServer } from "@contentlib/server";
import { FaultyLine } from "@contentlib/testkit/faults/faulty-line";
import { browserOptions, launchBrowser, startPageServer } from "./browser.ts";
import { password } from "./live-server.ts";
import { contentOf } from "./small-server.ts";

const MIB = 1024 * 1024;
/** More than one slice, and more than a small blob that goes as a whole. */
const SIZE_BYTES = 20 * MIB + 7;
/** The requests with slices at which the line breaks: a browser sends one again by itself where its connection was an old one. */
const BROKEN_REQUESTS: readonly number[] = [2, 3];

/** What a page is asked to do. */
interface Order {
  readonly url: string;
  readonly password: string;
  readonly sizeBytes: number;
}

/** What a page saw. */
interface Seen {
  readonly failure: string | null;
  readonly offsets: readonly number[];
  readonly types: readonly string[];
}

/** Runs in the page, which has nothing but its argument and the client's sources. */
const pushInPage = async (order: Order): Promise<Seen> => {
  const client = "@contentlib/client";
  const { createClient: create, blobSource } = (await import(client)) as typeof sdk;
  const credentials = { userName: "administrator", password: order.password };
  const bytes = new Uint8Array(order.sizeBytes).map((_, at) => 97 + ((at * 7 + (at >> 8)) % 26));
  const push = create({ url: order.url, credentials }).push({
    library: "images",
    item: "debian",
    files: [{ name: "a.iso", source: blobSource(new Blob([bytes])) }],
    message: "From a page",
  });
  const offsets: number[] = [];
  const types: string[] = [];
  try {
    for await (const event of push) {
      if (types.at(-1) !== event.type) types.push(event.type);
      if (event.type === "resuming") offsets.push(event.offsetBytes);
    }
    await push.result;
    return { failure: null, offsets, types };
  } catch (error) {
    return { failure: String(error), offsets, types };
  }
};

test(
  "a page pushes a file in slices, and goes on where its line broke",
  browserOptions,
  async (t) => {
    const origin = await startPageServer(t);
    let slices = 0;
    const server = await startServer({
      dataDirectory: null,
      adminPassword: password,
      corsOrigins: [origin],
    });
    t.after(async () => await server.close());
    const faulty = await FaultyLine.open(server.url, {
      fault: ({ target }) =>
        target.startsWith("PATCH ") && BROKEN_REQUESTS.includes((slices += 1))
          ? { kind: "cut", afterBytes: 3 * MIB }
          : null,
    });
    t.after(async () => await faulty.close());
    const client = createClient({
      url: server.url,
      credentials: { userName: "administrator", password },
    });
    await client.localLibrary.create({
      create_spec: { name: "images", storage_backings: [{ type: "OTHER" }] },
    });
    const page = await (await launchBrowser(t)).newPage();
    await page.goto(origin);
    const order = { url: faulty.url, password, sizeBytes: SIZE_BYTES };
    const { failure, offsets, types } = await page.evaluate(pushInPage, order);
    assert.equal(failure, null);
    assert.deepEqual(offsets, [8 * MIB], "it went on behind the first slice");
    assert.deepEqual(types.slice(0, 4), ["item", "session", "file", "progress"]);
    assert.equal(types.at(-1), "done");
    const [itemId = ""] = await client.item.find({ spec: { name: "debian" } });
    const bytes = new Uint8Array(SIZE_BYTES).map((_, at) => 97 + ((at * 7 + (at >> 8)) % 26));
    const content = await contentOf(client, itemId);
    assert.ok(content["a.iso"] === Buffer.from(bytes).toString(), "the bytes are the page's");
  },
);

/** A server that any page may send to, and where it is. */
async function openServer(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    for (const what of ["origin", "methods", "headers"])
      response.setHeader(`access-control-allow-${what}`, "*");
    request.resume().on("end", () => {
      if (request.method !== "OPTIONS") answer(request, response);
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
}

test(
  "a page does not carry a login over a redirect to another origin",
  browserOptions,
  async (t) => {
    const heard: (string | undefined)[] = [];
    const hear = ({ headers }: IncomingMessage): void =>
      void heard.push(headers["vmware-api-session-id"]?.toString());
    const elsewhere = await openServer(t, hear);
    const straight = await openServer(t, hear);
    const redirecting = await openServer(t, (_, response) =>
      response.writeHead(307, { location: elsewhere }),
    );
    const page = await (await launchBrowser(t)).newPage();
    await page.goto(await startPageServer(t));
    const send = async (url: string): Promise<number | string> =>
      await page.evaluate(async (target) => {
        const name = "@contentlib/client";
        const { blobSource } = (await import(name)) as typeof sdk;
        const request = {
          url: target,
          signal: new AbortController().signal,
          system: { fetch: globalThis.fetch.bind(globalThis) } as sdk.System,
          headers: { "vmware-api-session-id": "secret" },
          onProgress: () => undefined,
        };
        const sent = blobSource(new Blob(["a"])).send(request);
        return await sent.then(
          ({ status }) => status,
          (error: unknown) => (error as Error).name,
        );
      }, url);
    assert.equal(await send(straight), 200);
    assert.equal(await send(redirecting), "ConnectionError");
    assert.deepEqual(heard, ["secret"]);
  },
);
