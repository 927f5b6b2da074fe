import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import { textOf } from "../finding-text.ts";
import { packageBeside } from "./package-beside.ts";

/** A directory with these files; answers the path of its descriptor. */
const written = async (
  t: TestContext,
  files: Readonly<Record<string, string>>,
): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "contentlib-beside-"));
  t.after(async () => await rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return join(folder, "vm.ovf");
};

const besideOf = async (path: string) => {
  const { proofs, files, findings } = await packageBeside(path);
  return { proofs, files, texts: findings.map(textOf) };
};

const href = (...hrefs: readonly string[]): string =>
  envelopeText({ files: hrefs.map((each, index) => ({ id: `f${index}`, href: each })) });

test("a descriptor brings its manifest, its certificate and the files that it names, and no other", async (t) => {
  const path = await written(t, {
    "vm.ovf": href("my%20disk.vmdk", "./b.iso"),
    "vm.mf": "",
    "vm.cert": "",
    "my disk.vmdk": "",
    "b.iso": "",
    "other.mf": "",
    "other.ovf": "",
    "notes.txt": "",
  });
  assert.deepEqual(await besideOf(path), {
    proofs: ["vm.mf", "vm.cert"],
    files: ["b.iso", "my disk.vmdk"],
    texts: [],
  });
});

test("chunks go by their own names, and a gap between them is told", async (t) => {
  const files = [{ id: "f", href: "d.vmdk", chunkSize: 4, size: 10 }];
  const names = ["d.vmdk.000000000", "d.vmdk.000000001", "d.vmdk.000000002"];
  const all = {
    "vm.ovf": envelopeText({ files }),
    ...Object.fromEntries(names.map((n) => [n, "x"])),
  };
  const path = await written(t, all);
  assert.deepEqual((await besideOf(path)).files, names);
  await rm(join(path, "..", names[1] ?? ""));
  const { files: left, texts } = await besideOf(path);
  assert.deepEqual(left, [names[0], names[2]]);
  assert.equal(texts.length, 1);
  assert.match(texts[0] ?? "", /^vm\.ovf:4: The chunk d\.vmdk\.000000001 is missing/);
});

test("files that are missing, called otherwise, or elsewhere are told by their line", async (t) => {
  const path = await written(t, {
    "vm.ovf": href("gone.vmdk", "case.vmdk", "link.vmdk", "folder.vmdk", "https://h/far.vmdk"),
    "CASE.vmdk": "",
  });
  await symlink("/etc/hostname", join(path, "..", "link.vmdk"));
  await mkdir(join(path, "..", "folder.vmdk"));
  const { files, texts } = await besideOf(path);
  assert.deepEqual(files, []);
  assert.deepEqual(texts, [
    "folder.vmdk: folder.vmdk is a directory, a pipe or a device; it is not read.",
    "link.vmdk: link.vmdk is a symbolic link that leads elsewhere; it is not read.",
    "vm.ovf:4: The file gone.vmdk is missing.",
    "vm.ovf:5: The file case.vmdk is missing; CASE.vmdk is there, whose name differs in case.",
  ]);
});

test("a descriptor that can not be read brings what proves it alone", async (t) => {
  const path = await written(t, { "vm.ovf": "no XML", "vm.mf": "", "disk.vmdk": "" });
  assert.deepEqual(await besideOf(path), { proofs: ["vm.mf"], files: [], texts: [] });
});
