// Pages that somebody uploaded, opened from our own origin in a real browser that is logged in: nothing of them runs.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test, type TestContext } from "node:test";
import { blobSource } from "@contentlib/client";
import type { BrowserContext, Page } from "playwright-core";
import { browserOptions as options, launchBrowser } from "./browser.ts";
import { password } from "./live-server.ts";
import { startRecordingProxy, type RecordingProxy } from "./recording-proxy.ts";
import { startSmallServer } from "./small-server.ts";

/** How long a script that runs after all would need to tell of itself, in milliseconds. */
const TELLING_MS = 500;

/** What a script asks for that does run. */
const RAN = "/ran";
const SCRIPT = `fetch("${RAN}");`;
const PAGE = `<!doctype html><title>ran</title><body onload='${SCRIPT}'><script>${SCRIPT}</script>`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload='${SCRIPT}'><script>${SCRIPT}</script></svg>`;
const XHTML = `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>${SCRIPT}</script></html>`;
const XSLT = `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="data:text/xsl,x"?>${XHTML.slice(21)}`;
const MHT = `MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n${PAGE}\r\n--x--\r\n`;
const PDF = `%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(${SCRIPT})>>>>endobj\n`;

/** What was uploaded, by name: pages under names of pages, and under names that say something else. */
const UPLOADED: Readonly<Record<string, string>> = {
  "x.html": PAGE,
  "index.htm": PAGE,
  "page.xhtml": XHTML,
  "picture.svg": SVG,
  "feed.xml": XSLT,
  "mail.mht": MHT,
  "paper.pdf": PDF,
  "worker.js": SCRIPT,
  "style.css": `@import "${RAN}";`,
  "disk.iso": PAGE,
  "no extension": PAGE,
  "name.html; x=.iso": PAGE,
  "page.html\u202eosi.": PAGE,
};

interface Rig {
  readonly proxy: RecordingProxy;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Addresses that the files are downloaded from, by name. */
  readonly urls: ReadonlyMap<string, string>;
}

/** A server with the files in it, and a browser that is logged in there and may look at them. */
async function openRig(t: TestContext): Promise<Rig> {
  const server = await startSmallServer(t);
  const proxy = await startRecordingProxy(t, server.url);
  const { client } = server;
  const itemId = await server.makeItem();
  const files = Object.entries(UPLOADED).map(([name, text]) => ({
    name,
    source: blobSource(new Blob([text])),
  }));
  await client.upload({ itemId, files }).result;
  const session = await client.downloadSession.create({
    create_spec: { library_item_id: itemId },
  });
  const urls = new Map<string, string>();
  for (const name of Object.keys(UPLOADED)) {
    const { download_endpoint } = await client.downloadSessionFile.prepare({
      download_session_id: session,
      file_name: name,
    });
    urls.set(name, String(download_endpoint?.uri).replace(server.url, proxy.url));
  }
  const context = await (await launchBrowser(t)).newContext({ acceptDownloads: true });
  const basic = Buffer.from(`administrator:${password}`).toString("base64");
  await context.request.post(`${proxy.url}/api/session`, {
    headers: { Authorization: `Basic ${basic}` },
  });
  return { proxy, context, page: await context.newPage(), urls };
}

const hasRun = ({ proxy }: Rig): boolean => proxy.seen.some(({ address }) => address === RAN);

const pause = async ({ page }: Rig): Promise<void> => await page.waitForTimeout(TELLING_MS);

describe("a page that was uploaded, in a real browser", () => {
  test("is downloaded under its name when it is opened, and does not run", options, async (t) => {
    const rig = await openRig(t);
    await rig.page.goto(`${rig.proxy.url}/healthz`);
    const before = await rig.page.content();
    for (const [name, url] of rig.urls) {
      const downloading = rig.page.waitForEvent("download");
      await rig.page.goto(url).catch((error: unknown) => {
        assert.match(String(error), /Download is starting/, name);
      });
      const download = await downloading;
      // Names that no system of files should see the browser changes itself.
      if (/^[\w .]+$/.test(name)) assert.equal(download.suggestedFilename(), name);
      assert.equal(await rig.page.content(), before, `${name} is not shown`);
    }
    await pause(rig);
    assert.ok(!hasRun(rig));
  });

  test("does not run in a page of ours that was made to embed it either", options, async (t) => {
    const rig = await openRig(t);
    await rig.page.goto(`${rig.proxy.url}/healthz`);
    for (const [name, url] of rig.urls) {
      const ends = await inPage(rig.page, EMBED_EVERYWHERE, url);
      assert.deepEqual(ends, { import: "refused", serviceWorker: "refused" }, name);
    }
    await pause(rig);
    assert.ok(!hasRun(rig));
    const workers = await rig.page.evaluate(
      "navigator.serviceWorker.getRegistrations().then((all) => all.length)",
    );
    assert.equal(workers, 0);
  });

  test(
    "a page of another origin neither embeds a file nor frames the page of descriptions",
    options,
    async (t) => {
      const rig = await openRig(t);
      const evil = await startEvilSite(t);
      await rig.page.goto(evil);
      const [, url = ""] = [...rig.urls].find(([name]) => name === "picture.svg") ?? [];
      const refusals: string[] = [];
      rig.page.on("console", (message) => refusals.push(message.text()));
      const loaded = await inPage(rig.page, LOAD_PICTURE, url);
      assert.equal(loaded, "refused");
      await inPage(rig.page, ADD_FRAME, `${rig.proxy.url}/docs`);
      await pause(rig);
      const shown = await Promise.all(
        rig.page
          .frames()
          .slice(1)
          .map(async (frame) => await frame.content()),
      );
      assert.equal(shown.length, 1);
      for (const html of shown) assert.doesNotMatch(html, /swagger/);
      assert.match(refusals.join("\n"), /frame-ancestors/);
      assert.ok(!hasRun(rig));
    },
  );

  test("the cookie of a login is out of reach for scripts and other sites", options, async (t) => {
    const rig = await openRig(t);
    const [cookie, ...others] = await rig.context.cookies(rig.proxy.url);
    assert.deepEqual(others, []);
    assert.equal(cookie?.name, "vmware-api-session-id");
    assert.deepEqual(
      [cookie.httpOnly, cookie.sameSite, cookie.path, cookie.secure, cookie.expires],
      [true, "Strict", "/", false, -1],
    );
    await rig.page.goto(`${rig.proxy.url}/healthz`);
    assert.equal(await rig.page.evaluate("document.cookie"), "");
    const evil = await startEvilSite(t);
    await rig.page.goto(evil);
    const before = rig.proxy.seen.length;
    await inPage(rig.page, SEND_SIMPLY, `${rig.proxy.url}/api/content/local-library`);
    await rig.page.waitForLoadState();
    await pause(rig);
    const came = rig.proxy.seen.slice(before).filter(({ method }) => method === "POST");
    assert.equal(came.length, 2);
    for (const { headers } of came) assert.equal(headers.cookie, undefined);
  });
});

/** A site of somebody else, on another host name of this machine. */
async function startEvilSite(t: TestContext): Promise<string> {
  const site = createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end("<!doctype html><title>evil</title><body>");
  });
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  t.after(() => {
    site.closeAllConnections();
    site.close();
  });
  return `http://localhost:${(site.address() as AddressInfo).port}/`;
}

