import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { capture, root } from "../command.ts";

/** One text file of the repository; the path is relative to the root, with forward slashes. */
export interface TreeFile {
  readonly path: string;
  readonly text: string;
}

export type Tree = readonly TreeFile[];

/** A rule of the house: it reads the tree and returns one sentence for each place that breaks it. */
export type Check = (tree: Tree) => readonly string[];

/** The files that git tracks or would add, as they are on disk now; binary files are left out. */
export function readTree(): Tree {
  const listed = capture("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  if (!listed.passed) throw new Error(`tidy reads the tree through git: ${listed.output}`);
  const paths = [...new Set(listed.output.split("\0"))].filter((path) => path !== "");
  return paths
    .filter((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile())
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .filter((file) => !file.text.includes("\0"));
}

export function isCode(file: TreeFile): boolean {
  return /\.(?:ts|mjs)$/.test(file.path);
}

export function isTest(file: TreeFile): boolean {
  return /\.test(?:-d)?\.ts$/.test(file.path) || file.path.startsWith("test/");
}

export function isMarkdown(file: TreeFile): boolean {
  return file.path.endsWith(".md");
}

/** Looks for the pattern, which must be global, line by line, and says where each find is. */
export function findAll(file: TreeFile, pattern: RegExp, say: (found: string) => string): string[] {
  return file.text
    .split("\n")
    .flatMap((line, index) =>
      [...line.matchAll(pattern)].map(
        (match) => `${file.path}, line ${index + 1}: ${say(match[1] ?? match[0])}`,
      ),
    );
}
