// What is done under a right ends with the right, before the call that takes it away answers: logins, sessions, addresses and transfers,
// however it is taken away and on whichever wire the work is done.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { EventReader } from "@contentlib/testkit/client/event-reader";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { ask, basic, Client, readReply, type Reply } from "./client.ts";
import {
  addPush,
  contentVersion,
  downloadUrl,
  fileNames,
  makeItem,
  makeLibrary,
  openSession,
  push,
  send,
} from "./content.ts";
import { api, type Form, FORMS, rest } from "./forms.ts";
import { HeldDownload } from "./held-download.ts";
import { heldUpload } from "./held-upload.ts";
import { exchange } from "./http-exchange.ts";
import { ACCESS, People, type Person } from "./people.ts";
import { type Aftermath, type Revocable, REVOKING_WAYS, settledNow } from "./revoking.ts";
import { serverUnderTest } from "./server-under-test.ts";

const ROUNDS = 50;
const LOGIN_ROUNDS = 30;
const MUTUAL_ROUNDS = 20;
/** Less than a single change of rights waits for what hangs. */
const MUTUAL_MS_MAX = 20_000;
const COMPLETING_ROUNDS = 24;
const ITEMS = 3;
/** More than the sockets between the two ends hold. */
const BIG_BYTES = 24 * 1024 * 1024;

/** Files that the store is taking in. */
let staging = 0;

const server = await serverUnderTest({
  blobs: (store) =>
    blobStoreAround(store, async (verb, proceed) => {
      if (verb !== "append") return await proceed();
      staging += 1;
      return await proceed().finally(() => (staging -= 1));
    }),
});
const people = await People.on(server);
const { admin } = people;

let library: string;
let big: string;

before(async () => {
  library = await makeLibrary(admin);
  big = await makeItem(admin, { "big.bin": "b".repeat(BIG_BYTES) }, library);
});

const statusOf = async (url: string): Promise<number> =>
  (await exchange({ method: "GET", url })).status;

/** Somebody's work in the middle: an upload of which half has come. */
async function halfAnUpload(client: Client) {
  const item = await makeItem(admin, { "a.txt": "a" }, library);
  const session = await openSession(client, item);
  const uri = await addPush(client, session, "b.txt", { size: 10 });
  const upload = await heldUpload(client, session, "b.txt", uri, { first: "half ", sizeBytes: 10 });
  return { item, session, uri, upload };
}

/** What the person can still do, by the login he had and by a new one. */
async function holdAftermath(after: Aftermath, client: Client, session: string, person: Person) {
  const { form } = client;
  const Authorization = basic(person.name, person.secret);
  const again = await ask(form, server.url, form.login(), { Authorization });
  assert.equal(again.faultClass, after === "unauthenticated" ? after : null);
  await client.refused(form.completeSession(session), after);
  await client.refused(form.addFile(session, { name: "c.txt", source_type: "PUSH" }), after);
  const seen = await client.ask(form.getSession(session));
  assert.equal(seen.faultClass, after === "unauthorized" ? null : after);
}

for (const form of FORMS) {
  describe(`taking rights away, ${form.name}`, () => {
    for (const way of REVOKING_WAYS) {
      test(`${way.name} ends the upload, the session, its address and the login first`, async () => {
        const before = staging;
        const { person, revoke } = await way.arrange(people, library);
        const client = await people.client(form, person);
        const other = await people.pipeline();
        await people.grant({ user: other.id }, "EDITOR", library);
        const others = await people.client(form, other);
        const { item, session, uri, upload } = await halfAnUpload(client);
        const going = await halfAnUpload(others);
        assert.equal(staging, before + 2);
        await revoke();
        assert.equal(staging, before + 1, "the store takes in nothing more of it");
        const answer = await settledNow(upload.answer);
        assert.ok(answer === null || answer.status >= 400, answer?.text);
        assert.deepEqual(await people.activeSessions(person), []);
        assert.equal((await admin.done(api.getSession(session))).state, "CANCELED");
        assert.equal((await send(uri, "0123456789")).status, 409);
        await holdAftermath(way.after, client, session, person);
        assert.deepEqual(await fileNames(admin, item), ["a.txt"]);
        assert.equal(await contentVersion(admin, item), 2);
        await going.upload.write("whole");
        going.upload.end();
        assert.equal((await going.upload.answer)?.status, 200);
        await others.done(form.completeSession(going.session));
        await openSession(others, item);
      });

      const keepsDownloads = way.after === "unauthorized";
      const what = keepsDownloads
        ? "leaves the download, which seeing is enough for"
        : "ends the download";
      test(`${way.name} ${what}`, async () => {
        const { person, revoke } = await way.arrange(people, library);
        const client = await people.client(form, person);
        const url = await downloadUrl(client, big, "big.bin");
        const download = await HeldDownload.open(url);
        await revoke();
        const active = await people.activeSessions(person);
        assert.equal(active.length, keepsDownloads ? 1 : 0);
        download.resume();
        assert.equal(await download.isWhole, keepsDownloads);
        assert.equal(await statusOf(url), keepsDownloads ? 200 : 404);
      });
    }
  });
}

