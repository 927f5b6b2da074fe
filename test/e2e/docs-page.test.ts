import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { browserOptions as options, launchBrowser } from "./browser.ts";
import { password } from "./live-server.ts";
import { startRecordingProxy, type RecordingProxy } from "./recording-proxy.ts";
import { startSmallServer } from "./small-server.ts";

const SESSION = "vmware-api-session-id";

interface Rig {
  readonly proxy: RecordingProxy;
  readonly page: Page;
  readonly context: BrowserContext;
  readonly loginId: string;
  /** What the page asked of any other host, and what the browser complained of. */
  readonly complaints: string[];
}

/** A server with a login whose cookie the browser has, and a page of that browser. */
async function openBrowser(t: TestContext): Promise<Rig> {
  const server = await startSmallServer(t);
  const proxy = await startRecordingProxy(t, server.url);
  const browser = await launchBrowser(t);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== "data:" && origin !== proxy.url) complaints.push(`asked ${request.url()}`);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // A refused call is an error to the browser's console, and what these tests are about.
    const isRefusal = message.text().includes("status of 401");
    if (message.type() === "error" && !isRefusal) complaints.push(message.text());
  });
  const basic = Buffer.from(`administrator:${password}`).toString("base64");
  const login = await context.request.post(`${proxy.url}/api/session`, {
    headers: { Authorization: `Basic ${basic}` },
  });
  assert.equal(login.status(), 201);
  const cookies = await context.cookies(proxy.url);
  assert.deepEqual(
    cookies.map(({ name }) => name),
    [SESSION],
  );
  return { proxy, page, context, loginId: (await login.json()) as string, complaints };
}

async function show({ page, proxy }: Rig, form: string): Promise<void> {
  await page.goto(`${proxy.url}/docs?form=${form}`);
  await page.locator(".opblock").first().waitFor();
}

/** Opens the operation at that address and calls it; resolves with the status that the page shows. */
async function execute(page: Page, verb: string, address: string): Promise<string> {
  const operation = operationAt(page, verb, address);
  if ((await operation.locator(".btn.execute").count()) === 0) {
    await operation.locator("button.opblock-summary-control").click();
    await operation.getByRole("button", { name: "Try it out" }).click();
  }
  const answered = page.waitForResponse((response) => response.request().method() === verb);
  await operation.getByRole("button", { name: "Execute" }).click();
  await answered;
  const status = operation.locator(".live-responses-table .response-col_status");
  await status.last().waitFor();
  return (await status.last().innerText()).split("\n")[0] ?? "";
}

const operationAt = (page: Page, verb: string, address: string): Locator =>
  page
    .locator(`.opblock-${verb.toLowerCase()}`)
    .filter({ has: page.locator(`.opblock-summary-path[data-path="${address}"]`) });

const CALLS = {
  api: ["GET", "/api/session"],
  rest: ["POST", "/rest/com/vmware/cis/session?~action=get"],
} as const;

describe("the page that shows the descriptions, in a real browser", () => {
  test(
    "shows every operation of both forms, and fetches nothing from elsewhere",
    options,
    async (t) => {
      const rig = await openBrowser(t);
      for (const form of ["api", "rest"] as const) {
        await show(rig, form);
        const document = await fetch(`${rig.proxy.url}/openapi/${form}.json`);
        const { paths } = (await document.json()) as { paths: Record<string, object> };
        const told = Object.entries(paths).flatMap(([path, verbs]) =>
          Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
        );
        const shown = await rig.page.locator(".opblock").evaluateAll((blocks) =>
          blocks.map((block) => {
            const verb = block.querySelector(".opblock-summary-method")?.textContent ?? "";
            const path = block.querySelector("[data-path]")?.getAttribute("data-path") ?? "";
            return `${verb} ${path}`;
          }),
        );
        assert.deepEqual(shown.toSorted(), told.toSorted());
        assert.equal(await rig.page.locator("nav a[aria-current=page]").innerText(), `/${form}`);
      }
      assert.deepEqual(rig.complaints, []);
    },
  );

  for (const form of ["api", "rest"] as const) {
    test(`sends no credentials of its own accord over /${form}`, options, async (t) => {
      const rig = await openBrowser(t);
      await show(rig, form);
      const [verb, address] = CALLS[form];
      const before = rig.proxy.seen.length;
      assert.equal(await execute(rig.page, verb, address), "401");
      const [call, ...others] = rig.proxy.seen.slice(before);
      assert.deepEqual(others, []);
      assert.deepEqual([call?.method, call?.address], [verb, address]);
      assert.deepEqual(credentialsIn(call?.headers ?? {}), []);
      const description = rig.proxy.seen.find((seen) => seen.address.startsWith("/openapi/"));
      assert.deepEqual(credentialsIn(description?.headers ?? {}), []);
      // The browser does have the cookie, and adds it where the page does not say otherwise.
      const isKnown = await rig.page.evaluate(async () => (await fetch("/api/session")).status);
      assert.equal(isKnown, 200);
      assert.deepEqual(rig.complaints, []);
    });
  }

  test("sends what the reader enters, until the page is left", options, async (t) => {
    const rig = await openBrowser(t);
    await show(rig, "api");
    await authorize(rig.page, rig.loginId);
    assert.equal(await execute(rig.page, ...CALLS.api), "200");
    assert.deepEqual(credentialsIn(rig.proxy.seen.at(-1)?.headers ?? {}), [SESSION]);
    await show(rig, "api");
    assert.equal(await execute(rig.page, ...CALLS.api), "401");
    assert.deepEqual(
      await rig.page.evaluate(() => [localStorage.length, sessionStorage.length]),
      [0, 0],
    );
    assert.deepEqual((await rig.context.cookies()).length, 1);
    assert.deepEqual(rig.complaints, []);
  });
});

/** Enters a login's id in the dialog, which does not offer the cookie. */
async function authorize(page: Page, loginId: string): Promise<void> {
  await page.locator(".btn.authorize").click();
  const dialog = page.locator(".dialog-ux");
  assert.equal(await dialog.getByText("cookie", { exact: false }).count(), 0);
  const scheme = dialog.locator(".auth-container").filter({ hasText: SESSION });
  await scheme.locator("input").fill(loginId);
  await scheme.getByRole("button", { name: "Apply credentials" }).click();
  await page.getByRole("button", { name: "Close" }).first().click();
}

/** Names of the headers that say who calls. */
function credentialsIn(headers: Readonly<Record<string, unknown>>): string[] {
  return ["cookie", "authorization", SESSION].filter((name) => name in headers);
}
