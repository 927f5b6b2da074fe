import assert from "node:assert/strict";
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { after, before, describe, test } from "node:test";
import { PASSWORD, USER } from "./client.ts";
import { wholeReply } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

/** One connection for everything: what closes it costs the next call. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
after(() => agent.destroy());

interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Members;
  readonly isReused: boolean;
}

type Members = Readonly<Record<string, unknown>>;

const JSON_TYPE = { "Content-Type": "application/json" };

/** Sends a body as it stands over the one connection. */
const send = async (
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = JSON_TYPE,
  method = "POST",
): Promise<Exchange> =>
  await new Promise((resolve, reject) => {
    const framing =
      headers["Transfer-Encoding"] === undefined
        ? { "Content-Length": String(Buffer.byteLength(body)) }
        : {};
    const sending = request(`${server.url}/api`, {
      method,
      agent,
      headers: { ...headers, ...framing },
    });
    sending.on("error", reject).on("response", (response) => {
      wholeReply(response).then(({ status, headers: told, text }) => {
        assert.equal(told["content-type"], "application/json");
        const parsed = JSON.parse(text) as Members;
        assert.equal(parsed["jsonrpc"], "2.0");
        resolve({ status, headers: told, text, body: parsed, isReused: sending.reusedSocket });
      }, reject);
    });
    sending.end(body);
  });

const structure = (name: string, members: Members) => ({ STRUCTURE: { [name]: members } });
const optional = (value: unknown) => ({ OPTIONAL: value });

let sessionId = "";

const session = () => ({ schemeId: "com.vmware.vapi.std.security.session_id", sessionId });

/** The text of a call. */
const call = (name: string, members: Members, securityCtx: Members | null = session()): string => {
  const dot = name.lastIndexOf(".");
  return JSON.stringify({
    jsonrpc: "2.0",
    method: "invoke",
    id: "7",
    params: {
      serviceId: `com.vmware.${name.slice(0, dot)}`,
      operationId: name.slice(dot + 1),
      input: structure("operation-input", members),
      ctx: { appCtx: { opId: "test" }, securityCtx },
    },
  });
};

const LIST = "content.library.list";
const CREATE = "content.local_library.create";
const MODEL = "com.vmware.content.library_model";
const KEEP_ALIVE = "content.library.item.update_session.keep_alive";

/** The next call on the same connection works. */
const stillServes = async (): Promise<void> => {
  const { status, body, isReused } = await send(call(LIST, {}));
  assert.equal(status, 200);
  assert.ok(isReused, "the connection was kept");
  assert.deepEqual(Object.keys(body["result"] as Members), ["output"]);
};

/** The code and the id of an error of the protocol. */
const protocolError = ({ body, status }: Exchange): readonly unknown[] => {
  assert.equal(Object.hasOwn(body, "result"), false);
  const { code, message } = body["error"] as { readonly code: number; readonly message: string };
  assert.match(message, /^\S.*\.$/);
  return [status, code, body["id"]];
};

/** The class and the text of an error of the API. */
const fault = ({ body, status, headers }: Exchange): readonly [string, string] => {
  assert.equal(status, 200);
  assert.equal(body["id"], "7");
  const { ERROR: error } = (body["result"] as { readonly error: { readonly ERROR: Members } })
    .error;
  const [name = ""] = Object.keys(error);
  assert.equal(headers["vapi-error"], name);
  return [name.replace("com.vmware.vapi.std.errors.", ""), JSON.stringify(error[name])];
};

const refused = async (body: string, word: string, faultClass = "invalid_argument") => {
  const [found, said] = fault(await send(body));
  assert.equal(found, faultClass, said);
  assert.ok(said.includes(word), said);
  await stillServes();
};

before(async () => {
  const login = await send(
    call(
      "cis.session.create",
      {},
      {
        schemeId: "com.vmware.vapi.std.security.user_pass",
        userName: USER,
        password: PASSWORD,
      },
    ),
  );
  const { output } = login.body["result"] as { readonly output: { readonly SECRET: string } };
  sessionId = output.SECRET;
});

