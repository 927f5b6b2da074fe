// A denial is an instruction: granting what it names, where it names it, makes the same call pass. And what is listed is what was granted.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { OperationId } from "@contentlib/contract";
import { OPERATION_RIGHTS, type OperationRight } from "@contentlib/contract/vocabulary";
import type { Client, Reply } from "./client.ts";
import { makeItem, makeLibrary } from "./content.ts";
import { api, FORMS } from "./forms.ts";
import { newSubscribed, openWorld, type World } from "./operation-case.ts";
import { casesByLogin, OPERATION_CASES } from "./operation-cases.ts";
import { ACCESS, People, type Person, type RoleName } from "./people.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";
import { SharingClient } from "./sharing-client.ts";
import { SUBSCRIBING } from "./subscribing-forms.ts";

const server = await serverUnderTest();
const people = await People.on(server);

/** Two rights at most are missing, one after the other. */
const DENIALS_MAX = 2;

/** The library that a denial names, or whose item it names; undefined for everything. */
async function libraryNamed(on: string): Promise<string | undefined> {
  const { admin } = people;
  const name = on.replace(/^library (?:item )?/, "");
  if (on === "everything") return undefined;
  if (!on.startsWith("library item ")) {
    const [library] = await admin.done(api.findLibraries({ name }));
    return library;
  }
  const [item = ""] = await admin.done(api.findItems({ name }));
  return (await admin.done(api.getItem(item))).library_id;
}

/** Grants what the denial asks for, to the letter; null when it asks for nothing that can be granted. */
async function grantAsTold(reply: Reply, person: Person): Promise<string | null> {
  const [message] = reply.messages;
  if (message?.id !== "contentlib.access.missing_right") return null;
  const [, on = "", role = ""] = message.args;
  const library = await libraryNamed(on);
  return await people.grant({ user: person.id }, role.toUpperCase() as RoleName, library);
}

/** What no grant would make pass: what only the creator of a session may, and what is about the account of somebody else. */
function holdHelpless(id: OperationId, reply: Reply): void {
  const { others, on }: OperationRight = OPERATION_RIGHTS[id];
  assert.equal(others ?? on.kind, reply.faultClass === "not_found" ? "self" : "nobody", reply.text);
}

