// What somebody tries who does not want the trail to say what he did: reading it, writing into it, wiping it out, and drowning it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AuditEntry, AuditPage } from "@contentlib/contract";
import { ask, basic, USER } from "./client.ts";
import { makeItem, makeLibrary } from "./content.ts";
import { api, type Asking, FORMS } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { get } from "./http-asking.ts";
import { ACCESS, People } from "./people.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const AUDIT = "/api/contentlib/audit";
const FLOOD = 300;
/** Most rows that the refused tries of one source may make; the exact numbers are the trail's own affair. */
const ROWS_OF_FLOOD_MAX = 60;

const server = await serverUnderTest();
const people = await People.on(server);

const listAudit = (search = "") => get(`${AUDIT}${search}`) as Asking<AuditPage>;

/** The trail from its newest entry on, so far as the filter takes it. */
async function trail(filter = ""): Promise<readonly AuditEntry[]> {
  const { entries } = await people.admin.done(
    listAudit(`?limit=1000${filter === "" ? "" : `&${filter}`}`),
  );
  return entries;
}

describe("reading the trail", () => {
  test("is for administrators of everything, by a login that is not cut down", async () => {
    const library = await makeLibrary(people.admin);
    const [none, viewer, editor, boss] = await Promise.all([
      people.person(),
      people.person(),
      people.person(),
      people.person(),
    ]);
    await people.grant({ user: viewer.id }, "VIEWER");
    await people.grant({ user: editor.id }, "EDITOR");
    await people.grant({ user: boss.id }, "ADMINISTRATOR", library);
    const { token } = await people.token({ grants: [{ role: "EDITOR" }] });
    const narrow = { id: "", name: USER, secret: token };
    for (const person of [none, viewer, editor, boss, narrow]) {
      const client = await people.client(api, person);
      for (const search of ["", `?user=${person.name}`, `?object_id=${library}`, "?limit=1"])
        await client.refused(listAudit(search), "unauthorized");
    }
    const stranger = await ask(api, server.url, listAudit(), {});
    assert.equal(stranger.faultClass, "unauthenticated");
  });

  test("tells a user nothing of it by other ways: no other wire has it, and no other verb", async () => {
    const { loginId } = people.admin;
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const headers = { "vmware-api-session-id": loginId };
      const answer = await exchange({ method, url: server.url + AUDIT, headers, body: "{}" });
      assert.equal(answer.status, 405, method);
    }
    for (const path of ["/rest/contentlib/audit", "/rest/com/vmware/contentlib/audit"]) {
      const headers = { "vmware-api-session-id": loginId };
      const answer = await exchange({ method: "GET", url: server.url + path, headers });
      assert.equal(answer.status, 404, path);
    }
  });
});

describe("writing into the trail", () => {
  for (const form of FORMS)
    test(`whatever a user calls things, his rows are his own, ${form.name}`, async () => {
      const library = await makeLibrary(people.admin);
      const mallory = await people.person("mallory");
      await people.grant({ user: mallory.id }, "EDITOR", library);
      const before = new Set((await trail(`user=${USER}`)).map(({ id }) => id));
      const client = await people.client(form, mallory);
      const forged = [
        `"},{"actor":"USER","user":"${USER}@vsphere.local"`,
        `x by ${USER}`,
        `${USER}@vsphere.local`,
        "a\u2028b\u202ec",
      ];
      const items: string[] = [];
      for (const stem of forged) {
        const name = `${stem} ${freshName("x")}`.slice(0, 80);
        items.push(await client.done(form.createItem({ library_id: library, name })));
      }
      for (const item of items) {
        const entries = await trail(`object_id=${item}`);
        assert.deepEqual(
          entries.map(({ actor, user, user_id }) => [actor, user, user_id]),
          entries.map(() => ["USER", `${mallory.name}@vsphere.local`, mallory.id]),
        );
        assert.ok(entries.length > 0);
      }
      const after = await trail(`user=${USER}`);
      assert.deepEqual(
        after.filter(({ id }) => !before.has(id)),
        [],
      );
    });

  for (const form of FORMS)
    test(`where he comes from and how his request is called he does not say himself, ${form.name}`, async () => {
      const library = await makeLibrary(people.admin);
      const spoofed = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Real-IP": "203.0.113.9",
        Forwarded: "for=203.0.113.9",
        "X-Request-Id": "chosen-by-the-client",
        "vapi-ctx-opid": "chosen-by-the-client",
      };
      const client = await server.client(form);
      const asking = form.createItem({ library_id: library, name: freshName("item") });
      const reply = await client.ask(asking, spoofed);
      assert.equal(reply.faultClass, null, reply.text);
      const [entry] = await trail(`object_id=${String(reply.value)}`);
      assert.equal(entry?.address, "127.0.0.1");
      assert.equal(entry.request_id, reply.headers["x-request-id"]);
      assert.deepEqual(await trail("address=203.0.113.9"), []);
      assert.ok(!JSON.stringify(await trail("limit=1000")).includes("chosen-by-the-client"));
    });

  test("whoever tries the name of another is told of as nobody, not as that one", async () => {
    const victim = await people.person("victim");
    for (const form of FORMS) {
      const Authorization = basic(victim.name, "a guess");
      const reply = await ask(form, server.url, form.login(), { Authorization });
      assert.equal(reply.faultClass, "unauthenticated");
    }
    const entries = await trail(`user=${victim.name}`);
    const [refused, ...others] = entries.filter(({ event }) => event === "LOGIN_REFUSED");
    assert.deepEqual([refused?.actor, refused?.user_id, others], ["UNKNOWN", undefined, []]);
    assert.equal(refused?.count, FORMS.length);
  });

  test("what was refused changed nothing, and is told of as refused", async () => {
    const library = await makeLibrary(people.admin);
    const viewer = await people.person("viewer");
    await people.grant({ user: viewer.id }, "VIEWER", library);
    for (const form of FORMS) {
      const client = await people.client(form, viewer);
      await client.refused(form.createItem({ library_id: library, name: "x" }), "unauthorized");
      await client.refused(form.deleteLibrary(library), "unauthorized");
    }
    const entries = await trail(`object_id=${library}&user=${viewer.name}`);
    const told = entries.map(({ event, operation, count }) => `${event} ${operation} ${count}`);
    assert.deepEqual(
      new Set(told),
      new Set([`DENIED item.create ${FORMS.length}`, `DENIED localLibrary.delete ${FORMS.length}`]),
    );
    assert.equal(told.length, 2);
  });
});

