import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findRpcOperation } from "@contentlib/contract/derive/rpc-operations";
import { COMMAND_BODY_BYTES_MAX } from "@contentlib/contract/vocabulary";
import type { App } from "../app/app.ts";
import type { Told } from "@contentlib/testkit/rigs/wire-rig";
import { rpcBody, rpcSession, WireRig } from "@contentlib/testkit/rigs/wire-rig";
import { COMMAND_TIMEOUT_MS } from "./perform.ts";

let rig: WireRig;
before(async () => {
  rig = await WireRig.open();
});
after(async () => await rig.close());

const LIBRARY = "com.vmware.content.library";
const LOCAL_LIBRARY = "com.vmware.content.local_library";
const MODEL = "com.vmware.content.library_model";
const JSON_TYPE = { "content-type": "application/json" };

const optional = (value: unknown) => ({ OPTIONAL: value });
const spec = (members: object) => ({ create_spec: { STRUCTURE: { [MODEL]: members } } });

interface RpcError {
  readonly name: string;
  readonly type: string;
  readonly messages: readonly { readonly id: string; readonly text: string }[];
}

/** The error of the API in a reply, which has everything such a reply owes. */
const errorOf = (told: Told): RpcError => {
  assert.deepEqual([told.status, told.headers["content-type"]], [200, "application/json"]);
  const { result } = told.json as { result: { error: { ERROR: Record<string, unknown> } } };
  assert.deepEqual(Object.keys(result), ["error"], told.text);
  const [[name, error] = ["", {}], ...others] = Object.entries(result.error.ERROR);
  assert.equal(others.length, 0);
  assert.equal(told.headers["vapi-error"], name);
  const { messages, error_type: type } = error as {
    messages: { STRUCTURE: Record<string, { id: string; default_message: string }> }[];
    error_type: { OPTIONAL: string };
  };
  return {
    name: name.replace("com.vmware.vapi.std.errors.", ""),
    type: type.OPTIONAL,
    messages: messages.map(({ STRUCTURE: structure }) => {
      const message = structure["com.vmware.vapi.std.localizable_message"];
      assert.ok(message);
      return { id: message.id, text: message.default_message };
    }),
  };
};

const outputOf = (told: Told): unknown => {
  const { result } = told.json as { result: { output?: unknown } };
  assert.deepEqual(Object.keys(result), ["output"], told.text);
  assert.equal(told.headers["vapi-error"], undefined);
  return result.output;
};

/** The error of the protocol in a reply. */
const protocolErrorOf = (told: Told) => {
  assert.equal(told.headers["content-type"], "application/json");
  const body = told.json as {
    readonly jsonrpc: string;
    readonly id: unknown;
    readonly error: { readonly code: number; readonly message: string };
  };
  assert.deepEqual([body.jsonrpc, Object.hasOwn(body, "result")], ["2.0", false], told.text);
  return { status: told.status, id: body.id, ...body.error };
};

const sent = async (body: string | Uint8Array, headers: Record<string, string> = JSON_TYPE) =>
  await rig.ask("POST", "/api", { headers, body });

const makeLibrary = async (name: string): Promise<string> =>
  String(outputOf(await rig.rpc(`${LOCAL_LIBRARY}.create`, spec({ name: optional(name) }))));

test("an answer repeats the id with its type, has its length, and names its request", async () => {
  for (const id of ["0", "", 'quo"te', 0, -7, Number.MAX_SAFE_INTEGER]) {
    const told = await rig.rpc(`${LOCAL_LIBRARY}.list`, {}, { id });
    assert.equal(told.text, `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"output":[]}}`);
    assert.equal(told.headers["content-length"], String(told.bytes.length));
    assert.equal(told.headers["content-type"], "application/json");
    assert.match(String(told.headers["x-request-id"]), /^request-\d+$/);
  }
});

