import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PinoJournal } from "@contentlib/server/adapters/journal/pino-journal";
import { ask, basic, type Client, PASSWORD } from "./client.ts";
import { addPush, downloadUrl, makeItem, openSession, read, send } from "./content.ts";
import { api, type Asking, FORMS, rest } from "./forms.ts";
import { get, none } from "./http-asking.ts";
import { exchange } from "./http-exchange.ts";
import { ACCESS, People } from "./people.ts";
import { type ServerUnderTest, serverUnderTest } from "./server-under-test.ts";
import { SUBSCRIBING } from "./subscribing-forms.ts";

/** The part of a transfer URL that is the permission. */
const secretOf = (url: string): string => new URL(url).pathname.split("/").at(-2) ?? "";

/** What subscribers log in with here, what this server logs in with elsewhere, and what they are changed to. */
const LIBRARY_PASSWORDS = ["for-subscribers-1", "at-the-publisher-1", "changed-to-1", "guessed-1"];

/** Gives passwords to libraries of both kinds, changes them, is wrong about them, and answers what was shown meanwhile. */
async function tellPasswords(client: Client): Promise<string> {
  const { form } = client;
  const spell = SUBSCRIBING[form.name];
  const [ours, theirs, changed, guessed] = LIBRARY_PASSWORDS;
  const basic = { authentication_method: "BASIC", password: ours };
  const local = await client.done(
    form.createLibrary({ name: "published", publish_info: { ...basic, published: true } }),
  );
  const source = {
    ...basic,
    password: theirs,
    automatic_sync_enabled: false,
    on_demand: true,
    subscription_url: "https://publisher.example/lib.json",
  };
  const subscribed = await client.done(
    spell.createSubscribed({ name: "subscribed", subscription_info: source }),
  );
  const withLogin = { ...source, subscription_url: `https://vcsp:${guessed}@publisher.example/` };
  const told = [
    await client.ask(
      form.updateLocalLibrary(local, {
        publish_info: { password: changed, current_password: guessed },
      }),
    ),
    await client.ask(
      form.updateLocalLibrary(local, {
        publish_info: { password: changed, current_password: ours },
      }),
    ),
    await client.ask(
      spell.updateSubscribed(subscribed, { subscription_info: { password: changed } }),
    ),
    await client.ask(spell.updateSubscribed(subscribed, { subscription_info: withLogin })),
    await client.ask(spell.probe(withLogin)),
    await client.ask(form.getLibrary(local)),
    await client.ask(form.getLibrary(subscribed)),
  ];
  assert.deepEqual(
    told.map(({ faultClass }) => faultClass),
    ["invalid_argument", null, null, "invalid_argument", null, null, null],
  );
  return told.map(({ text }) => text).join("\n");
}

/** Passwords of people, at first and later. */
const OWN_PASSWORDS = ["the first of my passwords", "the second of my passwords"];

/** What was shown of accounts and tokens, and what must not have been. */
interface Told {
  readonly shown: readonly string[];
  readonly secrets: readonly string[];
}

/** Makes people and tokens, is wrong and right about them on every wire, and takes them away again. */
async function tellAccess(server: ServerUnderTest): Promise<Told> {
  const { admin } = await People.on(server);
  const [password = "", changed = ""] = OWN_PASSWORDS;
  const user = await admin.done(ACCESS.createUser({ name: "ben", password }));
  const { token, token_id } = await admin.done(ACCESS.createToken({ user, name: "nightly" }));
  const secrets = [...OWN_PASSWORDS, token];
  const shown: string[] = [];
  const tell = async (client: Client, asking: Asking<unknown>): Promise<void> =>
    void shown.push((await client.ask(asking)).text);
  for (const form of FORMS) {
    for (const secret of [password, token]) {
      const client = await server.client(form, basic("ben", secret));
      secrets.push(client.loginId);
      await tell(client, form.getLogin());
      await tell(client, form.getLibrary("x"));
      await tell(client, form.createLibrary({ name: "mine" }));
      for (const name of ["administrator", "nobody", "no name"])
        await ask(form, server.url, form.login(), { Authorization: basic(name, secret) });
    }
  }
  const ben = await server.client(api, basic("ben", token));
  await tell(ben, ACCESS.whoami("library.list"));
  for (const client of [admin, ben]) {
    for (const wish of [
      { name: "ben", password },
      { name: "no name", password },
    ])
      await tell(client, ACCESS.createUser(wish));
    await tell(client, ACCESS.updateUser("ben", { password: changed }));
    await tell(client, ACCESS.updateUser("ben", { password: "" }));
    await tell(client, ACCESS.getUser("ben"));
    await tell(client, ACCESS.listTokens(user));
    await tell(client, ACCESS.listGrants());
    await tell(client, ACCESS.createToken({ user: "ben", name: "nightly" }));
  }
  await tell(admin, ACCESS.deleteToken(token_id));
  await tell(admin, ACCESS.updateUser("ben", { disabled: true }));
  return { shown, secrets };
}

const SECRETS = "/api/contentlib/secrets";
/** What this server logs in with where it fetches files, at first, later and wrongly. */
const SOURCE_PASSWORDS = ["at the depot at first", "at the depot later", "with a\nnew line"];

