// What somebody tries who wants more than he was given: taking over logins, widening what was cut down, and shutting everybody out.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask, BASIC, basic, Client, USER } from "./client.ts";
import { addPush, makeItem, makeLibrary, openSession, send } from "./content.ts";
import { api, FORMS } from "./forms.ts";
import { ACCESS, People, textOf } from "./people.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const ROUNDS = 20;

const server = await serverUnderTest();
let people = await People.on(server);

for (const form of FORMS) {
  describe(`logins of others, ${form.name}`, () => {
    test("an id that the client chose is not taken over", async () => {
      const chosen = "f".repeat(32);
      const reply = await ask(form, server.url, form.login(), {
        Authorization: BASIC,
        ...(form.name === "rpc" ? {} : { "vmware-api-session-id": chosen }),
        Cookie: `vmware-api-session-id=${chosen}`,
      });
      assert.equal(reply.faultClass, null, reply.text);
      assert.notEqual(reply.value, chosen);
      const guest = new Client(form, server.url, chosen);
      await guest.refused(form.listLibraries(), "unauthenticated");
    });

    test("logging out ends one's own login and no other one", async () => {
      const person = await people.person();
      const [one, two] = [await people.client(form, person), await people.client(form, person)];
      await one.done(form.logout());
      await one.refused(form.listLibraries(), "unauthenticated");
      await two.done(form.listLibraries());
    });

    test("a login that was ended stays so after a restart", async () => {
      const pipeline = await people.pipeline();
      const client = await people.client(form, pipeline);
      await client.done(form.listLibraries());
      await people.admin.done(ACCESS.updateUser(pipeline.id, { disabled: true }));
      await people.admin.done(ACCESS.updateUser(pipeline.id, { disabled: false }));
      await client.refused(form.listLibraries(), "unauthenticated");
      await server.restart();
      await client.refused(form.listLibraries(), "unauthenticated");
      await people.client(form, pipeline);
    });
  });
}

