import { posix } from "node:path";
import { adapterGroups, type Place, places } from "./layers.ts";
import { type Check, isCode, isTest, type TreeFile } from "./tree.ts";

interface Import {
  readonly specifier: string;
  readonly kind: "value" | "type" | "dynamic";
}

const staticImport =
  /^\s*(?:import|export)\s+(type\s)?(?:[\w\s{},*$]*?\sfrom\s+)?["']([^"']+)["']/gm;
const dynamicImport = /\bimport\(\s*["']([^"'$]+)["']/g;

function importsOf(file: TreeFile): Import[] {
  const found = [...file.text.matchAll(staticImport)].map(([, type, specifier = ""]): Import => ({
    specifier,
    kind: type ? "type" : "value",
  }));
  const later = [...file.text.matchAll(dynamicImport)].map(([, specifier = ""]): Import => ({
    specifier,
    kind: "dynamic",
  }));
  return [...found, ...later];
}

/** `packages/server/src/domain/ids.ts` is `server/domain/ids.ts`: the words in which the table speaks. */
function shortName(path: string): string {
  return path.replace(/^packages\/([^/]+)\/src\//, "$1/");
}

function placeOf(name: string): Place | undefined {
  const fitting = places.filter((place) => name.startsWith(`${place.name}/`));
  return fitting.sort((a, b) => b.name.length - a.name.length)[0];
}

/** Where an import leads within the repository; nothing for a package of the world or of Node. */
function targetOf(file: TreeFile, specifier: string): string | undefined {
  if (specifier.startsWith(".")) {
    return shortName(posix.join(posix.dirname(file.path), specifier));
  }
  const [, workspace, rest = "/index.ts"] = /^@contentlib\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
  return workspace && `${workspace}${rest}/`.replace(/\.ts\/$/, ".ts");
}

function names(list: readonly string[] | undefined, place: string): boolean {
  return (list ?? []).some((name) =>
    name.endsWith("/*") ? `${place}/`.startsWith(name.slice(0, -1)) : name === place,
  );
}

/** Every import of production code goes along an arrow of the table. */
export const importsFollowTheTable: Check = (tree) =>
  tree.filter(isProduction).flatMap((file) => {
    const from = placeOf(shortName(file.path));
    if (!from) return [`${file.path} is in no place of the table in tools/tidy/layers.ts`];
    return importsOf(file)
      .map(({ specifier, kind }) => ({ specifier, why: refusal(file, from, { specifier, kind }) }))
      .filter(({ why }) => why !== undefined)
      .map(
        ({ specifier, why }) =>
          `${file.path} imports ${specifier}: ${why}, because ${from.because}`,
      );
  });

function isProduction(file: TreeFile): boolean {
  return isCode(file) && !isTest(file) && /^packages\/[^/]+\/src\//.test(file.path);
}

function refusal(file: TreeFile, from: Place, { specifier, kind }: Import): string | undefined {
  const target = targetOf(file, specifier);
  if (target === undefined) return refusalOfPackage(from, specifier);
  const to = placeOf(target)?.name;
  if (to === undefined) return "it leads out of every package's sources";
  if (to === from.name) return refusalOfAdapter(shortName(file.path), target);
  if (names(from.may, to)) return undefined;
  if (names(from.dynamic, to) && kind === "dynamic") return undefined;
  if (names(from.types, to)) {
    return kind === "value" ? `${from.name} may import only types of ${to}` : undefined;
  }
  return `${from.name} may not import ${to}`;
}

function refusalOfPackage(from: Place, specifier: string): string | undefined {
  if (specifier.startsWith("node:")) return from.node ? undefined : `${from.name} may not use Node`;
  return names(from.packages, packageName(specifier))
    ? undefined
    : `${packageName(specifier)} is not on the list of ${from.name}`;
}

/** An adapter may use files of its own folder and those of the folders it lies in, never a sibling. */
function refusalOfAdapter(from: string, target: string): string | undefined {
  const adapter = adapterOf(target);
  if (adapter === undefined || from.startsWith(adapter)) return undefined;
  return "an adapter may not know another adapter";
}

function adapterOf(path: string): string | undefined {
  const [, group, kind] = /^server\/adapters\/([^/]+)\/(?:([^/]+)\/)?/.exec(path) ?? [];
  if (group === undefined) return undefined;
  if (!adapterGroups.includes(group)) return `server/adapters/${group}/`;
  return kind && `server/adapters/${group}/${kind}/`;
}

/** Workspaces are hoisted, so an import of a package that nobody declared would run here and fail at a user's. */
export const importsAreDeclared: Check = (tree) => {
  const manifests = new Map(
    tree.filter(isManifest).map((file) => [posix.dirname(file.path), file]),
  );
  const shared = declaredIn(manifests.get("."));
  return tree.filter(isCode).flatMap((file) => {
    const home = /^packages\/[^/]+/.exec(file.path)?.[0] ?? ".";
    const manifest = manifests.get(home);
    const known = new Set([
      ...declaredIn(manifest),
      ...(isTest(file) ? shared : []),
      ...(home === "." ? ownNames(manifests) : []),
    ]);
    return importsOf(file)
      .map(({ specifier }) => specifier)
      .filter((specifier) => !/^(?:\.|node:)/.test(specifier))
      .map(packageName)
      .filter((name) => !known.has(name))
      .map((name) => `${file.path} imports ${name}, which ${home}/package.json does not declare`);
  });
};

function isManifest(file: TreeFile): boolean {
  return /^(?:packages\/[^/]+\/)?package\.json$/.test(file.path);
}

function packageName(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function parseManifest(file: TreeFile | undefined): Manifest {
  return file ? (JSON.parse(file.text) as Manifest) : {};
}

function declaredIn(file: TreeFile | undefined): string[] {
  const { name = "", dependencies, devDependencies } = parseManifest(file);
  return [name, ...Object.keys({ ...dependencies, ...devDependencies })];
}

function ownNames(manifests: ReadonlyMap<string, TreeFile>): string[] {
  return [...manifests.values()].map((file) => parseManifest(file).name ?? "");
}
