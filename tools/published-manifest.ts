/** The packages that users install; the testkit is ours alone. In the order in which they need each other. */
export const publicPackages: readonly string[] = ["contract", "ovf", "server", "client", "cli"];

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

interface Target {
  readonly types: string;
  readonly default: string;
}

export interface PublishedManifest {
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Target | string>>;
  readonly files: readonly string[];
  readonly [member: string]: unknown;
}

const commandPackage = "@contentlib/cli";

/**
 * Turns a package's manifest in the tree into the one that is published: what led to sources leads to compiled files, and
 * what only our tests need is gone.
 */
export function publishedManifest(text: string): PublishedManifest {
  const { devDependencies: _, exports, ...kept } = JSON.parse(text) as Manifest;
  const doors = Object.entries(exports).filter(([door]) => door !== "./*");
  return {
    ...kept,
    ...(kept.name === commandPackage ? { bin: { contentlib: "bin/contentlib.mjs" } } : {}),
    exports: Object.fromEntries(doors.map(([door, source]) => [door, compiled(source)])),
    files: ["bin", "dist", "generated", "pages"],
  };
}

function compiled(source: string): Target | string {
  if (!source.startsWith("./src/")) return source;
  const path = source.replace("./src/", "./dist/").replace(/\.ts$/, "");
  return { types: `${path}.d.ts`, default: `${path}.js` };
}
