// Guessing what stands for a login or an address: made-up, altered, spent and foreign ones are all answered alike.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { before, describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { ask, PASSWORD } from "./client.ts";
import {
  addPush,
  downloadUrl,
  makeItem,
  openSession,
  preparedUrl,
  push,
  readFile,
} from "./content.ts";
import { api, type Form, FORMS } from "./forms.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import { ACCESS, People } from "./people.ts";
import { serverUnderTest } from "./server-under-test.ts";

const GUESSES = 200;
const LOGIN_IDLE_MS = 3_600_000;

const clock = new ManualClock();
const server = await serverUnderTest({ clock, loginIdleMs: LOGIN_IDLE_MS });

const altered = (text: string, at: number): string => {
  const other = text[at] === "0" ? "1" : "0";
  return text.slice(0, at) + other + text.slice(at + 1);
};

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Ids that are no logins, each in its own way. Those that are past their time come last: time goes on for them. */
async function deadIds(form: Form): Promise<Readonly<Record<string, string>>> {
  const people = await People.on(server);
  const living = await server.client(form);
  const loggedOut = await server.client(form);
  await loggedOut.done(form.logout());
  const shutOut = await people.person();
  const ofShutOut = await people.client(form, shutOut);
  await people.admin.done(ACCESS.updateUser(shutOut.id, { disabled: true }));
  const { secret: token } = await people.pipeline();
  const idle = await server.client(form);
  await clock.advance(LOGIN_IDLE_MS + 1000);
  const now = await server.client(form);
  return {
    "logged out": loggedOut.loginId,
    "of a user who is shut out": ofShutOut.loginId,
    "not used for too long": idle.loginId,
    "altered at the front": altered(now.loginId, 0),
    "altered at the end": altered(now.loginId, 31),
    "cut short": now.loginId.slice(0, 31),
    "with something behind it": `${now.loginId}0`,
    "the hash that is kept of one": sha256(living.loginId),
    "never given": randomBytes(16).toString("hex"),
    "a token": token,
    "a password": PASSWORD,
    "what SQL would take for all": "' OR ''='",
    "a wildcard": "%",
  };
}

for (const form of FORMS)
  describe(`ids of logins, ${form.name}`, () => {
    test("whatever is none is refused in the same words, also to end it", async () => {
      const answers = new Set<string>();
      for (const [what, id] of Object.entries(await deadIds(form)))
        for (const asking of [form.listLibraries(), form.getLogin(), form.logout()]) {
          const headers = { "vmware-api-session-id": id };
          const reply = await ask(form, server.url, asking, headers);
          assert.equal(reply.faultClass, "unauthenticated", what);
          assert.ok(!reply.text.includes(id), what);
          answers.add(JSON.stringify([reply.status, reply.value]));
        }
      assert.equal(answers.size, 1, [...answers].join("\n"));
    });

    test(`none of ${GUESSES} guesses is a login, and none ends one`, async () => {
      const living = await server.client(form);
      for (let tried = 0; tried < GUESSES; tried += 1) {
        const headers = { "vmware-api-session-id": randomBytes(16).toString("hex") };
        const asking = tried % 2 === 0 ? form.getLogin() : form.logout();
        const reply = await ask(form, server.url, asking, headers);
        assert.equal(reply.faultClass, "unauthenticated");
      }
      await living.done(form.getLogin());
    });

    test("ids are 128 random bits: no two are alike, and none follows from another", async () => {
      const ids: string[] = [];
      for (let count = 0; count < 20; count += 1) ids.push((await server.client(form)).loginId);
      assert.equal(new Set(ids.map((id) => id.slice(0, 16))).size, ids.length);
      assert.equal(new Set(ids.map((id) => id.slice(16))).size, ids.length);
      for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
    });
  });

/** The address with another secret, or the secret with another file's name, stands in its place. */
const withSecret = (url: string, change: (secret: string) => string): string => {
  const parts = url.split("/");
  parts[parts.length - 2] = change(parts.at(-2) ?? "");
  return parts.join("/");
};

const shownBy = ({ status, text }: Incoming): string => JSON.stringify([status, text]);

/** Addresses that nothing can be had from, each in its own way. */
async function deadAddresses(form: Form): Promise<Readonly<Record<string, string>>> {
  const client = await server.client(form);
  const item = await makeItem(client, { "a.txt": "a" });
  const living = await downloadUrl(client, item, "a.txt");
  const canceled = await client.done(form.createDownload({ library_item_id: item }));
  const ofCanceled = await preparedUrl(client, canceled, "a.txt");
  await client.done(form.cancelDownload(canceled));
  const deleted = await client.done(form.createDownload({ library_item_id: item }));
  const ofDeleted = await preparedUrl(client, deleted, "a.txt");
  await client.done(form.deleteDownload(deleted));
  const dropped = await openSession(client, item);
  const ofDropped = await addPush(client, dropped, "b.txt");
  await client.done(form.cancelSession(dropped));
  await client.done(form.deleteSession(dropped));
  const bytes = Buffer.from(new URL(living).pathname.split("/").at(-2) ?? "", "base64url");
  const nextFile = Buffer.from(bytes);
  nextFile.writeUInt8((nextFile.at(20) ?? 0) + 1, 20);
  return {
    "of a canceled session": ofCanceled,
    "of a deleted session": ofDeleted,
    "of an upload that is deleted": ofDropped,
    "altered at the front": withSecret(living, (secret) => altered(secret, 0)),
    "altered in the middle": withSecret(living, (secret) => altered(secret, 25)),
    "altered at the end": withSecret(living, (secret) => altered(secret, secret.length - 2)),
    "for the next file": withSecret(living, () => nextFile.toString("base64url")),
    "without its proof": withSecret(living, () => bytes.subarray(0, 21).toString("base64url")),
    "of nothing but zeros": withSecret(living, () =>
      Buffer.alloc(bytes.length).toString("base64url"),
    ),
    "never given": withSecret(living, () => randomBytes(bytes.length).toString("base64url")),
    "the id of the session alone": withSecret(living, () => canceled),
    "climbing out": `${server.url}/cls/data/../../readyz`,
    "climbing out in code": `${server.url}/cls/data/%2e%2e%2f%2e%2e%2freadyz`,
    empty: `${server.url}/cls/data//a.txt`,
  };
}

