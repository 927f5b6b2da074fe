// A server that dies by its own hand at every step of a push, one after the other: just before and just after it writes,
// syncs, renames, commits or answers. After each death a server on the same data must show all that was acknowledged,
// nothing that was not finished, and a push that works.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { HTTP_FORMS } from "../conformance/forms.ts";
import type { Form } from "../conformance/forms.ts";
import {
  judge,
  noTraces,
  open,
  prepare,
  type Prepared,
  PUBLIC_URL,
  pushAll,
  recoverPush,
  toldNothing,
} from "./interrupted-push.ts";

type Engine = "main" | "worker";

const ENTRY = join(import.meta.dirname, "crashing-server.ts");
/** Deaths at once: most of each is the start of a process. */
const LANES = 3;
/** A push has fewer points than this, or the loop would take too long. */
const POINTS_MAX = 160;
const TIMEOUT_MS = 240_000;

let folder = "";
const running = new Set<CrashingServer>();
const prepared = new Map<Form, Prepared>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "contentlib-crash-"));
  for (const form of HTTP_FORMS) prepared.set(form, await prepare(join(folder, form.name), form));
});
after(async () => {
  for (const { child } of running) child.kill("SIGKILL");
  // A process that dies may still be writing.
  await Promise.all([...running].map(({ died }) => died));
  await rm(folder, { recursive: true });
});

/** A server in a process of its own that dies at the point. */
class CrashingServer {
  readonly child: ChildProcess;
  readonly died: Promise<unknown>;
  /** Where it died. */
  label = "";

  constructor(directory: string, point: number, engine: Engine) {
    this.child = fork(ENTRY, [directory, String(point), engine, PUBLIC_URL], {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      env: { NODE_COMPILE_CACHE: join(folder, "compile-cache") },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    running.add(this);
    this.child.stderr?.on("data", (text: Buffer) => (this.label += text.toString()));
    this.died = once(this.child, "close").finally(() => running.delete(this));
  }

  async ready(): Promise<string> {
    const url = await this.#heard();
    await this.points("arm");
    return String(url);
  }

  async points(ask: "arm" | "points"): Promise<readonly string[]> {
    const answer = this.#heard();
    this.child.send(ask);
    return (await answer) as readonly string[];
  }

  async #heard(): Promise<unknown> {
    const gone = this.died.then(() => assert.fail(`the server is gone: ${this.label}`));
    const [message] = (await Promise.race([once(this.child, "message"), gone])) as unknown[];
    return message;
  }
}

const directoryFor = async (form: Form, engine: Engine, point: number): Promise<string> => {
  const directory = join(folder, `${form.name}-${engine}-${point}`);
  await cp(join(folder, form.name), directory, { recursive: true });
  return directory;
};

/** One push to a server that dies at the point, and all that must be true afterwards. */
async function dieAt(form: Form, engine: Engine, point: number): Promise<string> {
  const directory = await directoryFor(form, engine, point);
  const before = prepared.get(form);
  assert.ok(before);
  const dying = new CrashingServer(directory, point, engine);
  const told = toldNothing();
  const url = await dying.ready();
  await pushAll(form, url, before.itemId, told).catch((error: unknown) => {
    if (!isConnectionError(error)) throw error;
  });
  await dying.died;
  assert.equal(dying.child.signalCode, "SIGKILL", dying.label);
  const server = await open(directory);
  try {
    await noTraces(directory, server);
    await judge(form, server, before, told);
    await recoverPush(form, server, before, told, point % 4 < 2 ? "go on" : "begin again");
  } catch (error) {
    throw new Error(`died ${dying.label.trim()} (point ${point}, ${form.name})`, { cause: error });
  } finally {
    await server.close();
    await rm(directory, { recursive: true });
  }
  return dying.label.trim();
}

const isConnectionError = (error: unknown): boolean =>
  error instanceof Error && "code" in error && /^E(?:CONN|PIPE)/.test(String(error.code));

/** The points of a push that nothing interrupts. */
async function rehearse(form: Form, engine: Engine): Promise<readonly string[]> {
  const before = prepared.get(form);
  assert.ok(before);
  const server = new CrashingServer(await directoryFor(form, engine, 0), 0, engine);
  await pushAll(form, await server.ready(), before.itemId, toldNothing());
  const points = await server.points("points");
  server.child.kill("SIGKILL");
  await server.died;
  return points;
}

/** Dies at each of the points, some at once, and answers where that was. */
async function dieAtEach(points: readonly number[], engine: Engine): Promise<readonly string[]> {
  const waiting = points.values();
  const labels: string[] = [];
  const lane = async (): Promise<void> => {
    for (const point of waiting) {
      const form = HTTP_FORMS[point % HTTP_FORMS.length];
      assert.ok(form);
      labels.push(await dieAt(form, engine, point));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return labels;
}

describe("a server that is killed at a step of a push", () => {
  test(
    "loses nothing acknowledged, shows nothing unfinished and leaves no rubbish, at every step",
    { timeout: TIMEOUT_MS },
    async () => {
      const [form] = HTTP_FORMS;
      assert.ok(form);
      const points = await rehearse(form, "main");
      assert.ok(points.length < POINTS_MAX, `${points.length} points`);
      const labels = await dieAtEach(
        points.map((_label, index) => index + 1),
        "main",
      );
      assert.deepEqual(new Set(labels), new Set(points));
      for (const step of ["write", "datasync", "rename", "sync of the folder", "commit", "pin"]) {
        assert.ok(
          labels.some((label) => label.startsWith(`before ${step}`)),
          step,
        );
      }
      assert.ok(labels.includes("before the answer of an upload"));
      assert.ok(labels.includes("after the answer"));
    },
  );

  test("and where a thread writes the bytes", { timeout: TIMEOUT_MS }, async () => {
    const [form] = HTTP_FORMS;
    assert.ok(form);
    const points = await rehearse(form, "worker");
    const wanted = points.flatMap((label, index) =>
      /thread|datasync|create|upload/.test(label) ? [index + 1] : [],
    );
    const labels = await dieAtEach(wanted, "worker");
    assert.ok(labels.includes("after write by the thread"));
  });
});
