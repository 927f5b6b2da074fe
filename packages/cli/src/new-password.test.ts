import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { newPassword } from "./new-password.ts";

const { signal } = new AbortController();

/** A terminal on which somebody types these lines, each once it is asked for. */
function terminal(...lines: readonly string[]) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const captured = capturedStreams();
  const answers = [...lines];
  const stderr = {
    ...captured.stderr,
    write: (text: string) => {
      captured.stderr.write(text);
      if (text.endsWith(": ")) setImmediate(() => stdin.write(`${answers.shift() ?? ""}\n`));
    },
  };
  return { streams: { stdin, stdout: captured.stdout, stderr }, err: captured.err };
}

test("a password is asked for twice, and neither time shown", async () => {
  const { streams, err } = terminal("correct horse", "correct horse");
  assert.equal(await newPassword({ streams, signal }, "ben", {}), "correct horse");
  assert.match(err(), /New password of ben: [^]*The same again: /);
  assert.ok(!err().includes("horse"), err());
});

test("two that differ change nothing", async () => {
  const { streams } = terminal("correct horse", "correct house");
  const asked = newPassword({ streams, signal }, "ben", {});
  await assert.rejects(asked, { name: "Failure", exitCode: 2, message: /differ/ });
});

test("a file or standard input hands one over, without its last line end", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-password-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const path = join(directory, "password");
  await writeFile(path, " with spaces \r\n");
  const streams = capturedStreams("from a pipe\n");
  const read = async (passwordFile: string) =>
    await newPassword({ streams, signal }, "ben", { passwordFile });
  assert.equal(await read(path), " with spaces ");
  assert.equal(await read("-"), "from a pipe");
  await assert.rejects(read(join(directory, "nowhere")), { code: "ENOENT" });
});

test("without a terminal it is said what to do", async () => {
  const asked = newPassword({ streams: capturedStreams(), signal }, "ben", {});
  await assert.rejects(asked, { name: "Failure", exitCode: 2, hint: /--password-file/ });
});
