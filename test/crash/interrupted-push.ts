// A push over HTTP, what its client was told of it, and the judgement of a data directory after a crash.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type RunningServer, startServer, type Storage } from "@contentlib/server";
import { checkContent } from "@contentlib/server/app/check-content";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { ask, BASIC, Client, PASSWORD } from "../conformance/client.ts";
import { addPush, contentVersion, makeLibrary, send } from "../conformance/content.ts";
import type { Form } from "../conformance/forms.ts";
import { exchange } from "../conformance/http-exchange.ts";

/** Servers on the same data listen on different ports; what they call themselves stays the same. */
export const PUBLIC_URL = "http://files.example.test:80";

type Content = Readonly<Record<string, Uint8Array>>;

const KEPT = someBytes(40_000, 1);
const OLD: Content = {
  "kept.bin": KEPT,
  "removed.bin": someBytes(3_000, 2),
  "replaced.bin": someBytes(150_000, 3),
};
const SENT: Content = { "new.bin": someBytes(350_000, 4), "replaced.bin": someBytes(1_000, 5) };
const NEW: Content = { "kept.bin": KEPT, ...SENT };
const OLD_VERSION = 2;

const STANDING = someBytes(70_000, 6);

/** What is in a data directory before the push that is interrupted. */
export interface Prepared {
  readonly loginId: string;
  readonly itemId: string;
  /** A session on another item, with one file that is READY and one that waits. */
  readonly standing: { readonly itemId: string; readonly sessionId: string };
  readonly standingFiles: unknown;
}

/** What the client knows for certain, because it was answered. */
export interface Told {
  loginId: string | null;
  sessionId: string | null;
  readonly added: Map<string, string>;
  readonly ready: Set<string>;
  isRemoved: boolean;
  isCompleting: boolean;
  isCompleted: boolean;
}

export const toldNothing = (): Told => ({
  loginId: null,
  sessionId: null,
  added: new Map(),
  ready: new Set(),
  isRemoved: false,
  isCompleting: false,
  isCompleted: false,
});

/** A server in this process, with its storage in the hands of the test. */
export interface Opened extends RunningServer {
  readonly storage: Storage;
}

/** Starts a server on the directory, as after a crash. */
export async function open(directory: string, adminPassword?: string): Promise<Opened> {
  const storages: Storage[] = [];
  const server = await startServer({
    dataDirectory: directory,
    publicUrl: PUBLIC_URL,
    ...(adminPassword === undefined ? {} : { adminPassword }),
    aroundStorage: (storage) => {
      storages.push(storage);
      return storage;
    },
  });
  const [storage] = storages;
  assert.ok(storage);
  return { ...server, storage };
}

/** Fills an empty directory. */
export async function prepare(directory: string, form: Form): Promise<Prepared> {
  const server = await open(directory, PASSWORD);
  const client = new Client(form, server.url, await login(form, server.url));
  const libraryId = await makeLibrary(client, "images");
  const itemId = await client.done(form.createItem({ library_id: libraryId, name: "pushed" }));
  const sessionId = await client.done(form.createSession({ library_item_id: itemId }));
  for (const [name, bytes] of Object.entries(OLD)) await push(client, sessionId, name, bytes);
  await client.done(form.completeSession(sessionId));
  const standing = await prepareStanding(client, libraryId);
  const standingFiles = await client.done(form.listFiles(standing.sessionId));
  await server.close();
  return { loginId: client.loginId, itemId, standing, standingFiles };
}

async function prepareStanding(client: Client, libraryId: string): Promise<Prepared["standing"]> {
  const { form } = client;
  const itemId = await client.done(form.createItem({ library_id: libraryId, name: "standing" }));
  const sessionId = await client.done(form.createSession({ library_item_id: itemId }));
  await push(client, sessionId, "ready.bin", STANDING);
  await addPush(client, sessionId, "waiting.bin", { size: STANDING.byteLength });
  return { itemId, sessionId };
}

async function login(form: Form, url: string): Promise<string> {
  const reply = await ask(form, url, form.login(), { Authorization: BASIC });
  assert.equal(reply.status, form.login().status, reply.text);
  return String(reply.value);
}

/** The address of an endpoint on the server that answers now. */
const at = (client: Client, uri: string): string => uri.replace(PUBLIC_URL, client.url);

