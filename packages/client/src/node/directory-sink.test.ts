import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { ProtocolError } from "../errors.ts";
import { FileExistsError, directorySink } from "./directory-sink.ts";
import type { DirectorySinkOptions } from "./directory-sink.ts";

async function directory(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "contentlib-sink-"));
  t.after(async () => await rm(path, { recursive: true }));
  return path;
}

const incoming = (name: string, text: string) => ({
  name,
  sizeBytes: Buffer.byteLength(text),
  checksums: [
    {
      algorithm: "SHA256" as const,
      checksum: createHash("sha256").update(text).digest("hex").toUpperCase(),
    },
  ],
});

async function receive(
  path: string,
  name: string,
  text: string,
  options: DirectorySinkOptions = {},
  sent = text,
): Promise<boolean> {
  const sink = await directorySink(path, options).open(incoming(name, text));
  if (sink === null) return false;
  try {
    for (const letter of sent) await sink.write(Buffer.from(letter));
    await sink.finish();
  } catch (error) {
    await sink.discard();
    throw error;
  }
  return true;
}

test("a file gets its name once its digest is right, in a directory that is made if need be", async (t) => {
  const path = join(await directory(t), "new", "deep");
  assert.equal(await receive(path, "a.iso", "content"), true);
  assert.equal(await readFile(join(path, "a.iso"), "utf8"), "content");
  assert.deepEqual(await readdir(path), ["a.iso"]);
});

test("bytes of another digest or size leave nothing behind", async (t) => {
  const path = await directory(t);
  await assert.rejects(receive(path, "a.iso", "content", {}, "contenT"), ProtocolError);
  await assert.rejects(
    receive(path, "a.iso", "content", {}, "conten"),
    /should have 7 bytes, and 6 came/,
  );
  assert.deepEqual(await readdir(path), []);
});

test("a file that is there with the same content is left alone", async (t) => {
  const path = await directory(t);
  await writeFile(join(path, "a.iso"), "content");
  assert.equal(await receive(path, "a.iso", "content"), false);
});

test("a different file is replaced only by force, and by force in one step", async (t) => {
  const path = await directory(t);
  await writeFile(join(path, "a.iso"), "mine");
  await assert.rejects(receive(path, "a.iso", "content"), FileExistsError);
  assert.equal(await readFile(join(path, "a.iso"), "utf8"), "mine");
  await assert.rejects(
    receive(path, "a.iso", "content", { isForced: true }, "damaged"),
    ProtocolError,
  );
  assert.equal(await readFile(join(path, "a.iso"), "utf8"), "mine");
  assert.equal(await receive(path, "a.iso", "content", { isForced: true }), true);
  assert.equal(await readFile(join(path, "a.iso"), "utf8"), "content");
  assert.deepEqual(await readdir(path), ["a.iso"]);
});

test("a name that was taken while the bytes came is not overwritten", async (t) => {
  const path = await directory(t);
  const sink = await directorySink(path).open(incoming("a.iso", "content"));
  await sink?.write(Buffer.from("content"));
  await writeFile(join(path, "a.iso"), "faster");
  await assert.rejects(async () => await sink?.finish(), FileExistsError);
  await sink?.discard();
  assert.equal(await readFile(join(path, "a.iso"), "utf8"), "faster");
  assert.deepEqual(await readdir(path), ["a.iso"]);
});

test("a link of the file's name counts as another file", async (t) => {
  const path = await directory(t);
  await writeFile(join(path, "elsewhere"), "content");
  await symlink(join(path, "elsewhere"), join(path, "a.iso"));
  await assert.rejects(receive(path, "a.iso", "content"), FileExistsError);
});

test("no name leads out of the directory", async (t) => {
  const path = await directory(t);
  await mkdir(join(path, "inner"));
  for (const name of ["../a", "/etc/passwd", "..", ".", "", "a\\b", "a\0b"]) {
    await assert.rejects(
      receive(join(path, "inner"), name, "x"),
      ProtocolError,
      JSON.stringify(name),
    );
  }
  assert.deepEqual(await readdir(path), ["inner"]);
});

test("a name of 255 bytes fits, for the part file is named by itself", async (t) => {
  const path = await directory(t);
  const name = "n".repeat(255);
  assert.equal(await receive(path, name, "content"), true);
  assert.deepEqual(await readdir(path), [name]);
});

/** Begins a file, writes the letters and leaves it as an interrupted download does; tells what had been kept before. */
async function interrupted(path: string, text: string, letters: string): Promise<number> {
  const sink = await directorySink(path).open(incoming("a.iso", text));
  assert.ok(sink?.keep !== undefined);
  await sink.write(Buffer.from(letters));
  await sink.keep();
  return sink.keptBytes ?? 0;
}

test("what came before an interruption is gone on with, under its hidden name, and verified as a whole", async (t) => {
  const path = await directory(t);
  assert.equal(await interrupted(path, "content", "con"), 0);
  assert.match((await readdir(path)).join(), /^\.contentlib-kept-[0-9a-f-]+\.part$/);
  const sink = await directorySink(path).open(incoming("a.iso", "content"));
  assert.equal(sink?.keptBytes, 3);
  await sink?.write(Buffer.from("tent"));
  await sink?.finish();
  assert.equal(await readFile(join(path, "a.iso"), "utf8"), "content");
  assert.deepEqual(await readdir(path), ["a.iso"]);
});

test("kept bytes that were not those of the file end nowhere", async (t) => {
  const path = await directory(t);
  await interrupted(path, "content", "CON");
  const sink = await directorySink(path).open(incoming("a.iso", "content"));
  await sink?.write(Buffer.from("tent"));
  await assert.rejects(async () => await sink?.finish(), ProtocolError);
  await sink?.discard();
  assert.deepEqual(await readdir(path), []);
});

test("a file that begins anew has nothing of what was kept, in its bytes and in its digest", async (t) => {
  const path = await directory(t);
  await interrupted(path, "content", "other bytes".slice(0, 6));
  const sink = await directorySink(path).open(incoming("a.iso", "content"));
  await sink?.restart?.();
  await sink?.write(Buffer.from("content"));
  await sink?.finish();
  assert.equal(await readFile(join(path, "a.iso"), "utf8"), "content");
});

test("of two downloads one goes on with what was kept; what was kept of other content goes", async (t) => {
  const path = await directory(t);
  await interrupted(path, "content", "con");
  const sinks = [
    await directorySink(path).open(incoming("a.iso", "content")),
    await directorySink(path).open(incoming("a.iso", "content")),
  ];
  assert.deepEqual(
    sinks.map((sink) => sink?.keptBytes),
    [3, 0],
  );
  for (const sink of sinks) await sink?.keep?.();
  assert.equal((await readdir(path)).length, 1);
  const other = await directorySink(path).open(incoming("a.iso", "newer"));
  assert.equal(other?.keptBytes, 0);
  await other?.discard();
  assert.deepEqual(await readdir(path), []);
});

test("a download that is given up while the kept bytes are read keeps them", async (t) => {
  const path = await directory(t);
  await interrupted(path, "content", "con");
  const opening = directorySink(path).open(incoming("a.iso", "content"), AbortSignal.abort());
  await assert.rejects(opening, { name: "AbortError" });
  assert.equal(await interrupted(path, "content", "t"), 3);
});

test("without a digest nothing is kept: nobody could tell whether the next file is the same", async (t) => {
  const path = await directory(t);
  const sink = await directorySink(path).open({ ...incoming("a.iso", "content"), checksums: [] });
  await sink?.write(Buffer.from("con"));
  await sink?.keep?.();
  assert.deepEqual(await readdir(path), []);
});
