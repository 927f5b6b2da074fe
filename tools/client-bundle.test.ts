import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type * as sdk from "@contentlib/client";
import { bundleClient, CLIENT_BYTES_MAX } from "./client-bundle.ts";
import { root } from "./command.ts";
import { publishedManifest } from "./published-manifest.ts";

test("all of the client for browsers is small, and made of itself and the contract", async (t) => {
  const { gzippedBytes, foreign } = await bundleClient();
  t.diagnostic(`ran with all exports: ${gzippedBytes} bytes, minified and gzipped`);
  assert.deepEqual(foreign, []);
  assert.ok(gzippedBytes < CLIENT_BYTES_MAX, `${gzippedBytes} bytes`);
  assert.ok(gzippedBytes > CLIENT_BYTES_MAX / 2, `${gzippedBytes} bytes: is something left out?`);
});

test("what makes it too large is seen", async () => {
  const padding = randomBytes(CLIENT_BYTES_MAX).toString("base64");
  const { gzippedBytes } = await bundleClient(`export const padding = "${padding}";`);
  assert.ok(gzippedBytes > CLIENT_BYTES_MAX, `${gzippedBytes} bytes`);
});

test("another package, and the part for Node, are seen", async () => {
  const { foreign } = await bundleClient('export { z } from "zod";');
  assert.ok(foreign.length > 0 && foreign.every((path) => path.startsWith("node_modules/zod/")));
  const node = "export { keyPrintOf } from './node/certificate-pin.ts';";
  await assert.rejects(bundleClient(node), /node:/);
});

test("what the bundler leaves out is not missed", async () => {
  const { script } = await bundleClient();
  const { createClient, isRefusal } = (await import(
    `data:text/javascript;base64,${Buffer.from(script).toString("base64")}`
  )) as typeof sdk;
  const answers: Readonly<Record<string, Response>> = {
    "POST /api/session": Response.json("login", { status: 201 }),
    "GET /api/content/library": Response.json(["L"]),
    "GET /api/content/library/L": Response.json({ error_type: "NOT_FOUND" }, { status: 404 }),
  };
  const client = createClient({
    url: "http://h",
    token: "t",
    fetch: async (input, init) => {
      const address = `${init?.method} ${new URL(input instanceof Request ? input.url : input).pathname}`;
      return await Promise.resolve(answers[address] ?? Response.error());
    },
  });
  assert.deepEqual(await client.library.list(), ["L"]);
  const asked = client.library.get({ library_id: "L" });
  await assert.rejects(asked, (error) => isRefusal(error, "not_found"));
});

test("it needs no package but the contract", () => {
  const text = readFileSync(join(root, "packages", "client", "package.json"), "utf8");
  const { dependencies, peerDependencies, optionalDependencies, sideEffects, version } =
    publishedManifest(text);
  assert.deepEqual(dependencies, { "@contentlib/contract": version });
  assert.deepEqual(
    [peerDependencies, optionalDependencies, sideEffects],
    [undefined, undefined, false],
  );
});