test("optional members are OPTIONAL or absent, no result is null, and all wires see the same things", async () => {
  const library = await makeLibrary("by rpc");
  const shown = outputOf(await rig.rpc(`${LIBRARY}.get`, { library_id: library })) as {
    STRUCTURE: Record<string, Record<string, unknown>>;
  };
  const members = shown.STRUCTURE[MODEL] ?? {};
  assert.deepEqual([members["id"], members["name"]], [optional(library), optional("by rpc")]);
  assert.equal(Object.values(members).includes(null), false);
  const { json: api } = await rig.call("GET", `/api/content/library/${library}`);
  const decoded = findRpcOperation(LIBRARY, "get")?.decodeOutput(shown);
  assert.deepEqual(decoded, { output: api });
  const deleted = await rig.rpc(`${LOCAL_LIBRARY}.delete`, { library_id: library }, { id: 5 });
  assert.equal(deleted.text, '{"jsonrpc":"2.0","id":5,"result":{"output":null}}');
});

test("unset members change nothing in an update, and unset members nobody knows are none", async () => {
  const library = await makeLibrary("kept");
  const update = { name: optional(null), description: optional("new"), tomorrow: optional(null) };
  const updated = await rig.rpc(`${LOCAL_LIBRARY}.update`, {
    library_id: library,
    update_spec: { STRUCTURE: { [MODEL]: update } },
    tomorrow: optional(null),
  });
  assert.equal(outputOf(updated), null);
  const { name, description } = (await rig.call("GET", `/api/content/library/${library}`))
    .json as Record<string, string>;
  assert.deepEqual([name, description], ["kept", "new"]);
});

test("members that count for nothing are named in the same header as on the other wires", async () => {
  const made = await rig.rpc(
    `${LOCAL_LIBRARY}.create`,
    spec({ name: optional("x"), id: optional("mine"), creation_time: optional(null) }),
  );
  assert.equal(typeof outputOf(made), "string");
  assert.equal(made.headers["contentlib-ignored"], "id");
});

test("errors of the API are results, with their class in a header", async () => {
  const missing = await rig.rpc(`${LIBRARY}.get`, { library_id: "nowhere" });
  assert.deepEqual(errorOf(missing), {
    name: "not_found",
    type: "NOT_FOUND",
    messages: [{ id: "contentlib.library.not_found", text: "There is no library nowhere." }],
  });
  const surplus = await rig.rpc(`${LIBRARY}.get`, { library_id: "x", colour: optional("red") });
  assert.equal(errorOf(surplus).name, "unexpected_input");
  assert.match(errorOf(surplus).messages[0]?.text ?? "", /colour/);
  for (const [members, word] of [
    [{}, "library_id"],
    [{ library_id: optional("x") }, "library_id"],
    [{ library_id: null }, "library_id"],
  ] as const) {
    const refused = errorOf(await rig.rpc(`${LIBRARY}.get`, members));
    assert.equal(refused.name, "invalid_argument");
    assert.ok(refused.messages[0]?.text.includes(word));
  }
});

test("wrong names, bare optional members and numbers too large are refused by the member's name", async () => {
  const FIND = "com.vmware.content.library.item.find";
  const KEEP_ALIVE = "com.vmware.content.library.item.update_session.keep_alive";
  const cases: readonly (readonly [string, object, RegExp])[] = [
    [`${LOCAL_LIBRARY}.create`, spec({ name: "bare" }), /create_spec\.name .*OPTIONAL/],
    [`${LOCAL_LIBRARY}.create`, spec({ name: null }), /create_spec\.name .*OPTIONAL/],
    [`${LOCAL_LIBRARY}.create`, { create_spec: { name: "plain" } }, /create_spec .*STRUCTURE/],
    [
      `${LOCAL_LIBRARY}.create`,
      { create_spec: { STRUCTURE: { wrong: {} } } },
      /create_spec .*wrong/,
    ],
    [
      KEEP_ALIVE,
      { update_session_id: "x", client_progress: optional(2 ** 53) },
      /client_progress .*9007199254740991/,
    ],
    [
      FIND,
      {
        spec: {
          STRUCTURE: { "com.vmware.content.library.item.find_spec": { cached: optional(1) } },
        },
      },
      /spec\.cached/,
    ],
  ];
  for (const [name, members, pattern] of cases) {
    const error = errorOf(await rig.rpc(name, members));
    assert.equal(error.name, "invalid_argument");
    assert.match(error.messages[0]?.text ?? "", pattern);
  }
  const body = JSON.stringify(
    rpcBody(
      KEEP_ALIVE,
      { update_session_id: "x", client_progress: optional(0) },
      {
        security: rpcSession(await rig.loginId()),
      },
    ),
  ).replace('"OPTIONAL":0', '"OPTIONAL":9007199254740993');
  assert.match(errorOf(await sent(body)).messages[0]?.text ?? "", /client_progress .*beyond/);
});

