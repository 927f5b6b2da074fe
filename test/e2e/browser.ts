import { existsSync } from "node:fs";
import type { TestContext } from "node:test";
import type { Browser } from "playwright-core";

/** Where Debian's package `chromium` puts the browser. */
const CHROMIUM = "/usr/bin/chromium";

/** What a test in a browser needs of the test runner. */
export const browserOptions = {
  timeout: 120_000,
  ...(existsSync(CHROMIUM) ? {} : { skip: `there is no ${CHROMIUM}` }),
};

/** Nothing but the page shall use the network: the browser's own requests would be taken for those of the page. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
];

/** Starts a browser without a window; test hooks end it. */
export async function launchBrowser(t: TestContext): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  t.after(async () => await browser.close());
  return browser;
}
