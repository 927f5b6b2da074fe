import { posix } from "node:path";
import type { Check, Tree } from "./tree.ts";

/** What programs of others import. */
const doors = ["packages/client/src/index.ts", "packages/client/src/node/index.ts"];

/** Each name that the client exports says what it is for, and so does each member of its interfaces and classes. */
export const publicNamesAreExplained: Check = (tree) => {
  const files = new Map(tree.map(({ path, text }) => [path, text]));
  const exported = doors.flatMap((door) => namesOf(files, door));
  return [...new Set(exported.flatMap((name) => complaintsOf(files, name)))];
};

/** A name, and the file that has it or knows where it is from. */
interface PublicName {
  readonly name: string;
  readonly path: string;
}

type Files = ReadonlyMap<Tree[number]["path"], string>;

/** Names of the contract that the client hands on count as its own. */
const packages: Readonly<Record<string, string>> = {
  "@contentlib/contract": "packages/contract/src/index.ts",
  "@contentlib/contract/bindings": "packages/contract/src/bindings/index.ts",
};

/** The file that a statement in the file at the path names; undefined for packages that explain themselves. */
const fileOf = (path: string, source: string): string | undefined =>
  source.startsWith(".") ? posix.join(posix.dirname(path), source) : packages[source];

function namesOf(files: Files, path: string): readonly PublicName[] {
  const text = files.get(path) ?? "";
  const through = [...text.matchAll(/^export (?:type )?(\{[^}]*\}|\*) from "([^"]+)";$/gm)].flatMap(
    ([, what = "", source = ""]) => {
      const from = fileOf(path, source);
      if (from === undefined) return [];
      return what === "*"
        ? namesOf(files, from)
        : listed(what).map((name) => ({ name, path: from }));
    },
  );
  const own = [...text.matchAll(new RegExp(declaration("\\w+"), "gm"))];
  const after = [...text.matchAll(/^export (\{[^}]*\});$/gm)].flatMap(([, what = ""]) =>
    listed(what),
  );
  const names = [...own.map(([, name = ""]) => name), ...after];
  return [...through, ...names.map((name) => ({ name, path }))];
}

const listed = (braced: string): readonly string[] =>
  braced
    .slice(1, -1)
    .split(",")
    .map((part) =>
      part
        .trim()
        .replace(/^type /, "")
        .replace(/ as \w+$/, ""),
    )
    .filter((name) => name !== "");

const declaration = (name: string, before = "export "): string =>
  `^${before}(?:abstract |async )*(?:function\\*?|const|class|interface|type) (${name})\\b`;

function complaintsOf(files: Files, { name, path }: PublicName): readonly string[] {
  const text = files.get(path) ?? "";
  const found = new RegExp(declaration(name, "(?:export )?"), "m").exec(text);
  if (found === null) {
    const source = sourceOf(text, name);
    if (source === undefined) return [`${path} does not have ${name}, which the client exports`];
    const from = fileOf(path, source);
    return from === undefined ? [] : complaintsOf(files, { name, path: from });
  }
  const bare = isExplained(text, found.index) ? [] : [name];
  const members = membersOf(text.slice(found.index)).map((member) => `${name}.${member}`);
  return [...bare, ...members].map((what) => `${path} does not say what ${what} is for`);
}

function sourceOf(text: string, name: string): string | undefined {
  const lists = text.matchAll(/^(?:import|export) (?:type )?(\{[^}]*\}) from "([^"]+)";$/gm);
  return [...lists].find(([, what = ""]) => listed(what).includes(name))?.[2];
}

const isExplained = (text: string, index: number): boolean =>
  /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.test(text.slice(0, index));

/**
 * Members of the interface or class that the text begins with which say nothing of themselves. What is overridden is explained
 * where it is first; what is private has no name to a reader.
 */
function membersOf(text: string): readonly string[] {
  const body =
    /^export (?:abstract )?(?:interface|class) [^{]*\{\n([\s\S]*?)\n\}/.exec(text)?.[1] ?? "";
  const member = /^ {2}(?:(?:static|readonly|abstract|async|get|set) )*\*?(\w+)[?!]?[(:<=; ]/gm;
  return [...body.matchAll(member)]
    .filter(([, name = ""]) => !["constructor", "override", "readonly"].includes(name))
    .filter(({ index }) => !isExplained(body, index))
    .map(([, name = ""]) => name);
}
