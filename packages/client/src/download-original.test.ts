import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { createClient } from "./client.ts";
import { MissingFileError } from "./download-options.ts";
import type { IncomingFile } from "./download-options.ts";

const archive = Buffer.from("the whole archive");
const checksum = {
  algorithm: "SHA256",
  checksum: createHash("sha256").update(archive).digest("hex"),
};

/** A library whose item came in an archive, which no list shows. */
async function rig(t: TestContext, facts: Readonly<Record<string, unknown>>) {
  const library = await startSmallLibrary();
  t.after(library.server.close);
  const itemId = library.addItem(library.addLibrary("images"), "vm", { "vm.ovf": "<x/>" });
  library.override = ({ operation, input }) => {
    if (operation === "itemFact.get") return { output: { version: "1", ...facts } };
    if (operation === "downloadSessionFile.prepare") {
      const session = library.sessions.get(String(input["download_session_id"]));
      session?.files.set("vm.ova", archive);
    }
    return undefined;
  };
  const received: Buffer[] = [];
  const opened: IncomingFile[] = [];
  const sink = {
    open: async (file: IncomingFile) => {
      opened.push(file);
      return await Promise.resolve({
        write: async (chunk: Uint8Array) => void received.push(Buffer.from(chunk)),
        finish: async () => await Promise.resolve(),
        discard: async () => await Promise.resolve(),
      });
    },
  };
  const client = createClient({ url: library.server.url, token: "t" });
  const download = client.download({ itemId, original: true, sink });
  return { download, received, opened, library };
}

test("the archive that files came in is fetched by the name that its facts tell, and held against their checksum", async (t) => {
  const original = { name: "vm.ova", size: archive.byteLength, checksum_info: checksum };
  const { download, received, opened } = await rig(t, { original });
  const { files } = await download.result;
  assert.deepEqual(files, [{ name: "vm.ova", sizeBytes: archive.byteLength, isSkipped: false }]);
  assert.equal(Buffer.concat(received).toString(), archive.toString());
  assert.deepEqual(opened, [
    { name: "vm.ova", sizeBytes: archive.byteLength, checksums: [checksum] },
  ]);
});

test("files that came in no archive, or of which some have changed, have none", async (t) => {
  const original = { name: "vm.ova", size: archive.byteLength, checksum_info: checksum };
  for (const facts of [{}, { original, version: "2" }]) {
    const { download, received, library } = await rig(t, facts);
    await assert.rejects(download.result, MissingFileError);
    assert.deepEqual(received, []);
    assert.ok(library.server.operations().includes("downloadSession.delete"));
  }
});
