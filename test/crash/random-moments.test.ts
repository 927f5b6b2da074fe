// The real command, killed by SIGKILL at random moments of pushes of some size. CRASH_SEED repeats a run.
import assert from "node:assert/strict";
import { createHash, randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as after } from "node:timers/promises";
import { ask, BASIC, Client } from "../conformance/client.ts";
import { addPush, contentVersion, makeLibrary } from "../conformance/content.ts";
import { api } from "../conformance/forms.ts";
import { exchange } from "../conformance/http-exchange.ts";
import { checkContent } from "@contentlib/server/app/check-content";
import type { LiveServer } from "../e2e/live-server.ts";
import { startLiveServer } from "../e2e/live-server.ts";
import { noTraces, open } from "./interrupted-push.ts";

const ROUNDS = 15;
const MIB = 1024 * 1024;
const SIZE_MIN_BYTES = MIB;
const SIZE_MAX_BYTES = 64 * MIB;
/** The last of these moments come after the push has ended. */
const LATEST_SHARE = 1.1;
const TIMEOUT_MS = 240_000;

/** Numbers below one that are the same for the same seed. */
function* sharesOf(seed: number): Generator<number, never> {
  let state = seed >>> 0;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const FILE = "disk.img";

/** What the client has sent, and what it was told of it. */
interface Push {
  readonly digest: string;
  isReady: boolean;
  isCompleting: boolean;
  isCompleted: boolean;
  sessionId: string | null;
}

async function push(client: Client, itemId: string, bytes: Uint8Array, told: Push): Promise<void> {
  const { form } = client;
  for (const id of await client.done(form.listSessions(itemId))) {
    const { state } = await client.done(form.getSession(id));
    if (state === "ACTIVE") await client.done(form.failSession(id, "The server died."));
  }
  told.sessionId = await client.done(form.createSession({ library_item_id: itemId }));
  const size = bytes.byteLength;
  const uri = await addPush(client, told.sessionId, FILE, { size });
  const answer = await exchange({ method: "PUT", url: uri, body: bytes });
  assert.equal(answer.status, 200, answer.text);
  told.isReady = true;
  told.isCompleting = true;
  await client.done(form.completeSession(told.sessionId));
  told.isCompleted = true;
}

/** SHA-256 of the item's only file, null when it has none. */
async function contentOf(client: Client, itemId: string): Promise<string | null> {
  const { form } = client;
  const files = await client.done(form.listItemFiles(itemId));
  if (files.length === 0) return null;
  assert.deepEqual(
    files.map(({ name }) => name),
    [FILE],
  );
  const session = await client.done(form.createDownload({ library_item_id: itemId }));
  const { download_endpoint } = await client.done(form.prepare(session, FILE));
  const url = new URL(download_endpoint?.uri ?? "");
  const answer = await exchange({ method: "GET", url: `${client.url}${url.pathname}` });
  assert.equal(answer.status, 200, answer.text);
  await client.done(form.deleteDownload(session));
  return digestOf(answer.bytes);
}

/** Opens the data of the dead server in this process, and looks at all that is there. */
async function judge(
  { directory }: LiveServer,
  loginId: string,
  itemId: string,
  told: Push,
  before: { readonly digest: string | null; readonly version: number },
): Promise<void> {
  const data = join(directory, "data");
  const server = await open(data);
  try {
    await noTraces(data, server);
    const client = new Client(api, server.url, loginId);
    const digest = await contentOf(client, itemId);
    const isNew = digest === told.digest;
    assert.ok(isNew || digest === before.digest, `other content: ${digest}`);
    if (told.isCompleted) assert.ok(isNew, "complete was answered and its content is gone");
    if (!told.isCompleting) assert.ok(!isNew, "content shows before anyone asked for it");
    assert.equal(await contentVersion(client, itemId), before.version + (isNew ? 1 : 0));
    if (told.sessionId !== null) await judgeFile(client, told.sessionId, told, isNew);
    assert.deepEqual(await checkContent(server.storage), []);
    const live = new Set(await server.storage.catalog.housekeeping.listLiveStagedIds());
    for await (const id of server.storage.blobs.listStaged()) assert.ok(live.has(id), id);
  } finally {
    await server.close();
  }
}

async function judgeFile(client: Client, sessionId: string, told: Push, isNew: boolean) {
  const { form } = client;
  const session = await client.done(form.getSession(sessionId));
  assert.equal(session.state, isNew ? "DONE" : "ACTIVE");
  if (isNew || !told.isReady) return;
  assert.equal((await client.done(form.getFile(sessionId, FILE))).status, "READY");
}

test(
  "a server killed at any moment loses nothing acknowledged and shows nothing unfinished [C32]",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const seed = Number(process.env["CRASH_SEED"] ?? randomInt(2 ** 31));
    console.log(`CRASH_SEED=${seed}`);
    const shares = sharesOf(seed);
    const server = await startLiveServer(t);
    const login = await ask(api, server.url, api.login(), { Authorization: BASIC });
    const client = new Client(api, server.url, String(login.value));
    const libraryId = await makeLibrary(client, "images");
    const itemId = await client.done(api.createItem({ library_id: libraryId, name: "pushed" }));
    let msPerByte = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const share = shares.next().value;
      const size = SIZE_MIN_BYTES + Math.floor(share ** 3 * (SIZE_MAX_BYTES - SIZE_MIN_BYTES));
      const bytes = randomBytes(size);
      const before = {
        digest: await contentOf(client, itemId),
        version: await contentVersion(client, itemId),
      };
      const told: Push = {
        digest: digestOf(bytes),
        isReady: false,
        isCompleting: false,
        isCompleted: false,
        sessionId: null,
      };
      const startedAt = Date.now();
      const pushing = push(client, itemId, bytes, told);
      // The first push is left alone: it tells how long one takes.
      if (round === 0) await pushing;
      const shareOfPush = LATEST_SHARE * shares.next().value;
      if (round === 0) msPerByte = (Date.now() - startedAt) / size;
      else await Promise.race([after(shareOfPush * msPerByte * size), pushing.catch(() => 0)]);
      await server.stop("SIGKILL");
      await pushing.catch((error: unknown) => {
        if (error instanceof assert.AssertionError) throw error;
      });
      const moment = `round ${round}, ${size} bytes, CRASH_SEED=${seed}`;
      await judge(server, client.loginId, itemId, told, before).catch((cause: unknown) => {
        throw new Error(moment, { cause });
      });
      await server.restart();
    }
    const last = randomBytes(MIB);
    const told = {
      digest: digestOf(last),
      isReady: false,
      isCompleting: false,
      isCompleted: false,
    };
    await push(client, itemId, last, { ...told, sessionId: null });
    assert.equal(await contentOf(client, itemId), told.digest);
  },
);
