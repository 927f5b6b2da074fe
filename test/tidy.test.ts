// The rules of the house that neither the compiler nor the linter can hold. Each rule reads the whole tree and must find
// nothing; then it reads a small tree that breaks it, and must find exactly that: a rule that cannot fail is no rule.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FAULTS, IMPLICIT_FAULT_CLASSES, OPERATIONS } from "@contentlib/contract";
import { publicNamesAreExplained } from "../tools/tidy/doc-comments.ts";
import {
  changelogEntriesHaveAKind,
  documentsAreShort,
  linksLead,
  nothingLinksToLines,
  quotedCodeIsReal,
  scriptsExist,
  theRuntimeIsOne,
} from "../tools/tidy/documents.ts";
import { undeclaredFaults } from "../tools/tidy/faults.ts";
import { importsAreDeclared, importsFollowTheTable } from "../tools/tidy/imports.ts";
import {
  barrelsAreDoors,
  clausesAreKeptAndTested,
  namesSayWhatIsInside,
  nothingIsLeftForLater,
  nothingNamesOurMachines,
  skipsHaveReasons,
  theRootIsTidy,
  timeIsInjected,
} from "../tools/tidy/sources.ts";
import { type Check, readTree, type Tree } from "../tools/tidy/tree.ts";

/** This file is full of examples that break the rules. */
const tree = readTree().filter(({ path }) => path !== "test/tidy.test.ts");

/** A rule with small trees that break it, each a path and a text; it must complain of each once. */
interface Rule {
  readonly name: string;
  readonly check: Check;
  readonly bad: readonly Readonly<Record<string, string>>[];
  /** Look-alikes that are fine. */
  readonly good?: Readonly<Record<string, string>>;
}

const domain = "packages/server/src/domain/x.ts";
const protocol = "docs/protocol/update-session.md";
const app = "packages/server/src/app/x.ts";
const door = "packages/client/src/index.ts";
const nodeDoor = "packages/client/src/node/index.ts";
const manifest = JSON.stringify({
  name: "contentlib",
  engines: { node: ">=24.7" },
  scripts: { start: "node bin/contentlib.mjs" },
});
const root = { "package.json": manifest, "bin/contentlib.mjs": "" };

