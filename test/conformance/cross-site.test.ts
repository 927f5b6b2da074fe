// What a page of another site can make a browser do that has our cookie: look at nothing, and change nothing, whatever it asks for.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type Operation, OPERATION_IDS, OPERATIONS } from "@contentlib/contract";
import { type Address, BINDINGS, WIRES } from "@contentlib/contract/bindings";
import { ask, BASIC } from "./client.ts";
import { api, type Form, HTTP_FORMS, rpc } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { openWorld, type World } from "./operation-case.ts";
import { casesByLogin, OPERATION_CASES } from "./operation-cases.ts";
import { serverUnderTest } from "./server-under-test.ts";

const EVIL = "https://evil.example";

/** What browsers say of a request that another site made; the old ones say the origin only, the sandboxed ones null. */
const STRANGERS = [
  { "Sec-Fetch-Site": "cross-site", Origin: EVIL },
  { "Sec-Fetch-Site": "same-site", Origin: "http://127.0.0.1:1" },
  { Origin: EVIL },
  { Origin: "null" },
] as const;

/** The types of body that a form or a script of another site sends without being asked about it first. */
const SIMPLE_TYPES = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
] as const;

const server = await serverUnderTest();
const isSafe = (id: keyof typeof OPERATIONS): boolean =>
  (OPERATIONS[id] as Operation).effect === "safe";
const cookieOf = ({ client }: World) => ({ Cookie: `vmware-api-session-id=${client.loginId}` });

test("nothing that changes anything can be asked for by GET, under whatever address", () => {
  let count = 0;
  for (const id of OPERATION_IDS.filter((each) => !isSafe(each)))
    for (const wire of WIRES) {
      const { [id]: binding } = BINDINGS[wire];
      const addresses: readonly Address[] =
        binding === undefined ? [] : [binding, ...(binding.aliases ?? [])];
      for (const { verb } of addresses) {
        assert.notEqual(verb, "GET", `${wire} ${id}`);
        count += 1;
      }
    }
  assert.ok(count > 50, String(count));
});

for (const form of HTTP_FORMS) {
  let world: World;
  before(async () => {
    world = await openWorld(await server.client(form));
  });

  describe(`another site and our cookie, ${form.name}`, () => {
    for (const id of casesByLogin(form).filter((each) => !isSafe(each)))
      test(`${id} is refused`, async () => {
        const asking = await OPERATION_CASES[id].real(world);
        assert.ok(asking);
        for (const stranger of STRANGERS)
          for (const type of ["application/json", ...SIMPLE_TYPES]) {
            const headers = { ...cookieOf(world), ...stranger, "Content-Type": type };
            const reply = await ask(form, server.url, asking, headers);
            assert.equal(reply.faultClass, "unauthorized", `${JSON.stringify(headers)}: ${id}`);
            assert.equal(reply.messages[0]?.id, "contentlib.login.cross_site");
          }
      });

    test("nothing of all that was done", async () => {
      const { client, session, download } = world;
      const states = [
        await client.done(form.getSession(session)),
        await client.done(form.getDownload(download)),
      ];
      assert.deepEqual(
        states.map(({ state }) => state),
        ["ACTIVE", "ACTIVE"],
      );
      await client.done(form.getLibrary(world.library));
      await client.done(form.getItem(world.item));
      await client.done(form.getLogin());
    });

    test("an answer that another site may ask for can be read by none", async () => {
      for (const stranger of STRANGERS) {
        const headers = { ...cookieOf(world), ...stranger };
        const reply = await ask(form, server.url, form.listLibraries(), headers);
        assert.equal(reply.status, 200);
        const opened = Object.keys(reply.headers).filter((name) => name.startsWith("access-"));
        assert.deepEqual(opened, []);
      }
    });

    test("a form of another site logs nobody in", async () => {
      for (const type of SIMPLE_TYPES) {
        const headers = { ...STRANGERS[0], "Content-Type": type };
        const reply = await ask(form, server.url, form.login(), headers);
        assert.equal(reply.faultClass, "unauthenticated");
        assert.equal(reply.headers["set-cookie"], undefined);
      }
    });

    test("what the browser adds of its own is no login: neither a remembered password nor a second cookie", async () => {
      const asking = form.createLibrary({ name: "by a remembered password" });
      for (const headers of [
        { Authorization: BASIC },
        { Authorization: BASIC, Cookie: "vmware-api-session-id=" },
        { Cookie: "VMWARE-API-SESSION-ID=x; other=y" },
      ]) {
        const reply = await ask(form, server.url, asking, headers);
        assert.equal(reply.faultClass, "unauthenticated", JSON.stringify(headers));
      }
    });
  });
}

/** A call of JSON-RPC as another site can send it: its type is simple, and its login, if it has one, is in the body. */
const rpcFrom = (type: string, form: Form, loginId: string | null) => {
  const { rpc: call, body, path } = form.listLibraries();
  assert.ok(call);
  const security = "com.vmware.vapi.std.security.session_id";
  const securityCtx = loginId === null ? null : { schemeId: security, sessionId: loginId };
  const ctx = { appCtx: {}, securityCtx };
  const { service: serviceId, operation: operationId } = call;
  const params = { serviceId, operationId, input: body, ctx };
  return {
    method: "POST",
    url: server.url + path,
    headers: { "Content-Type": type, Origin: EVIL, "Sec-Fetch-Site": "cross-site" },
    body: JSON.stringify({ jsonrpc: "2.0", method: "invoke", id: "1", params }),
  };
};

describe("another site and JSON-RPC", () => {
  test("no type of body is taken that a page can send without asking first", async () => {
    const { loginId } = await server.client(rpc);
    const known = await exchange(rpcFrom("application/json", rpc, loginId));
    assert.match(known.text, /"output"/, "the call itself is good");
    for (const type of SIMPLE_TYPES) {
      const answer = await exchange(rpcFrom(type, rpc, loginId));
      assert.equal(answer.status, 415, type);
      assert.doesNotMatch(answer.text, /"output"/);
    }
  });

  test("asking first is answered by nothing that gives leave", async () => {
    for (const path of ["/api", api.listLibraries().path, "/rest/com/vmware/cis/session"]) {
      const { status, headers } = await exchange({
        method: "OPTIONS",
        url: server.url + path,
        headers: {
          Origin: EVIL,
          "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": "content-type,vmware-api-session-id",
        },
      });
      assert.ok(status >= 400, `${path}: ${status}`);
      assert.deepEqual(
        Object.keys(headers).filter((name) => name.startsWith("access-")),
        [],
      );
    }
  });

  test("a cookie is no login there, nor is a remembered password", async () => {
    const { loginId } = await server.client(rpc);
    const call = rpcFrom("application/json", rpc, null);
    for (const added of [
      { Cookie: `vmware-api-session-id=${loginId}` },
      { Authorization: BASIC },
      { Cookie: `vmware-api-session-id=${loginId}`, Authorization: BASIC },
    ]) {
      const answer = await exchange({ ...call, headers: { ...call.headers, ...added } });
      assert.equal(answer.headers["vapi-error"], "com.vmware.vapi.std.errors.unauthenticated");
    }
  });
});