test("what is not there is operation_not_found, before anyone is asked to log in", async () => {
  const service = errorOf(await rig.rpc("com.vmware.nothing.get", {}, { security: null }));
  assert.deepEqual(
    [service.name, service.messages],
    [
      "operation_not_found",
      [
        {
          id: "vapi.method.input.invalid.interface",
          text: "Cannot find service 'com.vmware.nothing'.",
        },
      ],
    ],
  );
  for (const name of [`${LIBRARY}.dance`, `${LIBRARY}.list$task`, `${LIBRARY}.constructor`]) {
    const error = errorOf(await rig.rpc(name, {}, { security: null }));
    assert.equal(error.name, "operation_not_found");
    assert.ok(error.messages[0]?.text.includes(name));
  }
  const ours = errorOf(await rig.rpc("contentlib.events.stream", {}, { security: null }));
  assert.equal(ours.name, "operation_not_found");
  const long = errorOf(await rig.rpc(`${"x".repeat(100_000)}.get`, {}, { security: null }));
  assert.ok((long.messages[0]?.text.length ?? 0) < 400);
});

test("services that tell about the others need no login", async () => {
  const SERVICE = "com.vmware.vapi.std.introspection.service";
  const listed = outputOf(await rig.rpc(`${SERVICE}.list`, {}, { security: null }));
  assert.ok((listed as string[]).includes(LIBRARY));
  const missing = await rig.rpc(`${SERVICE}.get`, { id: "nowhere" }, { security: null });
  assert.equal(errorOf(missing).name, "not_found");
  const malformed = await rig.rpc(`${SERVICE}.get`, { id: {} }, { security: null });
  assert.equal(errorOf(malformed).name, "invalid_argument");
  const nothing = await rig.rpc(`${SERVICE}.dance`, {}, { security: null });
  assert.match(errorOf(nothing).messages[0]?.text ?? "", /no operation .*service\.dance/);
});

test("what is told of the others is told anew to each call, under its own id, however long it is", async () => {
  const get = async (id: string | number): Promise<string> => {
    const members = { component_id: "com.vmware.content" };
    const name = "com.vmware.vapi.metadata.metamodel.component.get";
    return (await rig.rpc(name, members, { id, security: null })).text;
  };
  const [first, second, third] = [await get(1), await get('"'), await get(1)];
  assert.ok(first.length > 100_000);
  assert.equal(second, first.replace('"id":1,', '"id":"\\"",'));
  assert.equal(third, first);
});

test("what is no JSON is -32700, and what is no call -32600, both without an id", async () => {
  const call = JSON.stringify(rpcBody(`${LIBRARY}.list`, {}));
  const deep = "[".repeat(10_000) + "]".repeat(10_000);
  const cases: readonly (readonly [string | Uint8Array, number])[] = [
    ["{", -32700],
    [`${call}}`, -32700],
    ["", -32700],
    ["  \n", -32700],
    [Buffer.from([0x22, 0xff, 0x22]), -32700],
    [deep, -32700],
    [`{"a":${deep}}`, -32700],
    [`[${call}]`, -32600],
    ["null", -32600],
    ["7", -32600],
    [call.replace('"id":"1",', ""), -32600],
    [call.replace('"id":"1"', '"id":null'), -32600],
    [call.replace('"id":"1"', '"id":1.5'), -32600],
    [call.replace('"id":"1"', '"id":9007199254740993'), -32600],
    [call.replace('"2.0"', '"2.1"'), -32600],
  ];
  for (const [body, code] of cases) {
    const error = protocolErrorOf(await sent(body));
    assert.deepEqual([error.status, error.id, error.code], [200, null, code]);
    assert.match(error.message, /^(Parse error|Invalid request): .+\.$/);
  }
  const chunked = await rig.ask("POST", "/api", { headers: JSON_TYPE, body: "", isChunked: true });
  assert.deepEqual([chunked.status, protocolErrorOf(chunked).code], [200, -32700]);
});

