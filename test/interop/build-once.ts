import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { root } from "../e2e/live-server.ts";
import { takeTurn } from "./build-turn.ts";

/** Why something is not to be had here; the test is then skipped with this reason. */
export interface Unavailable {
  readonly reason: string;
}

const POLL_MS = 200;

/** The folder for what is made once from inputs that this key names, and found there from then on. */
export const builtFolder = (key: string): string =>
  join(root, "node_modules", ".cache", "interop", key);

/**
 * Has the folder filled once, however many processes ask for it at the same time. A step that fails says so by a reason, and
 * the folder is then filled anew by the next who asks.
 */
export async function buildOnce(
  folder: string,
  fill: () => Promise<Unavailable | undefined>,
): Promise<Unavailable | undefined> {
  const ready = join(folder, "ready");
  await mkdir(dirname(folder), { recursive: true });
  while (!existsSync(ready)) {
    // Another test file may be at it in a process of its own.
    const turn = await takeTurn(`${folder}.turn`);
    if (turn === null) {
      await setTimeout(POLL_MS);
      continue;
    }
    try {
      if (existsSync(ready)) return undefined;
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      const failure = await fill();
      if (failure !== undefined) return failure;
      await writeFile(ready, "");
    } finally {
      await turn.end();
    }
  }
  return undefined;
}
