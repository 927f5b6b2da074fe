// Pushes of the SDK over a line that harms one request, whichever it is, in every way that lines and gateways do. Each ends with
// the right bytes or with one clear error, and then the same push just works. FAULT_SEED repeats a run.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import {
  blobSource,
  type Client,
  createClient,
  PushError,
  type PushOptions,
  type System,
  systemOf,
} from "@contentlib/client";
import { fileSource } from "@contentlib/client/node";
import { checkContent } from "@contentlib/server/app/check-content";
import type { LineFault, LineRequest } from "@contentlib/testkit/faults/faulty-line";
import { seededShares } from "./seeded-shares.ts";
import { contentOf, type SmallServer, startSmallServer } from "./small-server.ts";

const TIMEOUT_MS = 240_000;
const SEED = Number(process.env["FAULT_SEED"] ?? 1);
const KIB = 1024;
/** Waits are cut to this part of their length: patience with a line that stands still, and pauses between tries. */
const WAIT_SHARE = 0.01;
/** What a command may take of the wall clock before it counts as lost, in milliseconds. */
const CALL_TIMEOUT_MS = 60_000;

const IMAGE = "image ".repeat(50 * KIB);
const CONTENT = { "a.img": IMAGE, "b.txt": "some text" };
/** What comes before a push: an item of the name in the library `images`, in the state in which the push meets it. */
type Before = (rig: Rig, name: string) => Promise<void>;

/** How a line harms a request, with the seed's say in it. */
const KINDS: Readonly<Record<string, (share: () => number) => LineFault>> = {
  "request lost": () => ({ kind: "request lost" }),
  "answer lost": () => ({ kind: "answer lost" }),
  doubled: () => ({ kind: "doubled" }),
  late: () => ({ kind: "late" }),
  cut: (share) => ({ kind: "cut", afterBytes: bytesOf(share) }),
  truncated: (share) => ({ kind: "truncated", afterBytes: bytesOf(share) }),
  "answer truncated": (share) => ({ kind: "answer truncated", answerBytes: bytesOf(share) }),
  stalled: (share) => ({ kind: "stalled", afterBytes: bytesOf(share) }),
  "answer stalled": () => ({ kind: "answer stalled" }),
  "a gateway without its server": () => ({ kind: "gateway", isPassed: false }),
  "a gateway that lost the answer": () => ({ kind: "gateway", isPassed: true }),
};

/** What loses one request or one answer: each step of these pushes can be repeated, so that a push with it ends well. */
const OVERCOME: ReadonlySet<string> = new Set(["request lost", "answer lost"]);

/** In the head of a request as often as in its body. */
const bytesOf = (share: () => number): number =>
  share() < 0.5 ? Math.floor(share() * 300) : Math.floor(share() * 4 * KIB);

/** A session that an earlier push of the account left open, with the first bytes of the image, or of another one. */
async function leaveSession({ owner }: Rig, itemId: string, firstBytes: string): Promise<void> {
  const { updateSession, updateSessionFile } = owner;
  const update_session_id = await updateSession.create({
    create_spec: { library_item_id: itemId },
  });
  const { upload_endpoint } = await updateSessionFile.add({
    update_session_id,
    file_spec: { name: "a.img", source_type: "PUSH", size: IMAGE.length },
  });
  const sent = await fetch(upload_endpoint?.uri ?? "", {
    method: "PATCH",
    body: firstBytes,
    headers: {
      "tus-resumable": "1.0.0",
      "content-type": "application/offset+octet-stream",
      "upload-offset": "0",
    },
  });
  assert.equal(sent.status, 204);
}

const makeItem = async ({ server, owner }: Rig, name: string): Promise<string> =>
  await owner.item.create({ create_spec: { library_id: server.libraryId, name } });

interface Exchange {
  readonly before: Before;
  readonly options?: Partial<PushOptions>;
  /** The requests that are made in it, in words; each is harmed in every way. */
  readonly steps: readonly string[];
}

