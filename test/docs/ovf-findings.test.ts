import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { FINDINGS, type FindingCode } from "@contentlib/ovf";
import { root } from "../e2e/live-server.ts";

const guide = await readFile(join(root, "docs", "guides", "ovf-findings.md"), "utf8");

/** What the guide says under each code: severity and meaning, a line as an example, and how to mend it. */
const ENTRY =
  /^### ([a-z_]+\.[a-z_]+)\n\n(\w+)\. (\S.*?)\n\n```\n(.*?)\n```\n\nTo mend it: (.*?)\n(?=\n#|$)/gms;

interface Entry {
  readonly severity: string;
  readonly meaning: string;
  readonly example: string;
  readonly mend: string;
}

const entries = new Map<string, Entry>(
  [...guide.matchAll(ENTRY)].map(
    ([, code = "", severity = "", meaning = "", example = "", mend = ""]) => [
      code,
      { severity: severity.toLowerCase(), meaning, example, mend },
    ],
  ),
);

const PLACE = String.raw`\S+?(?::\d+(?::\d+)?|@\d+)?: `;

/** What a line looks like that tells of a finding of this kind. */
const lineOf = (says: string): RegExp => {
  const sentence = says
    .split(/\{[a-z]+\}/)
    .map((text) => RegExp.escape(text))
    .join(".+");
  return new RegExp(`^${PLACE}${sentence}$`);
};

test("the guide has every code, in the order of the catalogue, and no other", () => {
  const headings = [...guide.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  assert.deepEqual(headings, inOrder(Object.keys(FINDINGS)));
  assert.deepEqual([...entries.keys()], headings);
});

/** Codes of a kind stand together, as the chapters do. */
const inOrder = (codes: readonly string[]): readonly string[] => {
  const kinds = [...new Set(codes.map((code) => code.split(".")[0]))];
  return kinds.flatMap((kind) => codes.filter((code) => code.startsWith(`${kind}.`)));
};

describe("each code is described as it is", () => {
  for (const code of Object.keys(FINDINGS) as FindingCode[])
    test(code, () => {
      const { severity, says, mend } = FINDINGS[code];
      const entry = entries.get(code);
      assert.ok(entry);
      assert.equal(entry.severity, severity);
      assert.match(entry.example, lineOf(says));
      assert.equal(entry.mend.replaceAll("\n", " "), mend);
      assert.ok(entry.meaning.length > 20);
    });
});
