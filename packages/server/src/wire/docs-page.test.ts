import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { WireRig } from "@contentlib/testkit/rigs/wire-rig";
import type { DocsFileName } from "./docs-page.ts";

const ADDRESSES = {
  "/docs": "text/html; charset=utf-8",
  "/docs/docs.css": "text/css; charset=utf-8",
  "/docs/docs.js": "text/javascript; charset=utf-8",
  "/docs/swagger-ui.css": "text/css; charset=utf-8",
  "/docs/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

const bytesOf = (name: DocsFileName): Uint8Array => Buffer.from(`${name} `.repeat(50));
const nameOf = (path: string): DocsFileName =>
  path === "/docs" ? "index.html" : (path.slice("/docs/".length) as DocsFileName);

const reads: DocsFileName[] = [];
let rig: WireRig;

before(async () => {
  rig = await WireRig.open({
    readDocsFile: async (name) => {
      reads.push(name);
      return await Promise.resolve(bytesOf(name));
    },
  });
});
after(async () => await rig.close());

test("each file is served as what it is, needs no login, and keeps everything else out", async () => {
  for (const [path, type] of Object.entries(ADDRESSES)) {
    const told = await rig.ask("GET", path);
    assert.equal(told.status, 200, path);
    assert.equal(told.headers["content-type"], type);
    assert.ok(told.bytes.equals(bytesOf(nameOf(path))));
    assert.equal(told.headers["x-content-type-options"], "nosniff");
    assert.equal(told.headers["referrer-policy"], "no-referrer");
    const policy = String(told.headers["content-security-policy"]).split("; ");
    for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"])
      assert.ok(policy.includes(rule), rule);
    assert.ok(!policy.some((rule) => rule.includes("unsafe")));
  }
});

test("the files are read when they are first asked for, and then no more", async () => {
  const fresh = reads.length;
  await rig.ask("GET", "/docs");
  await rig.ask("GET", "/docs/docs.js");
  assert.equal(reads.length, fresh);
  assert.equal(reads.length, Object.keys(ADDRESSES).length);
});

test("HEAD tells what GET would, without the bytes", async () => {
  const got = await rig.ask("GET", "/docs/docs.js");
  const { status, headers, bytes } = await rig.ask("HEAD", "/docs/docs.js");
  assert.deepEqual([status, bytes.length], [200, 0]);
  for (const name of ["content-length", "content-type", "etag", "content-security-policy"])
    assert.equal(headers[name], got.headers[name], name);
});

test("who has the file is told so, and a changed one is sent", async () => {
  const first = await rig.ask("GET", "/docs/docs.css");
  assert.equal(first.headers["cache-control"], "no-cache");
  const etag = String(first.headers.etag);
  const again = await rig.ask("GET", "/docs/docs.css", {
    headers: { "if-none-match": `"other", W/${etag}` },
  });
  assert.deepEqual([again.status, again.text, again.headers.etag], [304, "", etag]);
  assert.equal(again.headers["content-type"], undefined);
  const other = await rig.ask("GET", "/docs/docs.css", { headers: { "if-none-match": '"other"' } });
  assert.equal(other.status, 200);
});

test("gzip is for those who take it, and is another spelling with its own tag", async () => {
  const path = "/docs/swagger-ui-bundle.js";
  const plain = await rig.ask("GET", path);
  for (const accepted of ["gzip", "br, GZIP;q=0.5"]) {
    const zipped = await rig.ask("GET", path, { headers: { "accept-encoding": accepted } });
    assert.equal(zipped.headers["content-encoding"], "gzip");
    assert.ok(gunzipSync(zipped.bytes).equals(plain.bytes));
    assert.ok(zipped.bytes.length < plain.bytes.length);
    assert.notEqual(zipped.headers.etag, plain.headers.etag);
    assert.equal(zipped.headers.vary, "Accept-Encoding");
  }
  for (const refused of ["gzip;q=0", "gzip; q=0.000", "br", ""]) {
    const answer = await rig.ask("GET", path, { headers: { "accept-encoding": refused } });
    assert.equal(answer.headers["content-encoding"], undefined, refused);
  }
});

test("the page takes reads only; its address has no slash at the end, and no other file", async () => {
  const posted = await rig.ask("POST", "/docs", { body: "x" });
  assert.deepEqual([posted.status, posted.headers.allow], [405, "GET, HEAD"]);
  const slashed = await rig.ask("GET", "/docs/");
  assert.deepEqual([slashed.status, slashed.headers.location], [308, "../docs"]);
  for (const path of ["/docs/index.html", "/docs/../package.json", "/docs/%2e%2e/x", "/docsx"])
    assert.equal((await rig.ask("GET", path)).status, 404, path);
});

test("where the files are not installed, a sentence says so until they are there", async () => {
  let isInstalled = false;
  const bare = await WireRig.open({
    readDocsFile: async (name) =>
      await Promise.resolve(isInstalled || name === "index.html" ? bytesOf(name) : null),
  });
  for (const path of Object.keys(ADDRESSES)) {
    const told = await bare.ask("GET", path);
    assert.equal(told.status, 404);
    assert.equal(told.headers["content-type"], "text/plain; charset=utf-8");
    assert.match(told.text, /not installed.*\/openapi\/api\.json/);
  }
  assert.equal((await bare.ask("HEAD", "/docs")).status, 404);
  isInstalled = true;
  assert.equal((await bare.ask("GET", "/docs")).status, 200);
  await bare.close();
});

test("a file that can not be read is the server's trouble, in the log, and is tried again", async () => {
  let isBroken = true;
  const rigged = await WireRig.open({
    readDocsFile: async (name) => {
      if (isBroken) throw Object.assign(new Error("no leave to read"), { code: "EACCES" });
      return await Promise.resolve(bytesOf(name));
    },
  });
  const told = await rigged.ask("GET", "/docs");
  assert.equal(told.status, 500);
  assert.ok(!told.text.includes("no leave"));
  assert.ok(rigged.logLines.some((line) => line.includes("no leave to read")));
  isBroken = false;
  assert.equal((await rigged.ask("GET", "/docs")).status, 200);
  await rigged.close();
});