test("another method, malformed parameters and headers that differ are errors of the call, with its id", async () => {
  const call = JSON.stringify(rpcBody(`${LIBRARY}.list`, {}, { id: 9 }));
  const method = protocolErrorOf(await sent(call.replace("invoke", "revoke")));
  assert.deepEqual([method.status, method.id, method.code], [200, 9, -32601]);
  const parameters = protocolErrorOf(await sent(call.replace('"serviceId"', '"service"')));
  assert.deepEqual([parameters.id, parameters.code], [9, -32602]);
  for (const headers of [
    { "vapi-service": LIBRARY, "vapi-operation": "get" },
    { "vapi-service": "com.vmware.cis.session", "vapi-operation": "list" },
    { "vapi-operation": "delete" },
  ]) {
    const error = protocolErrorOf(await sent(call, { ...JSON_TYPE, ...headers }));
    assert.deepEqual([error.status, error.id, error.code], [200, 9, -31001]);
  }
  const saying = async (headers: Readonly<Record<string, string>>): Promise<string> =>
    protocolErrorOf(await sent(call, { ...JSON_TYPE, ...headers })).message;
  const head = "Header and payload name different operations: ";
  assert.equal(
    await saying({ "vapi-service": LIBRARY, "vapi-operation": 'ge"t' }),
    `${head}the header vapi-operation says "ge\\"t" and the call "list".`,
  );
  const other = "com.vmware.cis.session";
  assert.equal(
    await saying({ "vapi-service": other, "vapi-operation": "list" }),
    `${head}the header vapi-service says "${other}" and the call "${LIBRARY}".`,
  );
  const both = await saying({ "vapi-service": other, "vapi-operation": "get" });
  assert.match(
    both,
    /vapi-service says .* the header vapi-operation says "get" and the call "list"\.$/,
  );
  const endless = await saying({ "vapi-service": "x".repeat(8000), "vapi-operation": "list" });
  assert.ok(endless.length < 300, endless);
  assert.ok(endless.endsWith(`and the call "${LIBRARY}".`), endless);
  const agreeing = { "vapi-service": LIBRARY, "vapi-operation": "list" };
  assert.deepEqual(
    outputOf(await rig.rpc(`${LIBRARY}.list`, {}, { headers: agreeing })),
    outputOf(await rig.rpc(`${LIBRARY}.list`)),
  );
});

test("only POST and only JSON are taken, at both spellings of the address", async () => {
  for (const path of ["/api", "/api/"]) {
    for (const method of ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      const told = await rig.ask(method, path, method === "PUT" ? { body: "x" } : {});
      assert.deepEqual([told.status, told.headers.allow], [405, "POST"], method);
      assert.equal(protocolErrorOf(told).id, null);
    }
    const listed = await rig.ask("POST", `${path}?`, {
      headers: { "content-type": "Application/JSON; charset=utf-8" },
      body: JSON.stringify(rpcBody("com.vmware.nothing.get", {})),
    });
    assert.equal(errorOf(listed).name, "operation_not_found");
  }
  const head = await rig.ask("HEAD", "/api");
  assert.deepEqual([head.status, head.text], [405, ""]);
  const body = JSON.stringify(rpcBody("com.vmware.nothing.get", {}));
  assert.equal(errorOf(await sent(body, {})).name, "operation_not_found");
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "garbage",
  ]) {
    const told = await sent(body, { "content-type": type });
    assert.equal(told.status, 415, type);
    assert.equal(protocolErrorOf(told).code, -32600);
  }
});

test("a body that is too long is 413, whatever its framing", async () => {
  const body = JSON.stringify({ x: "y".repeat(COMMAND_BODY_BYTES_MAX) });
  for (const isChunked of [false, true]) {
    const told = await rig.ask("POST", "/api", { headers: JSON_TYPE, body, isChunked });
    assert.equal(told.status, 413);
    assert.match(protocolErrorOf(told).message, /longer than the 1048576 bytes/);
  }
});

