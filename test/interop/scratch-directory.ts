import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A directory of the test's own; a hook of the test removes it. */
export async function scratchDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-interop-"));
  t.after(async () => await rm(directory, { recursive: true, force: true }));
  return directory;
}
