import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { password } from "./live-server.ts";

const ENTRY = join(import.meta.dirname, "timed-server.ts");

/** A server in a process of its own, on a disk, whose time is in the hand of the test. */
export interface TimedServer {
  readonly url: string;
  readonly directory: string;
  /** Moves its wall clock and its monotonic one ahead by so much: nobody has done anything meanwhile. */
  advance(byMs: number): Promise<void>;
  /** Ends it by SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data and address, at the same time. */
  restart(): Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  readonly gone: Promise<unknown>;
  readonly url: string;
}

/** Starts one on a free port with empty data; test hooks end it and remove the data. */
export async function startTimedServer(t: TestContext): Promise<TimedServer> {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-timed-"));
  const data = join(directory, "data");
  let aheadMs = 0;
  let running = await bring(directory, [data, "0", "0", password]);
  const kill = async (): Promise<void> => {
    running.child.kill("SIGKILL");
    await running.gone;
  };
  t.after(async () => {
    await kill();
    await rm(directory, { recursive: true });
  });
  const { url } = running;
  return {
    url,
    directory,
    advance: async (byMs) => {
      aheadMs += byMs;
      const moved = heard(running);
      running.child.send(byMs);
      await moved;
    },
    kill,
    restart: async () => {
      const argv = [data, new URL(url).port, String(aheadMs), password];
      running = await bring(directory, argv);
    },
  };
}

async function bring(directory: string, argv: readonly string[]): Promise<Running> {
  const child = fork(ENTRY, argv, {
    // Each restart would else strip and compile all sources again.
    env: { NODE_COMPILE_CACHE: join(directory, "compile-cache") },
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const gone = once(child, "close");
  return { child, gone, url: String(await heard({ child, gone })) };
}

async function heard({ child, gone }: Pick<Running, "child" | "gone">): Promise<unknown> {
  const end = gone.then(() => assert.fail("the server is gone"));
  const [message] = (await Promise.race([once(child, "message"), end])) as unknown[];
  return message;
}