test("the connection is kept after every error that a call can have", async () => {
  const connection = rig.connect();
  const good = JSON.stringify(rpcBody("com.vmware.nothing.get", {}, { id: "good" }));
  const post = (body: string, headers = "Content-Type: application/json\r\n") =>
    `POST /api HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const bad = [
    post("{"),
    post(""),
    post("[]"),
    post(`{"a":${"[".repeat(10_000)}`),
    post(good.replace("invoke", "x")),
    post(good, "Content-Type: text/plain\r\n"),
    post(good, "vapi-service: other\r\n"),
    "GET /api HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST /api HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ];
  for (const [index, text] of bad.entries()) {
    await connection.send(text);
    await connection.send(post(good));
    await connection.until(new RegExp(`("id":"good","result"[^]*){${index + 1}}`));
  }
  assert.doesNotMatch(connection.received, /connection: close/i);
  connection.destroy();
});

const withList =
  (list: App["handlers"]["localLibrary.list"]) =>
  (app: App): App => ({
    ...app,
    handlers: { ...app.handlers, "localLibrary.list": list },
  });

test("a bug is an internal error with the request id, and the log has the rest", async () => {
  const broken = await WireRig.open(
    {},
    withList(() => Promise.reject(new Error("secret detail"))),
  );
  const told = await broken.rpc(`${LOCAL_LIBRARY}.list`);
  const error = errorOf(told);
  assert.equal(error.name, "internal_server_error");
  assert.ok(error.messages[0]?.text.includes(String(told.headers["x-request-id"])));
  assert.equal(told.text.includes("secret detail"), false);
  assert.ok(broken.logLines.some((line) => line.includes("secret detail")));
  await broken.close();
});

test("an output that the contract does not have is a bug too", async () => {
  const broken = await WireRig.open(
    {},
    withList(async () => await Promise.resolve(5 as unknown as string[])),
  );
  const told = await broken.rpc(`${LOCAL_LIBRARY}.list`);
  assert.equal(errorOf(told).name, "internal_server_error");
  await broken.close();
});

test("a call that takes too long is answered at its deadline", async () => {
  const entered = Promise.withResolvers<void>();
  const slow = await WireRig.open(
    {},
    withList(async () => {
      entered.resolve();
      return await new Promise(() => undefined);
    }),
  );
  const asking = slow.rpc(`${LOCAL_LIBRARY}.list`);
  await entered.promise;
  await slow.clock.advance(COMMAND_TIMEOUT_MS + 1000);
  const told = await asking;
  assert.equal(errorOf(told).name, "service_unavailable");
  assert.equal(told.headers["retry-after"], "5");
  await slow.close();
});

test("a body that does not arrive in time is 408, in the wire's own form", async () => {
  const slow = await WireRig.open();
  const connection = slow.connect();
  await connection.send(
    "POST /api HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n",
  );
  await connection.until(/100 Continue/);
  await connection.send('{"jsonrpc":');
  await slow.clock.advance(COMMAND_TIMEOUT_MS + 1000);
  const told = await connection.until(/\r\n\r\n\{.*\}$/);
  assert.match(told, /HTTP\/1\.1 408 [^]*"id":null,"error":.*did not arrive in time/);
  connection.destroy();
  await slow.close();
});

test("the log names operation, error class and the client's own name for the call, and no secret", async () => {
  const logged = await WireRig.open();
  await logged.rpc(`${LIBRARY}.get`, { library_id: "x" });
  await logged.rpc(`${LIBRARY}.list`, {}, { headers: { "vapi-ctx-opid": "header-op" } });
  await logged.rpc(`${LIBRARY}.list`, {}, { headers: { "vapi-ctx-opid": "y".repeat(1000) } });
  const lines = logged.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const answered = lines.filter(
    ({ event, route }) => event === "request.answered" && String(route).startsWith("rpc"),
  );
  assert.deepEqual(
    answered.map(({ route, opId, fault, level }) => [route, String(opId).length, fault, level]),
    [
      ["rpc library.get", 2, "com.vmware.vapi.std.errors.not_found", "info"],
      ["rpc library.list", 9, undefined, "debug"],
      ["rpc library.list", 128, undefined, "debug"],
    ],
  );
  const id = await logged.loginId();
  assert.equal(
    logged.logLines.some((line) => line.includes(id)),
    false,
  );
  await logged.close();
});
