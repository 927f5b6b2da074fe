import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { COMMAND_BODY_BYTES_MAX } from "@contentlib/contract/vocabulary";
import type { App } from "../app/app.ts";
import { WireRig } from "@contentlib/testkit/rigs/wire-rig";
import { BODY_SURPLUS_BYTES_MAX } from "./body.ts";
import { COMMAND_TIMEOUT_MS } from "./perform.ts";

let rig: WireRig;
before(async () => {
  rig = await WireRig.open();
});
after(async () => await rig.close());

const REST_LIBRARIES = "/rest/com/vmware/content/local-library";
const API_LIBRARIES = "/api/content/local-library";

/** The error inside either shape. */
const errorOf = (
  json: unknown,
): { error_type: string; messages: { id: string; default_message: string; args: string[] }[] } => {
  const outer = json as { value?: unknown };
  return (outer.value ?? json) as ReturnType<typeof errorOf>;
};

test("replies are exactly as each wire has them: envelope, statuses, lengths, types", async () => {
  const made = await rig.call("POST", REST_LIBRARIES, { create_spec: { name: "one" } });
  assert.equal(made.status, 200);
  assert.equal(made.headers["content-type"], "application/json");
  assert.equal(made.headers["content-length"], String(Buffer.byteLength(made.text)));
  const { value: first } = made.json as { value: string };
  const second = await rig.call("POST", API_LIBRARIES, { name: "two" });
  assert.equal(second.status, 201);
  const void1 = await rig.call("DELETE", `${REST_LIBRARIES}/id:${first}`, {});
  assert.deepEqual(
    [void1.status, void1.text, void1.headers["content-length"], void1.headers["content-type"]],
    [200, "", "0", undefined],
  );
  const void2 = await rig.call("DELETE", `${API_LIBRARIES}/${String(second.json)}`, {});
  assert.deepEqual(
    [void2.status, void2.text, void2.headers["content-length"], void2.headers["content-type"]],
    [204, "", undefined, undefined],
  );
  assert.equal((await rig.call("GET", REST_LIBRARIES)).text, '{"value":[]}');
  assert.equal((await rig.call("GET", API_LIBRARIES)).text, "[]");
});

test("every reply names its request, and nobody else may read it from a page", async () => {
  const seen = new Set<string>();
  for (const [method, path] of [
    ["GET", API_LIBRARIES],
    ["GET", "/nowhere"],
    ["PUT", API_LIBRARIES],
    ["GET", "/cls/data/x/y"],
    ["GET", "/healthz"],
  ] as const) {
    const told = await rig.ask(method, path, {
      headers: { origin: "http://evil.example", "x-request-id": "mine" },
    });
    assert.match(String(told.headers["x-request-id"]), /^request-\d+$/);
    assert.equal(told.headers["access-control-allow-origin"], undefined);
    seen.add(String(told.headers["x-request-id"]));
  }
  assert.equal(seen.size, 5);
});

test("the order is route, login, body", async () => {
  assert.equal((await rig.ask("GET", "/api/content/nothing")).status, 404);
  assert.equal((await rig.ask("POST", `${API_LIBRARIES}?action=dance`)).status, 404);
  const malformed = await rig.ask("POST", API_LIBRARIES, { body: "{" });
  assert.equal(malformed.status, 401);
  assert.equal((await rig.ask("GET", `${API_LIBRARIES}/not-even-an-id`)).status, 401);
});

test("a verb an address does not take is 405 with Allow; HEAD has no body", async () => {
  const put = await rig.call("PUT", REST_LIBRARIES, {});
  assert.equal(put.status, 405);
  assert.deepEqual(String(put.headers.allow).split(", ").toSorted(), ["GET", "POST"]);
  assert.equal(errorOf(put.json).error_type, "OPERATION_NOT_FOUND");
  const head = await rig.call("HEAD", API_LIBRARIES);
  assert.deepEqual([head.status, head.text], [405, ""]);
  assert.equal((await rig.call("OPTIONS", API_LIBRARIES)).status, 405);
});

