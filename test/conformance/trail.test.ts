// Every operation that changes something leaves its entry in the trail, on every wire: by whom, from where, and by which request.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { AuditEntry, AuditPage } from "@contentlib/contract";
import { type OperationId, OPERATION_IDS, OPERATIONS, type Operation } from "@contentlib/contract";
import { operationIdsOn } from "@contentlib/contract/bindings";
import { ask, basic, BASIC, type Client, PASSWORD } from "./client.ts";
import { addPush, downloadUrl, makeItem, openSession, read, send } from "./content.ts";
import { api, type Form, FORMS } from "./forms.ts";
import { get, none } from "./http-asking.ts";
import { openWorld, type OperationCase, type World } from "./operation-case.ts";
import { askerOf, OPERATION_CASES } from "./operation-cases.ts";
import { ACCESS, People } from "./people.ts";
import { serverUnderTest } from "./server-under-test.ts";

/** Operations whose effect is said to be more than none, and that leave no entry, with the reason. */
const WITHOUT_ENTRY: ReadonlyMap<OperationId, string> = new Map([
  ["updateSession.keepAlive", "it only keeps the session from ending"],
  ["downloadSession.keepAlive", "it only keeps the session from ending"],
  ["item.publish", "nobody subscribes to the library"],
  ["localLibrary.publish", "nobody subscribes to the library"],
  ["subscribedLibrary.evict", "nothing was fetched"],
]);

/** Logins of one user from one address are counted in one entry, which has the request id of the first of them. */
const COUNTED: ReadonlySet<OperationId> = new Set<OperationId>(["login.create", "login.delete"]);

const operationOf = (id: OperationId): Operation => OPERATIONS[id];

/** The calls of the form that change something, and can be done as long as nothing is published or followed. */
const changesOn = (form: Form): readonly (readonly [OperationId, OperationCase])[] => {
  const ids =
    form.name === "rpc"
      ? OPERATION_IDS.filter((id) => operationOf(id).origin !== "ours")
      : operationIdsOn(form.name);
  return ids.flatMap((id) => {
    if (operationOf(id).effect === "safe" || id === "event.stream") return [];
    const one = OPERATION_CASES[id];
    return one.answersInstead === undefined ? [[id, one] as const] : [];
  });
};

const auditPath = (filters: Filters): string =>
  `/api/contentlib/audit?${String(new URLSearchParams(filters))}`;

type Filters = Readonly<Record<string, string>>;

const partOf = async (client: Client, filters: Filters): Promise<AuditPage> =>
  (await client.done(get(auditPath(filters)))) as AuditPage;

const trailOf =
  (client: Client) =>
  async (filters: Filters): Promise<readonly AuditEntry[]> =>
    (await partOf(client, filters)).entries;

