// Makes what is published: node tools/run.mjs tools/build.ts. Each public package gets a folder under dist, with compiled
// code, its declarations, and a manifest that names those instead of the sources.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, runTool } from "./command.ts";
import { publicPackages, publishedManifest } from "./published-manifest.ts";

const dist = join(root, "dist");
/** What the page of the descriptions shows them with; a clone has it as a development dependency of the server. */
const viewer = join(root, "node_modules", "swagger-ui-dist");
const viewerFiles = [
  "swagger-ui.css",
  "swagger-ui-bundle.js",
  "swagger-ui-bundle.js.LICENSE.txt",
  "LICENSE",
  "NOTICE",
];
rmSync(dist, { recursive: true, force: true });
const projects = publicPackages.map((name) => join("packages", name, "tsconfig.publish.json"));
const compiled = runTool("typescript/bin/tsc", ["-b", ...projects]);
process.stdout.write(compiled.output);
if (compiled.passed) publicPackages.forEach(stage);
else process.exitCode = 1;

function stage(name: string): void {
  const source = join(root, "packages", name);
  const target = join(dist, name);
  mkdirSync(target, { recursive: true });
  const manifest = publishedManifest(readFileSync(join(source, "package.json"), "utf8"));
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(root, "LICENSE"), join(target, "LICENSE"));
  const generated = join(source, "generated");
  if (existsSync(generated)) cpSync(generated, join(target, "generated"), { recursive: true });
  if (existsSync(join(source, "pages"))) stagePages(source, target);
  if (manifest.bin) cpSync(join(root, "bin"), join(target, "bin"), { recursive: true });
}

/** Our own files of the page, and beside them those of the viewer, with its licence. */
function stagePages(source: string, target: string): void {
  cpSync(join(source, "pages"), join(target, "pages"), { recursive: true });
  for (const file of viewerFiles) cpSync(join(viewer, file), join(target, "pages", "docs", file));
}
