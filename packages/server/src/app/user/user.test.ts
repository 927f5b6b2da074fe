import assert from "node:assert/strict";
import { test } from "node:test";
import { aCall, RIG_ACCOUNT, RIG_ORIGIN } from "@contentlib/testkit/rigs/app-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

const PASSWORD = "correct horse battery";

const open = async () => {
  const rig = await AccessRig.open();
  const { handlers } = rig;
  const logIn = async (userName: string, password = PASSWORD): Promise<string> =>
    await rig.rig.app.logins.create({ kind: "password", userName, password }, RIG_ORIGIN);
  return {
    rig,
    handlers,
    logIn,
    create: async (name: string, password: string | undefined = PASSWORD) =>
      await handlers["user.create"]({ create_spec: { name, password } }, aCall()),
    update: async (user: string, update_spec: object, call = aCall()) =>
      await handlers["user.update"]({ user, update_spec }, call),
    get: async (user: string, call = aCall()) => await handlers["user.get"]({ user }, call),
  };
};

test("a new user is found by id and by name in every spelling, and logs in", async () => {
  const { create, get, logIn, handlers } = await open();
  const id = await create("Ben");
  for (const text of [id, "ben", "BEN@vsphere.local", "vsphere.local\\ben"])
    assert.equal((await get(text)).user_id, id, text);
  const { creation_time: _when, ...info } = await get(id);
  assert.deepEqual(info, {
    user_id: id,
    name: "ben",
    description: "",
    disabled: false,
    tokens_only: false,
  });
  assert.match(await logIn("ben"), /^[0-9a-f]{32}$/);
  const names = (await handlers["user.list"]({}, aCall())).map(({ name }) => name);
  assert.deepEqual(names, ["administrator", "ben"]);
});

test("no two users share a name, also when both are made at once, and bad ones are refused", async () => {
  const { create } = await open();
  const outcomes = await Promise.allSettled([create("ben"), create("BEN")]);
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  await refusedWith("account.name_taken", create("ben@vsphere.local"));
  await refusedWith("access.invalid_property", create("b en"));
  const text = await refusedWith("access.invalid_property", create("ann", "sEcrEt"));
  assert.ok(!text.includes("sEcrEt"), text);
});

test("a user without a password logs in by tokens only, until one is set", async () => {
  const { rig, handlers, get, logIn, update } = await open();
  await handlers["user.create"]({ create_spec: { name: "ci" } }, aCall());
  assert.equal((await get("ci")).tokens_only, true);
  await refusedWith("login.refused", logIn("ci", ""));
  const { token } = await handlers["token.create"](
    { create_spec: { user: "ci", name: "nightly" } },
    aCall(),
  );
  assert.ok(await logIn("ci", token));
  await update("ci", { password: PASSWORD });
  assert.ok(await logIn("ci"));
  assert.equal((await get("ci")).tokens_only, false);
  assert.ok(JSON.stringify(rig.rig.journal.events).includes(token) === false);
});

test("users see and change themselves, and nobody else", async () => {
  const { rig, create, update, get, logIn } = await open();
  await create("ann");
  const ben = await rig.user();
  const call = ben.call();
  assert.equal((await get(ben.name, call)).user_id, ben.id);
  await update(ben.id, { password: PASSWORD, description: "Builds." }, call);
  assert.ok(await logIn(ben.name));
  assert.equal((await get(ben.id)).description, "Builds.");
  await refusedWith("access.missing_right", update(ben.id, { disabled: true }, call));
  const known = await refusedWith("account.not_found", get("ann", call));
  const unknown = await refusedWith("account.not_found", get("zoe", call));
  assert.equal(known, unknown.replace("zoe", "ann"));
  await refusedWith("account.not_found", update("ann", { description: "mine" }, call));
  await refusedWith("access.invalid_property", update(ben.id, { password: "too short" }, call));
});

test("a token that is cut down can not change its user into more", async () => {
  const { rig, update } = await open();
  const ben = await rig.user("editor");
  const narrow = await rig.token(ben, { grants: [{ role: "VIEWER" }] });
  const text = await refusedWith(
    "access.narrowed_token",
    update(ben.id, { password: PASSWORD }, narrow.call()),
  );
  assert.match(text, /token 1/);
  const whole = await rig.token(ben);
  await update(ben.id, { description: "Builds." }, whole.call());
});

test("a token sets no password of its user, which would outlive it", async () => {
  const { rig, update, logIn } = await open();
  const ben = await rig.user("editor");
  const token = await rig.token(ben, { name: "nightly" });
  const text = await refusedWith(
    "access.password_login_needed",
    update(ben.id, { password: PASSWORD }, token.call()),
  );
  assert.match(text, /token nightly: changing the password needs a login by password/);
  await refusedWith("login.refused", logIn(ben.name));
  const keeper = await rig.token(await rig.user("administrator"));
  await update(ben.id, { password: PASSWORD }, keeper.call());
  assert.ok(await logIn(ben.name));
});

test("a disabled user is shut out with all logins and tokens, which do not come back when it is let in again", async () => {
  const { rig, create, update, logIn } = await open();
  const id = await create("ben");
  const loginId = await logIn("ben");
  const { logins } = rig.rig.app;
  assert.ok((await logins.authenticate(loginId)) !== null);
  await update(id, { disabled: true });
  assert.equal(await logins.authenticate(loginId), null);
  await refusedWith("login.refused", logIn("ben"));
  await update(id, { disabled: true });
  await update(id, { disabled: false });
  assert.equal(await logins.authenticate(loginId), null);
  assert.ok(await logIn("ben"));
});

test("a deleted user is gone with tokens and logins", async () => {
  const { rig, create, get, logIn, handlers } = await open();
  const id = await create("ben");
  const loginId = await logIn("ben");
  await handlers["token.create"]({ create_spec: { user: id, name: "nightly" } }, aCall());
  await handlers["user.delete"]({ user: "ben" }, aCall());
  await refusedWith("account.not_found", get(id));
  await refusedWith("account.not_found", handlers["user.delete"]({ user: id }, aCall()));
  assert.equal(await rig.rig.app.logins.authenticate(loginId), null);
  assert.ok(await create("ben"));
});

test("the last administrator stays and is let in, also when two go at once", async () => {
  const { rig, update, handlers } = await open();
  const last = "access.last_administrator";
  await refusedWith(last, update("administrator", { disabled: true }));
  await refusedWith("account.built_in", handlers["user.delete"]({ user: RIG_ACCOUNT }, aCall()));
  const second = await rig.user("administrator");
  const outcomes = await Promise.allSettled([
    update("administrator", { disabled: true }, second.call()),
    update(second.id, { disabled: true }, aCall()),
  ]);
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
});

test("nobody deletes the last administrator who is let in", async () => {
  const { rig, update, handlers } = await open();
  const second = await rig.user("administrator");
  await update("administrator", { disabled: true }, second.call());
  const deleted = handlers["user.delete"]({ user: second.id }, second.call());
  await refusedWith("access.last_administrator", deleted);
});

test("making and listing users is for administrators of everything", async () => {
  const { rig, handlers } = await open();
  const library = await rig.library();
  const ben = await rig.user("administrator", library);
  const spec = { create_spec: { name: "mine" } };
  await refusedWith("access.missing_right", handlers["user.create"](spec, ben.call()));
  await refusedWith("access.missing_right", handlers["user.list"]({}, ben.call()));
  await refusedWith("access.missing_right", handlers["user.delete"]({ user: ben.id }, ben.call()));
});
