import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { AbortedError, ClientError, LibraryError, TimeoutError } from "./errors.ts";
import { systemOf } from "./system.ts";
import { askUploadState, dropUpload, fateOf } from "./upload-endpoint.ts";

async function serve(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`;
  return { url, system: systemOf(), signal: new AbortController().signal };
}

test("the state is read from the headers, and the digest is asked for only where it is wanted", async (t) => {
  const asked: unknown[] = [];
  const digest = createHash("sha256").update("beginning");
  const encoded = digest.copy().digest("base64");
  const endpoint = await serve(t, (request, response) => {
    asked.push([
      request.method,
      request.headers["tus-resumable"],
      request.headers["want-repr-digest"],
    ]);
    response.setHeader("upload-offset", "9");
    response.setHeader("upload-length", "100");
    if (request.headers["want-repr-digest"] !== undefined)
      response.setHeader("repr-digest", `md5=:AAAA:, sha-256=:${encoded}:`);
    response.end();
  });
  const plain = { offsetBytes: 9, lengthBytes: 100, digest: undefined };
  assert.deepEqual(await askUploadState(endpoint, false), plain);
  const whole = { ...plain, digest: digest.digest("hex") };
  assert.deepEqual(await askUploadState(endpoint, true), whole);
  assert.deepEqual(asked, [
    ["HEAD", "1.0.0", undefined],
    ["HEAD", "1.0.0", "sha-256=1"],
  ]);
});

for (const offset of [undefined, "", "-1", "1e3", "9007199254740993"]) {
  test(`an offset of ${offset} is no offset`, async (t) => {
    const endpoint = await serve(t, (_, response) => {
      if (offset !== undefined) response.setHeader("upload-offset", offset);
      response.end();
    });
    await assert.rejects(askUploadState(endpoint, false), { name: "ProtocolError" });
  });
}

test("a digest that is none counts as none", async (t) => {
  const endpoint = await serve(t, (_, response) => {
    response.setHeader("upload-offset", "1");
    response.setHeader("repr-digest", "sha-256=:AAAA:");
    response.end();
  });
  assert.equal((await askUploadState(endpoint, true)).digest, undefined);
});

test("a refusal is an error of the API, and what it is decides how the file goes on", async (t) => {
  const refusal = { status: 404 };
  const endpoint = await serve(t, (_, response) => response.writeHead(refusal.status).end());
  for (const [status, fate] of [
    [404, "gone"],
    [410, "gone"],
    [502, "broke"],
    [503, "broke"],
    [507, "refused"],
  ] as const) {
    refusal.status = status;
    const error: unknown = await dropUpload(endpoint).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ClientError, String(error));
    assert.equal(fateOf(error), fate, String(status));
  }
});

test("a page of a gateway is no reason of the server, and can fare better later", async (t) => {
  const endpoint = await serve(t, (_, response) =>
    response.writeHead(502).end("<html>Bad Gateway</html>"),
  );
  const error: unknown = await dropUpload(endpoint).catch((thrown: unknown) => thrown);
  assert.equal(fateOf(error), "broke");
});

test("reasons with a fate of their own", () => {
  const withId = (id: string): LibraryError =>
    new LibraryError({
      class: "not_allowed_in_current_state",
      messages: [{ id, default_message: "x", args: [] }],
      status: 412,
    });
  assert.equal(fateOf(withId("contentlib.transfer.superseded")), "superseded");
  assert.equal(fateOf(withId("contentlib.transfer.offset_mismatch")), "moved");
  assert.equal(fateOf(withId("contentlib.transfer.chunk_mismatch")), "moved");
  assert.equal(fateOf(withId("contentlib.transfer.session_ended")), "gone");
  assert.equal(fateOf(new TimeoutError("x", {})), "broke");
  assert.equal(fateOf(new AbortedError("x", {})), "refused");
  assert.equal(fateOf(new Error("x")), "refused");
});