for (const form of FORMS) {
  describe(`granting what a denial names, ${form.name}`, () => {
    let world: World;
    let person: Person;
    let client: Client;
    const granted = new Set<OperationId>();

    before(async () => {
      person = await people.person();
      client = await people.client(form, person);
      const share = async (library: string): Promise<void> =>
        void (await people.grant({ user: person.id }, "VIEWER", library));
      const sharing = { share, owner: client, ownSessions: "none" } as const;
      world = await openWorld(new SharingClient(await server.client(form), sharing));
    });

    for (const id of casesByLogin(form)) {
      test(id, async () => {
        const asking = await OPERATION_CASES[id].real(world);
        assert.ok(asking, `${form.name} has a call of it`);
        const grants: string[] = [];
        let reply = await client.ask(asking);
        while (reply.faultClass === "unauthorized" && grants.length < DENIALS_MAX) {
          const grant = await grantAsTold(reply, person);
          if (grant === null) break;
          grants.push(grant);
          granted.add(id);
          reply = await client.ask(asking);
        }
        for (const grant of grants) await people.admin.ask(ACCESS.deleteGrant(grant));
        const instead = OPERATION_CASES[id].answersInstead ?? null;
        if (grants.length === 0 && reply.faultClass !== instead) holdHelpless(id, reply);
        else assert.equal(reply.faultClass, instead, reply.text);
      });
    }

    test("many were denied first", () => {
      assert.ok(granted.size > 25, [...granted].join(", "));
    });

    test("lists show what is granted, and nothing of the rest [C75]", async () => {
      const { admin } = people;
      const administrator = await server.client(form);
      const spell = SUBSCRIBING[form.name];
      const [seen, hidden] = [await makeLibrary(admin), await makeLibrary(admin)];
      const followed = await administrator.done(newSubscribed({ spell }));
      const seenItem = await makeItem(admin, {}, seen);
      const hiddenItem = await makeItem(admin, {}, hidden);
      await admin.done(api.createSession({ library_item_id: seenItem }));
      const viewer = await people.person();
      const looking = await people.client(form, viewer);
      const items = { cached: true };
      const nothing = [form.listLibraries(), form.listLocal(), spell.listSubscribed()];
      for (const asking of [
        ...nothing,
        form.findLibraries({ type: "LOCAL" }),
        form.findItems(items),
      ])
        assert.deepEqual(await looking.done(asking), []);
      const grant = await people.grant({ user: viewer.id }, "VIEWER", seen);
      assert.deepEqual(await looking.done(form.listLibraries()), [seen]);
      assert.deepEqual(await looking.done(form.listLocal()), [seen]);
      assert.deepEqual(await looking.done(form.findLibraries({ type: "LOCAL" })), [seen]);
      assert.deepEqual(await looking.done(form.findItems(items)), [seenItem]);
      assert.deepEqual(await looking.done(form.listItems(seen)), [seenItem]);
      assert.deepEqual(await looking.done(form.listSessions()), [], "sessions are one's own");
      const { name } = await admin.done(api.getItem(hiddenItem));
      assert.deepEqual(await looking.done(form.findItems({ name })), []);
      await people.ungrant(grant);
      await people.grant({ user: viewer.id }, "VIEWER", followed);
      assert.deepEqual(await looking.done(form.listLibraries()), [followed]);
      assert.deepEqual(await looking.done(spell.listSubscribed()), [followed]);
      assert.deepEqual(await looking.done(form.listLocal()), []);
    });
  });
}

test("an administrator of a library grants on it, and on nothing else", async () => {
  const { admin } = people;
  const [own, other] = [await makeLibrary(admin), await makeLibrary(admin)];
  const [boss, helper] = [await people.person(), await people.person()];
  await people.grant({ user: boss.id }, "ADMINISTRATOR", own);
  await people.grant({ user: boss.id }, "VIEWER", other);
  const client = await people.client(api, boss);
  const subject = { user: helper.name, role: "EDITOR" } as const;
  const grant = await client.done(ACCESS.createGrant({ ...subject, library_id: own }));
  await client.refused(ACCESS.createGrant({ ...subject, library_id: other }), "unauthorized");
  await client.refused(ACCESS.createGrant(subject), "unauthorized");
  const elsewhere = await people.grant({ user: helper.id }, "VIEWER", other);
  const everywhere = await people.grant({ user: helper.id }, "VIEWER");
  await client.refused(ACCESS.deleteGrant(elsewhere), "unauthorized");
  await client.refused(ACCESS.deleteGrant(everywhere), "not_found");
  const shown = await client.done(ACCESS.listGrants(`?user=${helper.name}`));
  assert.deepEqual(
    shown.map(({ grant_id }) => grant_id),
    [grant],
  );
  await client.done(ACCESS.deleteGrant(grant));
});

test("members of a group have what is granted to it", async () => {
  const { admin } = people;
  const library = await makeLibrary(admin);
  const person = await people.person();
  const name = freshName("group");
  await admin.done(ACCESS.createGroup({ name, members: [person.name] }));
  const client = await people.client(api, person);
  await client.refused(api.getLibrary(library), "not_found");
  await people.grant({ group: name }, "EDITOR", library);
  await client.done(api.createItem({ library_id: library, name: freshName("item") }));
  const me = await client.done(ACCESS.whoami());
  assert.deepEqual(me.groups, [name]);
  assert.deepEqual(me.libraries, [{ library_id: library, role: "EDITOR" }]);
  await admin.done(ACCESS.deleteGroup(name));
  await client.refused(api.getLibrary(library), "not_found");
});
