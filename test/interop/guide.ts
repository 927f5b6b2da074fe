import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { blocksOf } from "../docs/code-blocks.ts";
import { root } from "../e2e/live-server.ts";

/** The address that the guide uses for a server on the reader's machine. */
export const documentedUrl = "http://127.0.0.1:8697";

/** The runnable example of the guide to clients in this language. */
export async function guideBlock(language: string): Promise<string> {
  const guide = await readFile(join(root, "docs", "guides", "clients.md"), "utf8");
  const block = blocksOf(guide, `${language} runnable`);
  assert.notEqual(block, "", `the guide has no runnable ${language}`);
  return block;
}
