// Makes a release ready to publish: node tools/run.mjs tools/release.ts. It packs each public package into dist, once all
// of them have the version of the root and the changelog tells of it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, root } from "./command.ts";
import { publicPackages } from "./published-manifest.ts";

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const { version } = readManifest(".");
const problems = [...publicPackages.flatMap(problemsOf), ...problemsOfChangelog()];
if (problems.length === 0) pack();
else {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}

function problemsOf(name: string): string[] {
  const manifest = readManifest(join("packages", name));
  const siblings = Object.entries(manifest.dependencies ?? {}).filter(([dependency]) =>
    dependency.startsWith("@contentlib/"),
  );
  return [
    ...(manifest.version === version
      ? []
      : [`${name} has version ${manifest.version}, not ${version}`]),
    ...siblings
      .filter(([, wanted]) => wanted !== version)
      .map(([dependency, wanted]) => `${name} asks for ${dependency} ${wanted}, not ${version}`),
  ];
}

function problemsOfChangelog(): string[] {
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  const isTold = changelog.split("\n").some((line) => line.startsWith(`## ${version}`));
  return isTold ? [] : [`CHANGELOG.md has no heading for ${version}`];
}

function pack(): void {
  const built = capture(process.execPath, [join(root, "tools", "build.ts")]);
  const folders = publicPackages.map((name) => join(root, "dist", name));
  const packed = built.passed
    ? capture("npm", ["pack", "--pack-destination", join(root, "dist"), ...folders])
    : built;
  process.stdout.write(packed.output);
  process.exitCode = packed.passed ? 0 : 1;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
}
