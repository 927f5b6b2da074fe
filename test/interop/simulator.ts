import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { clientEnvironment } from "./program-environment.ts";
import type { SimulatorProgram } from "./simulator-environment.ts";

/** A vCenter simulator that runs, empty but for its inventory. */
export interface Simulator {
  readonly url: string;
  /** Id of the datastore in which libraries can be made. */
  readonly datastoreId: string;
}

/** The only account of the simulator. */
export const simulatorCredentials = { userName: "user", password: "geheim" } as const;

/** How long it may take to be ready on a busy machine, in milliseconds. */
const READY_TIMEOUT_MS = 60_000;
/** How long it may take to remove its files, in milliseconds. */
const STOP_TIMEOUT_MS = 10_000;

/** Starts one on a free port; test hooks stop it. */
export async function startSimulator(
  t: TestContext,
  { program }: SimulatorProgram,
): Promise<Simulator> {
  const { userName, password } = simulatorCredentials;
  const child = spawn(program, ["-user", userName, "-password", password], {
    env: clientEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.kill("SIGTERM");
    await ended;
    clearTimeout(timer);
  });
  for await (const line of createInterface({
    input: child.stdout,
    signal: AbortSignal.timeout(READY_TIMEOUT_MS),
  })) {
    const [, url, datastoreId] = /^listening on (\S+) with (\S+)$/.exec(line) ?? [];
    if (url !== undefined && datastoreId !== undefined) return { url, datastoreId };
  }
  throw new Error("The simulator did not become ready.");
}
