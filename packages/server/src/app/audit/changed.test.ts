import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { AuditEntry, OperationInput } from "@contentlib/contract";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { OBJECTS_PER_ROW_MAX } from "./recording-catalog.ts";

/** Calls of the catalog since the last time they were looked at. */
let calls: string[] = [];
let rig: AccessRig;

before(async () => {
  rig = await AccessRig.open((storage) => ({
    ...storage,
    catalog: new Proxy(storage.catalog, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...words: unknown[]): unknown => {
          calls.push(String(name));
          return member.apply(target, words);
        };
      },
    }),
  }));
});

const newest = async (filters: OperationInput<"audit.list"> = {}): Promise<AuditEntry> => {
  const { entries } = await rig.handlers["audit.list"]({ limit: 1, ...filters }, aCall());
  const [entry] = entries;
  assert.ok(entry);
  return entry;
};

/** What the row of the last change says of it. */
const told = async (operation: string): Promise<readonly string[] | undefined> => {
  const entry = await newest({ event: "CHANGE" });
  assert.equal(entry.operation, operation);
  return entry.changed;
};

/** Names of the objects of the last change, with what became of them. */
const objects = async (): Promise<readonly string[]> =>
  (await newest({ event: "CHANGE" })).objects.map(({ kind, name, relation }) =>
    [kind, name, ...(relation === undefined ? [] : [relation])].join(" "),
  );