for (const form of FORMS) {
  // Each on a server of its own: what another one set already would be no change.
  const server = await serverUnderTest();
  const trail = trailOf(await server.client(api));
  const countOf = async (operation: string): Promise<number> =>
    (await trail({ operation, limit: "1000" })).reduce((sum, { count }) => sum + count, 0);

  describe(`the trail of every operation that changes something, ${form.name}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(await server.client(form));
    });

    for (const [id, one] of changesOn(form)) {
      const why = WITHOUT_ENTRY.get(id);
      test(`${id} leaves ${why === undefined ? "its entry" : `none: ${why}`}`, async () => {
        const asking = await one.real(world);
        assert.ok(asking);
        // The world has it already, and to add it again changes nothing.
        if (id === "trustedCertificate.create" && form.younger !== null)
          await world.client.done(form.younger.deleteCertificate(world.certificate));
        const headers = await askerOf(one, world, server);
        const counted = await countOf(id);
        const reply = await ask(form, server.url, asking, headers);
        assert.equal(reply.faultClass, null, reply.text);
        const requestId = String(reply.headers["x-request-id"]);
        const since = (await countOf(id)) - counted;
        if (why !== undefined) {
          assert.equal(since, 0);
          assert.deepEqual(await trail({ request_id: requestId }), []);
          return;
        }
        assert.ok(since > 0, "nothing is told");
        const found = COUNTED.has(id)
          ? (await trail({ operation: id })).slice(0, 1)
          : await trail({ request_id: requestId });
        assert.ok(found.length > 0);
        for (const entry of found) {
          assert.equal(entry.operation, id);
          assert.equal(entry.actor, "USER");
          assert.equal(entry.user, "administrator@vsphere.local");
          assert.equal(entry.address, "127.0.0.1");
          if (!COUNTED.has(id)) assert.ok(entry.objects.length > 0, JSON.stringify(entry));
        }
      });
    }
  });
}

const server = await serverUnderTest();
const admin = await server.client(api);
const trail = trailOf(admin);

test("a refused change leaves no entry of a change", async () => {
  const made = "00000000-0000-4000-8000-000000000000";
  const asking = none("PATCH", `/api/content/library/item/${made}`, { name: "other" });
  const reply = await ask(api, server.url, asking, {
    "vmware-api-session-id": admin.loginId,
  });
  assert.equal(reply.faultClass, "not_found");
  assert.deepEqual(await trail({ request_id: String(reply.headers["x-request-id"]) }), []);
});

test("an upload is told as its session's creator's, with the address and the request of the upload", async () => {
  const people = await People.on(server);
  const ben = await people.person("uploader");
  const item = await makeItem(admin);
  await admin.done(ACCESS.createGrant({ user: ben.id, role: "EDITOR" }));
  const client = await server.client(api, basic(ben.name, ben.secret));
  const session = await openSession(client, item);
  const answer = await send(await addPush(client, session, "a.iso"), "bytes");
  assert.equal(answer.status, 200, answer.text);
  const [entry, ...others] = await trail({ request_id: String(answer.headers["x-request-id"]) });
  assert.deepEqual(others, []);
  assert.deepEqual(
    [entry?.operation, entry?.user, entry?.address, entry?.objects.map(({ kind }) => kind)],
    [
      "transfer.upload",
      `${ben.name}@vsphere.local`,
      "127.0.0.1",
      ["FILE", "UPDATE_SESSION", "ITEM", "LIBRARY"],
    ],
  );
});

test("an address that is dead, or was never one, leaves nothing", async () => {
  const before = await trail({ operation: "transfer.upload" });
  const answer = await send(`${server.url}/cls/data/made-up/a.iso`, "bytes");
  assert.equal(answer.status, 404);
  assert.deepEqual(await trail({ operation: "transfer.upload" }), before);
  assert.deepEqual(await trail({ request_id: String(answer.headers["x-request-id"]) }), []);
});

test("nobody else reads it", async () => {
  const people = await People.on(server);
  const ben = await people.person("reader");
  const library = await admin.done(
    api.createLibrary({ name: "of the reader", storage_backings: [{ type: "OTHER" }] }),
  );
  await admin.done(
    ACCESS.createGrant({ user: ben.id, role: "ADMINISTRATOR", library_id: library }),
  );
  const client = await server.client(api, basic(ben.name, ben.secret));
  await client.refused(get(auditPath({})), "unauthorized");
  const [entry] = await trail({ user: ben.name, event: "DENIED" });
  assert.equal(entry?.operation, "audit.list");
});

/** The part of a transfer URL that is the permission. */
const secretOf = (url: string): string => new URL(url).pathname.split("/").at(-2) ?? "";

test("no secret is in it: no password, token, id of a login, or address of bytes", async () => {
  const secrets = new Set<string>([PASSWORD, "a guessed password", admin.loginId]);
  const people = await People.on(server);
  const ben = await people.person("secretive");
  secrets.add(ben.secret);
  await admin.done(ACCESS.createGrant({ user: ben.id, role: "EDITOR" }));
  await admin.done(ACCESS.updateUser(ben.id, { password: "changed to this one" }));
  secrets.add("changed to this one");
  const made = await admin.done(ACCESS.createToken({ user: ben.id, name: "secretive" }));
  secrets.add(made.token);
  const client = await server.client(api, basic(ben.name, made.token));
  secrets.add(client.loginId);
  const session = await openSession(client, await makeItem(admin));
  const upload = await addPush(client, session, "a.iso");
  assert.equal((await send(upload, "bytes")).status, 200);
  const item = await makeItem(admin, { "b.iso": "more" });
  const download = await downloadUrl(client, item, "b.iso");
  assert.equal(await read(download), "more");
  for (const url of [upload, download]) secrets.add(secretOf(url));
  const guesses: readonly (readonly [string, string])[] = [
    ["administrator", "a guessed password"],
    [ben.name, "a guessed password"],
  ];
  for (const [user, password] of guesses) {
    const headers = { Authorization: basic(user, password) };
    assert.equal((await ask(api, server.url, api.login(), headers)).faultClass, "unauthenticated");
  }
  const publishing = {
    published: true,
    authentication_method: "BASIC",
    password: "for-subscribers",
  };
  await admin.done(api.createLibrary({ name: "published secretly", publish_info: publishing }));
  secrets.add("for-subscribers");
  await client.done(api.logout());
  await admin.done(ACCESS.deleteToken(made.token_id));
  const told: AuditEntry[] = [];
  let before: string | undefined;
  do {
    const filters = { limit: "1000", ...(before === undefined ? {} : { before }) };
    const page = await partOf(admin, filters);
    told.push(...page.entries);
    before = page.next;
  } while (before !== undefined);
  const text = JSON.stringify(told);
  assert.ok(text.includes(made.token_id), "the token itself is told of");
  assert.equal(secrets.size, 10);
  for (const secret of secrets) {
    assert.ok(secret.length >= 8, secret);
    assert.ok(!text.includes(secret), secret);
    assert.ok(!text.includes(Buffer.from(secret).toString("base64")), secret);
  }
  assert.ok(!text.includes(BASIC.slice("Basic ".length)));
});

test("a client asks for parts of it by what the part before told", async () => {
  const first = await partOf(admin, { limit: "2" });
  assert.equal(first.entries.length, 2);
  const second = await partOf(admin, { limit: "2", before: first.next ?? "" });
  const ids = [...first.entries, ...second.entries].map(({ id }) => Number(id));
  assert.deepEqual(
    ids,
    ids.toSorted((one, other) => other - one),
  );
  await admin.refused(get(auditPath({ limit: "many" })), "invalid_argument");
  await admin.refused(get(auditPath({ event: "CHANGED" })), "invalid_argument");
  await admin.refused(get(auditPath({ since: "yesterday" })), "invalid_argument");
});

test("what no entry can meet is refused, and names the parameter", async () => {
  const asked: Filters = {
    operation: "item.destroy",
    token_id: "nightly",
    address: "localhost",
    request_id: "mine",
    object_id: "images/debian",
    before: "the beginning",
  };
  for (const [name, value] of Object.entries(asked)) {
    const text = await admin.refused(get(auditPath({ [name]: value })), "invalid_argument");
    assert.match(JSON.stringify(text), new RegExp(`The ${name} is not valid`));
  }
});

test("an entry says what was changed of an account and of a group, and who came and went", async () => {
  const people = await People.on(server);
  const [ann, ben] = [await people.person("ann"), await people.person("ben")];
  await admin.done(ACCESS.updateUser(ben.id, { disabled: true }));
  await admin.done(ACCESS.updateUser(ben.id, { password: "another password" }));
  const ofBen = await trail({ object_id: ben.id, operation: "user.update" });
  assert.deepEqual(ofBen.map(({ changed }) => changed).slice(0, 2), [["password"], ["disabled"]]);
  const group = await admin.done(
    ACCESS.createGroup({ name: "crew-of-the-trail", members: [ann.id, ben.id] }),
  );
  await admin.done(ACCESS.updateGroup(group, { remove_members: [ben.id] }));
  const [left, made] = await trail({ object_id: group });
  assert.deepEqual(left?.changed, ["members"]);
  const membersIn = (entry: AuditEntry | undefined): readonly string[] =>
    (entry?.objects ?? [])
      .flatMap(({ id, relation = [] }) => [relation].flat().map((word) => `${id} ${word}`))
      .toSorted();
  assert.deepEqual(membersIn(left), [`${ben.id} left`]);
  assert.deepEqual(membersIn(made), [ann, ben].map(({ id }) => `${id} joined`).toSorted());
  for (const entry of [left, made]) assert.equal(entry?.objects[0]?.id, group);
  const grant = await admin.done(ACCESS.createGrant({ group, role: "VIEWER" }));
  const [granted] = await trail({ object_id: grant });
  assert.deepEqual(
    granted?.objects.map(({ kind, name }) => [kind, name]),
    [
      ["GRANT", "VIEWER"],
      ["GROUP", "crew-of-the-trail"],
    ],
  );
});

test("an entry says how a session ended, and that a library was published", async () => {
  const item = await makeItem(admin);
  const session = await openSession(admin, item);
  await admin.done(api.cancelSession(session));
  const [canceled] = await trail({ object_id: session });
  assert.deepEqual(canceled?.changed, ["canceled"]);
  const publish_info = { published: true, authentication_method: "NONE" };
  const library = await admin.done(api.createLibrary({ name: "told as published", publish_info }));
  const [made] = await trail({ object_id: library });
  assert.deepEqual(made?.changed, ["published"]);
});
