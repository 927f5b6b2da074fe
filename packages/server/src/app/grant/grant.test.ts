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
    create: async (create_spec: object, call = aCall()) =>
      await handlers["grant.create"]({ create_spec: { role: "VIEWER", ...create_spec } }, call),
    list: async (input: object = {}, call = aCall()) => await handlers["grant.list"](input, call),
    remove: async (grant_id: string, call = aCall()) =>
      await handlers["grant.delete"]({ grant_id }, call),
  };
};

test("a grant gives a role at once, and taking it away takes it at once", async () => {
  const { rig, create, remove, handlers } = await open();
  const library_id = await rig.library();
  const ben = await rig.user();
  const look = () => handlers["library.get"]({ library_id }, ben.call());
  await refusedWith("library.not_found", look());
  const id = await create({ user: ben.name, library_id });
  assert.equal((await look()).id, library_id);
  await remove(id);
  await refusedWith("library.not_found", look());
  await refusedWith("grant.not_found", remove(id));
  await refusedWith("grant.not_found", remove("no id"));
});

test("a grant names one subject that is there, one library that is there, and is made once", async () => {
  const { rig, create, handlers } = await open();
  const library_id = await rig.library();
  const ben = await rig.user();
  const user = ben.id;
  await handlers["group.create"]({ create_spec: { name: "builders" } }, aCall());
  await refusedWith("grant.one_subject", create({}));
  await refusedWith("grant.one_subject", create({ user, group: "builders" }));
  await refusedWith("account.not_found", create({ user: "nobody" }));
  await refusedWith("group.not_found", create({ group: "nobody" }));
  await refusedWith("token.not_found", create({ token_id: user }));
  await refusedWith("library.not_found", create({ user, library_id: user }));
  await create({ user, library_id });
  const text = await refusedWith("grant.already_exists", create({ user, library_id }));
  assert.match(text, new RegExp(`User ${ben.name} has the role viewer on library ${library_id}`));
  await create({ user });
  await create({ user, role: "EDITOR", library_id });
  const outcomes = await Promise.allSettled(
    [1, 2].map(async () => await create({ group: "builders" })),
  );
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
});

test("an administrator of a library grants on that library only", async () => {
  const { rig, create, remove } = await open();
  const [images, disks] = [await rig.library(), await rig.library("disks")];
  const [ann, ben] = [await rig.user("administrator", images), await rig.user()];
  const id = await create({ user: ben.id, library_id: images }, ann.call());
  await remove(id, ann.call());
  await refusedWith("access.missing_right", create({ user: ben.id }, ann.call()));
  await refusedWith("library.not_found", create({ user: ben.id, library_id: disks }, ann.call()));
  const beyond = await create({ user: ben.id });
  await refusedWith("grant.not_found", remove(beyond, ann.call()));
  const elsewhere = await create({ user: ben.id, library_id: disks });
  await refusedWith("grant.not_found", remove(elsewhere, ann.call()));
  const viewer = await rig.user("viewer", images);
  await refusedWith(
    "access.missing_right",
    create({ user: ben.id, library_id: images }, viewer.call()),
  );
});

test("nobody cuts down the token of another, and the last grant of a token stays", async () => {
  const { rig, create, remove, list } = await open();
  const images = await rig.library();
  const [ann, ben] = [await rig.user("administrator", images), await rig.user("editor")];
  const token = await rig.token(ben);
  const spec = { token_id: token.id, library_id: images };
  await refusedWith("token.not_found", create(spec, ann.call()));
  const session = await rig.updateSession(await rig.item(images), token.call());
  await create(spec);
  const { state } = await rig.handlers["updateSession.get"](
    { update_session_id: session },
    aCall(),
  );
  assert.equal(state, "CANCELED");
  const [grant] = await list({ token_id: token.id });
  assert.equal(grant?.token_name !== undefined && grant.user, ben.name);
  await refusedWith("grant.last_of_token", remove(grant?.grant_id ?? ""));
  const second = await create({ ...spec, role: "EDITOR" });
  await remove(grant?.grant_id ?? "");
  await refusedWith("grant.last_of_token", remove(second));
});

test("the last administrator keeps the role", async () => {
  const { rig, create, remove, list } = await open();
  const [first] = await list({ user: RIG_ACCOUNT });
  await refusedWith("access.last_administrator", remove(first?.grant_id ?? ""));
  const ben = await rig.user();
  await create({ user: ben.id, role: "ADMINISTRATOR" });
  await remove(first?.grant_id ?? "", ben.call());
  await refusedWith("access.missing_right", create({ user: ben.id, role: "EDITOR" }));
});

test("everybody sees what is granted to oneself, and on what one is administrator of", async () => {
  const { rig, create, list, handlers } = await open();
  const [images, disks] = [await rig.library(), await rig.library("disks")];
  const ann = await rig.user("administrator", images);
  const ben = await rig.user();
  await handlers["group.create"]({ create_spec: { name: "builders", members: [ben.id] } }, aCall());
  await create({ group: "builders", library_id: disks });
  await create({ user: ben.id, library_id: images });
  const seen = async (call: ReturnType<typeof aCall>, input: object = {}) =>
    (await list(input, call)).map(
      ({ user, group, role, library_name = "everything" }) =>
        `${user ?? group ?? "?"} ${role} ${library_name}`,
    );
  const ofBen = ["builders VIEWER disks", `${ben.name} VIEWER images`];
  assert.deepEqual(await seen(ben.call()), ofBen);
  const onImages = [`${ann.name} ADMINISTRATOR images`, `${ben.name} VIEWER images`];
  assert.deepEqual(await seen(ann.call()), onImages);
  assert.equal((await seen(aCall())).length, 4);
  assert.deepEqual(await seen(ann.call(), { user: ben.name }), [`${ben.name} VIEWER images`]);
  assert.deepEqual(await seen(aCall(), { library_id: disks }), ["builders VIEWER disks"]);
  assert.deepEqual(await seen(aCall(), { user: ben.id, group: "builders" }), []);
  await refusedWith("library.not_found", list({ library_id: disks }, ann.call()));
  const known = await refusedWith("account.not_found", list({ user: ann.name }, ben.call()));
  const unknown = await refusedWith("account.not_found", list({ user: "zoe" }, ben.call()));
  assert.equal(known.replace(ann.name, "zoe"), unknown);
  await refusedWith("group.not_found", list({ group: "builders" }, (await rig.user()).call()));
});
