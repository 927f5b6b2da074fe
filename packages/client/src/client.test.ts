import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { startStandIn } from "@contentlib/testkit/client/stand-in-server";
import type { StandInAnswer, StandInRequest } from "@contentlib/testkit/client/stand-in-server";
import { createClient } from "./client.ts";
import type { ClientOptions } from "./client-options.ts";
import {
  AbortedError,
  ConnectionError,
  LibraryError,
  ProtocolError,
  TimeoutError,
} from "./errors.ts";

const credentials = { userName: "administrator", password: "s3cret" };

/** A client of a stand-in that logs in and answers the rest as the test says. */
async function rig(
  t: TestContext,
  answer: (request: StandInRequest, count: number) => StandInAnswer,
  options: Partial<ClientOptions> = {},
) {
  let count = 0;
  let logins = 0;
  const server = await startStandIn((request) => {
    if (request.operation === "login.create") return { output: `login${(logins += 1)}` };
    return answer(request, (count += 1));
  });
  t.after(server.close);
  const system = manualSystem(4_000);
  const client = createClient({ url: server.url, credentials, system, ...options });
  return { client, server, system };
}

for (const wire of ["api", "rest"] as const) {
  test(`${wire}: a call logs in with Basic, carries the login in its header, and reads the result`, async (t) => {
    const { client, server } = await rig(t, () => ({ output: ["a", "b"] }), { wire });
    assert.deepEqual(await client.library.list(), ["a", "b"]);
    assert.deepEqual(await client.library.list(), ["a", "b"]);
    const [login, first, second] = server.requests;
    assert.equal(login?.headers["authorization"], `Basic ${btoa("administrator:s3cret")}`);
    assert.equal(first?.headers["vmware-api-session-id"], "login1");
    assert.equal(first?.headers["authorization"], undefined);
    assert.equal(second?.headers["vmware-api-session-id"], "login1");
    assert.equal(server.requests.length, 3);
  });

  test(`${wire}: a refusal is a LibraryError with class, code, status, text and request id`, async (t) => {
    const { client } = await rig(
      t,
      () => ({ fault: "resource_busy", id: "x.busy", text: "Busy.", args: ["i"] }),
      { wire },
    );
    await assert.rejects(
      client.updateSession.create({ create_spec: { library_item_id: "i" } }),
      (error) => {
        assert.ok(error instanceof LibraryError);
        assert.equal(error.kind, "library");
        assert.equal(error.class, "resource_busy");
        assert.equal(error.code, "x.busy");
        assert.equal(error.status, wire === "rest" ? 400 : 500);
        assert.equal(error.message, "Busy.");
        assert.equal(error.requestId, "request-1");
        assert.equal(error.operation, "updateSession.create");
        return true;
      },
    );
  });
}

test("a password beyond ASCII travels as UTF-8", async (t) => {
  const { client, server } = await rig(t, () => ({ output: [] }), {
    credentials: { userName: "jürgen", password: "größe:€" },
  });
  await client.library.list();
  const header = server.requests[0]?.headers["authorization"]?.replace("Basic ", "") ?? "";
  assert.equal(Buffer.from(header, "base64").toString("utf8"), "jürgen:größe:€");
});

test("a token goes to the login call as Bearer", async (t) => {
  const server = await startStandIn((request) =>
    request.operation === "login.create" ? { output: "abc" } : { output: [] },
  );
  t.after(server.close);
  await createClient({ url: server.url, token: "f00d" }).library.list();
  assert.equal(server.requests[0]?.headers["authorization"], "Bearer f00d");
});

test("a dead login is replaced once, and the call repeated under the new one", async (t) => {
  const { client, server } = await rig(t, (_, count) =>
    count === 2 ? { fault: "unauthenticated" } : { output: [] },
  );
  await client.library.list();
  await client.library.list();
  const headers = server.requests.map(({ operation, headers: { "vmware-api-session-id": id } }) => [
    operation,
    id,
  ]);
  assert.deepEqual(headers, [
    ["login.create", undefined],
    ["library.list", "login1"],
    ["library.list", "login1"],
    ["login.create", undefined],
    ["library.list", "login2"],
  ]);
});

test("a login that stays dead is an error after one replacement, not a loop", async (t) => {
  const { client, server } = await rig(t, () => ({ fault: "unauthenticated" }));
  await assert.rejects(client.library.list(), { name: "LibraryError", class: "unauthenticated" });
  assert.equal(server.operations().length, 2);
});

test("a login handed in is used as it is and never ended", async (t) => {
  const server = await startStandIn(() => ({ fault: "unauthenticated" }));
  t.after(server.close);
  const client = createClient({ url: server.url, loginId: "given" });
  await assert.rejects(client.library.list(), { class: "unauthenticated" });
  await client.close();
  assert.deepEqual(server.operations(), ["library.list"]);
});

test("calls that come together share one login, and close ends it", async (t) => {
  const { client, server } = await rig(t, ({ operation }) => ({
    output: operation === "library.list" ? [] : undefined,
  }));
  await Promise.all([client.library.list(), client.library.list(), client.library.list()]);
  assert.equal(server.requests.filter(({ operation }) => operation === "login.create").length, 1);
  await client.close();
  assert.equal(server.operations().at(-1), "login.delete");
});