/** For the browser: has its page use the address in every way that could run it. */
const EMBED_EVERYWHERE = `async (url) => {
  const add = (tag, attributes) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
  };
  add("script", { src: url });
  add("script", { src: url, type: "module" });
  add("link", { rel: "stylesheet", href: url });
  add("img", { src: url });
  add("object", { data: url });
  add("embed", { src: url });
  new Worker(url);
  new SharedWorker(url);
  const endOf = (trial) => trial.then(() => "done", () => "refused");
  return {
    import: await endOf(import(url)),
    serviceWorker: await endOf(navigator.serviceWorker.register(url)),
  };
}`;

/** For the browser: shows the address as a picture. */
const LOAD_PICTURE = `(url) => new Promise((resolve) => {
  const picture = new Image();
  picture.onload = () => resolve("shown");
  picture.onerror = () => resolve("refused");
  picture.src = url;
})`;

/** For the browser: shows the address in a frame. */
const ADD_FRAME = `(url) => {
  const frame = document.createElement("iframe");
  frame.src = url;
  document.body.append(frame);
}`;

/** For the browser: sends to the address what a page of another site can send. */
const SEND_SIMPLY = `async (url) => {
  const sent = { mode: "no-cors", credentials: "include", method: "POST", body: "{}" };
  await fetch(url, sent).catch(() => undefined);
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  document.body.append(form);
  form.submit();
}`;

/** Runs one of these in the page's own world. */
const inPage = async (page: Page, code: string, argument: string): Promise<unknown> =>
  await page.evaluate(`(${code})(${JSON.stringify(argument)})`);