const rules: readonly Rule[] = [
  {
    name: "imports follow the table of places",
    check: importsFollowTheTable,
    bad: [
      { [domain]: 'import { open } from "../adapters/blobs/disk/open.ts";' },
      { [domain]: 'import type {\n  Clock,\n} from "../ports/clock.ts";' },
      { [domain]: 'import { OPERATIONS } from "@contentlib/contract";' },
      { [app]: 'export * from "node:fs";' },
      { [app]: 'import { z } from "zod";' },
      { [app]: 'import type { Suite } from "@contentlib/testkit/suites/suite";' },
      { "packages/server/src/adapters/blobs/disk/x.ts": 'import { a } from "../memory/a.ts";' },
      { "packages/server/src/adapters/journal/x.ts": 'import { a } from "../auth/a.ts";' },
      { "packages/client/src/x.ts": 'import { Library } from "@contentlib/contract";' },
      { "packages/cli/src/x.ts": 'import { serve } from "@contentlib/server";' },
      { "packages/cli/src/x.ts": 'await import("@contentlib/server/app/x");' },
    ],
    good: {
      [domain]:
        'import type { Fault } from "@contentlib/contract/vocabulary/faults";\nimport "./y.ts";',
      "packages/server/src/adapters/blobs/disk/x.ts": 'import { a } from "../layout.ts";',
      "packages/cli/src/commands/serve.ts": 'const { serve } = await import("@contentlib/server");',
      "packages/testkit/src/suites/x.ts": 'import type { App } from "@contentlib/server/app/app";',
    },
  },
  {
    name: "imports are declared by the package that makes them",
    check: importsAreDeclared,
    bad: [
      { ...root, "packages/a/package.json": "{}", "packages/a/src/x.ts": 'import "@scope/b/c";' },
    ],
    good: {
      ...root,
      "packages/a/package.json": '{ "dependencies": { "@scope/b": "1.0.0" } }',
      "packages/a/src/x.ts": 'import "@scope/b/c";',
    },
  },
  {
    name: "names say what is inside",
    check: namesSayWhatIsInside,
    bad: [
      { "packages/a/src/utils/x.ts": "" },
      { "tools/helpers.ts": "" },
      { "tools/twoWords.ts": "" },
    ],
    good: { "packages/a/src/item-types/x.test-d.ts": "", "tools/two-words.mjs": "" },
  },
  {
    name: "barrels are doors",
    check: barrelsAreDoors,
    bad: [{ "packages/server/src/adapters/blobs/index.ts": "" }],
    good: { "packages/server/src/index.ts": "", "packages/client/src/node/index.ts": "" },
  },
  {
    name: "nothing is left for later",
    check: nothingIsLeftForLater,
    bad: [{ [domain]: "// TODO: think" }, { "docs/x.md": "FIXME" }],
  },
  {
    name: "time is injected",
    check: timeIsInjected,
    bad: [{ [domain]: "const now = new Date();" }],
    good: {
      [domain]: "const shown = new Date(at);",
      "packages/server/src/main/x.ts": "new Date()",
    },
  },
  {
    name: "skipped tests have reasons",
    check: skipsHaveReasons,
    bad: [
      { "test/x.test.ts": 'test("x", { skip: true });' },
      { "test/x.test.ts": 'test.only("x")' },
    ],
    good: { "test/x.test.ts": 'test("x", { skip: "no curl here" });' },
  },
  {
    name: "nothing names our machines",
    check: nothingNamesOurMachines,
    bad: [
      { "docs/x.md": "see /work/shared/x.md" },
      { "package-lock.json": '"resolved": "https://registry.npmjs.org/zod"' },
      { [domain]: "// as issue 3 asks" },
    ],
    good: { [domain]: 'import "../work/x.ts";', "docs/x.md": "`packages/server/src/work/`" },
  },
  {
    name: "the root is tidy",
    check: theRootIsTidy,
    bad: [{ "NEWS.md": "" }, { "docs/plan-of-work.md": "" }],
    good: { "docs/decisions/0001-planning.md": "" },
  },
  {
    name: "clauses of the session protocol are kept and tested",
    check: clausesAreKeptAndTested,
    bad: [
      {
        [protocol]: "- **S1** One.\n- **S2** Two.",
        [domain]: "// S1 to S2",
        "test/x.test.ts": "// S1",
      },
      {
        [protocol]: "- **S1** One.\n- **S2** Two.",
        [domain]: "// (S2)",
        "test/x.test.ts": "// S1, S2",
      },
      { [protocol]: "- **S1** One.", [domain]: "// S1", "test/x.test.ts": 'test("S1, S2: both")' },
    ],
    good: {
      [protocol]: "- **S1** One, as S4 says.\n- **S2** Two.\n- **S3** Three.\n- **S4** Four.",
      [domain]: "/** All of them. (S1 to S4) */",
      "packages/server/src/domain/x.test.ts": "// S1 to S3: one\ntest('S4: two')",
    },
  },
  {
    name: "documents are short",
    check: documentsAreShort,
    bad: [
      { "README.md": "\n".repeat(150) + "end" },
      { "docs/decisions/0001-x.md": "\n".repeat(60) + "end" },
    ],
  },
  {
    name: "quoted code is that of its file",
    check: quotedCodeIsReal,
    bad: [
      { "README.md": "```ts path=src/a.ts\nconst a = 2;\n```\n", "src/a.ts": "const a = 1;" },
      { "README.md": "1. x\n\n   ```ts path=src/b.ts\n   const a = 1;\n   ```\n" },
    ],
  },
  {
    name: "scripts that are told of exist",
    check: scriptsExist,
    bad: [
      { ...root, "README.md": "Type `npm run lint`." },
      { ...root, "docs/guides/x.md": "Type `npm test`." },
      { "package.json": manifest },
    ],
    good: { ...root, "README.md": "Type `npm start`, or `npm run start`." },
  },
  {
    name: "one oldest Node is named",
    check: theRuntimeIsOne,
    bad: [{ ...root, "README.md": "Needs Node 22 or newer." }],
    good: { ...root, "README.md": "Needs Node 24.7 or newer; Node 18 can install it." },
  },
  {
    name: "public names of the client are explained",
    check: publicNamesAreExplained,
    bad: [
      { [door]: "/** A fact. */\n\nexport const a = 1;\nexport type B = string;" },
      { [door]: 'export { a } from "./a.ts";', "packages/client/src/a.ts": "const b = 1;" },
      {
        [nodeDoor]: 'export type { A } from "../a.ts";',
        "packages/client/src/a.ts": "/** An a. */\nexport interface A {\n  readonly b: 1;\n}",
      },
      {
        [door]: 'export * from "./a.ts";',
        "packages/client/src/a.ts":
          'import { B } from "./b.ts";\n\nexport {\n  B,\n};\n/* No. */\nexport function c() {}\n',
        "packages/client/src/b.ts":
          "/** A b. */\nexport class B extends D {\n  /** Does it. */\n  do(): void {\n  }\n}",
      },
      {
        [door]: 'export type * from "@contentlib/contract";',
        "packages/contract/src/index.ts": "export interface A {}",
      },
      {
        [door]:
          "/** An a. */\nexport class A {\n  constructor() {}\n  async go(): Promise<void> {\n  }\n}",
      },
    ],
    good: {
      [door]: 'export { z } from "zod";\nexport { type A as C } from "./a.ts";',
      [nodeDoor]: "/** One. */\nexport const one = 1;\n",
      "packages/client/src/a.ts":
        "/** An a. */\nexport abstract class A extends B<{\n}> {\n  #own = 1;\n  readonly #other = 2;\n  /** It. */\n  readonly it = {\n    its: 1,\n  };\n  override told = 1;\n}\nexport const hidden = 1;",
    },
  },
  {
    name: "links lead somewhere",
    check: linksLead,
    bad: [
      { "docs/x.md": "[there](y.md)" },
      { "docs/x.md": "[there](../docs/y.md#part)", "docs/y.md": "# Another part" },
    ],
    good: {
      "docs/x.md": "[a](https://example.org) [b](#the-part) [c](y/) `[d](e)`\n\n## The part",
      "docs/y/z.md": "",
    },
  },
  {
    name: "nothing links to lines",
    check: nothingLinksToLines,
    bad: [{ "docs/x.md": "[a](x.ts#L12)" }, { [domain]: "// see fault.ts:12" }],
  },
  {
    name: "changelog entries have a kind",
    check: changelogEntriesHaveAKind,
    bad: [{ "CHANGELOG.md": "# Changelog\n\n## 1.0.0\n\n- Fixed a thing.\n" }],
    good: { "CHANGELOG.md": "- about it\n\n## 1.0.0\n\n- Bugfix: A thing went wrong.\n" },
  },
];

for (const { name, check, bad, good } of rules) {
  describe(name, () => {
    test("in the whole tree", () => assertNone(check(tree)));
    test("and a tree that breaks it is told so", () => {
      for (const files of bad) {
        const complaints = check(treeOf(files));
        assert.equal(complaints.length, 1, `${JSON.stringify(files)}: ${complaints.join("; ")}`);
      }
      assertNone(check(treeOf(good ?? {})));
    });
  });
}

describe("some operation declares every fault", () => {
  const implicit = IMPLICIT_FAULT_CLASSES;
  test("in the contract", () => {
    assertNone(undeclaredFaults({ faults: FAULTS, operations: OPERATIONS, implicit }));
  });
  test("and a fault that none declares is told of", () => {
    const faults = { "disk.melted": { class: "melted" } };
    const complaints = undeclaredFaults({ faults, operations: OPERATIONS, implicit });
    assert.deepEqual(complaints, ["no operation declares melted, the class of disk.melted"]);
  });
});

function assertNone(complaints: readonly string[]): void {
  if (complaints.length > 0) assert.fail(complaints.join("\n"));
}

function treeOf(files: Readonly<Record<string, string>>): Tree {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}
