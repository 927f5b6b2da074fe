import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs `body` with a directory of its own, which is removed afterwards. */
export const withScratchDirectory = async <Result>(
  body: (directory: string) => Promise<Result>,
): Promise<Result> => {
  const scratch = await scratchDirectory();
  try {
    return await body(scratch.path);
  } finally {
    await scratch.remove();
  }
};

/** A fresh directory, and how to remove it. */
export const scratchDirectory = async (): Promise<{
  readonly path: string;
  remove(): Promise<void>;
}> => {
  const path = await mkdtemp(join(tmpdir(), "contentlib-test-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};
