// Pushes of the command line that break at points all over them: the client is killed, the server is killed, the line is cut,
// and the same line is run again, at once or when the session has expired. RESUME_SEED repeats a run.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { fileDigest } from "@contentlib/client/node";
import {
  assertWhole,
  type BrokenPushesRig,
  FILE_BYTES,
  letExpire,
  sentTwice,
  startBrokenPushesRig,
} from "./broken-pushes-rig.ts";
import type { StopPoint } from "./held-line.ts";
import type { CommandEnd, RunningCommand } from "./live-server.ts";
import { seededShares } from "./seeded-shares.ts";

const TIMEOUT_MS = 300_000;
const SEED = Number(process.env["RESUME_SEED"] ?? 1);
/** How many of the points are among the bytes, each where the seed says. */
const BYTE_POINTS = 10;
/** The most that one break may cost: what the server has not made safe yet, one step of its disk and what it writes meanwhile. */
const SENT_TWICE_BYTES_MAX = 32 * 1024 * 1024;
/** A push is begun again at most so often before its next point. */
const RUNS_MAX = 3;

type What = "the client is killed" | "the server is killed" | "the line is cut";
type When = "at once" | "after its session has expired";

const IMAGE = /^(?:PUT|PATCH) \/cls\/\S+\/a\.img$/;
const CREATE = /^POST \S+\/update-session\?client_token=/;
const ADD = /^POST \S+\/update-session\/[^/]+\/file$/;
const LOOK = /^GET \S+\/update-session\/\S+\/file\/a\.img$/;
const COMPLETE = /^POST \S+\?action=complete$/;
const LOGOUT = /^DELETE \/api\/session$/;

/** The points of one push, from its first change to its end, in their order. */
function pointsOf(seed: number): readonly StopPoint[] {
  const share = seededShares(seed);
  const offsets = Array.from({ length: BYTE_POINTS }, () => Math.floor(share() * FILE_BYTES));
  const sent = [...offsets.toSorted((one, other) => one - other), FILE_BYTES - 1, FILE_BYTES];
  return [
    { when: "asked", target: CREATE },
    { when: "answered", target: CREATE },
    { when: "asked", target: ADD },
    { when: "answered", target: ADD },
    ...sent.map((bytes) => ({ when: "sent", target: IMAGE, bytes }) as const),
    { when: "asked", target: LOOK },
    { when: "asked", target: COMPLETE },
    { when: "answered", target: COMPLETE },
  ];
}

/** One push into one item, which breaks again and again. */
class BrokenPush {
  readonly #rig: BrokenPushesRig;
  readonly #what: What;
  readonly #when: When;
  readonly #name: string;
  readonly #itemId: string;
  #running: RunningCommand | null = null;

  private constructor(
    rig: BrokenPushesRig,
    { what, when }: { readonly what: What; readonly when: When },
    { name, itemId }: { readonly name: string; readonly itemId: string },
  ) {
    this.#rig = rig;
    this.#what = what;
    this.#when = when;
    this.#name = name;
    this.#itemId = itemId;
  }

  static async begin(
    rig: BrokenPushesRig,
    how: { readonly what: What; readonly when: When },
    name: string,
  ): Promise<BrokenPush> {
    rig.line.sendings.length = 0;
    return new BrokenPush(rig, how, { name, itemId: await rig.makeItem(name) });
  }

  /** Lets the push run up to the point, looks at the item as somebody else does, and breaks it. */
  async breakAt(point: StopPoint, expected: "new" | "old"): Promise<void> {
    const { line } = this.#rig;
    await this.#reach(point);
    await assertWhole(this.#rig, this.#itemId, expected);
    await this.#break();
    if (this.#when !== "at once") await letExpire(this.#rig, this.#itemId);
    await assertWhole(this.#rig, this.#itemId, expected);
    line.release();
  }

  /** Lets the push come to its end, and fails unless the item is what was pushed, in one version, and little was sent twice. */
  async end(): Promise<void> {
    const { code, err } = await this.#run();
    assert.equal(code, 0, err);
    const { owner, line, server, cli, digests } = this.#rig;
    await assertWhole(this.#rig, this.#itemId, "new");
    const { content_version } = await owner.item.get({ library_item_id: this.#itemId });
    assert.equal(content_version, "3");
    const place = join(server.directory, "pulled", this.#name);
    const pulled = await cli.cli("pull", `images/${this.#name}`, place);
    assert.equal(pulled.code, 0, pulled.err);
    const { signal } = new AbortController();
    for (const [file, digest] of Object.entries(digests))
      assert.equal(await fileDigest(join(place, file), "SHA256", signal), digest, file);
    const twice = sentTwice(line.sendings.filter(({ target }) => IMAGE.test(target)));
    for (const [at, bytes] of twice.entries())
      assert.ok(bytes <= SENT_TWICE_BYTES_MAX, `sending ${at} sent ${bytes} bytes again`);
  }

  /** The same line is run again where the push has ended before it came to the point, as a person would. */
  async #reach(point: StopPoint): Promise<void> {
    const reached = this.#rig.line.stopAt(point).then(() => null);
    for (let runs = 1; runs <= RUNS_MAX; runs += 1) {
      this.#running ??= this.#start();
      const end = await Promise.race([reached, this.#running.ended]);
      if (end === null) return;
      this.#running = null;
      assert.notEqual(end.code, 0, "the push came to its end and never to the point");
      // It says how to go on, and not where in its code it was.
      assert.doesNotMatch(end.err, /^\s+at /m);
    }
    assert.fail("the push does not come to the point");
  }

  /** To its end, by one more run of the line where the present one does not come to it. */
  async #run(): Promise<CommandEnd> {
    const end = await (this.#running ?? this.#start()).ended;
    this.#running = null;
    return end.code === 0 ? end : await this.#start().ended;
  }

  #start(): RunningCommand {
    return this.#rig.cli.start("push", "--verbose", ...this.#rig.paths, `images/${this.#name}`);
  }

  async #break(): Promise<void> {
    const { server, line } = this.#rig;
    if (this.#what === "the server is killed") await server.kill();
    if (this.#what === "the client is killed") {
      this.#running?.child.kill("SIGKILL");
      await this.#running?.ended;
      this.#running = null;
    }
    line.cut();
    if (this.#what === "the server is killed") await server.restart();
  }
}

async function breakAll(t: TestContext, what: What, when: When): Promise<void> {
  const rig = await startBrokenPushesRig(t);
  const points = pointsOf(SEED);
  const push = await BrokenPush.begin(rig, { what, when }, "broken all over");
  for (const [at, point] of points.entries()) {
    const isLast = at === points.length - 1;
    await push.breakAt(point, isLast ? "new" : "old").catch((cause: unknown) => {
      const where = JSON.stringify({ ...point, target: String(point.target) });
      throw new Error(`point ${at}, ${where}`, { cause });
    });
  }
  await push.end();
  const last = await BrokenPush.begin(rig, { what, when }, "broken at its end");
  await last.breakAt({ when: "asked", target: LOGOUT }, "new");
  await last.end();
}

for (const what of ["the client is killed", "the server is killed", "the line is cut"] as const) {
  describe(`a push is gone on with by the same line where ${what}`, () => {
    for (const when of ["at once", "after its session has expired"] as const)
      test(`at twenty points, ${when}`, { timeout: TIMEOUT_MS }, async (t) => {
        await breakAll(t, what, when).catch((cause: unknown) => {
          throw new Error(`RESUME_SEED=${SEED}`, { cause });
        });
      });
  });
}