describe("bodies no one should send, rpc", () => {
  test("what is no JSON, or none that a parser should walk into, is a parse error", async () => {
    const deep = "[".repeat(10_000) + "]".repeat(10_000);
    const deepCall = call(LIST, {}).replace(
      '"operation-input":{}',
      `"operation-input":{"a":${deep}}`,
    );
    for (const body of ["", " ", "{", "call", `${call(LIST, {})}]`, deep, deepCall]) {
      assert.deepEqual(protocolError(await send(body)), [200, -32700, null]);
      await stillServes();
    }
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]);
    assert.deepEqual(protocolError(await send(bytes)), [200, -32700, null]);
    const chunked = { ...JSON_TYPE, "Transfer-Encoding": "chunked" };
    assert.deepEqual(protocolError(await send("", chunked)), [200, -32700, null]);
    await stillServes();
  });

  test("batches, notifications and other envelopes are invalid requests", async () => {
    const right = call(LIST, {});
    for (const body of [
      `[${right}]`,
      "[]",
      "5",
      "null",
      "{}",
      right.replace('"id":"7",', ""),
      right.replace('"id":"7"', '"id":null'),
      right.replace('"id":"7"', '"id":0.5'),
      right.replace('"id":"7"', '"id":9007199254740993'),
      right.replace('"jsonrpc":"2.0"', '"jsonrpc":"1.0"'),
    ]) {
      assert.deepEqual(protocolError(await send(body)), [200, -32600, null], body);
      await stillServes();
    }
    const revoke = protocolError(await send(right.replace("invoke", "revoke")));
    assert.deepEqual(revoke, [200, -32601, "7"]);
    const listed = protocolError(await send(right.replace(/"params":.*$/, '"params":[]}')));
    assert.deepEqual(listed, [200, -32602, "7"]);
    await stillServes();
  });

  test("header and body that disagree are refused: the operation, and the login", async () => {
    const headers = {
      ...JSON_TYPE,
      "vapi-service": "com.vmware.content.library",
      "vapi-operation": "get",
    };
    const differing = await send(call(LIST, {}), headers);
    assert.deepEqual(protocolError(differing), [200, -31001, "7"]);
    const { message } = differing.body["error"] as { readonly message: string };
    assert.match(message, /vapi-operation says "get" and the call "list"/);
    assert.doesNotMatch(message, /vapi-service/);
    const other = { ...JSON_TYPE, "vmware-api-session-id": "0".repeat(32) };
    assert.equal(fault(await send(call(LIST, {}), other))[0], "unauthenticated");
    await stillServes();
  });

  test("wrong structure names, bare optional members and doubled wrappers are named", async () => {
    const spec = (value: unknown) => call(CREATE, { create_spec: value });
    await refused(spec(structure("com.vmware.content.library", {})), "create_spec");
    await refused(spec({ name: "plain" }), "create_spec");
    await refused(spec(null), "create_spec");
    await refused(spec(optional(structure(MODEL, {}))), "create_spec");
    await refused(spec({ ...structure(MODEL, {}), OPTIONAL: null }), "create_spec");
    for (const name of [
      "bare",
      null,
      { OPTIONAL: { OPTIONAL: "x" } },
      { SECRET: "x" },
      optional(5),
    ])
      await refused(spec(structure(MODEL, { name })), "create_spec.name");
    await refused(call(LIST, {}).replace("operation-input", "input"), "operation-input");
    const unknown = structure(MODEL, { colour: optional("red") });
    await refused(spec(unknown), "create_spec.colour", "unexpected_input");
  });

  test("integers beyond 2^53 are refused by name, not rounded", async () => {
    for (const digits of ["9007199254740992", "9007199254740993", "1e400", "-9007199254740993"]) {
      const body = call(KEEP_ALIVE, {
        update_session_id: "x",
        client_progress: optional("DIGITS"),
      }).replace('"DIGITS"', digits);
      await refused(body, "client_progress");
    }
  });

  test("the names of JavaScript's own members are names like any other, and the last of two counts", async () => {
    for (const name of ["__proto__", "constructor", "toString"]) {
      const members = `{"${name}":{"OPTIONAL":"x"}}`;
      const body = call(LIST, {}).replace('"operation-input":{}', `"operation-input":${members}`);
      await refused(body, name, "unexpected_input");
      await refused(call(`content.library.${name}`, {}), name, "operation_not_found");
      await refused(call(`content.${name}.get`, {}), name, "operation_not_found");
    }
    const doubled = call(LIST, {}).replace('"method":"invoke"', '"method":"x","method":"invoke"');
    assert.ok(Object.hasOwn((await send(doubled)).body["result"] as Members, "output"));
  });

  test("as many members and elements as a body can hold are refused in good time", async () => {
    const names = Array.from({ length: 60_000 }, (_, index) => `"m${index}":1`).join();
    const members = call(LIST, {}).replace('"operation-input":{}', `"operation-input":{${names}}`);
    await refused(members, "m0", "unexpected_input");
    const elements = structure(MODEL, { storage_backings: optional(Array(250_000).fill(1)) });
    await refused(call(CREATE, { create_spec: elements }), "create_spec.storage_backings[0]");
    const million = Array.from({ length: 1_000_000 }, () => '"a":1').join();
    const chunked = { ...JSON_TYPE, "Transfer-Encoding": "chunked" };
    for (const headers of [JSON_TYPE, chunked, { "Content-Type": "text/plain" }]) {
      const tooLong = await send(`{${million}}`, headers);
      const status = headers["Content-Type"] === "text/plain" ? 415 : 413;
      assert.deepEqual(protocolError(tooLong), [status, -32600, null]);
      await stillServes();
    }
  });

  test("only POST and only JSON are taken", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const told = await send(call(LIST, {}), { "Content-Type": type });
      assert.deepEqual(protocolError(told), [415, -32600, null]);
    }
    const put = await send(call(LIST, {}), JSON_TYPE, "PUT");
    assert.deepEqual(protocolError(put), [405, -32600, null]);
    assert.equal(put.headers.allow, "POST");
    await send(call(LIST, {}), { "Content-Type": "application/json; charset=utf-8" });
    await stillServes();
  });
});
