import assert from "node:assert/strict";
import { test } from "node:test";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { startStandIn } from "@contentlib/testkit/client/stand-in-server";
import { createClient } from "./client.ts";
import { ConnectionError, GatewayError, LibraryError } from "./errors.ts";
import { PushError } from "./push-error.ts";
import { transferError } from "./refusal.ts";
import type { UploadSource } from "./upload-source.ts";

const errorOf = (status: number, body: string) =>
  transferError(
    { url: "https://library.example.org:8443/secret", status, body, requestId: "r1" },
    "upload",
  );

const PAGES = ["", "<html>Bad Gateway</html>", '{"message":"no Route matched"}', "[]", "null"];

for (const [status, words] of [
  [502, "502 Bad Gateway"],
  [503, "503 Service Unavailable"],
  [504, "504 Gateway Timeout"],
] as const)
  test(`${words} without a body of this API is a gateway's, and names no secret`, () => {
    for (const page of PAGES) {
      const error = errorOf(status, page);
      assert.ok(error instanceof GatewayError, page);
      assert.deepEqual([error.kind, error.status, error.requestId], ["connection", status, "r1"]);
      assert.equal(
        error.message,
        `The gateway at https://library.example.org:8443 answered ${words}, without a word of the server behind it.`,
      );
    }
  });

test("what the server itself said stays its refusal, in the form of each wire", () => {
  for (const body of [
    { error_type: "SERVICE_UNAVAILABLE", messages: [] },
    { type: "com.vmware.vapi.std.errors.service_unavailable", value: { messages: [] } },
  ]) {
    const error = errorOf(503, JSON.stringify(body));
    assert.ok(error instanceof LibraryError);
    assert.equal(error.class, "service_unavailable");
  }
  assert.ok(errorOf(500, "<html>") instanceof LibraryError);
});

test("a call that a gateway answers is a connection that broke: repeated where that is harmless, else told", async (t) => {
  let asked = 0;
  const server = await startStandIn(({ operation }) => {
    asked += 1;
    if (operation === "library.list" && asked > 2) return { output: ["a"] };
    return { status: 504, text: "<html>" };
  });
  t.after(server.close);
  const client = createClient({ url: server.url, loginId: "x", system: manualSystem(5_000) });
  assert.deepEqual(await client.library.list(), ["a"]);
  assert.equal(asked, 3);
  const making = client.localLibrary.create({ create_spec: { name: "a" } });
  await assert.rejects(making, (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.match(error.message, /^The gateway at http:\S+ answered 504 Gateway Timeout/);
    assert.equal(error.operation, "localLibrary.create");
    return true;
  });
  assert.equal(asked, 4, "it may have been made");
});

test("a login that a gateway answers is no wrong password", async (t) => {
  const server = await startStandIn(() => ({ status: 502, text: "" }));
  t.after(server.close);
  const client = createClient({ url: server.url, token: "t", retriesMax: 0 });
  await assert.rejects(client.library.list(), GatewayError);
});

test("a push that a gateway keeps answering fails with connection, can go on, and says which file", async (t) => {
  const library = await startSmallLibrary();
  t.after(library.server.close);
  library.addLibrary("images");
  const client = createClient({
    url: library.server.url,
    token: "t",
    system: manualSystem(5_000),
    retriesMax: 1,
  });
  const source: UploadSource = {
    sizeBytes: 1,
    isReplayable: true,
    send: async () => await Promise.resolve({ status: 502, body: "<html>", requestId: undefined }),
  };
  const files = [{ name: "a.iso", source }];
  const push = client.push({ library: "images", item: "debian", files });
  await assert.rejects(push.result, (error) => {
    assert.ok(error instanceof PushError);
    assert.deepEqual([error.code, error.canGoOn, error.fileName], ["connection", true, "a.iso"]);
    assert.match(error.message, /^a\.iso: The gateway at /);
    assert.equal(error.itemId, [...library.sessions.values()][0]?.itemId);
    assert.equal(error.sessionId, [...library.sessions.keys()][0]);
    return true;
  });
});
