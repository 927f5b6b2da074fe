import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  basic,
  RIG_PASSWORD,
  RIG_VERSION,
  rpcPassword,
  WireRig,
} from "@contentlib/testkit/rigs/wire-rig";
import { findLoginCookie } from "./cookies.ts";
import { credentialsOf } from "./login.ts";

let rig: WireRig;
before(async () => {
  rig = await WireRig.open();
});
after(async () => await rig.close());

const REST_LOGIN = "/rest/com/vmware/cis/session";
const API_LOGIN = "/api/session";
const LIBRARIES = "/api/content/local-library";
const ADMINISTRATOR = basic("administrator", RIG_PASSWORD);

const freshLogin = async (): Promise<string> =>
  String((await rig.ask("POST", API_LOGIN, { headers: ADMINISTRATOR })).json);
const statusWith = async (headers: Record<string, string>, method = "GET"): Promise<number> =>
  (
    await rig.ask(method, LIBRARIES, {
      headers,
      ...(method === "POST" ? { body: '{"name":"x"}' } : {}),
    })
  ).status;

test("both creates answer an id of 32 hexadecimal digits, as a header and as a cookie", async () => {
  const rest = await rig.ask("POST", REST_LOGIN, {
    headers: ADMINISTRATOR,
    body: "",
    isChunked: true,
  });
  assert.equal(rest.status, 200);
  const { value: id } = rest.json as { value: string };
  assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal(rest.headers["vmware-api-session-id"], id);
  assert.deepEqual(rest.headers["set-cookie"], [
    `vmware-api-session-id=${id}; Path=/; HttpOnly; SameSite=Strict`,
  ]);
  const api = await rig.ask("POST", API_LOGIN, { headers: ADMINISTRATOR, body: "this is ignored" });
  assert.equal(api.status, 201);
  assert.match(api.text, /^"[0-9a-f]{32}"$/);
});

test("who has proved who he is is told the version by each login call on every wire, and nobody else is", async () => {
  const told = [
    await rig.ask("POST", REST_LOGIN, { headers: ADMINISTRATOR }),
    await rig.ask("POST", API_LOGIN, { headers: ADMINISTRATOR }),
    await rig.ask("GET", API_LOGIN, { headers: { "vmware-api-session-id": await freshLogin() } }),
    await rig.rpc(
      "com.vmware.cis.session.create",
      {},
      { security: rpcPassword("administrator", RIG_PASSWORD) },
    ),
  ];
  for (const { headers } of told) assert.equal(headers["contentlib-version"], RIG_VERSION);
  const untold = [
    await rig.ask("POST", API_LOGIN, { headers: basic("administrator", "wrong") }),
    await rig.ask("GET", API_LOGIN),
    await rig.ask("GET", LIBRARIES, { headers: { "vmware-api-session-id": await freshLogin() } }),
    await rig.rpc(
      "com.vmware.cis.session.create",
      {},
      { security: rpcPassword("administrator", "wrong") },
    ),
  ];
  for (const { headers } of untold) assert.equal(headers["contentlib-version"], undefined);
});

test("a client that wants no cookie gets none; an empty wish is none", async () => {
  for (const name of ["vmware-use-header-authn", "vmware-api-use-header-authn"]) {
    const told = await rig.ask("POST", REST_LOGIN, {
      headers: { ...ADMINISTRATOR, [name]: "true" },
    });
    assert.equal(told.headers["set-cookie"], undefined);
    assert.match(String(told.headers["vmware-api-session-id"]), /^[0-9a-f]{32}$/);
    const empty = await rig.ask("POST", REST_LOGIN, { headers: { ...ADMINISTRATOR, [name]: "" } });
    assert.equal(empty.headers["set-cookie"]?.length, 1);
  }
});

test("whoever sends what a login is made of with another call is told to log in first", async () => {
  const messages = (answer: unknown): readonly string[] => {
    const { messages: list } = answer as {
      readonly messages: readonly { readonly default_message: string }[];
    };
    return list.map((message) => message.default_message);
  };
  const [required, first] = ["Authentication required.", /Authorization.* POST \/api\/session /];
  for (const headers of [ADMINISTRATOR, { authorization: "Bearer x" }, { authorization: "x" }]) {
    const told = await rig.ask("GET", LIBRARIES, { headers });
    assert.equal(told.status, 401);
    const [one, other = ""] = messages(told.json);
    assert.equal(one, required);
    assert.match(other, first);
  }
  const rest = await rig.ask("GET", "/rest/com/vmware/content/library", { headers: ADMINISTRATOR });
  assert.equal(rest.status, 401);
  const { value } = rest.json as { readonly value: unknown };
  assert.match(messages(value)[1] ?? "", / POST \/rest\/com\/vmware\/cis\/session /);
  for (const headers of [{}, { ...ADMINISTRATOR, "vmware-api-session-id": "0".repeat(32) }]) {
    const told = await rig.ask("GET", LIBRARIES, { headers });
    assert.deepEqual(messages(told.json), [required]);
  }
});