test("a safe call is repeated after a cut connection, with growing pauses, and then gives up", async (t) => {
  const { client, server, system } = await rig(t, () => ({ cut: true }), { retriesMax: 2 });
  await assert.rejects(client.library.list(), ConnectionError);
  assert.equal(server.operations().length, 3);
  assert.deepEqual(system.pausesMs, [150, 300]);
});

test("a call that may happen only once is not repeated after a cut connection", async (t) => {
  const { client, server } = await rig(t, () => ({ cut: true }));
  await assert.rejects(client.updateSession.complete({ update_session_id: "s" }), ConnectionError);
  assert.deepEqual(server.operations(), ["updateSession.complete"]);
});

test("with a client_token even a create is repeated, under the same token", async (t) => {
  const { client, server } = await rig(t, (_, count) =>
    count === 1 ? { cut: true } : { output: "id" },
  );
  const input = {
    client_token: "7f1d2e30-0000-4000-8000-000000000001",
    create_spec: { name: "images" },
  };
  assert.equal(await client.localLibrary.create(input), "id");
  const tokens = server.requests.map(({ input: { client_token: token } }) => token).slice(1);
  assert.deepEqual(tokens, [input.client_token, input.client_token]);
});

test("503 with Retry-After is waited for and repeated, whatever the effect", async (t) => {
  const { client, server, system } = await rig(t, (_, count) =>
    count === 1 ? { fault: "service_unavailable", retryAfter: "3" } : { output: undefined },
  );
  await client.updateSession.complete({ update_session_id: "s" });
  assert.equal(server.operations().length, 2);
  assert.deepEqual(system.pausesMs, [3_000]);
});

test("503 without Retry-After is not repeated where that might happen twice", async (t) => {
  const { client, server } = await rig(t, () => ({ fault: "service_unavailable" }));
  await assert.rejects(client.updateSession.complete({ update_session_id: "s" }), {
    class: "service_unavailable",
  });
  assert.equal(server.operations().length, 1);
});

test("a Retry-After beyond a minute is handed to the caller", async (t) => {
  const { client, server } = await rig(t, () => ({
    fault: "service_unavailable",
    retryAfter: "3600",
  }));
  await assert.rejects(client.library.list(), { class: "service_unavailable" });
  assert.equal(server.operations().length, 1);
});

test("no attempt begins after the deadline", async (t) => {
  const { client, server } = await rig(
    t,
    () => ({ fault: "service_unavailable", retryAfter: "4" }),
    { deadlineMs: 10_000, retriesMax: 9, system: manualSystem(0, (delayMs) => delayMs === 4_000) },
  );
  await assert.rejects(client.library.list(), { class: "service_unavailable" });
  assert.equal(server.operations().length, 3);
});

test("an answer that does not come is a TimeoutError that names the server and the time", async (t) => {
  const { client, server, system } = await rig(t, () => ({ hang: true }), {
    timeoutMs: 20_000,
    retriesMax: 0,
  });
  await client.loginId();
  const call = client.library.list();
  await system.waiting(20_000);
  system.advance(20_000);
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof TimeoutError);
    assert.equal(error.message, `${server.url} did not answer within 20 s.`);
    return true;
  });
});

test("an aborted call rejects at once with an AbortedError and is not repeated", async (t) => {
  const abort = new AbortController();
  const { client, server } = await rig(t, () => {
    queueMicrotask(() => abort.abort());
    return { hang: true };
  });
  await assert.rejects(client.library.list({ signal: abort.signal }), AbortedError);
  assert.deepEqual(server.operations(), ["library.list"]);
  await assert.rejects(client.library.list({ signal: abort.signal }), AbortedError);
  assert.equal(server.operations().length, 1);
});

test("a page that is not JSON is a ProtocolError that asks what the address is", async (t) => {
  const { client } = await rig(t, () => ({ status: 200, text: "<html>It works!</html>" }));
  await assert.rejects(client.library.list(), (error) => {
    assert.ok(error instanceof ProtocolError);
    assert.match(
      error.message,
      /is not JSON: is http:\/\/127\.0\.0\.1:\d+ a Content Library server\?$/,
    );
    return true;
  });
});

test("a gateway's page with 502 counts as passing and is tried again", async (t) => {
  const { client } = await rig(t, (_, count) =>
    count === 1 ? { status: 502, text: "<html>" } : { output: ["a"] },
  );
  assert.deepEqual(await client.library.list(), ["a"]);
});

test("a result without its envelope is a ProtocolError on the older form", async (t) => {
  const { client } = await rig(t, () => ({ status: 200, text: "[]" }), { wire: "rest" });
  await assert.rejects(client.library.list(), ProtocolError);
});

test("a server that is not there is a ConnectionError that says so", async (t) => {
  const { client, server } = await rig(t, () => ({ output: [] }), { retriesMax: 0 });
  await server.close();
  await assert.rejects(client.library.list(), {
    name: "ConnectionError",
    message: `${server.url} can not be reached: nothing listens there.`,
  });
});

test("options that contradict each other are refused when the client is made", () => {
  const url = "http://127.0.0.1:1";
  assert.throws(() => createClient({ url }), TypeError);
  assert.throws(() => createClient({ url, token: "a", loginId: "b" }), TypeError);
  assert.throws(() => createClient({ url: "ftp://x", token: "a" }), TypeError);
  assert.throws(() => createClient({ url: "http://user:pw@x", token: "a" }), TypeError);
});
