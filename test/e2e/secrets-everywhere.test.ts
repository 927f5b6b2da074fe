// A whole day of a server in one test: every secret that there is, given rightly and wrongly, and then looked for in all that it said and kept.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { startTlsServer, type TlsAsk, type TlsServer, type TlsTold } from "./tls-server.ts";

const ADMIN = "the password of the administrator";
const FIRST = "the first password of ben";
const SECOND = "the second password of ben";
const GUESSED = "a password that somebody guessed";
const MISPLACED = "a password typed as a name";
const FOR_SUBSCRIBERS = "what subscribers log in with";
const AT_PUBLISHER = "what we log in with elsewhere";
const AT_DEPOT = "what we fetch with elsewhere";
const IN_QUERY = "a-secret-in-a-query";
const IN_PATH = "a-secret-in-a-path";
const GUESSED_TOKEN = "5ec2e7".padEnd(64, "0");

const basic = (user: string, secret: string): string =>
  `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Everything that was shown, by where; and everything that must not have been. */
class Notes {
  readonly shown = new Map<string, string[]>();
  readonly secrets = new Map<string, string>();

  show(where: string, text: string): void {
    const texts = this.shown.get(where) ?? [];
    texts.push(text);
    this.shown.set(where, texts);
  }

  secret(what: string, text: string): void {
    assert.ok(text.length >= 16, `${what} is long enough to be looked for: ${text}`);
    this.secrets.set(what, text);
  }
}

/** Sends requests to a server and notes all that comes back, heads included. */
class Talk {
  readonly #server: TlsServer;
  readonly notes = new Notes();

  constructor(server: TlsServer) {
    this.#server = server;
  }

  async ask(path: string, wish: TlsAsk = {}): Promise<TlsTold> {
    const url = path.startsWith("http") ? path : this.#server.url + path;
    const told = await this.#server.ask(url, wish);
    this.notes.show("answers", `${JSON.stringify(told.headers)}\n${told.text}`);
    return told;
  }

  /** The same where the answer is the one place that shows a secret, so that it is not noted. */
  async askForSecret(path: string, wish: TlsAsk): Promise<unknown> {
    const { status, text } = await this.#server.ask(this.#server.url + path, wish);
    assert.ok(status < 300, text);
    return JSON.parse(text);
  }

  async logIn(what: string, authorization: string): Promise<string> {
    const headers = { Authorization: authorization };
    const id = String(await this.askForSecret("/api/session", { method: "POST", headers }));
    this.notes.secret(what, id);
    return id;
  }
}

const json = (loginId: string, body: object, method = "POST"): TlsAsk => ({
  method,
  headers: { "vmware-api-session-id": loginId, "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

/** Logs in rightly and wrongly, in every way and with secrets where none belong. */
async function guess(talk: Talk): Promise<void> {
  const post = (path: string, headers: Readonly<Record<string, string>>, body?: string) =>
    talk.ask(path, { method: "POST", headers, ...(body === undefined ? {} : { body }) });
  for (const path of ["/api/session", "/rest/com/vmware/cis/session"]) {
    await post(path, { Authorization: basic("administrator", GUESSED) });
    await post(path, { Authorization: basic(MISPLACED, "x") });
    await post(path, { Authorization: `Bearer ${GUESSED_TOKEN}` });
    await post(path, { Authorization: `Digest ${GUESSED}` });
    await post(`${path}?password=${IN_QUERY}`, { Authorization: basic("administrator", GUESSED) });
  }
  const security = "com.vmware.vapi.std.security.user_pass";
  for (const [userName, password] of [
    ["administrator", GUESSED],
    [MISPLACED, GUESSED],
  ]) {
    const securityCtx = { schemeId: security, userName, password };
    const ctx = { appCtx: { opId: "x" }, securityCtx };
    const input = { STRUCTURE: { "operation-input": {} } };
    const call = { serviceId: "com.vmware.cis.session", operationId: "create", input, ctx };
    const body = JSON.stringify({ jsonrpc: "2.0", method: "invoke", id: "1", params: call });
    await post("/api", { "Content-Type": "application/json" }, body);
    await post("/api", { "Content-Type": "application/json" }, `${body}}`);
  }
  await talk.ask(`/api/content/library?vmware-api-session-id=${IN_QUERY}`);
  await talk.ask(`/cls/data/${IN_PATH}/a.img`);
  await talk.ask(`/cls/data/${IN_PATH}/a.img`, { method: "PUT", body: "x" });
  await talk.ask("/metrics", { headers: { Authorization: basic("administrator", GUESSED) } });
}

/** Makes people, tokens and libraries with secrets, and is wrong about them. Answers ben's token. */
async function manage(talk: Talk, admin: string): Promise<string> {
  const users = "/api/contentlib/users";
  await talk.ask(users, json(admin, { name: "ben", password: FIRST }));
  await talk.ask(users, json(admin, { name: "ben", password: FIRST }));
  await talk.ask(users, json(admin, { name: "no name", password: FIRST }));
  await talk.ask(users, json(admin, { name: "kim", password: FIRST, color: "red" }));
  const made = (await talk.askForSecret(
    "/api/contentlib/tokens",
    json(admin, { user: "ben", name: "nightly" }),
  )) as { readonly token: string };
  talk.notes.secret("a token", made.token);
  await talk.ask(`${users}/ben`, json(admin, { password: SECOND }, "PATCH"));
  const basicInfo = { authentication_method: "BASIC", published: true, password: FOR_SUBSCRIBERS };
  const local = { name: "images", publish_info: basicInfo };
  const { text } = await talk.ask("/api/content/local-library", json(admin, local));
  const again = { publish_info: { password: AT_PUBLISHER, current_password: GUESSED } };
  await talk.ask(
    `/api/content/local-library/${JSON.parse(text) as string}`,
    json(admin, again, "PATCH"),
  );
  const subscription_info = {
    authentication_method: "BASIC",
    password: AT_PUBLISHER,
    automatic_sync_enabled: false,
    on_demand: true,
    subscription_url: "https://publisher.example/lib.json",
  };
  const followed = { name: "followed", subscription_info };
  await talk.ask("/api/content/subscribed-library", json(admin, followed));
  await setSourceSecrets(talk, admin);
  return made.token;
}

/** Sets what is logged in with where files are fetched, rightly and wrongly, and uses it where nobody listens. */
async function setSourceSecrets(talk: Talk, admin: string): Promise<void> {
  const path = "/api/contentlib/secrets";
  const spec = { name: "depot", origin: "http://127.0.0.1:9", user_name: "ci", password: AT_DEPOT };
  for (const wrong of [{}, { name: "no name" }, { origin: "nowhere" }, { colour: AT_DEPOT }])
    await talk.ask(path, json(admin, { ...spec, ...wrong }));
  const headers = { "vmware-api-session-id": admin };
  await talk.ask(path, { headers });
  await talk.ask("/api/contentlib/probe?uri=http://127.0.0.1:9/a&secret=depot", { headers });
  await talk.ask(`${path}/depot`, { method: "DELETE", headers });
  await talk.ask(path, json(admin, spec));
}

/** Uploads and downloads over addresses that are secrets, and goes on with them after their end. */
async function transfer(talk: Talk, admin: string): Promise<void> {
  const library = (await talk.ask("/api/content/local-library", json(admin, { name: "disks" })))
    .text;
  const idIn = (text: string): string => JSON.parse(text) as string;
  const spec = { library_id: idIn(library), name: "debian" };
  const item = idIn((await talk.ask("/api/content/library/item", json(admin, spec))).text);
  const update = "/api/content/library/item/update-session";
  const session = idIn((await talk.ask(update, json(admin, { library_item_id: item }))).text);
  const file = (await talk.askForSecret(
    `${update}/${session}/file`,
    json(admin, { name: "a.img", source_type: "PUSH", size: 1 }),
  )) as { readonly upload_endpoint: { readonly uri: string } };
  const { uri } = file.upload_endpoint;
  talk.notes.secret("an address for an upload", secretOf(uri));
  for (const body of ["too long", "x"]) await talk.ask(uri, { method: "PUT", body });
  await talk.ask(`${update}/${session}?action=complete`, json(admin, {}));
  await talk.ask(uri, { method: "PUT", body: "x" });
  const download = "/api/content/library/item/download-session";
  const reading = idIn((await talk.ask(download, json(admin, { library_item_id: item }))).text);
  const prepared = (await talk.askForSecret(
    `${download}/${reading}/file?action=prepare`,
    json(admin, { file_name: "a.img" }),
  )) as { readonly download_endpoint: { readonly uri: string } };
  const from = prepared.download_endpoint.uri;
  talk.notes.secret("an address for a download", secretOf(from));
  assert.equal((await talk.ask(from)).text, "x");
  await talk.ask(`${download}/${reading}?action=cancel`, json(admin, {}));
  assert.equal((await talk.ask(from)).status, 404);
}

const secretOf = (url: string): string => new URL(url).pathname.split("/").at(-2) ?? "";

/** A command and its exit status; as the server's own user where no variables are given. */
interface Run {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly code: number;
}

/** Has the command line do its part, and notes what it prints. */
async function useCommands(server: TlsServer, talk: Talk, token: string): Promise<void> {
  const { notes } = talk;
  writeFileSync(join(server.directory, "b.img"), "content");
  const ben = { CONTENTLIB_URL: server.url, CONTENTLIB_USER: "ben" };
  const runs: readonly Run[] = [
    { argv: ["push", "b.img", "disks/debian", "--verbose"], code: 0 },
    { argv: ["push", "b.img", "disks/debian", "--json"], code: 0 },
    { argv: ["pull", "disks/debian", "out", "--verbose"], code: 0 },
    { argv: ["ls", "disks/debian", "--json"], code: 0 },
    { argv: ["session", "ls", "--all", "--json", "--verbose"], code: 0 },
    { argv: ["user", "show", "ben", "--json"], code: 0 },
    { argv: ["whoami", "--verbose"], env: { ...ben, CONTENTLIB_PASSWORD: SECOND }, code: 0 },
    { argv: ["whoami", "--json"], env: { ...ben, CONTENTLIB_PASSWORD: token }, code: 0 },
    { argv: ["whoami", "--verbose"], env: { ...ben, CONTENTLIB_PASSWORD: GUESSED }, code: 5 },
    { argv: ["whoami", "--json"], env: { CONTENTLIB_TOKEN: GUESSED_TOKEN }, code: 5 },
    { argv: ["ls", "nowhere", "--verbose"], env: { CONTENTLIB_TOKEN: token }, code: 3 },
    { argv: ["audit", "--json"], code: 0 },
    { argv: ["audit", "--verbose"], code: 0 },
  ];
  for (const { argv, env, code } of runs) {
    const ended = await server.cli(argv, env);
    assert.equal(ended.code, code, `${argv.join(" ")}: ${ended.out}${ended.err}`);
    notes.show("the command line", `${ended.out}${ended.err}`);
  }
}

/** What stands in files: hashes may, and in these files the secret itself is what they are for. */
const HOLDERS: Readonly<Record<string, RegExp>> = {
  "the key of TLS": /\/tls-key\.pem$/,
  "the token of the server's own user": /\/profiles\.json$/,
};

/** What the server keeps, as a part of a path. */
const KEPT = "/data/";

function holdFiles({ directory }: TlsServer, { secrets }: Notes): void {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  assert.ok(
    files.some((file) => file.includes("catalog")),
    files.join(),
  );
  for (const file of files) {
    if (file.includes(KEPT))
      assert.equal(statSync(file).mode & 0o077, 0, `${file} is for its owner alone`);
    const content = readFileSync(file);
    for (const [what, secret] of secrets)
      if (HOLDERS[what]?.test(file) === true)
        assert.equal(statSync(file).mode & 0o777, 0o600, `${file} holds ${what}`);
      else assert.ok(!content.includes(secret), `${file} holds ${what}`);
  }
}

function holdShown({ shown, secrets }: Notes): void {
  for (const [where, texts] of shown) {
    const text = texts.join("\n");
    assert.ok(text.length > 500, `${where} is little: ${text}`);
    assert.doesNotMatch(text, /argon2|PRIVATE KEY/, where);
    for (const [what, secret] of secrets)
      for (const spelt of [secret, encodeURIComponent(secret), sha256(secret), quoted(secret)]) {
        const at = text.indexOf(spelt);
        assert.ok(at < 0, `${where} show ${what}: ${text.slice(Math.max(0, at - 200), at + 100)}`);
      }
  }
}

/** As part of `Authorization: Basic`, where the name in front is as long as a multiple of three. */
const quoted = (secret: string): string =>
  Buffer.from(`administrator:${secret}`).toString("base64").slice(20);

function noteSecrets({ directory }: TlsServer, notes: Notes): void {
  const said = {
    ADMIN,
    FIRST,
    SECOND,
    GUESSED,
    MISPLACED,
    FOR_SUBSCRIBERS,
    AT_PUBLISHER,
    AT_DEPOT,
  };
  for (const [what, secret] of Object.entries({ ...said, IN_QUERY, IN_PATH, GUESSED_TOKEN }))
    notes.secret(what, secret);
  const key = readFileSync(join(directory, "data", "tls-key.pem"), "utf8");
  notes.secret("the key of TLS", key.split("\n")[1] ?? "");
  const profiles = readFileSync(join(directory, "profiles.json"), "utf8");
  notes.secret("the token of the server's own user", /[0-9a-f]{64}/.exec(profiles)?.[0] ?? "");
}

test(
  "no secret is in an answer, the log, the trail, the figures, a file or on a terminal",
  { timeout: 240_000 },
  async (t: TestContext) => {
    const server = await startTlsServer(t, ADMIN);
    const talk = new Talk(server);
    const { notes } = talk;
    noteSecrets(server, notes);
    const admin = await talk.logIn("the id of a login", basic("administrator", ADMIN));
    const token = await manage(talk, admin);
    await talk.logIn("the id of a login by a token", basic("ben", token));
    await transfer(talk, admin);
    await guess(talk);
    await useCommands(server, talk, token);
    const headers = { "vmware-api-session-id": admin };
    const trail = await talk.ask("/api/contentlib/audit?limit=1000", { headers });
    assert.equal(trail.status, 200, trail.text);
    notes.show("the trail", trail.text);
    const figures = await talk.ask("/metrics", { headers });
    assert.equal(figures.status, 200, figures.text);
    notes.show("the figures", figures.text);
    notes.show("the figures", await (await fetch(server.metricsUrl)).text());
    await server.stop();
    notes.show("the log", server.said());
    holdShown(notes);
    holdFiles(server, notes);
  },
);
