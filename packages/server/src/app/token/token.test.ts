import assert from "node:assert/strict";
import { test } from "node:test";
import { anAccessToken } from "@contentlib/testkit/builders/accounts";
import { aCall, RIG_ORIGIN } from "@contentlib/testkit/rigs/app-rig";
import type { RigUser } from "@contentlib/testkit/rigs/access-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import { TOKENS_OF_ACCOUNT_MAX } from "../../domain/access/plan-token.ts";

const HOUR_MS = 3_600_000;

const open = async () => {
  const rig = await AccessRig.open();
  const { handlers } = rig;
  return {
    rig,
    handlers,
    create: async (spec: object, call = aCall()) =>
      await handlers["token.create"]({ create_spec: { name: "nightly", ...spec } }, call),
    list: async (user?: string, call = aCall()) =>
      await handlers["token.list"](user === undefined ? {} : { user }, call),
    revoke: async (token_id: string, call = aCall()) =>
      await handlers["token.delete"]({ token_id }, call),
    logIn: async ({ name }: Pick<RigUser, "name">, token: string) =>
      await rig.rig.app.logins.create(
        { kind: "password", userName: name, password: token },
        RIG_ORIGIN,
      ),
  };
};

test("a token is told once, kept as its hash, and is the password of its user", async () => {
  const { rig, create, list, logIn } = await open();
  const ben = await rig.user();
  const made = await create({ user: ben.name }, aCall());
  assert.match(made.token, /^[0-9a-f]{64}$/);
  assert.equal(made.user_id, ben.id);
  const [listed] = await list(ben.id);
  assert.equal(listed?.token_id, made.token_id);
  assert.deepEqual(listed?.grants, []);
  const kept = await rig.storage.catalog.listTokens();
  for (const value of [listed, kept]) assert.ok(!JSON.stringify(value).includes(made.token));
  assert.ok(await logIn(ben, made.token));
  await refusedWith("login.refused", logIn({ name: "administrator" }, made.token));
});

test("users make, list and revoke their own tokens; those of others are not there", async () => {
  const { rig, create, list, revoke } = await open();
  const [ann, ben] = [await rig.user(), await rig.user()];
  const made = await create({}, ben.call());
  assert.deepEqual(
    (await list(undefined, ben.call())).map(({ name }) => name),
    ["nightly"],
  );
  await refusedWith("account.not_found", list(ben.id, ann.call()));
  await refusedWith("account.not_found", create({ user: ben.id }, ann.call()));
  const known = await refusedWith("token.not_found", revoke(made.token_id, ann.call()));
  const unknown = await refusedWith("token.not_found", revoke(ann.id, ann.call()));
  assert.equal(known.replace(made.token_id, ann.id), unknown);
  await revoke(made.token_id, ben.call());
  assert.deepEqual(await list(ben.id), []);
  await refusedWith("token.not_found", revoke(made.token_id));
  await refusedWith("token.not_found", revoke("no id"));
});

test("names are taken once a user", async () => {
  const { rig, create } = await open();
  const [ann, ben] = [await rig.user(), await rig.user()];
  await create({ user: ben.id });
  assert.match(await refusedWith("token.name_taken", create({ user: ben.id })), /nightly/);
  await create({ user: ann.id });
  const outcomes = await Promise.allSettled(
    [1, 2].map(async () => await create({ user: ann.id, name: "weekly" })),
  );
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  await refusedWith("access.invalid_property", create({ name: "" }));
});

test("an end must lie ahead, and is kept to", async () => {
  const { rig, create, logIn } = await open();
  const ben = await rig.user();
  const past = new Date(rig.clock.now()).toISOString();
  await refusedWith("access.invalid_property", create({ user: ben.id, expires_time: past }));
  await refusedWith("access.invalid_property", create({ user: ben.id, expires_time: "soon" }));
  const expires_time = new Date(rig.clock.now() + HOUR_MS).toISOString();
  const made = await create({ user: ben.id, expires_time });
  assert.equal(made.expires_time, expires_time);
  await logIn(ben, made.token);
  await rig.clock.advance(HOUR_MS);
  await refusedWith("login.refused", logIn(ben, made.token));
});

test("a token that expires makes none that lives longer", async () => {
  const { rig, create } = await open();
  const ben = await rig.user();
  const endingIn = (ms: number): string => new Date(rig.clock.now() + ms).toISOString();
  const token = await rig.token(ben, { expires_time: endingIn(HOUR_MS) });
  const text = await refusedWith("access.invalid_property", create({}, token.call()));
  assert.ok(text.includes(endingIn(HOUR_MS)), text);
  const later = { expires_time: endingIn(HOUR_MS + 1) };
  await refusedWith("access.invalid_property", create(later, token.call()));
  const same = { expires_time: endingIn(HOUR_MS) };
  assert.equal((await create(same, token.call())).expires_time, same.expires_time);
});

