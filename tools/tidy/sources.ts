import { posix } from "node:path";
import { type Check, findAll, isCode, isTest, type TreeFile } from "./tree.ts";

const vagueNames = ["utils", "helpers", "common", "misc", "types", "manager", "global"];
const deterministicLayers = /^packages\/(?:contract|server\/src\/(?:domain|ports|app|work))\//;

/** Folders and files are named for what is in them; a drawer for anything is no name. */
export const namesSayWhatIsInside: Check = (tree) =>
  tree.filter(isCode).flatMap((file) => {
    const parts = file.path.split("/").map((part) => part.split(".")[0] ?? part);
    const vague = parts.filter((part) => vagueNames.includes(part));
    const complaints = vague.map((part) => `${file.path}: the name ${part} says nothing`);
    const name = parts.at(-1) ?? "";
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) complaints.push(`${file.path} is not kebab-case`);
    return complaints;
  });

/** An index.ts is the door of a package, or of one of the folders right below its sources, and of nothing else. */
export const barrelsAreDoors: Check = (tree) =>
  tree
    .filter((file) => posix.basename(file.path) === "index.ts")
    .filter((file) => !/^packages\/[^/]+\/src\/(?:[^/]+\/)?index\.ts$/.test(file.path))
    .map((file) => `${file.path} is a barrel that is no door; import the files themselves`);

/** What is missing stands in the table of gaps, where users see it, not in a marker that only we see. */
export const nothingIsLeftForLater: Check = (tree) => {
  const marker = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "HA" + "CK"].join("|")})\\b`, "g");
  return tree.filter(isOurs).flatMap((file) => findAll(file, marker, (found) => `a ${found}`));
};

/** The linter sees `Date.now`; it cannot see a `Date` made of nothing. */
export const timeIsInjected: Check = (tree) =>
  tree
    .filter((file) => deterministicLayers.test(file.path) && isCode(file) && !isTest(file))
    .flatMap((file) => findAll(file, /new Date\(\s*\)/g, () => "time comes from the Clock port"));

/** A test that is switched off, or that switches off the others, does so with a reason or not at all. */
export const skipsHaveReasons: Check = (tree) =>
  tree
    .filter((file) => isCode(file) && isTest(file))
    .flatMap((file) =>
      findAll(
        file,
        /\b(?:skip|only|todo): true\b|\b(?:test|it|describe)\.(?:skip|only|todo)\(/g,
        (found) => `${found} gives no reason`,
      ),
    );

/** The house is the same on every machine: no path, host or number that means something only to its builders. */
export const nothingNamesOurMachines: Check = (tree) => {
  const path = /(?<![\w.\-/}*])(\/(?:work|root|Users)\/)/g;
  const host = /\b((?:registry|npm)\.[a-z][a-z.-]*\.(?:org|com|dev|net))\b/g;
  const issue = /\b((?:issue|ticket) #?\d+)\b/gi;
  return tree
    .filter(isOurs)
    .flatMap((file) =>
      [path, host, issue].flatMap((pattern) => findAll(file, pattern, (found) => `names ${found}`)),
    );
};

const rootEntries = new Set(
  `.ci bin deploy docs packages test tools
  .editorconfig .gitattributes .gitignore .npmrc .oxfmtrc.json .oxlintrc.json
  package.json package-lock.json tsconfig.json tsconfig.base.json
  ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md LICENSE README.md SECURITY.md`.split(/\s+/),
);

/** Plans and reports are not part of the house; whatever is new at the root is added to the list on purpose. */
export const theRootIsTidy: Check = (tree) => {
  const entries = new Set(tree.map((file) => file.path.split("/")[0] ?? file.path));
  const scratch = /(?:^|\/)(?:plans?|notes|scratch|draft|report)\b[^/]*\.(?:md|txt)$/i;
  return [
    ...[...entries]
      .filter((name) => !rootEntries.has(name))
      .map((name) => `${name} has no place at the root`),
    ...tree
      .filter((file) => scratch.test(file.path))
      .map((file) => `${file.path} is a scratch file`),
  ];
};

/** Licence texts are quoted, not written here. */
function isOurs(file: TreeFile): boolean {
  return file.path !== "LICENSE";
}

const protocol = "docs/protocol/update-session.md";

/** Each clause of the session protocol is kept by some code and held by some test, and each that is cited is there. */
export const clausesAreKeptAndTested: Check = (tree) => {
  const text = tree.find((file) => file.path === protocol)?.text ?? "";
  const defined = [...text.matchAll(/^\W*(S\d+)\b[.:*|\s]/gm)].map((match) => match[1] ?? "");
  const sources = tree.filter((file) => isCode(file) && file.path.startsWith("packages/"));
  const isOfTests = (file: TreeFile): boolean =>
    isTest(file) || file.path.startsWith("packages/testkit/");
  const tests = tree.filter((file) => isCode(file) && isOfTests(file)).flatMap(clausesCitedBy);
  const rules = sources.filter((file) => !isOfTests(file)).flatMap(clausesCitedBy);
  return [
    ...defined
      .filter((clause) => !tests.includes(clause))
      .map((clause) => `no test cites ${clause}`),
    ...defined
      .filter((clause) => !rules.includes(clause))
      .map((clause) => `no code cites ${clause}`),
    ...new Set(
      [...tests, ...rules].filter((clause) => !defined.includes(clause)).map(lacksDefinition),
    ),
  ];
};

function lacksDefinition(clause: string): string {
  return `${clause} is cited, and ${protocol} does not define it`;
}

/** `S7`, and every clause of a range, `S7 to S9`. */
function clausesCitedBy(file: TreeFile): string[] {
  return [...file.text.matchAll(/\bS(\d+)(?: to S(\d+))?\b/g)].flatMap(
    ([, first, last = first]) => {
      const count = Number(last) - Number(first) + 1;
      return Array.from({ length: Math.max(count, 0) }, (_, index) => `S${Number(first) + index}`);
    },
  );
}