describe("a token that is cut down", () => {
  test("can not make itself or its user more than it is", async () => {
    const library = await makeLibrary(people.admin);
    const person = await people.person();
    await people.grant({ user: person.id }, "ADMINISTRATOR", library);
    const narrow = await people.token({
      user: person.id,
      grants: [{ role: "VIEWER", library_id: library }],
    });
    const other = await people.token({ user: person.id });
    const client = await people.client(api, { ...person, secret: narrow.token });
    const [grant] = await people.admin.done(ACCESS.listGrants(`?token_id=${narrow.token_id}`));
    assert.ok(grant);
    const me = await client.done(ACCESS.whoami());
    const role = "ADMINISTRATOR";
    const tries = [
      ACCESS.createToken({ name: "wide" }),
      ACCESS.createToken({ name: "wide", grants: [{ role }] }),
      ACCESS.updateUser(person.name, { password: "a password of the attacker" }),
      ACCESS.updateUser(person.id, { disabled: true }),
      ACCESS.deleteToken(other.token_id),
      ACCESS.createGrant({ token_id: narrow.token_id, role, library_id: library }),
      ACCESS.createGrant({ user: person.id, role, library_id: library }),
      ACCESS.createGrant({ user: person.id, role }),
      ACCESS.deleteGrant(grant.grant_id),
      ACCESS.createUser({ name: freshName("user") }),
      ACCESS.deleteUser(person.id),
    ];
    for (const asking of tries) await client.refused(asking, "unauthorized");
    assert.deepEqual(await client.done(ACCESS.whoami()), me);
    await people.client(api, person);
    await people.client(api, { ...person, secret: other.token });
    await client.done(ACCESS.deleteToken(narrow.token_id));
    await client.refused(ACCESS.whoami(), "unauthenticated");
  });

  test("to administrator of a library has that library, and can not grant itself more", async () => {
    const [own, other] = [await makeLibrary(people.admin), await makeLibrary(people.admin)];
    const { token, token_id } = await people.token({
      grants: [{ role: "ADMINISTRATOR", library_id: own }],
    });
    const boss = { id: "", name: USER, secret: token };
    const client = await people.client(api, boss);
    const role = "ADMINISTRATOR";
    await client.refused(ACCESS.createGrant({ token_id, role }), "unauthorized");
    await client.refused(ACCESS.createGrant({ token_id, role, library_id: own }), "unauthorized");
    await client.refused(ACCESS.createGrant({ token_id, role, library_id: other }), "not_found");
    await client.refused(ACCESS.createToken({ name: freshName("wide") }), "unauthorized");
    await client.refused(ACCESS.updateUser(USER, { password: "taken over" }), "unauthorized");
    const [grant] = await people.admin.done(ACCESS.listGrants(`?token_id=${token_id}`));
    const reply = await client.ask(ACCESS.deleteGrant(grant?.grant_id ?? ""));
    assert.equal(reply.faultClass, "not_allowed_in_current_state", reply.text);
    assert.deepEqual(await client.done(api.listLibraries()), [own]);
  });

  test("to seeing gets no hand on what its user is just uploading", async () => {
    const library = await makeLibrary(people.admin);
    const person = await people.person();
    await people.grant({ user: person.id }, "EDITOR", library);
    const whole = await people.client(api, person);
    const session = await openSession(whole, await makeItem(people.admin, {}, library));
    const uri = await addPush(whole, session, "a.txt");
    const { token } = await people.token({
      user: person.id,
      grants: [{ role: "VIEWER", library_id: library }],
    });
    for (const form of FORMS) {
      const client = await people.client(form, { ...person, secret: token });
      for (const asking of [
        form.getSession(session),
        form.listFiles(session),
        form.getFile(session, "a.txt"),
        form.addFile(session, { name: "b.txt", source_type: "PUSH" }),
        form.removeFile(session, "a.txt"),
        form.completeSession(session),
        form.keepAlive(session),
        form.cancelSession(session),
        form.failSession(session, "by a token"),
      ])
        await client.refused(asking, "unauthorized");
    }
    assert.equal((await send(uri, "a")).status, 200);
    await whole.done(api.completeSession(session));
  });

  test("stays so when its library, and with it its last grant, is gone", async () => {
    const own = await makeLibrary(people.admin);
    await makeLibrary(people.admin);
    const { token } = await people.token({ grants: [{ role: "EDITOR", library_id: own }] });
    const client = await people.client(api, { id: "", name: USER, secret: token });
    await people.admin.done(api.deleteLibrary(own));
    for (const again of [client, await people.client(api, { id: "", name: USER, secret: token })]) {
      assert.deepEqual(await again.done(api.listLibraries()), []);
      await again.refused(api.createLibrary({ name: freshName("mine") }), "unauthorized");
      const { role, libraries } = await again.done(ACCESS.whoami());
      assert.deepEqual([role, libraries], [undefined, []]);
    }
    await server.restart();
    const later = await people.client(api, { id: "", name: USER, secret: token });
    assert.deepEqual(await later.done(api.listLibraries()), []);
  });
});

describe("shutting everybody out", () => {
  const refusal = "not_allowed_in_current_state";

  test("the last administrator can not be disabled, deleted or deprived, by whatever way", async () => {
    const { admin } = people;
    const lasting = await admin.done(ACCESS.listGrants(`?user=${USER}`));
    const [grant] = lasting.filter(({ library_id }) => library_id === undefined);
    assert.ok(grant);
    await admin.refused(ACCESS.updateUser(USER, { disabled: true }), refusal);
    await admin.refused(ACCESS.deleteUser(USER), refusal);
    await admin.refused(ACCESS.deleteGrant(grant.grant_id), refusal);
    const group = await admin.done(
      ACCESS.createGroup({ name: freshName("bosses"), members: [USER] }),
    );
    const byGroup = await people.grant({ group }, "ADMINISTRATOR");
    await admin.done(ACCESS.deleteGrant(grant.grant_id));
    await admin.refused(ACCESS.updateGroup(group, { members: [] }), refusal);
    await admin.refused(ACCESS.deleteGroup(group), refusal);
    await admin.refused(ACCESS.deleteGrant(byGroup), refusal);
    await people.grant({ user: USER }, "ADMINISTRATOR");
    await admin.done(ACCESS.deleteGroup(group));
  });

  test("nor can two who disable each other at the same time", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const rival = await people.pipeline();
      const grant = await people.grant({ user: rival.id }, "ADMINISTRATOR");
      const client = await people.client(api, rival);
      const ends = await Promise.all([
        client.ask(ACCESS.updateUser(USER, { disabled: true })),
        people.admin.ask(ACCESS.updateUser(rival.id, { disabled: true })),
      ]);
      const done = ends.filter(({ faultClass }) => faultClass === null);
      assert.equal(done.length, 1, ends.map(textOf).join("\n"));
      if (ends[0]?.faultClass === null) {
        await client.done(ACCESS.updateUser(USER, { disabled: false }));
        people = await People.on(server);
      }
      await people.admin.ask(ACCESS.deleteGrant(grant));
    }
  });
});