for (const way of REVOKING_WAYS) {
  const stays = way.after === "unauthorized";
  test(`${way.name} ${stays ? "leaves" : "ends"} the stream of events that is followed`, async (t) => {
    const { person, revoke } = await way.arrange(people, library);
    const { loginId } = await people.client(api, person);
    const session = await openSession(admin, await makeItem(admin, {}, library));
    const url = `${server.url}/api/contentlib/events?update_session_id=${session}`;
    const headers = { "vmware-api-session-id": loginId };
    const reader = await EventReader.open(url, { headers });
    t.after(() => reader.close());
    await reader.until(({ data }) => data.state === "ACTIVE");
    await revoke();
    await admin.done(api.cancelSession(session));
    await (stays ? reader.until(({ data }) => data.state === "CANCELED") : reader.over());
    assert.equal(reader.events.length, stays ? 2 : 1, "nothing more is told than may be");
    const again = await EventReader.open(url, { headers });
    t.after(() => again.close());
    const statuses = { unauthenticated: 401, not_found: 404, unauthorized: 200 };
    assert.equal(again.status, statuses[way.after]);
  });
}

test("a session lives on the token it was made with, and by password on the account", async () => {
  const person = await people.person();
  await people.grant({ user: person.id }, "EDITOR", library);
  const { token, token_id } = await people.token({ user: person.id });
  const byToken = await people.client(rest, { ...person, secret: token });
  const byPassword = await people.client(rest, person);
  const lost = await openSession(byToken, await makeItem(admin, {}, library));
  const kept = await openSession(byPassword, await makeItem(admin, {}, library));
  await admin.done(ACCESS.deleteToken(token_id));
  await byToken.refused(rest.listLibraries(), "unauthenticated");
  assert.equal((await byPassword.done(rest.getSession(lost))).state, "CANCELED");
  await push(byPassword, kept, "a.txt", "a");
  await byPassword.done(rest.completeSession(kept));
});

for (const form of FORMS)
  test(`a token begins nothing in sessions made by password, and leaves nothing in its own, ${form.name}`, async () => {
    const person = await people.person();
    await people.grant({ user: person.id }, "EDITOR", library);
    const { token, token_id } = await people.token({ user: person.id });
    const byToken = await people.client(form, { ...person, secret: token });
    const byPassword = await people.client(form, person);
    const session = await openSession(byPassword, await makeItem(admin, {}, library));
    const asking = form.addFile(session, { name: "a.txt", source_type: "PUSH" });
    const text = await byToken.refused(asking, "unauthorized");
    assert.match(text, /by another login/);
    const library_item_id = await makeItem(admin, { "a.txt": "a" }, library);
    const download = await byPassword.done(form.createDownload({ library_item_id }));
    await byToken.refused(form.prepare(download, "a.txt"), "unauthorized");
    const own = await openSession(byToken, library_item_id);
    const sending = await addPush(byToken, own, "b.txt");
    const fetching = await downloadUrl(byToken, library_item_id, "a.txt");
    assert.equal(await statusOf(fetching), 200);
    await admin.done(ACCESS.deleteToken(token_id));
    assert.equal((await send(sending, "b")).status, 409);
    assert.equal(await statusOf(fetching), 404);
    await push(byPassword, session, "a.txt", "a");
    await byPassword.done(form.completeSession(session));
  });

const pass = async (turns: number): Promise<void> => {
  for (let left = turns; left > 0; left -= 1) await turn();
};

/** Starts the calls one after the other, and the taking away in their midst. */
async function race(
  { revoke }: Revocable,
  calls: readonly (() => Promise<unknown>)[],
  round: number,
): Promise<void> {
  const running = calls.map(async (start, index) => {
    await pass(index * (round % 7) * 2);
    await start();
  });
  await pass(round % 10);
  await revoke();
  await Promise.all(running);
}

