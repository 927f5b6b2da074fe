import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { clientEnvironment } from "./program-environment.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";

const isPosix = process.platform !== "win32";
const posix = { skip: isPosix ? false : "the clients are run on POSIX systems only" };
const POLL_MS = 20;

const sh = (script: string, timeoutMs: number): Promise<ProgramEnd> =>
  runProgram({ command: "sh", argv: ["-c", script], env: clientEnvironment(), timeoutMs });

/** Whether the process runs; one that is killed and not yet collected by its parent does not. */
const runs = async (pid: number): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return !/\) [ZX] /.test(stat);
};

/** Waits until the processes are gone; the limit of the test ends it when they do not. */
const gone = async (pids: readonly number[]): Promise<void> => {
  assert.notEqual(pids.length, 0);
  for (const pid of pids) while (await runs(pid)) await setTimeout(POLL_MS);
};

const pidsIn = ({ out }: ProgramEnd): number[] => out.trim().split("\n").map(Number);

test(
  "a program that takes too long is ended, with what it started",
  {
    ...posix,
    timeout: 10_000,
  },
  async () => {
    const before = performance.now();
    const end = await sh("sleep 15 & echo $!; sleep 15 & echo $!; wait", 500);
    assert.ok(performance.now() - before < 3000);
    assert.equal(end.code, null);
    assert.match(end.err, /sh took longer than 500 ms\nsh was ended by SIGKILL/);
    assert.equal(pidsIn(end).length, 2);
    await gone(pidsIn(end));
  },
);

test(
  "a program's end is its end, whatever it leaves behind, which is ended too",
  {
    ...posix,
    timeout: 10_000,
  },
  async () => {
    const before = performance.now();
    const end = await sh("sleep 15 & echo $!; exit 3", 9000);
    assert.ok(performance.now() - before < 3000);
    assert.deepEqual([end.code, end.err], [3, ""]);
    await gone(pidsIn(end));
  },
);

test("all that a program prints is there", posix, async () => {
  const end = await sh(
    "i=0; while [ $i -lt 20000 ]; do echo line; i=$((i+1)); done; echo x >&2",
    9000,
  );
  assert.deepEqual([end.code, end.out.length, end.err], [0, 100_000, "x\n"]);
});

test("a program that is not there says so", async () => {
  const end = await runProgram({
    command: "contentlib-no-such-program",
    argv: [],
    env: clientEnvironment(),
    timeoutMs: 9000,
  });
  assert.equal(end.code, null);
  assert.match(end.err, /ENOENT/);
});
