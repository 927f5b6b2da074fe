import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MemoryBlobStore } from "../../blobs/memory/memory-blob-store.ts";
import { storeBytes } from "@contentlib/testkit/bytes/stage-bytes";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import type { PackageFile } from "../../../domain/package.ts";
import type { OpenBlob } from "../../../ports/blob-store.ts";
import { PortError } from "../../../ports/port-error.ts";
import { MetadataShelf } from "./metadata-shelf.ts";

const KIB = 1024;

/** A shelf over a store that counts what is opened. */
const rig = async () => {
  const store = new MemoryBlobStore({ clock: { now: () => 0 } });
  const opened: string[] = [];
  const open = async (file: PackageFile): Promise<OpenBlob> => {
    opened.push(file.name);
    return await store.open(file.digest);
  };
  const put = async (name: string, text: string): Promise<PackageFile> => {
    const bytes = Buffer.from(text);
    const digest = await storeBytes(store, bytes);
    return { name, digest, sizeBytes: bytes.byteLength, checksums: [] };
  };
  return { shelf: new MetadataShelf(), opened, open, put };
};

describe("what files say that tell of others", () => {
  test("is read once, by bytes and name", async () => {
    const { shelf, opened, open, put } = await rig();
    const file = await put("vm.ovf", envelopeText({ files: [{ id: "a", href: "a.vmdk" }] }));
    const read = await shelf.read("descriptor", file, open);
    assert.ok(read.role === "descriptor");
    assert.deepEqual(
      read.value?.files.map(({ name }) => name),
      ["a.vmdk"],
    );
    assert.equal(await shelf.read("descriptor", file, open), read);
    const renamed = await shelf.read("descriptor", { ...file, name: "other.ovf" }, open);
    assert.ok(renamed.role === "descriptor");
    assert.equal(renamed.value?.fileName, "other.ovf");
    assert.deepEqual(opened, ["vm.ovf", "other.ovf"]);
  });

  test("of a manifest its very bytes are kept, which the signature is over", async () => {
    const { shelf, open, put } = await rig();
    const text = `SHA1(a)= ${"0".repeat(40)}\r\n`.repeat(1) + `\r\n#${" ".repeat(300 * KIB)}`;
    const read = await shelf.read("manifest", await put("vm.mf", text), open);
    assert.ok(read.role === "manifest");
    assert.equal(Buffer.from(read.bytes).toString(), text);
  });

  test("is read in turns: others have theirs in between", async () => {
    const { shelf, open, put } = await rig();
    const text = envelopeText({ sections: `<!--${"x".repeat(500 * KIB)}-->`.repeat(4) });
    const file = await put("vm.ovf", text);
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const read = await shelf.read("descriptor", file, open);
    isOver = true;
    assert.deepEqual(read.findings, []);
    assert.ok(turns > 20, `${turns} turns`);
  });

  test("is not read beyond its limit", async () => {
    const { shelf, open, put } = await rig();
    const file = await put("vm.ovf", `<?xml version="1.0"?>${" ".repeat(7 * KIB * KIB)}`);
    const read = await shelf.read("descriptor", file, open);
    assert.equal(read.value, null);
    assert.deepEqual(
      read.findings.map(({ code }) => code),
      ["descriptor.too_large"],
    );
  });

  test("does not fill the memory: what was not asked for longest goes first", async () => {
    const { shelf, opened, open, put } = await rig();
    const files: PackageFile[] = [];
    for (let at = 0; at < 20; at += 1)
      files.push(await put(`${at}.mf`, `#${at}${" ".repeat(1_000 * KIB)}`));
    for (const file of files) await shelf.read("manifest", file, open);
    opened.length = 0;
    for (const file of files.slice(-10)) await shelf.read("manifest", file, open);
    assert.deepEqual(opened, []);
    await shelf.read("manifest", await put("0.mf", `#0${" ".repeat(1_000 * KIB)}`), open);
    assert.deepEqual(opened, ["0.mf"]);
  });

  test("weighs what was made of the bytes: many short lines more than a few long ones", async () => {
    const { shelf, opened, open, put } = await rig();
    const lines = (at: number): string =>
      Array.from({ length: 9_000 }, (_, line) => `SHA1(${at}-${line})= ${"0".repeat(40)}\n`).join(
        "",
      );
    const files: PackageFile[] = [];
    for (let at = 0; at < 12; at += 1) files.push(await put(`${at}.mf`, lines(at)));
    assert.ok(files.every(({ sizeBytes }) => sizeBytes * files.length < 8 * KIB * KIB));
    for (const file of files) await shelf.read("manifest", file, open);
    opened.length = 0;
    await shelf.read("manifest", files[0] ?? assert.fail(), open);
    assert.deepEqual(opened, ["0.mf"]);
  });

  test("of errors the first are kept", async () => {
    const { shelf, open, put } = await rig();
    const crooked = await shelf.read("manifest", await put("vm.mf", "x\n".repeat(9_000)), open);
    assert.equal(crooked.findings.length, 10);
  });

  test("bytes that rotted say nothing, and are not remembered", async () => {
    const { shelf, open, put } = await rig();
    const good = await put("vm.mf", `SHA1(a)= ${"0".repeat(40)}\n`);
    const rotten = await put("vm.mf", `SHA1(b)= ${"0".repeat(40)}\n`);
    const isCorrupt = (error: unknown) => error instanceof PortError && error.kind === "corrupt";
    await assert.rejects(
      shelf.read("manifest", good, () => open(rotten)),
      isCorrupt,
    );
    const read = await shelf.read("manifest", good, open);
    assert.ok(read.role === "manifest");
    assert.deepEqual(
      read.value?.lines.map(({ name }) => name),
      ["a"],
    );
  });

  test("a store that fails is not a finding", async () => {
    const { shelf, put } = await rig();
    const file = await put("vm.mf", "SHA1(a)= 00");
    const fails = async (): Promise<OpenBlob> => {
      throw new PortError("unavailable", "A test made it fail.");
    };
    await assert.rejects(shelf.read("manifest", file, fails), PortError);
    const breaks = async (): Promise<OpenBlob> => ({
      sizeBytes: 10,
      pourInto: (sink) => {
        queueMicrotask(() => sink.fail(new PortError("unavailable", "It broke off.")));
        return { resume: () => undefined, stop: () => undefined };
      },
      close: () => undefined,
    });
    await assert.rejects(shelf.read("manifest", file, breaks), PortError);
  });
});
