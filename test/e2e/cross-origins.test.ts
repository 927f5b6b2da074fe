import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test, type TestContext } from "node:test";
import { startServer } from "@contentlib/server";
import type { Page } from "playwright-core";
import { browserOptions as options, launchBrowser } from "./browser.ts";
import { password } from "./live-server.ts";
import { startRecordingProxy, type RecordingProxy } from "./recording-proxy.ts";

const BASIC = `Basic ${Buffer.from(`administrator:${password}`).toString("base64")}`;

/** A site with an empty page; test hooks stop it. Its name makes it another site than the server, whatever the port. */
async function startSite(t: TestContext): Promise<string> {
  const site = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><title>A page</title>");
  });
  site.listen(0, "localhost");
  await once(site, "listening");
  t.after(() => {
    site.closeAllConnections();
    site.close();
  });
  return `http://localhost:${(site.address() as AddressInfo).port}`;
}

interface Rig {
  /** The server, as pages reach it. */
  readonly api: RecordingProxy;
  /** Pages of an origin that is on the server's list, and of one that is not. */
  readonly friend: Page;
  readonly stranger: Page;
  /** A login, and its cookie is in the browser. */
  readonly loginId: string;
}

async function openBrowser(t: TestContext): Promise<Rig> {
  const [friendly, strange] = [await startSite(t), await startSite(t)];
  const server = await startServer({
    dataDirectory: null,
    adminPassword: password,
    corsOrigins: [friendly],
  });
  t.after(async () => await server.close());
  const api = await startRecordingProxy(t, server.url);
  const browser = await launchBrowser(t);
  const context = await browser.newContext();
  const login = await context.request.post(`${api.url}/api/session`, {
    headers: { Authorization: BASIC },
  });
  assert.equal(login.status(), 201);
  assert.equal((await context.cookies(api.url)).length, 1);
  const [friend, stranger] = [await context.newPage(), await context.newPage()];
  await friend.goto(friendly);
  await stranger.goto(strange);
  return { api, friend, stranger, loginId: (await login.json()) as string };
}

/** What pages asked so far that came with a cookie: none of it may. */
const withCookie = ({ api }: Rig): string[] =>
  api.seen
    .filter(({ headers }) => headers.origin !== undefined && headers.cookie !== undefined)
    .map(({ method, address }) => `${method} ${address}`);

describe("pages of other origins, in a real browser", () => {
  test("an origin on the list logs in, uploads and reads what it needs", options, async (t) => {
    const rig = await openBrowser(t);
    const told = await rig.friend.evaluate(
      async ({ url, basic }) => {
        const login = await fetch(`${url}/api/session`, {
          method: "POST",
          headers: { Authorization: basic },
        });
        const session = {
          "vmware-api-session-id": login.headers.get("vmware-api-session-id") ?? "",
        };
        const call = async (path: string, body: object): Promise<unknown> => {
          const answer = await fetch(`${url}${path}`, {
            method: "POST",
            headers: { ...session, "Content-Type": "application/json" },
            body: JSON.stringify(body),
          });
          if (!answer.ok) throw new Error(await answer.text());
          const text = await answer.text();
          return text === "" ? null : JSON.parse(text);
        };
        const content = "/api/content";
        const library = await call(`${content}/local-library`, { name: "by page" });
        const item = await call(`${content}/library/item`, { library_id: library, name: "disk" });
        const sessions = `${content}/library/item/update-session`;
        const update = await call(sessions, { library_item_id: item });
        const file = await call(`${sessions}/${String(update)}/file`, {
          name: "disk.bin",
          source_type: "PUSH",
        });
        const { uri } = (file as { upload_endpoint: { uri: string } }).upload_endpoint;
        const sent = await fetch(uri, { method: "PUT", body: "0123456789" });
        await call(`${sessions}/${String(update)}?action=complete`, {});
        const downloads = `${content}/library/item/download-session`;
        const download = await call(downloads, { library_item_id: item });
        const prepared = await call(`${downloads}/${String(download)}/file?action=prepare`, {
          file_name: "disk.bin",
        });
        const from = (prepared as { download_endpoint: { uri: string } }).download_endpoint.uri;
        const part = await fetch(from, { headers: { Range: "bytes=2-4" } });
        const refused = await fetch(`${url}/api/session`);
        return {
          login: [login.status, await login.json(), session["vmware-api-session-id"]],
          isNamed: login.headers.get("x-request-id") !== null,
          sent: sent.status,
          part: [part.status, await part.text(), part.headers.get("content-range")],
          etag: part.headers.get("etag")?.startsWith('"sha256-'),
          refused: [refused.status, ((await refused.json()) as { error_type: string }).error_type],
        };
      },
      { url: rig.api.url, basic: BASIC },
    );
    assert.equal(told.login[0], 201);
    assert.equal(told.login[1], told.login[2]);
    assert.deepEqual(
      { ...told, login: null },
      {
        login: null,
        isNamed: true,
        sent: 200,
        part: [206, "234", "bytes 2-4/10"],
        etag: true,
        refused: [401, "UNAUTHENTICATED"],
      },
    );
    assert.ok(rig.api.seen.some(({ method }) => method === "OPTIONS"));
    assert.deepEqual(withCookie(rig), []);
  });

  test(
    "no cookie travels, even where a page asks for it, and the answer stays closed",
    options,
    async (t) => {
      const rig = await openBrowser(t);
      for (const page of [rig.friend, rig.stranger]) {
        const outcome = await page.evaluate(async (url) => {
          try {
            return (await fetch(`${url}/api/session`, { credentials: "include" })).status;
          } catch (error) {
            return String(error);
          }
        }, rig.api.url);
        assert.match(String(outcome), /Failed to fetch/);
      }
      assert.deepEqual(withCookie(rig), []);
    },
  );

  test(
    "an origin that is not on the list reads nothing, whatever it asks with",
    options,
    async (t) => {
      const rig = await openBrowser(t);
      const before = rig.api.seen.length;
      const outcomes = await rig.stranger.evaluate(
        async ({ url, basic, loginId }) => {
          const read = async (path: string, init: RequestInit): Promise<string> => {
            try {
              const answer = await fetch(`${url}${path}`, init);
              return `${answer.type} ${answer.status} ${await answer.text()}`;
            } catch (error) {
              return String(error);
            }
          };
          const session = { "vmware-api-session-id": loginId };
          return [
            await read("/api/session", { method: "POST", headers: { Authorization: basic } }),
            await read("/api/content/local-library", { headers: session }),
            await read("/api/session", {}),
            await read("/cls/data/x/disk.bin", { method: "PUT", body: "x" }),
            await read("/api/session", { mode: "no-cors" }),
          ];
        },
        { url: rig.api.url, basic: BASIC, loginId: rig.loginId },
      );
      assert.deepEqual(outcomes, [
        ...Array<string>(4).fill("TypeError: Failed to fetch"),
        // An answer that shows neither status nor text.
        "opaque 0 ",
      ]);
      // What needs leave was not even sent: the browser asked, and was given none.
      const sent = rig.api.seen.slice(before).map(({ method }) => method);
      assert.ok(!sent.includes("PUT"), sent.join());
      assert.ok(!sent.includes("POST"), sent.join());
      assert.deepEqual(withCookie(rig), []);
    },
  );
});
