// The compiler holds the layers apart, as long as its projects say what the table of places says.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { describe, test } from "node:test";
import { root, runTool } from "../tools/command.ts";
import { places } from "../tools/tidy/layers.ts";

interface Project {
  readonly extends: string;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  readonly references: readonly { readonly path: string }[];
}

const layers = places.filter((place) => place.name.startsWith("server/"));
const unavailable =
  `fetch process setTimeout console Buffer crypto AbortController URL structuredClone`.split(" ");

describe("the projects of the server's layers", () => {
  for (const layer of layers) {
    test(`${layer.name} refers to what it may import`, () => {
      const allowed = [...layer.may, ...(layer.types ?? [])];
      const wanted = new Set(allowed.map((name) => name.replace(/^contract\/.*/, "contract")));
      assert.deepEqual(new Set(referencesOf(layer.name)), wanted);
    });
    test(`${layer.name} has the types of Node only if the table says so`, () => {
      const { lib, types } = readProject(layer.name).compilerOptions;
      assert.deepEqual(
        { lib, types },
        { lib: undefined, types: layer.node ? ["node"] : undefined },
      );
    });
  }

  test("know nothing of the world unless they ask", () => {
    const folder = mkdtempSync(join(tmpdir(), "contentlib-layers-"));
    const probe = [
      'import "node:fs";',
      ...unavailable.map((name) => `export const see_${name} = ${name};`),
    ];
    const project = { extends: join(root, "tsconfig.base.json"), files: ["probe.ts"] };
    writeFileSync(join(folder, "probe.ts"), probe.join("\n"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
    const { output } = runTool("typescript/bin/tsc", ["-p", folder, "--outDir", folder]);
    rmSync(folder, { recursive: true, force: true });
    for (const name of ["node:fs", ...unavailable]) assert.match(output, new RegExp(`'${name}'`));
  });
});

function projectFile(layer: string): string {
  return join(root, "packages", layer.replace("server/", "server/src/"), "tsconfig.json");
}

function readProject(layer: string): Project {
  return JSON.parse(readFileSync(projectFile(layer), "utf8")) as Project;
}

/** The names of the projects that a layer refers to, as the table has them. */
function referencesOf(layer: string): string[] {
  return readProject(layer).references.map(({ path }) => {
    const target = dirname(join(dirname(projectFile(layer)), path));
    const inPackages = relative(join(root, "packages"), target);
    return inPackages.startsWith("server") ? `server/${basename(target)}` : inPackages;
  });
}