async function push(client: Client, session: string, name: string, bytes: Uint8Array) {
  const uri = await addPush(client, session, name, declared(bytes));
  const answer = await send(at(client, uri), bytes);
  assert.equal(answer.status, 200, answer.text);
}

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const declared = (bytes: Uint8Array) => ({
  size: bytes.byteLength,
  checksum_info: { algorithm: "SHA256", checksum: digestOf(bytes) },
});

/** The whole push, from a login to complete; writes down each answer as it comes. Rejects when the server dies. */
export async function pushAll(form: Form, url: string, itemId: string, told: Told): Promise<void> {
  told.loginId = await login(form, url);
  const client = new Client(form, url, told.loginId);
  const sessionId = await client.done(form.createSession({ library_item_id: itemId }));
  told.sessionId = sessionId;
  await finishPush(client, sessionId, told);
}

/** Goes on behind the bytes that the server kept; sends the whole file where it kept none, or all. */
const sendFrom = (uri: string, bytes: Uint8Array, keptBytes: number): ReturnType<typeof send> => {
  const size = bytes.byteLength;
  if (keptBytes === 0 || keptBytes >= size) return send(uri, bytes);
  const range = `bytes ${keptBytes}-${size - 1}/${size}`;
  return send(uri, bytes.subarray(keptBytes), { "Content-Range": range });
};

/** Does what is still to be done in the session, under the endpoints that were told before. */
async function finishPush(client: Client, sessionId: string, told: Told): Promise<void> {
  const { form } = client;
  const present = await client.done(form.listFiles(sessionId));
  const isReady = (name: string) => told.ready.has(name);
  for (const [name, bytes] of Object.entries(SENT)) {
    if (isReady(name)) continue;
    const uri = told.added.get(name) ?? (await addPush(client, sessionId, name, declared(bytes)));
    told.added.set(name, uri);
    const keptBytes = present.find((file) => file.name === name)?.bytes_transferred ?? 0;
    const answer = await sendFrom(at(client, uri), bytes, keptBytes);
    assert.equal(answer.status, 200, answer.text);
    told.ready.add(name);
  }
  if (present.some(({ name }) => name === "removed.bin")) {
    await client.done(form.removeFile(sessionId, "removed.bin"));
    told.isRemoved = true;
  }
  told.isCompleting = true;
  await client.done(form.completeSession(sessionId));
  told.isCompleted = true;
}

/** Holds what a restarted server shows and stores against what the client was told. */
export async function judge(form: Form, server: Opened, prepared: Prepared, told: Told) {
  const client = new Client(form, server.url, told.loginId ?? prepared.loginId);
  await new Client(form, server.url, prepared.loginId).done(form.getLogin());
  await client.done(form.getLogin());
  const isNew = await judgeItem(client, prepared.itemId, told);
  await judgeSession(client, prepared.itemId, told, isNew);
  await judgeStanding(client, prepared);
  await judgeStorage(server);
}

/** All of the old content or all of the new; the new for certain once complete was answered. */
async function judgeItem(client: Client, itemId: string, told: Told): Promise<boolean> {
  const names = (await client.done(client.form.listItemFiles(itemId))).map(({ name }) => name);
  const isNew = names.includes("new.bin");
  if (told.isCompleted) assert.ok(isNew, "complete was answered and its files are gone");
  if (!told.isCompleting) assert.ok(!isNew, "files show before anyone asked for complete");
  await hasContent(client, itemId, isNew ? NEW : OLD);
  assert.equal(await contentVersion(client, itemId), OLD_VERSION + (isNew ? 1 : 0));
  return isNew;
}

/** The item holds these files and no others, byte for byte. */
async function hasContent(client: Client, itemId: string, expected: Content): Promise<void> {
  const { form } = client;
  const files = await client.done(form.listItemFiles(itemId));
  assert.deepEqual(files.map(({ name }) => name).toSorted(), Object.keys(expected).toSorted());
  const session = await client.done(form.createDownload({ library_item_id: itemId }));
  for (const [name, bytes] of Object.entries(expected)) {
    const { download_endpoint } = await client.done(form.prepare(session, name));
    const url = at(client, download_endpoint?.uri ?? "");
    const answer = await exchange({ method: "GET", url });
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.bytes.equals(bytes), `${name} has other bytes`);
  }
  await client.done(form.deleteDownload(session));
}

