import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { openOutgoing } from "./outgoing-files.ts";
import type { OutgoingWish } from "./outgoing-files.ts";

async function folder(t: TestContext, ...names: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-outgoing-"));
  t.after(async () => await rm(directory, { recursive: true }));
  for (const name of names) await writeFile(join(directory, name), name);
  return directory;
}

const open = async (wish: OutgoingWish) =>
  await openOutgoing(wish, Readable.from(["piped"]), undefined);

test("a folder stands for its files, in the order of their names", async (t) => {
  const directory = await folder(t, "b.img", "a.img");
  const files = await open({ paths: [directory] });
  assert.deepEqual(
    files.map(({ name, path, source }) => [name, path, source.sizeBytes]),
    [
      ["a.img", join(directory, "a.img"), 5],
      ["b.img", join(directory, "b.img"), 5],
    ],
  );
});

test("the standard input goes by the name it is given, and its digest is declared", async () => {
  const sha256 = "ab".repeat(32);
  const [file] = await open({ paths: ["-"], name: "x.img", sha256 });
  assert.deepEqual([file?.name, file?.path, file?.source.isReplayable], ["x.img", null, false]);
  assert.deepEqual(file?.checksum, { algorithm: "SHA256", checksum: sha256 });
});

test("a pattern stands for the files it matches, and a file of that very name for itself", async (t) => {
  const directory = await folder(t, "b.img", "a1.img", "a[1].img", "c.bin");
  const pathsOf = async (...paths: readonly string[]) =>
    (await open({ paths: paths.map((path) => join(directory, path)) })).map(({ name }) => name);
  assert.deepEqual(await pathsOf("*.img"), ["a1.img", "a[1].img", "b.img"]);
  assert.deepEqual(await pathsOf("c.*", "b.img"), ["c.bin", "b.img"]);
  assert.deepEqual(await pathsOf("a[1].img"), ["a[1].img"]);
  await rm(join(directory, "a[1].img"));
  assert.deepEqual(await pathsOf("a[1].img"), ["a1.img"]);
  const sha256 = "ab".repeat(32);
  const [one] = await open({ paths: [join(directory, "c.*")], sha256 });
  assert.deepEqual(one?.checksum, { algorithm: "SHA256", checksum: sha256 });
  await assert.rejects(pathsOf("b.img", "*.qcow2"), {
    exitCode: 3,
    message: `No file matches ${join(directory, "*.qcow2")}.`,
  });
  await assert.rejects(pathsOf("missing.img"), { code: "ENOENT" });
});

test("names and a message that no server takes are told before anything is read", async (t) => {
  const directory = await folder(t, "a\u0007.img", "a.img");
  const refused = { kind: "push", code: "invalid" };
  await assert.rejects(open({ paths: [directory] }), { ...refused, fileName: "a\u0007.img" });
  await assert.rejects(open({ paths: ["-"], name: "a/b" }), { ...refused, fileName: "a/b" });
  const paths = [join(directory, "a.img")];
  await assert.rejects(open({ paths, message: "m".repeat(1_001) }), {
    ...refused,
    message: "The message can not be kept: it has 1001 characters, and at most 1000 are allowed.",
  });
  assert.equal((await open({ paths, message: "One line\n\nand\n\tothers\n" })).length, 1);
});

test("what makes no sense is told before anything is read", async (t) => {
  const directory = await folder(t, "a.img", "b.img");
  const a = join(directory, "a.img");
  const b = join(directory, "b.img");
  const empty = await folder(t);
  const nested = await folder(t);
  await mkdir(join(nested, "inner"));
  for (const [wish, words] of [
    [{ paths: ["-"] }, /has no name/],
    [{ paths: ["-", "-"], name: "x" }, /read only once/],
    [{ paths: [a], name: "x" }, /--name is for the standard input/],
    [{ paths: [directory], sha256: "ab".repeat(32) }, /--sha256 is the digest of one file/],
    [{ paths: [a, a] }, /Two of the files are called a\.img/],
    [{ paths: [a, "-"], name: "a.img" }, /Two of the files are called a\.img/],
    [{ paths: [join(directory, "*.img"), a] }, /Two of the files are called a\.img/],
    [{ paths: [join(directory, "*.img")], sha256: "ab".repeat(32) }, /--sha256 is the digest/],
    [{ paths: [join(directory, "**"), b] }, /are called b\.img/],
    [{ paths: [empty] }, /holds no file/],
    [{ paths: [nested] }, /holds the folder inner/],
  ] as const) {
    await assert.rejects(open(wish), (error) => {
      assert.ok(error instanceof Error && "exitCode" in error);
      assert.match(error.message, words);
      assert.equal(error.exitCode, 2);
      return true;
    });
  }
});
