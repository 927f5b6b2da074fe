import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { isPattern, matchingFiles } from "./matching-files.ts";

/** A folder with files of these paths in it, and what a pattern below it matches. */
async function rig(t: TestContext, ...paths: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), "contentlib-[m]atch-"));
  t.after(async () => await rm(folder, { recursive: true }));
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), path);
  }
  const matched = async (pattern: string): Promise<readonly string[]> =>
    (await matchingFiles(join(folder, pattern))).map((path) => relative(folder, path));
  return { folder, matched };
}

test("the signs of a shell match as they do there, below a folder whose name has such signs too", async (t) => {
  const { matched } = await rig(t, "b.iso", "a.iso", "a.img", "x1.iso", "ü 1.iso", "sub/c.iso");
  for (const [pattern, files] of [
    ["*.iso", ["a.iso", "b.iso", "x1.iso", "ü 1.iso"]],
    ["a.*", ["a.img", "a.iso"]],
    ["?.iso", ["a.iso", "b.iso"]],
    ["[ab].iso", ["a.iso", "b.iso"]],
    ["[!ab].i*", []],
    ["{a,x1}.iso", ["a.iso", "x1.iso"]],
    ["ü *", ["ü 1.iso"]],
    ["*/c.iso", ["sub/c.iso"]],
    ["sub/../b.*", ["b.iso"]],
  ] as const) {
    assert.ok(isPattern(pattern));
    const found =
      files.length === 0 ? await matched(pattern).catch(() => []) : await matched(pattern);
    assert.deepEqual(found, files, pattern);
  }
});

test("two stars match in all folders below, and folders themselves are left out", async (t) => {
  const { matched } = await rig(t, "a.iso", "one/b.iso", "one/two/c.iso", "one/two/d.txt");
  assert.deepEqual(await matched("**/*.iso"), ["a.iso", "one/b.iso", "one/two/c.iso"]);
  assert.deepEqual(await matched("one/**"), ["one/b.iso", "one/two/c.iso", "one/two/d.txt"]);
  assert.deepEqual(await matched("*"), ["a.iso"]);
});

test("a dot at the beginning of a name is matched by a dot alone", async (t) => {
  const { matched } = await rig(t, "a.iso", ".b.iso", ".hidden/c.iso");
  assert.deepEqual(await matched("*.iso"), ["a.iso"]);
  assert.deepEqual(await matched("**/*.iso"), ["a.iso"]);
  assert.deepEqual(await matched(".*.iso"), [".b.iso"]);
  assert.deepEqual(await matched(".hidden/*"), [".hidden/c.iso"]);
});

test("a sign in brackets is itself, and so is a folder that is there under that name", async (t) => {
  const { matched } = await rig(t, "a[1].iso", "a1.iso", "b*.iso", "d[1]/e.iso", "d1/f.iso");
  assert.deepEqual(await matched("a[[]1].iso"), ["a[1].iso"]);
  assert.deepEqual(await matched("b[*].iso"), ["b*.iso"]);
  assert.deepEqual(await matched("d[1]/*"), ["d[1]/e.iso"]);
});

test("a link to a file is one, a link to nowhere is left to whoever opens it", async (t) => {
  const { folder, matched } = await rig(t, "real/a.iso");
  await symlink(join(folder, "real", "a.iso"), join(folder, "b.iso"));
  await symlink(join(folder, "nowhere"), join(folder, "c.iso"));
  await symlink(join(folder, "real"), join(folder, "d.iso"));
  assert.deepEqual(await matched("*.iso"), ["b.iso", "c.iso"]);
});

test("links to folders are entered as a shell does: by their names and by signs, and not by two stars", async (t) => {
  const { folder, matched } = await rig(t, "real/c.iso", "real/sub/s.iso", "a/a.iso");
  await symlink(join(folder, "real"), join(folder, "current"));
  await symlink("../real", join(folder, "a", "link"));
  await symlink("..", join(folder, "real", "round"));
  for (const [pattern, files] of [
    ["cur*/*.iso", ["current/c.iso"]],
    ["current/*.iso", ["current/c.iso"]],
    ["{current,a}/*.iso", ["a/a.iso", "current/c.iso"]],
    ["**/*.iso", ["a/a.iso", "real/c.iso", "real/sub/s.iso"]],
    ["**/l*k/*.iso", ["a/link/c.iso"]],
    ["c*/**/*.iso", ["current/c.iso", "current/sub/s.iso"]],
    ["*/*/s.iso", ["current/sub/s.iso", "real/sub/s.iso"]],
    ["r*/round/a/*", ["real/round/a/a.iso"]],
  ] as const)
    assert.deepEqual(await matched(pattern), files, pattern);
});

test("braces may hold folders, and others", async (t) => {
  const { matched } = await rig(t, "a/b/1.iso", "c/2.iso", "c/3.iso", "d.iso");
  for (const [pattern, files] of [
    ["{a/b,c}/*.iso", ["a/b/1.iso", "c/2.iso", "c/3.iso"]],
    ["{a/{b,x},c}/{1,2}.iso", ["a/b/1.iso", "c/2.iso"]],
    ["{d,c/3}.iso", ["c/3.iso", "d.iso"]],
    ["{a/b/*,{c/2,d}.iso}", ["a/b/1.iso", "c/2.iso", "d.iso"]],
    ["c/{2..3}.iso", ["c/2.iso", "c/3.iso"]],
  ] as const)
    assert.deepEqual(await matched(pattern), files, pattern);
});

test("a folder that can not be read is an error with its name, and not a folder without files", async (t) => {
  const { folder, matched } = await rig(t, "no/b.iso", "ok/a.iso", "deep/no/c.iso");
  await chmod(folder, 0o755);
  for (const closed of ["no", "deep/no"]) await chmod(join(folder, closed), 0);
  // Nothing is closed to root.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await assertUnread();
  } finally {
    if (isRoot) process.seteuid?.(0);
    for (const closed of ["no", "deep/no"]) await chmod(join(folder, closed), 0o700);
  }
  async function assertUnread(): Promise<void> {
    for (const [pattern, closed] of [
      ["*/*.iso", "no"],
      ["no/*.iso", "no"],
      ["**/*.iso", "deep/no"],
      ["{ok,deep/n?}/*.iso", "deep/no"],
    ] as const)
      await assert.rejects(
        matched(pattern),
        { code: "EACCES", path: join(folder, closed) },
        pattern,
      );
    assert.deepEqual(await matched("o*/*.iso"), ["ok/a.iso"]);
  }
});

test("a pattern that matches no file is told by its own words", async (t) => {
  const { folder } = await rig(t, "sub/a.iso");
  const pattern = join(folder, "*.img");
  await assert.rejects(matchingFiles(pattern), {
    exitCode: 3,
    message: `No file matches ${pattern}.`,
  });
  const folders = join(folder, "s*");
  await assert.rejects(matchingFiles(folders), {
    exitCode: 3,
    message: `${folders} matches folders alone.`,
  });
});
