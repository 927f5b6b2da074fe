import type { TestContext } from "node:test";
import {
  CHROMIUM_FLAGS,
  chromiumPath,
  serveClientPage,
} from "@contentlib/testkit/client/client-page";
import type { Browser } from "playwright-core";

/** What a test in a browser needs of the test runner. */
export const browserOptions = {
  timeout: 120_000,
  ...(chromiumPath === null ? { skip: "there is no Chromium" } : {}),
};

/** Starts a browser without a window; test hooks end it. */
export async function launchBrowser(t: TestContext): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: chromiumPath ?? "",
    args: [...CHROMIUM_FLAGS],
  });
  t.after(async () => await browser.close());
  return browser;
}

/** Serves a page that can import the client as its sources are, and answers its origin; test hooks stop it. */
export async function startPageServer(t: TestContext): Promise<string> {
  const page = await serveClientPage();
  t.after(async () => await page[Symbol.asyncDispose]());
  return page.origin;
}
