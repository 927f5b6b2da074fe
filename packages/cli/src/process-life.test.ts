import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { isProcessGone, processMark } from "./process-life.ts";

const isLinux = process.platform === "linux";

test("a process lives until it has ended", () => {
  assert.equal(isProcessGone(process.pid), false);
  assert.equal(isProcessGone(process.pid, processMark(process.pid)), false);
  assert.equal(isProcessGone(spawnSync("true").pid), true);
});

test(
  "one that has ended and that nobody collects is gone",
  { skip: isLinux ? false : "only Linux tells of processes that nobody has collected" },
  async (t) => {
    // The shell gives way to a program that never asks after the child it has inherited.
    const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => parent.kill("SIGKILL"));
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const child = Number(line.toString());
    process.kill(child, "SIGKILL");
    while (!isProcessGone(child)) await new Promise((resolve) => setImmediate(resolve));
    assert.doesNotThrow(() => process.kill(child, 0));
  },
);

test(
  "another process of the same number is not the one that was meant",
  { skip: isLinux ? false : "only Linux tells when a process began" },
  () => {
    const mark = processMark(process.pid) ?? "";
    assert.match(mark, /^\d+$/);
    assert.equal(isProcessGone(process.pid, `${mark}0`), true);
    assert.equal(processMark(spawnSync("true").pid), undefined);
  },
);

test(
  "nor is one of another user that has its number now",
  { skip: isLinux && process.getuid?.() === 0 ? false : "takes root to become somebody else" },
  () => {
    // Somebody else may not even send signal 0 to the first process.
    const mark = processMark(1) ?? "";
    const ask = `import { isProcessGone } from ${JSON.stringify(new URL("process-life.ts", import.meta.url))};
      const isRefused = (() => { try { process.kill(1, 0) } catch (error) { return error.code } })();
      console.log(isRefused, isProcessGone(1, "${mark}"), isProcessGone(1, "${mark}0"));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", ask], {
      uid: 65_534,
      encoding: "utf8",
    });
    assert.equal(stdout.trim(), "EPERM false true", stderr);
  },
);
