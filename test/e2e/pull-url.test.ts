import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import { startCliRig, WIRES } from "./cli-rig.ts";

const content = randomBytes(300_000);
const sha256 = createHash("sha256").update(content).digest("hex");

const SIGNER = aSignerCertificate({ commonName: "web team" });
const archive = ovaOf(archivedFiles({ signers: [SIGNER] }));
const image = aDiscImage({ iso: { label: "TOOLS" } });

/** What a source asks for. */
const LOGIN = "Basic Y2k6dGhlIHBhc3N3b3Jk";

interface SourceWish {
  readonly isSecure?: boolean;
  /** Gives nothing without the login. */
  readonly isLocked?: boolean;
}

/** A source with one large file, the files of a package, an archive, and an image whose end is missing. */
async function startSource(t: TestContext, more: SourceWish = {}) {
  const files: Readonly<Record<string, string | Buffer>> = {
    "a.img": content,
    "web.ova": archive,
    "short.iso": image.subarray(0, -1),
    ...packageFiles(),
  };
  const seen: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    seen.push(`${request.method} ${request.url}`);
    const file = files[decodeURIComponent((request.url ?? "").slice(1))];
    if (more.isLocked === true && request.headers.authorization !== LOGIN)
      response.writeHead(401, { "WWW-Authenticate": "Basic" }).end();
    else if (file === undefined) response.writeHead(404).end();
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
    const source = await startSource(t, { isSecure: true });
    const url = `${source.origin}/a.img`;
    assert.equal((await rig.cli("pull-url", "images/a", url)).code, 4);
    const probed = await rig.cli("probe", url);
    const [, flag = "", print = ""] = /add: (--pin-key) (sha256\/\/\S+)$/m.exec(probed.err) ?? [];
    assert.equal((await rig.json("pull-url", flag, print, "images/a", url))["done"], true);
  });

  test("a descriptor brings the files beside it, and --no-wait leaves all of it to the server", async (t) => {
    const rig = await startCliRig(t);
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

  for (const wire of WIRES)
    test(`an archive is fetched, unpacked, told of, and comes back as it was, over /${wire}`, async (t) => {
      const { cli, json, directory } = await startCliRig(t, wire);
      const source = await startSource(t);
      const line = ["images/web", `${source.origin}/web.ova`];
      const stopped = await cli("pull-url", ...line);
      assert.equal(stopped.code, 4, stopped.err);
      assert.match(stopped.err, /Signed by \/CN=web team/);
      const again = /^ {2}contentlib (pull-url --accept .*)$/m.exec(stopped.err)?.[1] ?? "";
      const accepting = [...again.matchAll(/--accept \w+/g)].flatMap(([flag]) => flag.split(" "));
      const checksum = createHash("sha256").update(archive).digest("hex");
      const checksum_info = { algorithm: "SHA256", checksum };
      const fetched = await json("pull-url", ...accepting, "--sha256", checksum, ...line);
      const size = archive.byteLength;
      assert.deepEqual(fetched["files"], [{ name: "web.ova", url: line[1], size, checksum_info }]);
      assert.deepEqual(fetched["unpacked"], ["vm.ovf", "vm-disk1.vmdk"]);
      const { item, facts } = await json("info", "images/web");
      assert.equal((item as { readonly type: string }).type, "ovf");
      const { original, ovf, verification } = facts as Readonly<Record<string, object>>;
      assert.deepEqual(original, { name: "web.ova", size, checksum_info });
      assert.ok("disks" in (ovf ?? {}));
      assert.ok("ignored_warnings" in (verification ?? {}));
      const { out } = await cli("info", "images/web");
      assert.match(out, /^archive +web\.ova .*pull --as ova$/m);
      await json("pull", "--as", "ova", "images/web", directory);
      assert.deepEqual(await readFile(join(directory, "web.ova")), archive);
      const pushed = await json("push", join(directory, "web.ova"), "images/web");
      assert.equal(pushed["changed"], false, "what was fetched is up to date");
    });

  for (const waiting of [[], ["--no-wait"]])
    test(`a manifest is fetched before its descriptor, whatever order they are named in ${waiting.join()}`, async (t) => {
      const { json } = await startCliRig(t);
      const source = await startSource(t);
      const urls = ["vm.ovf", "vm.mf"].map((name) => `${source.origin}/${name}`);
      const pulled = await json("pull-url", ...waiting, "images/vm", ...urls);
      if (pulled["done"] === false)
        await json("wait", "session", String(pulled["session_id"]), "--timeout", "1m");
      assert.ok(source.seen.includes("GET /vm.mf"));
      const { files } = await json("ls", "images/vm");
      assert.deepEqual(
        (files as readonly { readonly name: string }[]).map(({ name }) => name),
        ["vm.ovf", "vm-disk1.vmdk"],
      );
      const { facts } = await json("info", "images/vm");
      assert.ok("verification" in (facts as object));
    });

  test("a secret that was set once opens a source to whoever names it", async (t) => {
    const { cli, feed, json } = await startCliRig(t);
    const source = await startSource(t, { isLocked: true });
    const url = `${source.origin}/vm.ovf`;
    const locked = await cli("pull-url", "images/vm", url);
    assert.equal(locked.code, 4, locked.err);
    assert.match(locked.err, /login/);
    const line = ["secret", "set", "depot", "--origin", source.origin, "--user", "ci"];
    const set = await feed("the password", ...line, "--password-stdin");
    assert.equal(set.code, 0, set.err);
    await json("pull-url", "--secret", "depot", "images/vm", url);
    const { files } = await json("ls", "images/vm");
    assert.deepEqual(
      (files as readonly { readonly name: string }[]).map(({ name }) => name),
      ["vm.ovf", "vm-disk1.vmdk"],
    );
  });

  test("a bad image is fetched, but into no library that rejects such", async (t) => {
    const { cli, json } = await startCliRig(t);
    const source = await startSource(t);
    const url = `${source.origin}/short.iso`;
    await json("pull-url", "images/tools", url);
    await json("library", "update", "images", "--reject-bad-iso");
    for (const waiting of [[], ["--no-wait"]]) {
      const { code, err, out } = await cli("pull-url", ...waiting, "images/other", url);
      const session = /update session (\S+)\./.exec(out)?.[1] ?? "";
      const told = waiting.length === 0 ? { code, err } : await cli("wait", "session", session);
      assert.equal(told.code, 4, told.err);
      for (const bytes of [image.length - 1, image.length])
        assert.match(told.err, new RegExp(`\\b${bytes}\\b`));
    }
  });
});