test("no session that is made while the right to it goes is left ACTIVE", async (t) => {
  const items = await Promise.all(
    Array.from({ length: ITEMS }, async () => await makeItem(admin, { "a.txt": "a" }, library)),
  );
  let made = 0;
  let refused = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const way = REVOKING_WAYS.filter(({ after }) => after !== "unauthorized")[round % 6];
    const form = FORMS[round % FORMS.length] ?? rest;
    assert.ok(way);
    const revocable = await way.arrange(people, library);
    const client = await people.client(form, revocable.person);
    const ids: string[] = [];
    const create = async (asking: ReturnType<typeof form.createSession>): Promise<void> => {
      const reply = await client.ask(asking);
      if (reply.faultClass === null) ids.push(String(reply.value));
      else assert.ok(["unauthenticated", "not_found"].includes(reply.faultClass), reply.text);
    };
    const calls = items.flatMap((library_item_id) => [
      () => create(form.createSession({ library_item_id })),
      () => create(form.createDownload({ library_item_id })),
    ]);
    await race(revocable, calls, round);
    made += ids.length;
    refused += calls.length - ids.length;
    assert.deepEqual(await people.activeSessions(revocable.person), [], `${way.name}, ${round}`);
  }
  t.diagnostic(`${made} sessions were made first, ${refused} were refused`);
  assert.ok(made > 0 && refused > 0, `${made} made, ${refused} refused`);
});

test("complete comes before the right goes, whole, or not at all", async (t) => {
  let completed = 0;
  for (let round = 0; round < COMPLETING_ROUNDS; round += 1) {
    const way = REVOKING_WAYS[round % REVOKING_WAYS.length];
    const form = FORMS[round % FORMS.length] ?? rest;
    assert.ok(way);
    const { person, revoke } = await way.arrange(people, library);
    const client = await people.client(form, person);
    const item = await makeItem(admin, {}, library);
    const session = await openSession(client, item);
    await push(client, session, "a.txt", "a");
    const completing = client.ask(form.completeSession(session));
    await pass(round * 40);
    await revoke();
    const atOnce = await fileNames(admin, item);
    const { faultClass, text } = await completing;
    assert.ok(faultClass === null || faultClass === way.after, text);
    assert.deepEqual(atOnce, faultClass === null ? ["a.txt"] : []);
    assert.deepEqual(await fileNames(admin, item), atOnce);
    const { state } = await admin.done(api.getSession(session));
    assert.equal(state, faultClass === null ? "DONE" : "CANCELED");
    completed += faultClass === null ? 1 : 0;
  }
  t.diagnostic(`${completed} of ${COMPLETING_ROUNDS} completes came first`);
});

/** That logins may have to wait is not published on /rest, so that only JSON-RPC is asked as everywhere. */
async function logInBy(form: Form, Authorization: string): Promise<Reply> {
  const { method, path, rpc } = form.login();
  if (rpc !== undefined) return await ask(form, server.url, form.login(), { Authorization });
  const url = server.url + path;
  return readReply(form, await exchange({ method, url, headers: { Authorization } }));
}

test("no login that is made while its account or token goes is good for anything", async (t) => {
  let made = 0;
  let refused = 0;
  const ways = REVOKING_WAYS.filter(({ after }) => after === "unauthenticated");
  for (let round = 0; round < LOGIN_ROUNDS; round += 1) {
    const way = ways[round % ways.length];
    assert.ok(way);
    const revocable = await way.arrange(people, library);
    const Authorization = basic(revocable.person.name, revocable.person.secret);
    const clients: Client[] = [];
    const logIn = async (form: Form): Promise<void> => {
      const reply = await logInBy(form, Authorization);
      if (reply.faultClass === null)
        clients.push(new Client(form, server.url, String(reply.value)));
      // Those that are refused make the others wait that are.
      else assert.match(reply.faultClass, /^(?:unauthenticated|service_unavailable)$/, reply.text);
    };
    const calls = [...FORMS, ...FORMS].map((form) => () => logIn(form));
    await race(revocable, calls, round);
    made += clients.length;
    refused += calls.length - clients.length;
    for (const client of clients)
      await client.refused(client.form.listLibraries(), "unauthenticated");
  }
  t.diagnostic(`${made} logins were made first, ${refused} were refused`);
  assert.ok(made > 0 && refused > 0, `${made} made, ${refused} refused`);
});

test(
  "two who take each other's rights away do not wait for each other",
  { timeout: MUTUAL_MS_MAX },
  async () => {
    for (let round = 0; round < MUTUAL_ROUNDS; round += 1) {
      const [one, two] = [await people.pipeline(), await people.pipeline()];
      for (const { id } of [one, two]) await people.grant({ user: id }, "ADMINISTRATOR");
      const [first, second] = [await people.client(api, one), await people.client(api, two)];
      const ends = await Promise.all([
        first.ask(ACCESS.updateUser(two.id, { disabled: true })),
        second.ask(ACCESS.updateUser(one.id, { disabled: true })),
      ]);
      assert.ok(
        ends.some(({ faultClass }) => faultClass === null),
        ends.map(({ text }) => text).join("\n"),
      );
    }
  },
);