test("under TLS the cookie is Secure", async () => {
  const behindTls = await WireRig.open({ publicUrl: "https://lib.example:443" });
  const told = await behindTls.ask("POST", API_LOGIN, { headers: ADMINISTRATOR });
  assert.match(told.headers["set-cookie"]?.[0] ?? "", /; HttpOnly; Secure; SameSite=Strict$/);
  await behindTls.close();
});

test("the account has its name in either form and any case; what is wrong is never told", async () => {
  for (const name of [
    "Administrator",
    "ADMINISTRATOR@vsphere.local",
    "administrator@VSPHERE.LOCAL",
  ]) {
    assert.equal(
      (await rig.ask("POST", API_LOGIN, { headers: basic(name, RIG_PASSWORD) })).status,
      201,
      name,
    );
  }
  const wrong = [
    basic("administrator", "x"),
    basic("nobody", RIG_PASSWORD),
    basic("administrator@elsewhere", RIG_PASSWORD),
    { authorization: "Basic !!!" },
    { authorization: `Basic ${Buffer.from("no colon").toString("base64")}` },
    { authorization: "Basic" },
    { authorization: 'SIGN token="x"' },
    { authorization: `Bearer ${"0".repeat(64)}` },
    {},
  ];
  const texts = new Set<string>();
  for (const headers of wrong) {
    const told = await rig.ask("POST", API_LOGIN, { headers });
    assert.equal(told.status, 401);
    assert.equal(told.headers["www-authenticate"], 'Basic realm="contentlib"');
    assert.equal(told.headers["set-cookie"], undefined);
    texts.add(told.text);
  }
  assert.equal(texts.size, 1);
  assert.match([...texts][0] ?? "", /"challenge":"Basic realm=\\"contentlib\\""/);
});

test("a token of our own making is exchanged for a login by both creates, and is none itself", async () => {
  const token = "a1".repeat(32);
  await rig.grantToken(token);
  for (const [path, status] of [
    [REST_LOGIN, 200],
    [API_LOGIN, 201],
  ] as const) {
    assert.equal(
      (await rig.ask("POST", path, { headers: { authorization: `bearer ${token}` } })).status,
      status,
    );
  }
  assert.equal(await statusWith({ authorization: `Bearer ${token}` }), 401);
  assert.equal(await statusWith({ "vmware-api-session-id": token }), 401);
});

test("the id counts in the header, else in the cookie, also with attributes behind it; Authorization never", async () => {
  const id = await freshLogin();
  assert.equal(await statusWith({ "vmware-api-session-id": id }), 200);
  assert.equal(
    await statusWith({ "vmware-api-session-id": id, ...basic("administrator", "wrong") }),
    200,
  );
  assert.equal(
    await statusWith({ cookie: `vmware-api-session-id=${id}; Path=/; HttpOnly; Secure` }),
    200,
  );
  assert.equal(await statusWith({ cookie: `other=1; word; vmware-api-session-id=${id}` }), 200);
  assert.equal(
    await statusWith({ "vmware-api-session-id": "dead", cookie: `vmware-api-session-id=${id}` }),
    401,
  );
  assert.equal(
    await statusWith({ "vmware-api-session-id": "", cookie: `vmware-api-session-id=${id}` }),
    200,
  );
  assert.equal(await statusWith(ADMINISTRATOR), 401);
});

