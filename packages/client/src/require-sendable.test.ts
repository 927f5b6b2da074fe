import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { createClient } from "./client.ts";
import { LibraryError } from "./errors.ts";
import { PushError } from "./push-error.ts";
import { requireSendable } from "./require-sendable.ts";
import type { Sendable } from "./require-sendable.ts";
import { blobSource } from "./upload-source.ts";

const named = (...names: readonly string[]) => names.map((name) => ({ name }));

const refusals: readonly (readonly [string, Sendable, RegExp, string | undefined])[] = [
  ["no file", { files: [] }, /^There are no files to send/, undefined],
  ["two of one name", { files: named("a", "b", "a") }, /^Two of the files are called a,/, "a"],
  ["no name", { files: named("") }, /^"" can not be the name of a file: it is empty\.$/, ""],
  ["a path", { files: named("a/b.iso") }, /^"a\/b\.iso" can not be .* slash/, "a/b.iso"],
  ["a control character", { files: named("a\u0007") }, /U\+0007/, "a\u0007"],
  ["a name of 256 bytes", { files: named("é".repeat(128)) }, /256 bytes in UTF-8/, "é".repeat(128)],
  [
    "a message of 1001 characters",
    { files: named("a"), message: "m".repeat(1_001) },
    /^The message can not be kept: it has 1001 characters, and at most 1000 are allowed\.$/,
    undefined,
  ],
  ["a bell in the message", { files: named("a"), message: "a\u0007" }, /U\+0007/, undefined],
];

for (const [what, sendable, message, fileName] of refusals)
  test(`${what} is refused before anything is sent`, () => {
    assert.throws(
      () => requireSendable(sendable),
      (error) => {
        assert.ok(error instanceof PushError);
        assert.match(error.message, message);
        assert.deepEqual([error.code, error.fileName, error.canGoOn], ["invalid", fileName, false]);
        return true;
      },
    );
  });

test("names are compared exactly, several lines are a message, and no file is one way to empty an item", () => {
  requireSendable({ files: named("a.iso", "A.iso", "\u00e9", "e\u0301", "x".repeat(255)) });
  requireSendable({ files: named("a"), message: "Boot order\n\n- the loader\n\t- its menu\n" });
  requireSendable({ files: [], removeOthers: true });
  assert.throws(() => requireSendable({ files: [], removeOthers: false }), PushError);
});

async function rig(t: TestContext) {
  const library = await startSmallLibrary();
  t.after(library.server.close);
  library.addLibrary("images");
  const client = createClient({ url: library.server.url, token: "t", retriesMax: 0 });
  const twice = ["one", "two"].map((text) => ({
    name: "a.txt",
    source: blobSource(new Blob([text])),
  }));
  return { library, client, twice };
}

test("neither a push nor an upload of two files of a name asks the server for anything", async (t) => {
  const { library, client, twice } = await rig(t);
  const push = client.push({ library: "images", item: "debian", files: twice });
  await assert.rejects(push.result, { kind: "push", code: "invalid", fileName: "a.txt" });
  const upload = client.upload({ itemId: "some-item", files: twice });
  await assert.rejects(upload.result, { kind: "push", code: "invalid", fileName: "a.txt" });
  assert.deepEqual(library.server.requests, []);
});

test("a refusal of one file names it, the item and the session", async (t) => {
  const { library, client } = await rig(t);
  library.override = ({ operation, input }) => {
    const { name } = (input["file_spec"] ?? {}) as { readonly name?: string };
    return operation === "updateSessionFile.add" && name === "b.txt"
      ? { fault: "invalid_argument", id: "x", text: "Not this one." }
      : undefined;
  };
  const files = ["a.txt", "b.txt"].map((name) => ({ name, source: blobSource(new Blob([name])) }));
  await assert.rejects(client.push({ library: "images", item: "i", files }).result, (error) => {
    assert.ok(error instanceof PushError);
    assert.equal(error.message, "b.txt: Not this one.");
    const [session] = library.sessions.values();
    assert.deepEqual(
      [error.code, error.fileName, error.itemId, error.sessionId],
      ["refused", "b.txt", session?.itemId, session?.id],
    );
    return true;
  });
  const itemId = [...library.sessions.values()][0]?.itemId ?? "";
  await assert.rejects(client.upload({ itemId, files }).result, (error) => {
    assert.ok(error instanceof LibraryError);
    assert.equal(error.fileName, "b.txt");
    return true;
  });
});

test("what ends the whole push is about none of its files", async (t) => {
  const { client } = await rig(t);
  const abort = new AbortController();
  const files = [{ name: "a.txt", source: blobSource(new Blob(["a"])) }];
  const push = client.push({
    library: "images",
    item: "i",
    files,
    signal: abort.signal,
    onEvent: ({ type }) => type === "file" && abort.abort(),
  });
  await assert.rejects(push.result, { code: "aborted", fileName: undefined });
});