const EXCHANGES: Readonly<Record<string, Exchange>> = {
  "a first push": {
    before: async () => await Promise.resolve(),
    options: { message: "The first" },
    steps: [
      "login",
      "library.find",
      "item.find",
      "item.create",
      "session.create",
      "session.get",
      "file.add",
      "PUT",
      "file.get",
      "complete",
      "item.get",
    ],
  },
  "a push that takes over a session": {
    before: async (rig, name) =>
      await leaveSession(rig, await makeItem(rig, name), IMAGE.slice(0, 100 * KIB)),
    steps: [
      "session.list",
      "session.get",
      "keep-alive",
      "file.list",
      "item-file.list",
      "HEAD",
      "PATCH",
      "PUT",
      "file.add",
      "complete",
    ],
  },
  "a push that replaces everything, in a session with bytes of another file": {
    before: async (rig, name) => {
      const itemId = await makeItem(rig, name);
      const files = [{ name: "old.txt", source: blobSource(new Blob(["old"])) }];
      await rig.owner.upload({ itemId, files }).result;
      await leaveSession(rig, itemId, "X".repeat(100 * KIB));
    },
    options: { removeOthers: true },
    steps: ["HEAD", "DELETE", "PUT", "file.remove"],
  },
};

const STEPS: readonly (readonly [RegExp, string])[] = [
  [/^POST \/api\/session$/, "login"],
  [/^POST \S+\/library\?action=find$/, "library.find"],
  [/^POST \S+\/item\?action=find$/, "item.find"],
  [/^POST \S+\/item\?client_token=/, "item.create"],
  [/^POST \S+\/update-session\?client_token=/, "session.create"],
  [/^GET \S+\/update-session\?/, "session.list"],
  [/^POST \S+action=keep-alive$/, "keep-alive"],
  [/^POST \S+action=complete$/, "complete"],
  [/^POST \S+action=fail$/, "fail"],
  [/^POST \S+\/update-session\/[^/]+\/file$/, "file.add"],
  [/^GET \S+\/update-session\/[^/]+\/file$/, "file.list"],
  [/^GET \S+\/update-session\/[^/]+\/file\//, "file.get"],
  [/^DELETE \S+\/update-session\/[^/]+\/file\//, "file.remove"],
  [/^GET \S+\/update-session\/[^/]+$/, "session.get"],
  [/^GET \S+\/item\/[^/]+\/file$/, "item-file.list"],
  [/^GET \S+\/item\/[^/]+$/, "item.get"],
  [/^(?:DELETE|HEAD|PATCH|PUT) \/cls\//, "bytes"],
];

/** What a request is, in words. */
function stepOf({ target }: LineRequest): string {
  const step = STEPS.find(([pattern]) => pattern.test(target))?.[1] ?? target;
  return step === "bytes" ? target.slice(0, target.indexOf(" ")) : step;
}

/** Everything that is the same for all pushes of a test. */
interface Rig {
  readonly server: SmallServer;
  /** What the account that pushes logs in with, and a client that does so over a good line. */
  readonly token: string;
  readonly owner: Client;
  readonly path: string;
  readonly system: System;
}

async function start(t: TestContext): Promise<Rig> {
  const server = await startSmallServer(t);
  const directory = await mkdtemp(join(tmpdir(), "contentlib-steps-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const path = join(directory, "a.img");
  await writeFile(path, IMAGE);
  const { token } = await server.client.token.create({ create_spec: { name: "push" } });
  const plain = systemOf();
  const system = {
    ...plain,
    sleep: async (delayMs: number, signal?: AbortSignal) =>
      await plain.sleep(delayMs * WAIT_SHARE, signal),
  };
  const owner = createClient({ url: server.url, token });
  return { server, token, owner, path, system };
}

/** Pushes once, and answers the id of the item. */
async function push(
  rig: Rig,
  client: Client,
  options: Partial<PushOptions> & { readonly item: string },
): Promise<string> {
  const files = [
    { name: "a.img", source: await fileSource(rig.path) },
    { name: "b.txt", source: blobSource(new Blob([CONTENT["b.txt"]])) },
  ];
  return (await client.push({ library: "images", files, parallel: 1, ...options }).result).itemId;
}

/** What a push may say of a line: the server refused nothing. */
const CLEAR_CODES: ReadonlySet<string> = new Set([
  "connection",
  "session_ended",
  "superseded",
  "timeout",
]);

/** One clear error: a code that is true, and a text for people without a stack or a page of HTML in it. */
function assertClear(error: unknown): void {
  assert.ok(error instanceof PushError, String(error));
  assert.ok(CLEAR_CODES.has(error.code), `${error.code}: ${error.message}`);
  assert.ok(error.message.length > 0 && error.message.length < 400, error.message);
  assert.doesNotMatch(error.message, /<|\n/);
}

/** Pushes over the line; then, if that failed, over a good one; and answers the steps of the push, in order. */
async function pushOver(
  rig: Rig,
  { before, options = {} }: Exchange,
  harm: {
    readonly item: string;
    readonly fault: (request: LineRequest) => LineFault | null;
    /** Whether the push may fail at first, with a clear error. */
    readonly mayFail: boolean;
  },
): Promise<readonly string[]> {
  const { server, token, owner, system } = rig;
  const { item, fault } = harm;
  await before(rig, item);
  const line = await server.line({ fault });
  const client = createClient({ url: line.url, token, system, timeoutMs: CALL_TIMEOUT_MS });
  const all = { ...options, item };
  const itemId = await push(rig, client, all).catch(async (error: unknown) => {
    if (!harm.mayFail) throw error;
    assertClear(error);
    return await push(rig, owner, all);
  });
  assert.deepEqual(await contentOf(server.client, itemId), CONTENT);
  for (const id of await owner.updateSession.list({ library_item_id: itemId })) {
    const { state } = await owner.updateSession.get({ update_session_id: id });
    assert.notEqual(state, "ACTIVE", "a session is left open");
  }
  await line.close();
  return line.requests.map(stepOf);
}

/** A step, and which of its requests it is, from one. */
interface Place {
  readonly step: string;
  readonly turn: number;
}

/** Each request of a push that nothing harms, as a place that a harmed push comes to as well. */
async function rehearse(rig: Rig, exchange: Exchange): Promise<readonly Place[]> {
  const steps = await pushOver(rig, exchange, {
    item: "rehearsal",
    fault: () => null,
    mayFail: false,
  });
  for (const step of exchange.steps)
    assert.ok(steps.includes(step), `no ${step} in ${steps.join()}`);
  const places = steps.map((step, at) => ({
    step,
    turn: steps.slice(0, at + 1).filter((other) => other === step).length,
  }));
  return places.filter((place) => !comesByTheClock(place, exchange));
}

/**
 * Whether the request may be missing when the push is repeated: keep-alives come as the time passes, but for the one by which a
 * session is taken over.
 */
const comesByTheClock = ({ step, turn }: Place, { steps }: Exchange): boolean =>
  step === "keep-alive" && !(turn === 1 && steps.includes(step));

/** Harms the request at the place, and no other. */
function harmAt({ step, turn }: Place, fault: LineFault) {
  let turns = 0;
  return (request: LineRequest): LineFault | null =>
    stepOf(request) === step && (turns += 1) === turn ? fault : null;
}

for (const [what, exchange] of Object.entries(EXCHANGES)) {
  // Most of each is waiting for a line that stands still.
  describe(`${what}, with one request harmed`, { concurrency: 3 }, () => {
    for (const [kind, faultOf] of Object.entries(KINDS)) {
      test(`ends well, or says why not: ${kind}`, { timeout: TIMEOUT_MS }, async (t) => {
        const rig = await start(t);
        const share = seededShares(SEED);
        for (const [at, place] of (await rehearse(rig, exchange)).entries()) {
          const fault = faultOf(share);
          const harm = harmAt(place, fault);
          let harmed = 0;
          const counting = (request: LineRequest): LineFault | null => {
            const harmedBy = harm(request);
            if (harmedBy !== null) harmed += 1;
            return harmedBy;
          };
          const where = `${place.step} ${place.turn}, ${JSON.stringify(fault)}, FAULT_SEED=${SEED}`;
          const harming = {
            item: `item ${at}`,
            fault: counting,
            mayFail: !OVERCOME.has(kind),
          };
          await pushOver(rig, exchange, harming).catch((cause: unknown) => {
            throw new Error(where, { cause });
          });
          assert.equal(harmed, 1, `${where} was not harmed`);
        }
        assert.deepEqual(await checkContent(rig.server.storage), []);
      });
    }
  });
}
