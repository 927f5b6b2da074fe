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
  const script = join(import.meta.dirname, "baseline-server.ts");
  return await startServer([script, folder, file, answerFile], {
    env: process.env,
    log: "inherit",
  });
}
