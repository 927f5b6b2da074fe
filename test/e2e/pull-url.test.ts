import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { LibraryError } from "@contentlib/client";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import { startCliRig, WIRES } from "./cli-rig.ts";
import type { CliRig } from "./cli-rig.ts";

const content = randomBytes(300_000);
const sha256 = createHash("sha256").update(content).digest("hex");

/** Whether the server fetches files; where it does not, the test is skipped with its own answer as the reason. */
async function pulls(t: TestContext, { client, server }: CliRig): Promise<boolean> {
  const library_item_id = await server.makeItem();
  const id = await client.updateSession.create({ create_spec: { library_item_id } });
  const source_endpoint = { uri: "http://127.0.0.1:9/none" };
  const file_spec = { name: "none", source_type: "PULL" as const, source_endpoint };
  try {
    await client.updateSessionFile.add({ update_session_id: id, file_spec });
    return true;
  } catch (error) {
    const isLacking =
      error instanceof LibraryError && error.code === "contentlib.update_session.pull_unsupported";
    if (!isLacking) throw error;
    t.skip(`the server fetches no files: ${error.message}`);
    return false;
  } finally {
    await client.updateSession.cancel({ update_session_id: id });
    await client.item.delete({ library_item_id });
  }
}

/** A source with one large file, and the files of a package. */
async function startSource(t: TestContext, more: { readonly isSecure?: boolean } = {}) {
  const files: Readonly<Record<string, string | Buffer>> = {
    "a.img": content,
    ...packageFiles({ algorithm: null }),
  };
  const seen: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    seen.push(`${request.method} ${request.url}`);
    const file = files[decodeURIComponent((request.url ?? "").slice(1))];
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-length": Buffer.byteLength(file) }).end(file);
  };
  const source = await startRemoteServer(
    answer,
    more.isSecure === true ? { identity: aTlsIdentity() } : {},
  );
  t.after(async () => await source.close());
  return { ...source, seen };
}

describe("contentlib pull-url", { timeout: 120_000 }, () => {
  for (const wire of WIRES)
    test(`a file is fetched by the server, over /${wire}, and comes back as it is there`, async (t) => {
      const rig = await startCliRig(t, wire);
      if (!(await pulls(t, rig))) return;
      const source = await startSource(t);
      const url = `${source.origin}/a.img`;
      const pulled = await rig.json("pull-url", "--sha256", sha256, "images/a", url);
      assert.equal(pulled["done"], true);
      assert.deepEqual(pulled["files"], [
        {
          name: "a.img",
          url,
          size: content.byteLength,
          checksum_info: { algorithm: "SHA256", checksum: sha256 },
        },
      ]);
      assert.equal(source.seen.filter((line) => line === "GET /a.img").length, 1);
      await rig.json("pull", "images/a", rig.directory);
      assert.deepEqual(await readFile(join(rig.directory, "a.img")), content);
    });

  test("what can not be fetched is told in the server's words, and leaves no item", async (t) => {
    const rig = await startCliRig(t);
    if (!(await pulls(t, rig))) return;
    const source = await startSource(t);
    for (const [argv, words] of [
      [[`${source.origin}/gone.img`], /404/],
      [["--sha256", "ab".repeat(32), `${source.origin}/a.img`], new RegExp(sha256)],
    ] as const) {
      const { code, err } = await rig.cli("pull-url", "images/a", ...argv);
      assert.equal(code, 4, err);
      assert.match(err, words);
    }
    assert.deepEqual((await rig.json("ls", "images"))["items"], []);
  });

  test("a source with a certificate of its own is fetched from by its key", async (t) => {
    const rig = await startCliRig(t);
    if (!(await pulls(t, rig))) return;
    const source = await startSource(t, { isSecure: true });
    const url = `${source.origin}/a.img`;
    assert.equal((await rig.cli("pull-url", "images/a", url)).code, 4);
    const probed = await rig.cli("probe", url);
    const [, flag = "", print = ""] = /add: (--pin-key) (sha256\/\/\S+)$/m.exec(probed.err) ?? [];
    assert.equal((await rig.json("pull-url", flag, print, "images/a", url))["done"], true);
  });

  test("a descriptor brings the files beside it, and --no-wait leaves all of it to the server", async (t) => {
    const rig = await startCliRig(t);
    if (!(await pulls(t, rig))) return;
    const source = await startSource(t);
    const url = `${source.origin}/vm.ovf`;
    await rig.json("pull-url", "images/vm", url);
    const names = async (item: string) =>
      ((await rig.json("ls", item))["files"] as readonly { readonly name: string }[])
        .map(({ name }) => name)
        .toSorted();
    assert.deepEqual(await names("images/vm"), ["vm-disk1.vmdk", "vm.ovf"]);
    const left = await rig.json("pull-url", "--no-wait", "images/other", url);
    await rig.json("wait", "session", String(left["session_id"]), "--timeout", "1m");
    assert.deepEqual(await names("images/other"), ["vm-disk1.vmdk", "vm.ovf"]);
  });
});