describe("what was changed of", () => {
  test("a user is said in words, and no value is", async () => {
    const ben = await rig.user();
    const update = async (update_spec: OperationInput<"user.update">["update_spec"]) => {
      await rig.handlers["user.update"]({ user: ben.id, update_spec }, aCall());
      return await told("user.update");
    };
    assert.deepEqual(await update({ disabled: true }), ["disabled"]);
    assert.deepEqual(await update({ disabled: false }), ["enabled"]);
    assert.deepEqual(await update({ password: "a secret password" }), ["password"]);
    assert.deepEqual(await update({ description: "builds" }), ["description"]);
    assert.deepEqual(await update({ description: "builds more", disabled: true }), [
      "description",
      "disabled",
    ]);
    const text = JSON.stringify(await rig.handlers["audit.list"]({}, aCall()));
    assert.ok(!text.includes("builds") && !text.includes("secret password"));
  });

  test("a group names who joined and who left, also when it is made and deleted", async () => {
    const [ann, ben] = [await rig.user(), await rig.user()];
    const create_spec = { name: "crew", members: [ann.name, ben.name] };
    const group = await rig.handlers["group.create"]({ create_spec }, aCall());
    assert.equal(await told("group.create"), undefined);
    const both = (relation: string) => [ann, ben].map(({ name }) => `USER ${name} ${relation}`);
    assert.deepEqual((await objects()).toSorted(), ["GROUP crew", ...both("joined")].toSorted());
    const update = async (update_spec: OperationInput<"group.update">["update_spec"]) => {
      await rig.handlers["group.update"]({ group, update_spec }, aCall());
      return await told("group.update");
    };
    assert.deepEqual(await update({ remove_members: [ben.name] }), ["members"]);
    assert.deepEqual(await objects(), ["GROUP crew", `USER ${ben.name} left`]);
    const found = await newest({ object_id: ben.id });
    assert.equal(found.operation, "group.update");
    assert.deepEqual(await update({ add_members: [ben.name], description: "sails" }), [
      "description",
      "members",
    ]);
    assert.deepEqual(await objects(), ["GROUP crew", `USER ${ben.name} joined`]);
    await rig.handlers["group.delete"]({ group }, aCall());
    assert.equal(await told("group.delete"), undefined);
    assert.deepEqual((await objects()).toSorted(), ["GROUP crew", ...both("left")].toSorted());
  });

  test("a group of many is told in several rows, each of which names the group", async () => {
    const members: string[] = [];
    for (let count = 0; count < OBJECTS_PER_ROW_MAX * 2; count += 1)
      members.push((await rig.user()).name);
    await rig.handlers["group.create"]({ create_spec: { name: "many", members } }, aCall());
    const { entries } = await rig.handlers["audit.list"]({ operation: "group.create" }, aCall());
    const rows = entries.filter((entry) => entry.objects.some(({ name }) => name === "many"));
    assert.equal(rows.length, 3);
    for (const row of rows) assert.ok(row.objects.length <= OBJECTS_PER_ROW_MAX + 1);
    const joined = rows.flatMap((row) => row.objects.flatMap(({ relation = [] }) => relation));
    assert.equal(joined.length, members.length);
  });

  test("a library is its properties, and whether it is published", async () => {
    const create = async (publish_info: { authentication_method: "NONE"; published: boolean }) =>
      await rig.handlers["localLibrary.create"](
        { create_spec: { name: "images", publish_info } },
        aCall(),
      );
    const publish_info = { authentication_method: "NONE", published: true } as const;
    await create(publish_info);
    assert.deepEqual(await told("localLibrary.create"), ["published"]);
    const library_id = await create({ ...publish_info, published: false });
    assert.equal(await told("localLibrary.create"), undefined);
    const update = async (update_spec: OperationInput<"localLibrary.update">["update_spec"]) => {
      await rig.handlers["localLibrary.update"]({ library_id, update_spec }, aCall());
      return await told("localLibrary.update");
    };
    assert.deepEqual(await update({ publish_info }), ["published"]);
    const secret = { authentication_method: "BASIC", password: "for subscribers" } as const;
    assert.deepEqual(await update({ publish_info: { published: false } }), ["unpublished"]);
    assert.deepEqual(await update({ publish_info: secret }), ["password", "publishing"]);
    assert.deepEqual(await update({ name: "disks", description: "d" }), ["name", "description"]);
  });

  test("an item is its properties; filled, it is its files, which nothing is read for", async () => {
    const item = await rig.item(await rig.library());
    await rig.handlers["item.update"](
      { library_item_id: item, update_spec: { name: "other" } },
      aCall(),
    );
    assert.deepEqual(await told("item.update"), ["name"]);
    const session = await rig.updateSession(item, aCall());
    await rig.send(await rig.addFile(session, "a.iso", aCall()), "bytes");
    assert.equal(await told("transfer.upload"), undefined);
    await rig.handlers["updateSession.complete"]({ update_session_id: session }, aCall());
    assert.deepEqual(await told("updateSession.complete"), ["files", "completed"]);
  });

  test("a session is how it ended", async () => {
    const item = await rig.filledItem(await rig.library());
    const [first, second] = [
      await rig.updateSession(item, aCall()),
      await rig.updateSession(await rig.item(await rig.library()), aCall()),
    ];
    await rig.handlers["updateSession.cancel"]({ update_session_id: first }, aCall());
    assert.deepEqual(await told("updateSession.cancel"), ["canceled"]);
    const failure = { update_session_id: second, client_error_message: "the disk broke" };
    await rig.handlers["updateSession.fail"](failure, aCall());
    assert.deepEqual(await told("updateSession.fail"), ["failed"]);
    const { id } = await rig.download(item, aCall());
    await rig.handlers["downloadSession.cancel"]({ download_session_id: id }, aCall());
    assert.deepEqual(await told("downloadSession.cancel"), ["canceled"]);
  });

  test("the configuration is what is not as it was", async () => {
    const update = async (model: OperationInput<"configuration.update">["model"]) => {
      await rig.handlers["configuration.update"]({ model }, aCall());
      return await told("configuration.update");
    };
    assert.deepEqual(await update({ automatic_sync_enabled: true, automatic_sync_start_hour: 3 }), [
      "automatic_sync",
      "sync_hours",
    ]);
    assert.deepEqual(await update({ maximum_concurrent_item_syncs: 2 }), ["sync_limit"]);
    const limits = {
      contentlib_maximum_concurrent_pulls: 2,
      contentlib_maximum_concurrent_pulls_per_server: 1,
    };
    assert.deepEqual(await update(limits), ["pull_limit"]);
  });

  test("a secret that is set again has another password, and tells whether it goes elsewhere now", async () => {
    const set = async (origin: string, password: string) => {
      const set_spec = { name: "artifacts", origin, user_name: "ci", password };
      await rig.handlers["secret.set"]({ set_spec }, aCall());
      return await told("secret.set");
    };
    assert.equal(await set("https://files.example", "open sesame"), undefined);
    assert.deepEqual(await objects(), ["SECRET artifacts"]);
    assert.deepEqual(await set("https://files.example", "open sesame"), ["password"]);
    assert.deepEqual(await set("https://other.example", "open barley"), ["password", "origin"]);
    await rig.handlers["secret.delete"]({ name: "artifacts" }, aCall());
    assert.equal(await told("secret.delete"), undefined);
    const text = JSON.stringify(await rig.handlers["audit.list"]({}, aCall()));
    for (const hidden of ["sesame", "barley", "files.example"]) assert.ok(!text.includes(hidden));
  });
});

test("keeping alive and sending bytes read no more than they need", async () => {
  const session = await rig.updateSession(await rig.item(await rig.library()), aCall());
  const segment = await rig.addFile(session, "a.iso", aCall());
  calls = [];
  await rig.handlers["updateSession.keepAlive"]({ update_session_id: session }, aCall());
  await rig.send(segment, "bytes");
  const reads = ["findAccount", "findGroup", "findLibrary", "findItem", "findConfiguration"];
  assert.deepEqual(
    calls.filter((name) => reads.includes(name)),
    [],
  );
});