test("malformed, deep, huge, empty and mislabelled bodies each get their answer on both wires", async () => {
  const loginId = await rig.loginId();
  const headers = { "vmware-api-session-id": loginId };
  const deep = `{"name":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  for (const path of [REST_LIBRARIES, API_LIBRARIES]) {
    const cases: [string | Uint8Array, number, RegExp][] = [
      ["{", 400, /it is not JSON/],
      ['{"name":"a"}}', 400, /it is not JSON/],
      [Buffer.from([0x22, 0xff, 0x22]), 400, /it is not UTF-8/],
      [deep, 400, /nested more than/],
      ["[]", 400, /an object is expected/],
      ['"x"', 400, /an object is expected/],
      [
        JSON.stringify({ name: "x".repeat(COMMAND_BODY_BYTES_MAX) }),
        413,
        /longer than the 1048576 bytes/,
      ],
    ];
    for (const [body, status, sentence] of cases) {
      const told = await rig.ask("POST", path, { headers, body });
      assert.equal(told.status, status, sentence.source);
      assert.equal(errorOf(told.json).error_type, "INVALID_ARGUMENT");
      assert.match(errorOf(told.json).messages[0]?.default_message ?? "", sentence);
    }
    const chunked = await rig.ask("POST", path, {
      headers,
      body: "y".repeat(COMMAND_BODY_BYTES_MAX + 1),
      isChunked: true,
    });
    assert.equal(chunked.status, 413);
    const multipart = await rig.ask("POST", path, {
      headers: { ...headers, "content-type": "multipart/form-data; boundary=x" },
      body: "--x--",
    });
    assert.equal(multipart.status, 415);
    for (const type of [
      "application/x-www-form-urlencoded",
      "garbage",
      "text/plain; charset=latin1",
    ]) {
      const made = await rig.ask("POST", path, {
        headers: { ...headers, "content-type": type },
        body: `{"name":"${type}"}`,
      });
      assert.equal(made.status, path === API_LIBRARIES ? 201 : 200, made.text);
    }
  }
});

test("an empty chunked JSON body counts as none, and bodies of GET and DELETE are read and ignored", async () => {
  const headers = {
    "vmware-api-session-id": await rig.loginId(),
    "content-type": "application/json",
  };
  const get = await rig.ask("GET", API_LIBRARIES, { headers, body: "{not json" });
  assert.equal(get.status, 200);
  const info = await rig.ask("POST", "/rest/com/vmware/cis/session?~action=get", {
    headers,
    body: "",
    isChunked: true,
  });
  assert.equal(info.status, 200);
  const created = await rig.ask("POST", API_LIBRARIES, { headers, body: "", isChunked: true });
  assert.equal(created.status, 400);
});

test("unknown members are refused by name, and members that count for nothing are named in a header", async () => {
  const refused = await rig.call("POST", API_LIBRARIES, { name: "x", colour: "red" });
  assert.equal(refused.status, 400);
  assert.equal(errorOf(refused.json).messages[0]?.id, "com.vmware.vapi.rest.unsupported_property");
  const made = await rig.call("POST", API_LIBRARIES, {
    name: "ignoring",
    id: "mine",
    creation_time: null,
  });
  assert.equal(made.status, 201);
  assert.equal(made.headers["contentlib-ignored"], "id");
});

test("unknown ids are 404 with the standard reason; a percent sign gone wrong is the caller's error", async () => {
  for (const id of ["00000000-0000-4000-8000-000000000000", "x", "%20", "id:x"]) {
    const told = await rig.call("GET", `${API_LIBRARIES}/${id}`);
    assert.deepEqual([told.status, told.reason], [404, "Not Found"], id);
  }
  assert.equal((await rig.call("GET", `${API_LIBRARIES}/%zz`)).status, 400);
});

test("a path outside the wires is a JSON 404; the absolute form and a bare question mark are taken", async () => {
  const told = await rig.ask("GET", "/nowhere?x=1");
  assert.equal(told.status, 404);
  assert.equal(errorOf(told.json).error_type, "OPERATION_NOT_FOUND");
  assert.equal((await rig.ask("GET", "http://elsewhere.example/healthz")).status, 200);
  assert.equal((await rig.call("GET", `${API_LIBRARIES}/?`)).status, 200);
});

test("pages need no login, and take reads only", async () => {
  assert.deepEqual((await rig.ask("GET", "/healthz")).json, { status: "ok" });
  assert.deepEqual((await rig.ask("GET", "/readyz")).json, { status: "ok" });
  assert.deepEqual((await rig.ask("GET", "/openapi/rest.json")).json, { form: "rest" });
  assert.deepEqual((await rig.ask("GET", "/openapi/api.json")).json, { form: "api" });
  assert.equal((await rig.ask("HEAD", "/healthz")).status, 200);
  const posted = await rig.ask("POST", "/healthz", { body: "x" });
  assert.deepEqual([posted.status, posted.headers.allow], [405, "GET, HEAD"]);
  const starting = await WireRig.open({ isReady: () => false });
  assert.equal((await starting.ask("GET", "/readyz")).status, 503);
  await starting.close();
});

test("a strict server refuses the tolerances", async () => {
  const strict = await WireRig.open({ isStrict: true });
  const wrapped = await strict.call("POST", API_LIBRARIES, { create_spec: { name: "x" } });
  assert.equal(wrapped.status, 400);
  assert.equal(errorOf(wrapped.json).messages[0]?.id, "contentlib.request.tolerance_refused");
  assert.equal((await strict.call("POST", API_LIBRARIES, { name: "x" })).status, 201);
  await strict.close();
});

const withList =
  (list: App["handlers"]["localLibrary.list"]) =>
  (app: App): App => ({
    ...app,
    handlers: { ...app.handlers, "localLibrary.list": list },
  });

test("a bug, or a fault the operation does not declare, is an internal error with the request id, and the log has the rest", async () => {
  const { Fault } = await import("../app/fault.ts");
  const { faultOf } = await import("@contentlib/contract/vocabulary");
  const failures = [
    new Error("secret detail"),
    new Fault(faultOf("item.name_taken", "a", "b", "c")),
  ];
  for (const failure of failures) {
    const broken = await WireRig.open(
      {},
      withList(() => Promise.reject(failure)),
    );
    for (const path of [REST_LIBRARIES, API_LIBRARIES]) {
      const told = await broken.call("GET", path);
      assert.equal(told.status, 500);
      const error = errorOf(told.json);
      assert.equal(error.error_type, "INTERNAL_SERVER_ERROR");
      assert.deepEqual(error.messages[0]?.args, [told.headers["x-request-id"]]);
      assert.equal(told.text.includes(failure.message), false);
      const line = broken.logLines.find(
        (text) =>
          text.includes("request.failed") && text.includes(String(told.headers["x-request-id"])),
      );
      assert.ok(line?.includes(failure.message));
    }
    await broken.close();
  }
});

test("a call that takes too long is answered at its deadline, and its signal aborts", async () => {
  let aborted = false;
  const entered = Promise.withResolvers<void>();
  const slow = await WireRig.open(
    {},
    withList(async (_input, call) => {
      call.signal.addEventListener("abort", () => {
        aborted = true;
      });
      entered.resolve();
      return await new Promise(() => undefined);
    }),
  );
  const asking = slow.call("GET", API_LIBRARIES);
  await entered.promise;
  await slow.clock.advance(COMMAND_TIMEOUT_MS + 1000);
  const told = await asking;
  assert.equal(told.status, 503);
  assert.equal(told.headers["retry-after"], "5");
  assert.ok(aborted);
  await slow.close();
});

test("a body that does not arrive in time is refused, and the connection is closed", async () => {
  const slow = await WireRig.open();
  const connection = slow.connect();
  await connection.send(
    `POST ${API_LIBRARIES} HTTP/1.1\r\nHost: x\r\nvmware-api-session-id: ${await slow.loginId()}\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n`,
  );
  await connection.until(/100 Continue/);
  await connection.send('{"name":');
  await slow.clock.advance(COMMAND_TIMEOUT_MS + 1000);
  const told = await connection.until(/\r\n\r\n\{.*\}$/);
  assert.match(told, /HTTP\/1\.1 408 [^]*did not arrive in time/);
  assert.match(told, /Connection: close/i);
  connection.destroy();
  await slow.close();
});

test("the base URL is the Host asked for when it can be one, the public URL where one is set, and has its port", async () => {
  const urls: string[] = [];
  const list: App["handlers"]["localLibrary.list"] = async (_input, call) => {
    urls.push(call.baseUrl);
    return [];
  };
  const plain = await WireRig.open({}, withList(list));
  for (const host of [
    "lib.example",
    "lib.example:81",
    "[::1]:82",
    "bad host",
    "a/b",
    "",
    "x:99999",
    "user@x",
  ]) {
    await plain.ask("GET", API_LIBRARIES, {
      headers: { host, "vmware-api-session-id": await plain.loginId() },
    });
  }
  assert.deepEqual(urls, [
    "http://lib.example:80",
    "http://lib.example:81",
    "http://[::1]:82",
    plain.url,
    plain.url,
    plain.url,
    plain.url,
    plain.url,
  ]);
  await plain.close();
  const named = await WireRig.open({ publicUrl: "https://lib.example:443" }, withList(list));
  await named.call("GET", API_LIBRARIES);
  assert.equal(urls.at(-1), "https://lib.example:443");
  await named.close();
});

test("what never becomes a request is refused in JSON, with a request id, and the server lives on", async () => {
  const cases: [string, RegExp][] = [
    ["GARBAGE\r\n\r\n", /^HTTP\/1\.1 400 /],
    [
      `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${"y".repeat(40_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
    [
      "POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      /^HTTP\/1\.1 400 /,
    ],
    ["POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", /^HTTP\/1\.1 400 /],
    [
      "GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nConnection: close\r\n\r\n",
      /^HTTP\/1\.1 417 /,
    ],
  ];
  for (const [text, head] of cases) {
    const told = await rig.raw(text);
    assert.match(told, head);
    assert.match(told, /\r\nContent-Type: application\/json\r\n/i);
    assert.match(told, /\r\nx-request-id: request-\d+\r\n/i);
  }
  assert.equal((await rig.ask("GET", "/healthz")).status, 200);
});

test("a body is read past up to a bound, and only beyond it the connection is closed", async () => {
  const loginId = await rig.loginId();
  const readable = COMMAND_BODY_BYTES_MAX + BODY_SURPLUS_BYTES_MAX;
  const chunk = `100000\r\n${"x".repeat(0x10_00_00)}\r\n`;
  for (const path of [API_LIBRARIES, "/api"]) {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nvmware-api-session-id: ${loginId}\r\n`;
    const kept = rig.connect();
    await kept.send(`${head}Content-Length: ${readable}\r\n\r\n${"x".repeat(readable)}`);
    await kept.until(/^HTTP\/1\.1 413 [^{]*\r\n\r\n\{.*\}$/);
    await kept.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const answers = await kept.closed();
    assert.match(answers, /HTTP\/1\.1 200 /);
    assert.equal(answers.match(/Connection: close/g)?.length, 1);
    const tooLong = [
      [`${head}Content-Length: ${readable + 1}\r\n\r\n`],
      [`${head}Transfer-Encoding: chunked\r\n\r\n`, ...Array<string>(18).fill(chunk)],
    ];
    for (const parts of tooLong) {
      const cut = rig.connect();
      for (const part of parts) await cut.send(part);
      await cut.until(/\}$/);
      await rig.clock.advance(10_000);
      assert.match(await cut.closed(), /^HTTP\/1\.1 413 [^{]*Connection: close\r\n/);
    }
  }
});

test("a client that waits for leave gets it for a command, or the final answer at once", async () => {
  const head = `POST ${API_LIBRARIES} HTTP/1.1\r\nHost: x\r\nvmware-api-session-id: ${await rig.loginId()}\r\nConnection: close\r\nExpect: 100-continue\r\n`;
  const invited = rig.connect();
  await invited.send(`${head}Content-Length: 18\r\n\r\n`);
  await invited.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
  await invited.send('{"name":"invited"}');
  assert.match(await invited.closed(), /\r\n\r\nHTTP\/1\.1 201 /);
  const tooLong = `${head}Content-Length: 99999999\r\n\r\n`;
  const nobody = `POST ${API_LIBRARIES} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n`;
  for (const [text, status] of [
    [tooLong, 413],
    [nobody, 401],
  ] as const) {
    const connection = rig.connect();
    await connection.send(text);
    await connection.until(/\r\n\r\n\{.*\}$/);
    await rig.clock.advance(10_000);
    assert.match(await connection.closed(), new RegExp(`^HTTP/1\\.1 ${status} `));
  }
});

test("a reply that can not be sent costs its own connection, and the server goes on", async () => {
  const broken = await WireRig.open({ documents: { rest: "{}", api: 1 as unknown as string } });
  await assert.rejects(broken.ask("GET", "/openapi/api.json"));
  assert.ok(broken.logLines.some((line) => line.includes("request.failed")));
  assert.equal((await broken.ask("GET", "/openapi/rest.json")).status, 200);
  await broken.close();
});
