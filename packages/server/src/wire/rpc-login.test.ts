import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Told } from "@contentlib/testkit/rigs/wire-rig";
import {
  basic,
  RIG_PASSWORD,
  rpcPassword,
  rpcSession,
  WireRig,
} from "@contentlib/testkit/rigs/wire-rig";

let rig: WireRig;
before(async () => {
  rig = await WireRig.open();
});
after(async () => await rig.close());

const SESSION = "com.vmware.cis.session";
const LIST = "com.vmware.content.library.list";
const STD = "com.vmware.vapi.std.security";
const PASSWORD = rpcPassword("administrator", RIG_PASSWORD);

const create = async (security: object | null, headers = {}): Promise<Told> =>
  await rig.rpc(`${SESSION}.create`, {}, { security, headers });

const freshLogin = async (): Promise<string> => {
  const { result } = (await create(PASSWORD)).json as { result: { output: { SECRET: string } } };
  return result.output.SECRET;
};

/** The class of the error, and `null` for a success. */
const faultOf = (told: Told): string | null => {
  assert.equal(told.status, 200, told.text);
  const name = told.headers["vapi-error"];
  return name === undefined ? null : String(name).replace("com.vmware.vapi.std.errors.", "");
};

/** The words of the error. */
const saidBy = (told: Told): string =>
  /"default_message":"((?:[^"\\]|\\.)*)"/.exec(told.text)?.[1] ?? "";

test("a login is a secret of 32 hexadecimal digits, and no cookie or header repeats it", async () => {
  const told = await create(PASSWORD);
  assert.match(
    told.text,
    /^\{"jsonrpc":"2\.0","id":"1","result":\{"output":\{"SECRET":"[0-9a-f]{32}"\}\}\}$/,
  );
  assert.equal(told.headers["set-cookie"], undefined);
  assert.equal(told.headers["vmware-api-session-id"], undefined);
  assert.equal(told.headers["cache-control"], "no-store");
});

test("a wrong password, no credentials and other schemes are refused, with a challenge and without a reason", async () => {
  for (const security of [
    rpcPassword("administrator", "x"),
    rpcPassword("nobody", RIG_PASSWORD),
    null,
    { schemeId: `${STD}.no_authentication` },
    rpcSession(await rig.loginId()),
  ]) {
    const told = await create(security);
    assert.equal(faultOf(told), "unauthenticated");
    assert.equal(saidBy(told), "The login was refused.");
    assert.match(told.text, /"challenge":\{"OPTIONAL":"Basic realm=\\"contentlib\\""\}/);
  }
  for (const scheme of ["saml_bearer_token", "saml_hok_token", "oauth"]) {
    const told = await create({ schemeId: `${STD}.${scheme}`, token: "secret-assertion" });
    assert.equal(faultOf(told), "unauthenticated");
    assert.match(saidBy(told), new RegExp(scheme));
    assert.doesNotMatch(told.text, /secret-assertion/);
  }
  const long = await create({ schemeId: "x".repeat(100_000) });
  assert.ok(long.text.length < 1500);
});

test("Authorization and cookies play no role", async () => {
  const headers = basic("administrator", RIG_PASSWORD);
  assert.equal(faultOf(await create(null, headers)), "unauthenticated");
  const cookie = { cookie: `vmware-api-session-id=${await rig.loginId()}` };
  const listed = await rig.rpc(LIST, {}, { security: null, headers: cookie });
  assert.equal(faultOf(listed), "unauthenticated");
  assert.equal(saidBy(listed), "Authentication required.");
});

test("the login is named by the security context, by the header, or by both alike", async () => {
  const id = await rig.loginId();
  const header = { "vmware-api-session-id": id };
  const other = { "vmware-api-session-id": await freshLogin() };
  const faultWith = async (security: object | null, headers = {}): Promise<string | null> =>
    faultOf(await rig.rpc(LIST, {}, { security, headers }));
  assert.equal(await faultWith(rpcSession(id)), null);
  assert.equal(await faultWith(null, header), null);
  assert.equal(await faultWith({ schemeId: `${STD}.no_authentication` }, header), null);
  assert.equal(await faultWith(rpcSession(id), header), null);
  const differing = await rig.rpc(LIST, {}, { security: rpcSession(id), headers: other });
  assert.equal(faultOf(differing), "unauthenticated");
  assert.match(saidBy(differing), /name different logins/);
  for (const security of [null, rpcSession(""), rpcSession("0".repeat(32)), rpcSession(`${id} `)])
    assert.equal(await faultWith(security), "unauthenticated");
  for (const headers of [{}, header]) {
    assert.equal(await faultWith(PASSWORD, headers), "unauthenticated");
    const token = { schemeId: `${STD}.saml_bearer_token`, token: "t" };
    assert.equal(await faultWith(token, headers), "unauthenticated");
  }
});

test("logins of one wire are logins of all, until one of them ends it", async () => {
  const id = await freshLogin();
  const headers = { "vmware-api-session-id": id };
  assert.equal((await rig.ask("GET", "/api/session", { headers })).status, 200);
  assert.equal((await rig.ask("GET", "/rest/com/vmware/cis/session", { headers })).status, 200);
  const shown = await rig.rpc(`${SESSION}.get`, {}, { security: rpcSession(id) });
  const { result } = shown.json as {
    result: { output: { STRUCTURE: Record<string, Record<string, string>> } };
  };
  assert.deepEqual(Object.keys(result.output.STRUCTURE), [`${SESSION}.info`]);
  assert.deepEqual(
    { ...result.output.STRUCTURE[`${SESSION}.info`] },
    (await rig.ask("GET", "/api/session", { headers })).json,
  );
  const deleted = await rig.rpc(`${SESSION}.delete`, {}, { security: rpcSession(id) });
  assert.equal(deleted.text, '{"jsonrpc":"2.0","id":"1","result":{"output":null}}');
  const again = await rig.rpc(`${SESSION}.delete`, {}, { security: rpcSession(id) });
  assert.equal(faultOf(again), "unauthenticated");
  assert.equal((await rig.ask("GET", "/api/session", { headers })).status, 401);
});

test("a login takes no parameters, and says so before it looks at the password", async () => {
  for (const security of [PASSWORD, rpcPassword("administrator", "x")]) {
    const told = await rig.rpc(`${SESSION}.create`, { surprise: 1 }, { security });
    assert.equal(faultOf(told), "unexpected_input");
  }
});

test("many wrong passwords have to wait, on this wire as on the others, and none is logged", async () => {
  const guessed = await WireRig.open();
  const guess = async (password: string) =>
    await guessed.rpc(
      `${SESSION}.create`,
      {},
      { security: rpcPassword("administrator", password) },
    );
  for (let count = 0; count < 5; count += 1)
    assert.equal(faultOf(await guess(`guess ${count}`)), "unauthenticated");
  const slowed = await guess(RIG_PASSWORD);
  assert.equal(faultOf(slowed), "service_unavailable");
  await guessed.clock.advance(Number(slowed.headers["retry-after"]) * 1000);
  assert.equal(faultOf(await guess(RIG_PASSWORD)), null);
  assert.equal(
    guessed.logLines.some((line) => line.includes(RIG_PASSWORD) || line.includes("guess 1")),
    false,
  );
  await guessed.close();
});