async function judgeSession(client: Client, itemId: string, told: Told, isNew: boolean) {
  const { form } = client;
  const listed = await client.done(form.listSessions(itemId));
  if (told.sessionId === null) return;
  assert.ok(listed.includes(told.sessionId), "a session that was answered is not listed");
  const session = await client.done(form.getSession(told.sessionId));
  assert.equal(session.state, isNew ? "DONE" : "ACTIVE");
  if (isNew) return;
  const files = new Map(
    (await client.done(form.listFiles(told.sessionId))).map((file) => [file.name, file]),
  );
  for (const [name, uri] of told.added) {
    const file = files.get(name);
    assert.equal(file?.upload_endpoint?.uri, uri, `${name} has another endpoint`);
    if (told.ready.has(name)) assert.equal(file?.status, "READY", name);
    else assert.match(file?.status ?? "", /^(?:WAITING_FOR_TRANSFER|READY)$/, name);
    if (file?.status === "READY") assert.equal(file.size, SENT[name]?.byteLength, name);
    else assert.ok((file?.bytes_transferred ?? -1) <= (SENT[name]?.byteLength ?? 0), name);
  }
  if (told.isRemoved) assert.ok(!files.has("removed.bin"), "the removed file is back");
}

async function judgeStanding(client: Client, { standing, standingFiles }: Prepared) {
  const { form } = client;
  assert.equal((await client.done(form.getSession(standing.sessionId))).state, "ACTIVE");
  assert.deepEqual(await client.done(form.listFiles(standing.sessionId)), standingFiles);
  assert.deepEqual(await client.done(form.listItemFiles(standing.itemId)), []);
}

/** Catalog and store agree, and neither holds anything that nobody owns. */
async function judgeStorage({ storage }: Opened): Promise<void> {
  const { catalog, blobs } = storage;
  assert.deepEqual(await checkContent({ catalog, blobs }), []);
  // What is received may be stored already, but whatever is staged belongs to a session.
  const live = new Set(await catalog.housekeeping.listLiveStagedIds());
  for await (const id of blobs.listStaged())
    assert.ok(live.has(id), `nobody owns the staged ${id}`);
  const stored = (await Array.fromAsync(blobs.list())).map(({ digest }) => digest);
  const references = await Array.fromAsync(catalog.housekeeping.listReferences());
  const wanted = new Set(references.map(({ digest }) => digest));
  // A file that was received may be stored already: complete had begun and did not end.
  for (const digest of stored) {
    const isReceived = Object.values(SENT).some((bytes) => digestOf(bytes) === digest);
    assert.ok(wanted.has(digest) || isReceived, `nothing wants the stored blob ${digest}`);
  }
}

/** Nothing of a transfer that was under way is left in the store but what its client can go on with. */
export async function noTraces(directory: string, { storage }: Opened): Promise<void> {
  const kept = new Set<string>(await storage.catalog.housekeeping.listLiveStagedIds());
  const left = readdirSync(join(directory, "store", "staging", "incoming"));
  assert.deepEqual(
    left.filter((name) => !kept.has(name)),
    [],
  );
}

/** Goes on where the crash was, or begins again as a client does that knows of nothing; both must work. */
export async function recoverPush(
  form: Form,
  server: Opened,
  prepared: Prepared,
  told: Told,
  way: "go on" | "begin again",
): Promise<void> {
  const client = new Client(form, server.url, prepared.loginId);
  const { itemId, standing } = prepared;
  let isGoingOn = false;
  for (const id of await client.done(form.listSessions(itemId))) {
    if ((await client.done(form.getSession(id))).state !== "ACTIVE") continue;
    isGoingOn = way === "go on" && id === told.sessionId;
    if (isGoingOn) await finishPush(client, id, told);
    else await client.done(form.failSession(id, "The server died."));
  }
  if (!isGoingOn) await pushAll(form, server.url, itemId, toldNothing());
  await hasContent(client, itemId, NEW);
  await completeStanding(client, prepared);
  await hasContent(client, standing.itemId, { "ready.bin": STANDING, "waiting.bin": STANDING });
  assert.deepEqual(await checkContent(server.storage), []);
  assert.deepEqual(await Array.fromAsync(server.storage.blobs.listStaged()), []);
}

async function completeStanding(client: Client, { standing }: Prepared): Promise<void> {
  const { form } = client;
  const waiting = await client.done(form.getFile(standing.sessionId, "waiting.bin"));
  const answer = await send(at(client, waiting.upload_endpoint?.uri ?? ""), STANDING);
  assert.equal(answer.status, 200, answer.text);
  await client.done(form.completeSession(standing.sessionId));
}
