import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exchange } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();
const get = (path: string) => exchange({ method: "GET", url: server.url + path });

/** Every address the text of a page or style sheet would make a browser ask for. */
const referencesIn = (text: string): string[] => [
  ...[...text.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, address = ""]) => address),
  ...[...text.matchAll(/url\(\s*["']?([^"')\s]*)/g)].map(([, address = ""]) => address),
  ...[...text.matchAll(/@import\s+["']([^"']*)/g)].map(([, address = ""]) => address),
];

describe("the page that shows the descriptions", () => {
  test("refers to nothing outside the server, and has no script or style of its own in it", async () => {
    const page = await get("/docs");
    assert.equal(page.status, 200);
    const addresses = referencesIn(page.text);
    assert.ok(addresses.length >= 6);
    for (const address of addresses) {
      if (address.startsWith("data:")) continue;
      const resolved = new URL(address, `${server.url}/docs`);
      assert.equal(resolved.origin, server.url, address);
      const answer = await get(resolved.pathname + resolved.search);
      assert.equal(answer.status, 200, address);
    }
    assert.doesNotMatch(page.text, /<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+="/);
  });

  test("its style sheets bring their pictures with them", async () => {
    for (const path of ["/docs/docs.css", "/docs/swagger-ui.css"])
      for (const address of referencesIn((await get(path)).text))
        assert.match(address, /^data:/, path);
  });

  test("lets the browser run and fetch only what this server has, and shows in no frame", async () => {
    for (const path of ["/docs", "/docs/docs.js", "/docs/swagger-ui-bundle.js", "/docs/docs.css"]) {
      const { headers } = await get(path);
      assert.equal(
        headers["content-security-policy"],
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
          "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        path,
      );
      assert.equal(headers["x-content-type-options"], "nosniff", path);
      assert.equal(headers["set-cookie"], undefined, path);
    }
  });

  test("is the same under HEAD, and is not sent twice to who has it", async () => {
    const path = "/docs/swagger-ui-bundle.js";
    const whole = await get(path);
    const url = server.url + path;
    const head = await exchange({ method: "HEAD", url });
    assert.deepEqual([head.status, head.bytes.length], [200, 0]);
    assert.equal(head.headers["content-length"], String(whole.bytes.length));
    const headers = { "if-none-match": String(whole.headers.etag) };
    assert.equal((await exchange({ method: "GET", url, headers })).status, 304);
  });
});