describe("wiping out the trail", () => {
  test("an account, a token and a library that are gone leave their rows as they were", async () => {
    const library = await makeLibrary(people.admin);
    const mallory = await people.person("mallory");
    await people.grant({ user: mallory.id }, "ADMINISTRATOR", library);
    const { token, token_id } = await people.token({ user: mallory.id, name: "nightly" });
    const client = await people.client(api, { ...mallory, secret: token });
    const item = await makeItem(client, { "a.txt": "a" }, library);
    const told = await trail(`object_id=${item}`);
    assert.ok(told.length > 0);
    await people.admin.done(ACCESS.deleteToken(token_id));
    await people.admin.done(ACCESS.deleteUser(mallory.id));
    await people.admin.done(api.deleteLibrary(library));
    const later = await trail(`object_id=${item}`);
    const ids = new Set(told.map(({ id }) => id));
    assert.deepEqual(
      later.filter(({ id }) => ids.has(id)),
      told,
    );
    for (const { user, user_id, token_name } of told)
      assert.deepEqual(
        [user, user_id, token_name],
        [`${mallory.name}@vsphere.local`, mallory.id, "nightly"],
      );
    await server.restart();
    const restarted = await new People(server, await server.client(api)).admin.done(
      listAudit(`?object_id=${item}`),
    );
    assert.deepEqual(
      restarted.entries.filter(({ id }) => ids.has(id)),
      told,
    );
  });

  test("somebody new under an old name has other rows than the one before", async () => {
    const { admin } = await People.on(server);
    const name = freshName("reborn");
    const first = await admin.done(ACCESS.createUser({ name, password: "the first password" }));
    await server.client(api, basic(name, "the first password"));
    await admin.done(ACCESS.deleteUser(first));
    const second = await admin.done(ACCESS.createUser({ name, password: "the second password" }));
    await server.client(api, basic(name, "the second password"));
    const { entries } = await admin.done(listAudit(`?user=${name}&event=LOGIN`));
    assert.deepEqual(
      entries.map(({ user_id }) => user_id),
      [second, first],
    );
  });
});

describe("drowning the trail", () => {
  test("thousands of refusals are few rows, and what others do meanwhile is told in full", async () => {
    const { admin } = await People.on(server);
    const people2 = new People(server, admin);
    const library = await makeLibrary(admin);
    const viewer = await people2.person("noisy");
    await people2.grant({ user: viewer.id }, "VIEWER", library);
    const noisy = await people2.client(api, viewer);
    const before = (await admin.done(listAudit("?limit=1"))).entries[0];
    const items: string[] = [];
    for (let tried = 0; tried < FLOOD; tried += 1) {
      const name = `${tried} of the flood`;
      await noisy.refused(api.createItem({ library_id: library, name }), "unauthorized");
      await noisy.ask(api.getItem(`00000000-0000-4000-8000-${String(tried).padStart(12, "0")}`));
      const Authorization = basic(`nobody-${tried}`, "a guess");
      await ask(api, server.url, api.login(), { Authorization });
      if (tried % 50 === 0) items.push(await makeItem(admin, {}, library));
    }
    const { entries } = await admin.done(listAudit("?limit=1000"));
    const fresh = entries.filter(({ id }) => Number(id) > Number(before?.id ?? 0));
    const refused = fresh.filter(({ event }) => event !== "CHANGE" && event !== "LOGIN");
    assert.ok(refused.length <= ROWS_OF_FLOOD_MAX, `${refused.length} rows`);
    const denied = refused.filter(({ event }) => event === "DENIED");
    assert.equal(
      denied.reduce((sum, { count }) => sum + count, 0),
      FLOOD,
      "none of them is lost",
    );
    for (const item of items)
      assert.ok(fresh.some(({ objects }) => objects.some(({ id }) => id === item)));
  });
});