test("get shows user and times on both wires, and on /rest by GET too", async () => {
  const id = await freshLogin();
  const headers = { "vmware-api-session-id": id };
  await rig.clock.advance(1000);
  const api = (await rig.ask("GET", API_LOGIN, { headers })).json as Record<string, string>;
  assert.equal(api["user"], "administrator@vsphere.local");
  for (const name of ["created_time", "last_accessed_time"])
    assert.match(api[name] ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.notEqual(api["created_time"], api["last_accessed_time"]);
  const rest = await rig.ask("POST", `${REST_LOGIN}?~action=get`, { headers });
  assert.deepEqual(rest.json, { value: api });
  assert.deepEqual((await rig.ask("GET", REST_LOGIN, { headers })).json, { value: api });
});

test("delete ends the login at once on every wire, and a second delete is 401", async () => {
  for (const [path, status] of [
    [REST_LOGIN, 200],
    [API_LOGIN, 204],
  ] as const) {
    const headers = { "vmware-api-session-id": await freshLogin() };
    const deleted = await rig.ask("DELETE", path, { headers, body: "{}" });
    assert.deepEqual(
      [deleted.status, deleted.text, deleted.headers["content-type"]],
      [status, "", undefined],
    );
    assert.equal((await rig.ask("DELETE", path, { headers })).status, 401);
    assert.equal((await rig.ask("GET", API_LOGIN, { headers })).status, 401);
    assert.equal((await rig.ask("GET", REST_LOGIN, { headers })).status, 401);
  }
});

test("without a login everything is 401 in the shape of its wire, and never a redirect", async () => {
  const rest = await rig.ask("GET", "/rest/com/vmware/content/library");
  assert.equal(rest.status, 401);
  assert.equal((rest.json as { type: string }).type, "com.vmware.vapi.std.errors.unauthenticated");
  assert.equal(rest.headers["www-authenticate"], undefined);
  const api = await rig.ask("GET", "/api/content/library");
  assert.equal(api.status, 401);
  assert.equal((api.json as { error_type: string }).error_type, "UNAUTHENTICATED");
});

test("a browser that says it comes from elsewhere may not change anything by cookie", async () => {
  const id = await freshLogin();
  const cookie = { cookie: `vmware-api-session-id=${id}` };
  const strangers = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "http://evil.example" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site", origin: rig.url },
    { origin: `http://127.0.0.1:${rig.port + 1}` },
  ];
  for (const stranger of strangers) {
    const told = await rig.ask("POST", LIBRARIES, {
      headers: { ...cookie, ...stranger },
      body: '{"name":"x"}',
    });
    assert.equal(told.status, 403, JSON.stringify(stranger));
    assert.match(told.text, /UNAUTHORIZED/);
    assert.equal(await statusWith({ ...cookie, ...stranger }), 200);
    assert.equal(await statusWith({ "vmware-api-session-id": id, ...stranger }, "POST"), 201);
  }
  for (const friend of [
    {},
    { origin: rig.url },
    { "sec-fetch-site": "same-origin" },
    { "sec-fetch-site": "none" },
  ]) {
    assert.equal(await statusWith({ ...cookie, ...friend }, "POST"), 201, JSON.stringify(friend));
  }
});

test("behind a proxy that ends TLS, our own page is no stranger", async () => {
  const behindTls = await WireRig.open({ publicUrl: "https://lib.example:443" });
  const cookie = `vmware-api-session-id=${await behindTls.loginId()}`;
  const create = async (origin: string): Promise<number> =>
    (await behindTls.ask("POST", LIBRARIES, { headers: { cookie, origin }, body: '{"name":"x"}' }))
      .status;
  assert.equal(await create("https://lib.example"), 201);
  assert.equal(await create("https://lib.example.evil"), 403);
  await behindTls.close();
});

test("many wrong passwords from one address have to wait, as Retry-After says, and then may try again", async () => {
  const guessed = await WireRig.open();
  const guess = async (password: string) =>
    await guessed.ask("POST", API_LOGIN, { headers: basic("administrator", password) });
  for (let count = 0; count < 5; count += 1)
    assert.equal((await guess(`guess ${count}`)).status, 401);
  const slowed = await guess(RIG_PASSWORD);
  assert.equal(slowed.status, 503);
  await guessed.clock.advance(Number(slowed.headers["retry-after"]) * 1000);
  assert.equal((await guess(RIG_PASSWORD)).status, 201);
  assert.equal(
    guessed.logLines.some((line) => line.includes(RIG_PASSWORD) || line.includes("guess 1")),
    false,
  );
  await guessed.close();
});

test("credentials are taken apart at the first colon, as UTF-8", () => {
  assert.deepEqual(credentialsOf(basic("a", "b:c")["authorization"] ?? null), {
    kind: "password",
    userName: "a",
    password: "b:c",
  });
  assert.deepEqual(credentialsOf(basic("ä", "ö")["authorization"] ?? null), {
    kind: "password",
    userName: "ä",
    password: "ö",
  });
  assert.equal(credentialsOf(null), null);
});

test("the first cookie of our name with a value counts", () => {
  assert.equal(
    findLoginCookie('vmware-api-session-id=; vmware-api-session-id="x"; vmware-api-session-id=y'),
    "x",
  );
  assert.equal(findLoginCookie("VMWARE-API-SESSION-ID=x; not-vmware-api-session-id=y"), null);
  assert.equal(findLoginCookie(null), null);
});
