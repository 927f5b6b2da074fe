import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openDataDirectory } from "./data-directory.ts";
import { StartError } from "./start-error.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-data-"));
after(() => rmSync(folder, { recursive: true }));

test("the directory is made for its owner only, and belongs to one server at a time", () => {
  const path = join(folder, "deep", "data");
  const first = openDataDirectory(path);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(first.place("x"), join(path, "x"));
  assert.throws(
    () => openDataDirectory(path),
    (error: unknown) => {
      assert.ok(error instanceof StartError);
      assert.match(
        error.message,
        new RegExp(
          `in use by another server \\(process ${process.pid}\\): stop that one, or choose`,
        ),
      );
      return true;
    },
  );
  first.close();
  first.close();
  openDataDirectory(path).close();
  assert.deepEqual(readdirSync(path), ["lock"]);
});

test("the lock of a process that was killed is free, and that of a living one is not, even when it let go of the directory", async () => {
  const path = join(folder, "killed");
  const source = `import { openDataDirectory } from ${JSON.stringify(join(import.meta.dirname, "data-directory.ts"))}
    openDataDirectory(${JSON.stringify(path)})
    setImmediate(() => { gc(); setImmediate(() => { gc(); process.stdout.write('held') }) })
    setInterval(() => undefined, 1000)`;
  const owner = spawn(process.execPath, ["--expose-gc", "--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(owner.stdout, "data");
    assert.throws(() => openDataDirectory(path), new RegExp(`process ${owner.pid}`));
  } finally {
    owner.kill("SIGKILL");
  }
  await once(owner, "exit");
  openDataDirectory(path).close();
});

test("a path that can not be a directory is one line that says what to do", () => {
  const path = join(folder, "file");
  writeFileSync(path, "");
  assert.throws(
    () => openDataDirectory(join(path, "data")),
    (error: unknown) =>
      error instanceof StartError && /can not be used \(ENOTDIR\)/.test(error.message),
  );
});
