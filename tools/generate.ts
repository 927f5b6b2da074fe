// Writes every file that is made from the contract; tests compare them with what the contract gives.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedFiles } from "@contentlib/contract/derive/generate";
import { root, runTool } from "./command.ts";
import { generateClient } from "./generate-client.ts";

const present = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

const files = [...generatedFiles(), ...generateClient()];
const changed = files.filter(({ path, text }) => present(join(root, path)) !== text);
for (const { path, text } of changed) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`${path}\n`);
}
const code = changed.map(({ path }) => path).filter((path) => path.endsWith(".ts"));
if (code.length > 0) {
  const { passed, output } = runTool("oxfmt/bin/oxfmt", code);
  if (!passed) throw new Error(`the generated code can not be formatted: ${output}`);
}
process.stdout.write(`${changed.length} of ${files.length} generated files written\n`);