for (const form of FORMS)
  describe(`addresses for bytes, ${form.name}`, () => {
    let dead: Readonly<Record<string, string>>;
    before(async () => {
      dead = await deadAddresses(form);
    });

    for (const method of ["GET", "PUT", "POST", "HEAD"])
      test(`whatever is none is answered alike, ${method}`, async () => {
        const answers = new Map<string, string>();
        for (const [what, url] of Object.entries(dead)) {
          const body = method === "PUT" || method === "POST" ? { body: "x" } : {};
          const answer = await exchange({ method, url, ...body });
          assert.equal(answer.status, 404, `${what}: ${answer.text}`);
          answers.set(shownBy(answer), what);
        }
        assert.equal(answers.size, 1, JSON.stringify([...answers]));
      });

    test("an address is for its own direction alone, and says so only to who has it", async () => {
      const client = await server.client(form);
      const session = await openSession(client);
      const upload = await addPush(client, session, "a.txt");
      const down = await downloadUrl(client, await makeItem(client, { "a.txt": "a" }), "a.txt");
      assert.equal((await exchange({ method: "GET", url: upload })).status, 405);
      assert.equal((await exchange({ method: "PUT", url: down, body: "x" })).status, 405);
      for (const [method, url] of [
        ["GET", withSecret(upload, (secret) => altered(secret, 60))],
        ["PUT", withSecret(down, (secret) => altered(secret, 40))],
        ["DELETE", withSecret(down, (secret) => altered(secret, 40))],
      ] as const)
        assert.ok([404, 405].includes((await exchange({ method, url })).status), method);
    });

    test("whoever kept the address of an upload that is over learns that, and sends nothing", async () => {
      const client = await server.client(form);
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const kept = await push(client, session, "a.txt", "a");
      await client.done(form.completeSession(session));
      for (const method of ["PUT", "POST", "GET", "HEAD"])
        assert.equal((await exchange({ method, url: kept, body: "other" })).status, 409, method);
      const forged = withSecret(kept, (secret) => altered(secret, 60));
      assert.equal((await exchange({ method: "PUT", url: forged, body: "other" })).status, 404);
      assert.equal(await readFile(client, item, "a.txt"), "a");
    });

    test("no login opens an address that is dead, and none is asked for at one that lives", async () => {
      const client = await server.client(form);
      const item = await makeItem(client, { "a.txt": "a" });
      const session = await client.done(form.createDownload({ library_item_id: item }));
      const url = await preparedUrl(client, session, "a.txt");
      assert.equal((await exchange({ method: "GET", url })).status, 200);
      await client.done(form.cancelDownload(session));
      const headers = { "vmware-api-session-id": client.loginId };
      assert.equal((await exchange({ method: "GET", url, headers })).status, 404);
    });
  });

test("the names of other users' sessions are as good as made up, to look at and to end", async () => {
  const people = await People.on(server);
  const item = await makeItem(people.admin, { "a.txt": "a" });
  const session = await openSession(people.admin, item);
  const download = await people.admin.done(api.createDownload({ library_item_id: item }));
  const stranger = await people.person();
  for (const form of FORMS) {
    const client = await people.client(form, stranger);
    const madeUp = "00000000-0000-4000-8000-000000000000";
    for (const [real, unreal] of [
      [form.getSession(session), form.getSession(madeUp)],
      [form.cancelSession(session), form.cancelSession(madeUp)],
      [form.deleteSession(session), form.deleteSession(madeUp)],
      [form.completeSession(session), form.completeSession(madeUp)],
      [form.getDownload(download), form.getDownload(madeUp)],
      [form.cancelDownload(download), form.cancelDownload(madeUp)],
      [form.prepare(download, "a.txt"), form.prepare(madeUp, "a.txt")],
    ] as const) {
      const told = await client.refused(real, "not_found");
      const toldOfNone = await client.refused(unreal, "not_found");
      assert.equal(told.replaceAll(session, madeUp).replaceAll(download, madeUp), toldOfNone);
    }
  }
  await people.admin.done(api.completeSession(session));
  assert.equal((await people.admin.done(api.getDownload(download))).state, "ACTIVE");
});
