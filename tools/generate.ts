// Writes every file that is made from the contract; tests compare them with what the contract gives.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, runTool } from "./command.ts";
import { generateIndexes } from "./generate-indexes.ts";

interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const present = (path: string): string | undefined => {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
};

const formatted = (files: readonly GeneratedFile[]): void => {
  const paths = files.map(({ path }) => path).filter((path) => /\.(?:ts|md)$/.test(path));
  if (paths.length === 0) return;
  const { passed, output } = runTool("oxfmt/bin/oxfmt", paths);
  if (!passed) throw new Error(`the generated code can not be formatted: ${output}`);
};

/** Writes the files and formats the code among them; returns those whose content is now another one. */
const write = (files: readonly GeneratedFile[]): readonly string[] => {
  const before = new Map(files.map(({ path }) => [path, present(path)]));
  // What is formatted afterwards differs from its raw text even when it says the same.
  const changed = files.filter(({ path, text }) => before.get(path) !== text);
  for (const { path, text } of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  formatted(changed);
  return changed.map(({ path }) => path).filter((path) => present(path) !== before.get(path));
};

const indexes = await generateIndexes();
const written = [...write(indexes)];
// The contract is only whole once its lists are written.
const { generatedFiles } = await import("@contentlib/contract/derive/generate");
const { methodNameFile } = await import("@contentlib/contract/derive/method-names");
const { safeOperationsFile } = await import("@contentlib/contract/derive/safe-operations");
const { rightsFiles } = await import("@contentlib/contract/derive/rights");
const { generateClient } = await import("./generate-client.ts");
const { conformanceDocument } = await import("./conformance.ts");
const files = [
  ...generatedFiles(),
  methodNameFile(),
  safeOperationsFile(),
  ...rightsFiles(),
  ...generateClient(),
  conformanceDocument(),
];
written.push(...write(files));
for (const path of written) process.stdout.write(`${path}\n`);
process.stdout.write(
  `${written.length} of ${indexes.length + files.length} generated files written\n`,
);
