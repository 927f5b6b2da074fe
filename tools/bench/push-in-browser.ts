import type * as sdk from "@contentlib/client";
import {
  CHROMIUM_FLAGS,
  type ClientPage,
  chromiumPath,
  serveClientPage,
} from "@contentlib/testkit/client/client-page";
import type { Browser, Page } from "playwright-core";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { sizeText } from "./effort.ts";
import { reportedFinding, skippedFinding } from "./finding.ts";
import { Api, PASSWORD, type Product, startProductIn } from "./product.ts";
import { sendFile, settleDisk, transferClient } from "./transfer.ts";

const LIBRARY = "pushed";
const EVALUATION_TIMEOUT_MS = 300_000;

/** What a page is asked to do. */
interface Order {
  readonly url: string;
  readonly password: string;
  readonly library: string;
  readonly item: string;
}

/** Runs in the page, which has nothing but its argument and the client's sources; answers seconds. */
const pushInPage = async (order: Order): Promise<number> => {
  const client = "@contentlib/client";
  const { createClient, blobSource } = (await import(client)) as typeof sdk;
  const { url, password, library, item } = order;
  const { document } = globalThis as unknown as {
    readonly document: { querySelector(name: string): { readonly files: readonly File[] } };
  };
  const [file] = document.querySelector("input").files;
  if (file === undefined) throw new Error("The page was given no file.");
  const source = blobSource(file);
  const made = createClient({ url, credentials: { userName: "administrator", password } });
  const startedMs = performance.now();
  await made.push({ library, item, files: [{ name: "disk.iso", source }] }).result;
  const seconds = (performance.now() - startedMs) / 1000;
  await made.close();
  return seconds;
};

/** Whoever measures: a page, and the server that it may call. */
interface Ground {
  readonly bench: Bench;
  readonly page: Page;
  readonly product: Product;
}

async function measureIn({ bench, page, product }: Ground) {
  const { scratch, effort } = bench;
  const { url } = product;
  const api = await Api.open(url);
  const libraryId = await api.createLibrary(LIBRARY);
  const rate = (seconds: number): number => effort.pageBytes / seconds / 1e6;
  let items = 0;
  const byPage = async (): Promise<number> => {
    const item = `item ${String((items += 1))}`;
    const order = { url, password: PASSWORD, library: LIBRARY, item };
    const path = scratch.unseenFile(effort.pageBytes);
    // A page of its own: what one round leaves in memory is not the next one's.
    await page.reload();
    await page.setInputFiles("input", path);
    await settleDisk();
    const seconds = await page.evaluate(pushInPage, order);
    await api.deleteItem(await api.findItem(libraryId, item));
    return rate(seconds);
  };
  const itemId = await api.createItem(libraryId, "bare");
  const byCurl = async (): Promise<number> => {
    const path = scratch.unseenFile(effort.pageBytes);
    const { sessionId, url: address } = await api.openUpload(itemId);
    await settleDisk();
    const seconds = await sendFile(path, address);
    await api.act(sessionId, "cancel");
    return rate(seconds);
  };
  const samples = { product: byPage, bare: byCurl };
  await inTurn(1, samples);
  return await inTurn(effort.rounds, samples);
}

async function withPage<Result>(
  { origin }: ClientPage,
  executablePath: string,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const { chromium } = await import("playwright-core");
  const browser: Browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(EVALUATION_TIMEOUT_MS);
    await page.goto(origin);
    return await work(page);
  } finally {
    await browser.close();
  }
}

/** A file that a page in a browser pushes by the client for programs, beside one PUT of as many bytes. */
export const pushInBrowser: Measure = {
  name: "push-in-browser",
  async run(bench: Bench) {
    const { scratch, effort, nodeFlags } = bench;
    const measure = `push of a file of ${sizeText(effort.pageBytes)} by a page in Chromium`;
    if (chromiumPath === null) return [skippedFinding(measure, "there is no Chromium")];
    await using site = await serveClientPage();
    await using product = await startProductIn(scratch.folder("product"), nodeFlags, {
      CONTENTLIB_CORS_ORIGINS: site.origin,
    });
    const values = await withPage(
      site,
      chromiumPath,
      async (page) => await measureIn({ bench, page, product }),
    );
    const finding = reportedFinding({
      measure,
      product: { name: "client.push, in slices of 8 MiB", unit: "MB/s", values: values.product },
      baseline: {
        name: `${transferClient === "curl" ? "curl -T" : "a bare PUT"} to an address made beforehand`,
        unit: "MB/s",
        values: values.bare,
      },
      note: "each slice is hashed in the page, and on the server's disk before the next is sent",
    });
    return [finding];
  },
};