test("a user who is made under the name of one who was deleted has nothing of that one", async () => {
  const library = await makeLibrary(people.admin);
  const old = await people.person();
  await people.grant({ user: old.id }, "EDITOR", library);
  const { token } = await people.token({ user: old.id });
  const login = await people.client(api, old);
  const session = await openSession(login, await makeItem(people.admin, {}, library));
  await people.admin.done(ACCESS.deleteUser(old.id));
  const password = "the password of somebody new";
  const id = await people.admin.done(ACCESS.createUser({ name: old.name, password }));
  assert.notEqual(id, old.id);
  await login.refused(api.listLibraries(), "unauthenticated");
  for (const secret of [token, old.secret]) {
    const Authorization = basic(old.name, secret);
    const reply = await ask(api, server.url, api.login(), { Authorization });
    assert.equal(reply.faultClass, "unauthenticated");
  }
  const client = await people.client(api, { id, name: old.name, secret: password });
  assert.deepEqual(await client.done(api.listLibraries()), []);
  await client.refused(api.getSession(session), "not_found");
  await people.grant({ user: id }, "VIEWER", library);
  await client.refused(api.getSession(session), "unauthorized");
});

test("an item goes into no library that is not the caller's, and comes from none", async () => {
  const [own, other] = [await makeLibrary(people.admin), await makeLibrary(people.admin)];
  const person = await people.pipeline();
  await people.grant({ user: person.id }, "EDITOR", own);
  const mine = await makeItem(people.admin, { "a.txt": "mine" }, own);
  const theirs = await makeItem(people.admin, { "a.txt": "theirs" }, other);
  for (const form of FORMS) {
    const client = await people.client(form, person);
    const into = (library_id: string) => ({ library_id, name: freshName("copy") });
    await client.refused(form.copyItem(theirs, into(own)), "not_found");
    await client.refused(form.copyItem(mine, into(other)), "not_found");
    await client.ask(form.updateItem(mine, { library_id: other, description: "moved" }));
    assert.equal((await people.admin.done(api.getItem(mine))).library_id, own);
    const grant = await people.grant({ user: person.id }, "VIEWER", other);
    await client.refused(form.copyItem(mine, into(other)), "unauthorized");
    await client.done(form.copyItem(theirs, into(own)));
    await people.ungrant(grant);
  }
});

test("what is about others can not be read or changed by those who are not administrators", async () => {
  const library = await makeLibrary(people.admin);
  await makeItem(people.admin, {}, library);
  const [one, other] = [await people.person(), await people.person()];
  const { token_id } = await people.token({ user: other.id });
  await people.grant({ user: one.id }, "EDITOR", library);
  await people.grant({ user: other.id }, "EDITOR", library);
  const client = await people.client(api, one);
  for (const asking of [
    ACCESS.getUser(other.name),
    ACCESS.updateUser(other.id, { password: "taken over" }),
    ACCESS.createToken({ user: other.name, name: "x" }),
    ACCESS.listTokens(other.id),
    ACCESS.deleteToken(token_id),
    ACCESS.listGrants(`?user=${other.name}`),
    ACCESS.listGrants(`?token_id=${token_id}`),
  ])
    await client.refused(asking, "not_found");
  assert.deepEqual(
    (await client.done(ACCESS.listGrants())).map(({ user_id }) => user_id),
    [one.id],
  );
  await client.refused(ACCESS.listAllSessions(), "unauthorized");
  await client.done(ACCESS.updateUser(one.name, { password: "a new one of my own" }));
  await client.refused(ACCESS.updateUser(one.name, { disabled: true }), "unauthorized");
  await people.client(api, { ...one, secret: "a new one of my own" });
  await people.client(api, other);
});
