import { posix } from "node:path";
import { type Check, findAll, isCode, isMarkdown, type Tree, type TreeFile } from "./tree.ts";

const linesMax: readonly (readonly [pattern: RegExp, lines: number])[] = [
  [/^README\.md$/, 150],
  [/^CONTRIBUTING\.md$/, 150],
  [/^docs\/decisions\//, 60],
];

/** A document for one reader has a length that reader will bear. */
export const documentsAreShort: Check = (tree) =>
  tree.flatMap((file) =>
    linesMax
      .filter(
        ([pattern, max]) => pattern.test(file.path) && file.text.trimEnd().split("\n").length > max,
      )
      .map(([, max]) => `${file.path} has more than ${max} lines`),
  );

interface RootManifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
}

function rootManifest(tree: Tree): RootManifest {
  const file = tree.find(({ path }) => path === "package.json");
  if (!file) throw new Error("the tree has no package.json");
  return JSON.parse(file.text) as RootManifest;
}

/** Scripts that npm runs by their bare name, and `npm run NAME`. */
const scriptCall = /\bnpm (?:run (?:--silent )?)?((?<=run (?:--silent )?)[\w:-]+|start\b|test\b)/g;

/** What a document tells a reader to type exists, and the scripts run files that exist. */
export const scriptsExist: Check = (tree) => {
  const { scripts } = rootManifest(tree);
  const paths = new Set(tree.map((file) => file.path));
  const told = tree.filter(isMarkdown).flatMap((file) =>
    [...file.text.matchAll(scriptCall)]
      .map((match) => match[1] ?? "")
      .filter((name) => !(name in scripts))
      .map((name) => `${file.path} tells of the script ${name}, which package.json does not have`),
  );
  const run = Object.entries(scripts).flatMap(([name, command]) =>
    (command.match(/\b(?:tools|bin|test)\/[\w./-]+/g) ?? [])
      .filter((path) => !paths.has(path))
      .map((path) => `the script ${name} runs ${path}, which is not there`),
  );
  return [...told, ...run];
};

/** Documents and code name the same oldest Node as package.json. */
export const theRuntimeIsOne: Check = (tree) => {
  const required = rootManifest(tree).engines.node.replace(/^>=/, "");
  return tree
    .filter((file) => isMarkdown(file) || isCode(file))
    .flatMap((file) =>
      [...file.text.matchAll(/\bNode(?:\.js)? (\d+(?:\.\d+)*)(?:\+| or newer| or later)/g)]
        .filter((match) => match[1] !== required)
        .map((match) => `${file.path} says "${match[0]}", package.json says ${required}`),
    );
};

/** Every relative link leads to a file of the tree, and its fragment to a heading there. */
export const linksLead: Check = (tree) => {
  const files = new Map(tree.map((file) => [file.path, file]));
  const folders = new Set(tree.flatMap((file) => ancestors(file.path)));
  return tree.filter(isMarkdown).flatMap((file) =>
    linksOf(file)
      .filter(({ path, fragment }) => {
        const target = path === "" ? file.path : posix.join(posix.dirname(file.path), path);
        const found = files.get(target);
        if (!found) return !folders.has(target.replace(/\/$/, ""));
        return fragment !== "" && isMarkdown(found) && !headingsOf(found).includes(fragment);
      })
      .map(
        ({ path, fragment }) =>
          `${file.path} links to ${path}${fragment && `#${fragment}`}, which is not there`,
      ),
  );
};

/** Spaces and line ends do not count: a document may indent what it quotes. */
const withoutSpace = (text: string): string => text.replaceAll(/\s+/g, "");

/** A block of code that names its file, as in "ts path=tools/test.ts", stands in that file. */
export const quotedCodeIsReal: Check = (tree) => {
  const files = new Map(tree.map((file) => [file.path, file.text]));
  return tree.filter(isMarkdown).flatMap((file) =>
    [...file.text.matchAll(/^ *```\w+ path=(\S+)\n([\s\S]*?)^ *```$/gm)]
      .filter(([, path = "", code = ""]) => {
        const source = files.get(path);
        return source === undefined || !withoutSpace(source).includes(withoutSpace(code));
      })
      .map(([, path = ""]) => `${file.path} quotes code that ${path} does not have`),
  );
};

interface Link {
  readonly path: string;
  readonly fragment: string;
}

function linksOf(file: TreeFile): Link[] {
  return [...prose(file).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)]
    .map((match) => match[1] ?? "")
    .filter((address) => !/^[a-z][a-z+.-]*:/i.test(address))
    .map((address) => {
      const [path = "", fragment = ""] = address.split("#");
      return { path: decodeURIComponent(path), fragment };
    });
}

/** The text without its code, where brackets mean something else. */
function prose(file: TreeFile): string {
  return file.text.replaceAll(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, "").replaceAll(/`[^`\n]*`/g, "");
}

function headingsOf(file: TreeFile): string[] {
  const headings = file.text.match(/^#{1,6} .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}

function ancestors(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return [".", ...parts.map((_, index) => parts.slice(0, index + 1).join("/"))];
}

/** Lines move, so a link names a symbol or a file. */
export const nothingLinksToLines: Check = (tree) =>
  tree
    .filter((file) => isMarkdown(file) || isCode(file))
    .flatMap((file) =>
      findAll(
        file,
        /[\w-]\.(?:ts|mjs|md|json)(?:#L\d+|:\d+\b)/g,
        (found) => `${found} points at a line`,
      ),
    );

const entryKinds = ["Security", "Bugfix", "Change", "Enhancement"];

/** An entry of the changelog begins with its kind, so that a reader can skim for the kinds that matter to them. */
export const changelogEntriesHaveAKind: Check = (tree) =>
  tree
    .filter((file) => file.path === "CHANGELOG.md")
    .flatMap((file) => {
      const [, ...releases] = file.text.split(/^## /m);
      return releases.flatMap((release) =>
        (release.match(/^- .*$/gm) ?? [])
          .filter((entry) => !entryKinds.some((kind) => entry.startsWith(`- ${kind}: `)))
          .map((entry) => `CHANGELOG.md: "${entry}" has no kind (${entryKinds.join(", ")})`),
      );
    });
