import { join } from "node:path";
import { type ServerProcess, startServer } from "./child.ts";

/** What the bare server serves; nothing is needed for uploads. */
export interface BaselineOptions {
  /** Where uploads go. */
  readonly folder: string;
  readonly file?: string;
  /** Holds the body of the fixed answer. */
  readonly answerFile?: string;
}

/** Starts the bare server of `baseline-server.ts`. */
export async function startBaseline(options: BaselineOptions): Promise<ServerProcess> {
  const { folder, file = "", answerFile = "" } = options;
  return await startBare("baseline-server", [folder, file, answerFile]);
}

/** Starts the server of `commit-server.ts`, with its database in the folder. */
export async function startCommitServer(folder: string): Promise<ServerProcess> {
  return await startBare("commit-server", [folder]);
}

async function startBare(name: string, args: readonly string[]): Promise<ServerProcess> {
  const script = join(import.meta.dirname, `${name}.ts`);
  return await startServer([script, ...args], { env: process.env, log: "inherit" });
}