test("a user has so many tokens and no more, until one is revoked", async () => {
  const { rig, create, revoke } = await open();
  const ben = await rig.user();
  const tokens = Array.from({ length: TOKENS_OF_ACCOUNT_MAX }, (_, index) =>
    anAccessToken({ accountId: ben.id, label: `token ${index}` }),
  );
  await rig.storage.catalog.commit(tokens.map((token) => ({ kind: "token.put", token })));
  const text = await refusedWith("token.too_many", create({ user: ben.id }));
  assert.match(text, /has 1000 tokens/);
  await create({});
  await revoke(tokens[0]?.id ?? "");
  await create({ user: ben.id });
});

test("making a token leaves what is known of everybody's rights", async () => {
  const { rig, create, revoke, list } = await open();
  const ben = await rig.user();
  const { catalog } = rig.storage;
  const { grantsFor } = catalog;
  let reads = 0;
  catalog.grantsFor = async (...who) => {
    reads += 1;
    return await grantsFor.call(catalog, ...who);
  };
  await list(undefined, ben.call());
  assert.equal(reads, 1);
  const { token_id } = await create({}, ben.call());
  await list(undefined, ben.call());
  assert.equal(reads, 1);
  await revoke(token_id, ben.call());
  await list(undefined, ben.call());
  assert.equal(reads, 2);
});

test("grants cut a token down from its first moment, and never give more than its user has", async () => {
  const { rig, list } = await open();
  const [images, disks] = [await rig.library(), await rig.library("disks")];
  const ben = await rig.user("editor");
  const token = await rig.token(ben, {
    grants: [
      { role: "ADMINISTRATOR", library_id: images },
      { role: "VIEWER", library_id: disks },
    ],
  });
  const create = (library_id: string, call = token.call()) =>
    rig.handlers["item.create"]({ create_spec: { library_id, name: "x" } }, call);
  await create(images);
  await refusedWith("access.narrowed_token", create(disks));
  await refusedWith(
    "access.missing_right",
    rig.handlers["localLibrary.delete"]({ library_id: images }, token.call()),
  );
  const [listed] = await list(ben.id);
  assert.deepEqual(
    listed?.grants.map(({ role, library_name }) => [role, library_name]),
    [
      ["ADMINISTRATOR", "images"],
      ["VIEWER", "disks"],
    ],
  );
});

test("a grant is on a library that the caller sees", async () => {
  const { rig, create } = await open();
  const hidden = await rig.library();
  const ben = await rig.user();
  for (const library_id of [hidden, ben.id, "no id"])
    await refusedWith(
      "library.not_found",
      create({ grants: [{ role: "VIEWER", library_id }] }, ben.call()),
    );
  const twice = [{ role: "VIEWER" }, { role: "EDITOR" }];
  await refusedWith("access.invalid_property", create({ grants: twice }));
});

test("a token that is cut down makes no tokens, and revokes none but itself", async () => {
  const { rig, create, revoke, list } = await open();
  const ben = await rig.user("editor");
  const narrow = await rig.token(ben, { grants: [{ role: "VIEWER" }] });
  const whole = await rig.token(ben);
  await refusedWith("access.narrowed_token", create({}, narrow.call()));
  await refusedWith("access.narrowed_token", revoke(whole.id, narrow.call()));
  await create({}, whole.call());
  await revoke(narrow.id, narrow.call());
  assert.deepEqual((await list(ben.id)).map(({ token_id }) => token_id).includes(narrow.id), false);
  await refusedWith("login.required", list(undefined, narrow.call()));
});

test("a token whose last grant went with its library can do nothing, rather than everything", async () => {
  const { rig, handlers } = { ...(await open()) };
  const [images, disks] = [await rig.library(), await rig.library("disks")];
  const ben = await rig.user("editor");
  const token = await rig.token(ben, { grants: [{ role: "EDITOR", library_id: images }] });
  await handlers["localLibrary.delete"]({ library_id: images }, aCall());
  for (const again of [false, true]) {
    if (again) await rig.restart();
    const item = rig.handlers["item.create"](
      { create_spec: { library_id: disks, name: "x" } },
      token.call(),
    );
    await refusedWith("library.not_found", item);
  }
});

test("revoking a token ends its sessions, and leaves those of other tokens and of the password alone", async () => {
  const { rig, revoke, handlers } = await open();
  const library = await rig.library();
  const ben = await rig.user("editor");
  const [one, other] = [await rig.token(ben), await rig.token(ben)];
  const sessions: string[] = [];
  for (const [index, call] of [one.call(), other.call(), ben.call()].entries())
    sessions.push(await rig.updateSession(await rig.item(library, `item ${index}`), call));
  await revoke(one.id);
  const states = [];
  for (const update_session_id of sessions)
    states.push((await handlers["updateSession.get"]({ update_session_id }, aCall())).state);
  assert.deepEqual(states, ["CANCELED", "ACTIVE", "ACTIVE"]);
});
