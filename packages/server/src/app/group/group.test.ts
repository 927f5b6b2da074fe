import assert from "node:assert/strict";
import { test } from "node:test";
import { aCall, RIG_ACCOUNT } from "@contentlib/testkit/rigs/app-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

const open = async () => {
  const rig = await AccessRig.open();
  const { handlers } = rig;
  return {
    rig,
    handlers,
    create: async (name: string, members: readonly string[] = []) =>
      await handlers["group.create"]({ create_spec: { name, members } }, aCall()),
    update: async (group: string, update_spec: object) =>
      await handlers["group.update"]({ group, update_spec }, aCall()),
    get: async (group: string) => await handlers["group.get"]({ group }, aCall()),
    grant: async (group: string, role: "EDITOR" | "ADMINISTRATOR") =>
      await handlers["grant.create"]({ create_spec: { group, role } }, aCall()),
  };
};

test("a group has members by id or name, and is found by its own", async () => {
  const { rig, create, get, update, handlers } = await open();
  const [ann, ben] = [await rig.user(), await rig.user()];
  const id = await create("Builders", [ann.id, ben.name, ann.name]);
  const { creation_time: _when, ...info } = await get("BUILDERS");
  assert.deepEqual(info, {
    group_id: id,
    name: "builders",
    description: "",
    members: [ann, ben].map((each) => ({ user_id: each.id, user: each.name })),
  });
  await update(id, { name: "makers", description: "They make.", members: [ben.id] });
  const after = await get("makers");
  assert.deepEqual(after.members, [{ user_id: ben.id, user: ben.name }]);
  await refusedWith("group.not_found", get("builders"));
  await create("architects");
  const names = (await handlers["group.list"]({}, aCall())).map(({ name }) => name);
  assert.deepEqual(names, ["architects", "makers"]);
});

test("names are taken once, members are users, and nobody but administrators of everything decides", async () => {
  const { rig, create, update, handlers } = await open();
  await create("builders");
  await create("makers");
  await refusedWith("group.name_taken", create("Builders"));
  await refusedWith("group.name_taken", update("makers", { name: "builders" }));
  await refusedWith("account.not_found", create("others", ["nobody"]));
  await refusedWith("account.not_found", update("makers", { members: ["nobody"] }));
  await refusedWith("access.invalid_property", create("a b"));
  await refusedWith("group.not_found", update("nobodies", {}));
  const outcomes = await Promise.allSettled([create("twins"), create("twins")]);
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  const editor = await rig.user("editor");
  const spec = { create_spec: { name: "mine" } };
  await refusedWith("access.missing_right", handlers["group.create"](spec, editor.call()));
  await refusedWith("access.missing_right", handlers["group.list"]({}, editor.call()));
});

test("of many who change its members at once none undoes what another did", async () => {
  const { rig, create, get, update } = await open();
  const [ann, ben, carl, dora] = [
    await rig.user(),
    await rig.user(),
    await rig.user(),
    await rig.user(),
  ];
  await create("builders", [ann.id]);
  await Promise.all([
    update("builders", { add_members: [ben.name] }),
    update("builders", { add_members: [carl.id, ben.id] }),
    update("builders", { add_members: [dora.name] }),
    update("builders", { remove_members: [ann.name] }),
  ]);
  const { members } = await get("builders");
  assert.deepEqual(
    members.map(({ user_id }) => user_id),
    [ben, carl, dora].map(({ id }) => id),
  );
  await refusedWith("account.not_found", update("builders", { add_members: ["nobody"] }));
  await refusedWith(
    "access.invalid_property",
    update("builders", { members: [], remove_members: [ben.id] }),
  );
  await refusedWith(
    "access.invalid_property",
    update("builders", { add_members: [ben.name], remove_members: [ben.id] }),
  );
});

test("who leaves a group loses its rights and what was done under them; so does everybody when it goes", async () => {
  const { rig, create, update, grant, handlers } = await open();
  const [ann, ben] = [await rig.user(), await rig.user()];
  await create("builders", [ann.id, ben.id]);
  await grant("builders", "EDITOR");
  const library = await rig.library();
  const item = await rig.item(library);
  const other = await rig.item(library, "other");
  const [annSession, benSession] = [
    await rig.updateSession(item, ann.call()),
    await rig.updateSession(other, ben.call()),
  ];
  const stateOf = async (update_session_id: string) =>
    (await handlers["updateSession.get"]({ update_session_id }, aCall())).state;
  await update("builders", { remove_members: [ann.id] });
  assert.equal(await stateOf(annSession), "CANCELED");
  assert.equal(await stateOf(benSession), "ACTIVE");
  await refusedWith("item.not_found", rig.updateSession(item, ann.call()));
  await handlers["group.delete"]({ group: "builders" }, aCall());
  assert.equal(await stateOf(benSession), "CANCELED");
  assert.deepEqual(
    await rig.storage.catalog.listGrants({ subject: { kind: "account", id: ben.id } }),
    [],
  );
  await refusedWith("group.not_found", handlers["group.delete"]({ group: "builders" }, aCall()));
});

test("the last administrator may be one by a group, and then the group stays", async () => {
  const { rig, create, update, grant, handlers } = await open();
  const ann = await rig.user();
  await create("operators", [ann.id]);
  await grant("operators", "ADMINISTRATOR");
  await handlers["user.update"]({ user: RIG_ACCOUNT, update_spec: { disabled: true } }, ann.call());
  const call = ann.call();
  const gone = handlers["group.delete"]({ group: "operators" }, call);
  await refusedWith("access.last_administrator", gone);
  const emptied = handlers["group.update"](
    { group: "operators", update_spec: { members: [] } },
    call,
  );
  await refusedWith("access.last_administrator", emptied);
  await refusedWith("login.required", update("operators", { description: "" }));
});