/** Sets, changes, lists, uses and forgets secrets of sources, rightly and wrongly. */
async function tellSourceSecrets(server: ServerUnderTest): Promise<Told> {
  const { admin } = await People.on(server);
  const shown: string[] = [];
  const tell = async (asking: Asking<unknown>): Promise<void> =>
    void shown.push((await admin.ask(asking)).text);
  const spec = { name: "depot", origin: "http://127.0.0.1:9", user_name: "ci" };
  for (const password of SOURCE_PASSWORDS) await tell(none("POST", SECRETS, { ...spec, password }));
  const [password] = SOURCE_PASSWORDS;
  await tell(none("POST", SECRETS, { ...spec, name: "no name", password }));
  await tell(none("POST", SECRETS, { ...spec, origin: "nowhere", password }));
  await tell(none("POST", SECRETS, { ...spec, colour: password, password }));
  await tell(get(SECRETS));
  const query = (path: string) => new URLSearchParams({ uri: path, secret: "depot" }).toString();
  for (const uri of ["http://127.0.0.1:9/a", "https://elsewhere.example/"])
    await tell(get(`/api/contentlib/probe?${query(uri)}`));
  await tell(none("DELETE", `${SECRETS}/depot`));
  await tell(none("DELETE", `${SECRETS}/depot`));
  await tell(get("/api/contentlib/audit"));
  return { shown, secrets: SOURCE_PASSWORDS };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("secrets", () => {
  test("of people, tokens and sources are in no answer, in no line of the log and in no file", async () => {
    const lines: string[] = [];
    const journal = new PinoJournal("debug", { write: (line: string) => lines.push(line) });
    const server = await serverUnderTest({ journal });
    const told = [await tellSourceSecrets(server), await tellAccess(server)];
    const shown = told.flatMap((each) => each.shown);
    const secrets = told.flatMap((each) => each.secrets);
    await server.stop();
    const places = { "the answers": shown.join("\n"), "the log": lines.join("") };
    for (const [where, text] of Object.entries(places)) {
      assert.ok(text.length > 1000, where);
      assert.doesNotMatch(text, /argon2/, where);
      for (const secret of secrets)
        for (const form of [secret, encodeURIComponent(secret), sha256(secret)])
          assert.ok(!text.includes(form), `${where}: ${secret}`);
    }
    for (const file of filesBelow(server.directory)) {
      const content = readFileSync(file);
      for (const secret of secrets) assert.ok(!content.includes(secret), `${file}: ${secret}`);
    }
  });

  for (const form of FORMS) {
    test(`no answer shows the password of a library, ${form.name} [C44]`, async () => {
      const server = await serverUnderTest();
      const shown = await tellPasswords(await server.client(form));
      for (const secret of LIBRARY_PASSWORDS) assert.ok(!shown.includes(secret), shown);
      assert.doesNotMatch(shown, /argon2|"password/);
    });
  }

  test("the data directory holds no login id, password or upload secret, and its keys are for the owner only", async () => {
    const server = await serverUnderTest();
    const client = await server.client(rest);
    const upload = await addPush(client, await openSession(client), "a.txt");
    await tellPasswords(client);
    await server.stop();
    const files = filesBelow(server.directory);
    assert.ok(
      files.some((file) => file.endsWith(".key")),
      files.join(),
    );
    for (const file of files) {
      const content = readFileSync(file);
      for (const secret of [client.loginId, PASSWORD, secretOf(upload), ...LIBRARY_PASSWORDS])
        assert.ok(!content.includes(secret), file);
      if (/\.key$|profiles/.test(file)) assert.equal(statSync(file).mode & 0o777, 0o600, file);
    }
  });

  test("the log holds none either, names the request on every line, and shows transfers without their secret [C127]", async () => {
    const lines: string[] = [];
    const journal = new PinoJournal("debug", { write: (line: string) => lines.push(line) });
    const server = await serverUnderTest({ journal });
    const client = await server.client(rest);
    const item = await makeItem(client, { "a.txt": "a" });
    const upload = await addPush(client, await openSession(client, item), "a.txt", { size: 1 });
    await send(upload, "too long");
    await send(upload, "x");
    const download = await downloadUrl(client, item, "a.txt");
    await read(download);
    await exchange({ method: "GET", url: `${server.url}/cls/data/forged-secret/a.txt` });
    await tellPasswords(client);
    const { headers } = await exchange({ method: "GET", url: server.url + rest.getItem("x").path });
    await server.stop();
    const log = lines.join("");
    const secrets = [
      client.loginId,
      PASSWORD,
      secretOf(upload),
      secretOf(download),
      "forged-secret",
      ...LIBRARY_PASSWORDS,
    ];
    for (const secret of secrets)
      assert.ok(
        !log.includes(secret),
        log.slice(Math.max(0, log.indexOf(secret) - 300)).slice(0, 400),
      );
    assert.ok(log.includes(String(headers["x-request-id"])), "the reply's id is in the log");
    const answered = lines
      .map((line) => JSON.parse(line) as { event?: string; requestId?: string })
      .filter(({ event }) => event === "request.answered");
    assert.ok(answered.length > 5);
    assert.ok(answered.every(({ requestId }) => requestId !== undefined));
  });
});

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
