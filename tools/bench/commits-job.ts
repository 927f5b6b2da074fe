// Commits with SQLite for some time, with nothing around it.
import { BareCommits } from "./bare-commits.ts";
import { serveJob } from "./child.ts";

export interface CommitsJob {
  readonly folder: string;
  readonly durationMs: number;
}

/** Commits in a second. */
export type CommitsResult = number;

serveJob<CommitsJob>(async ({ folder, durationMs }): Promise<CommitsResult> => {
  using commits = new BareCommits(folder);
  const startedMs = performance.now();
  let made = 0;
  for (; performance.now() < startedMs + durationMs; made += 1) commits.next();
  return await Promise.resolve((made * 1000) / (performance.now() - startedMs));
});
