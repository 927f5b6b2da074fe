import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import type { SmallLibrary } from "@contentlib/testkit/client/small-library";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import { run } from "../run.ts";

/** The command line, a folder of its own, and a library server that is no more than a client needs. */
async function rig(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-packages-"));
  const library = await startSmallLibrary();
  t.after(async () => {
    await library.server.close();
    await rm(directory, { recursive: true });
  });
  const env = {
    CONTENTLIB_URL: library.server.url,
    CONTENTLIB_TOKEN: "t",
    CONTENTLIB_PROFILE_FILE: join(directory, "profiles.json"),
  };
  const cli = async (...argv: readonly string[]) => {
    const streams = capturedStreams();
    const code = await run(argv, streams, env);
    return { code, out: streams.out(), err: streams.err() };
  };
  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(join(directory, name), content);
    return join(directory, name);
  };
  const added = () =>
    library.server.requests
      .filter(({ operation }) => operation === "updateSessionFile.add")
      .map(({ input }) => (input["file_spec"] as { readonly name: string }).name);
  library.addLibrary("images");
  return { cli, file, library, directory, added };
}

const typesOf = ({ server }: SmallLibrary) =>
  server.requests
    .filter(({ operation }) => operation === "item.create")
    .map(({ input }) => (input["create_spec"] as Record<string, unknown>)["type"]);

const descriptor = (...hrefs: readonly string[]): string =>
  envelopeText({ files: hrefs.map((href, index) => ({ id: `f${index}`, href })) });

describe("push of a package", () => {
  test("a descriptor takes along what it names, its manifest and its certificate, in the order that servers want", async (t) => {
    const { cli, file, library, added } = await rig(t);
    const path = await file("vm.ovf", descriptor("my%20disk.vmdk"));
    for (const name of ["my disk.vmdk", "vm.mf", "vm.cert", "notes.txt"]) await file(name, name);
    const { code, err } = await cli("push", path, "images/vm");
    assert.equal(code, 0, err);
    assert.deepEqual(added().slice(0, 2).toSorted(), ["vm.cert", "vm.mf"]);
    assert.deepEqual(added().slice(2).toSorted(), ["my disk.vmdk", "vm.ovf"]);
    assert.deepEqual(typesOf(library), ["ovf"]);
  });

  test("a file that is named and not there is told before anything is sent, with the place that was looked at", async (t) => {
    const { cli, file, library, directory, added } = await rig(t);
    const path = await file("vm.ovf", descriptor("disk.vmdk"));
    const { code, err } = await cli("push", path, "images/vm");
    assert.equal(code, 3);
    assert.equal(
      err,
      `contentlib: vm.ovf:4: The file disk.vmdk is missing. Looked in ${directory}.\n` +
        "  Put it beside the descriptor, or name it too; if the item has it already: --force\n",
    );
    assert.deepEqual(library.server.requests, []);
    assert.equal((await cli("push", "--force", path, "images/vm")).code, 0);
    assert.deepEqual(added(), ["vm.ovf"]);
  });

  test("files that are named by hand are taken from where they lie, and none twice", async (t) => {
    const { cli, file, directory, added } = await rig(t);
    await mkdir(join(directory, "disks"));
    const path = await file("vm.ovf", descriptor("disk.vmdk", "b.vmdk"));
    const disk = await file("disks/disk.vmdk", "far");
    const manifest = await file("disks/other.mf", "");
    for (const name of ["vm.mf", "b.vmdk"]) await file(name, name);
    const { code, err } = await cli("push", disk, path, manifest, "images/vm");
    assert.equal(code, 0, err);
    assert.deepEqual(added().toSorted(), ["b.vmdk", "disk.vmdk", "other.mf", "vm.ovf"]);
  });

  test("an archive goes as the one file that it is, into an item of the type ovf", async (t) => {
    const { cli, file, library, added } = await rig(t);
    assert.equal((await cli("push", await file("vm.ova", "tar"), "images/vm")).code, 0);
    assert.deepEqual(added(), ["vm.ova"]);
    assert.deepEqual(typesOf(library), ["ovf"]);
  });
});

describe("push of an image", () => {
  test("a whole one goes, into an item of the type iso", async (t) => {
    const { cli, file, library } = await rig(t);
    const path = await file("a.iso", aDiscImage());
    assert.equal((await cli("push", path, "images/a")).code, 0);
    assert.deepEqual(typesOf(library), ["iso"]);
  });

  test("one that is shorter than its volume, or is none, is told before anything is sent, and goes with --force", async (t) => {
    const { cli, file, library } = await rig(t);
    const image = aDiscImage();
    const cut = await file("cut.iso", image.subarray(0, image.byteLength - 2048));
    const { code, err } = await cli("push", cut, "images/a");
    assert.equal(code, 4);
    assert.equal(
      err,
      `contentlib: cut.iso: cut.iso has ${image.byteLength - 2048} bytes, its volume says ${image.byteLength}.\n` +
        "  Download the image again: its end is missing. To send it as it is: --force\n",
    );
    const page = await cli("push", await file("page.iso", "<html>404</html>"), "images/b");
    assert.equal(page.code, 4);
    assert.match(page.err, /page\.iso has no volume of ISO 9660 or UDF\./);
    assert.deepEqual(library.server.requests, []);
    assert.equal((await cli("push", "--force", cut, "images/a")).code, 0);
  });
});

const signer = { subject: "/CN=us", issuer: "/CN=they", self_signed: false, x509: "PEM" };

/** A server that finds the signer untrusted, unless a session ignores that. */
function distrust(library: SmallLibrary): void {
  const behaviors: unknown[] = [];
  library.override = ({ operation, input }) => {
    if (operation === "updateSession.create")
      behaviors.push((input["create_spec"] as Record<string, unknown>)["warning_behavior"]);
    const session = library.sessions.get(String(input["update_session_id"]));
    if (operation !== "updateSession.get" || session?.state !== "ACTIVE") return undefined;
    const message = { id: "m", default_message: "vm.cert: /CN=us is not trusted.", args: [] };
    const ignored = behaviors.at(-1) !== undefined;
    return {
      output: {
        id: session.id,
        state: "ACTIVE",
        expiration_time: new Date(Date.now() + 300_000).toISOString(),
        library_item_content_version: "1",
        client_progress: 0,
        preview_info: {
          state: "AVAILABLE",
          certificate_info: signer,
          warnings: [{ type: "UNTRUSTED_CERTIFICATE", message, ignored }],
        },
      },
    };
  };
}

describe("warnings of signed content", () => {
  test("end a push with what they say, who signed, and the line that accepts them", async (t) => {
    const { cli, file, library } = await rig(t);
    distrust(library);
    const path = await file("vm.ovf", descriptor());
    for (const name of ["vm.mf", "vm.cert"]) await file(name, name);
    const { code, err } = await cli("push", path, "images/vm");
    assert.equal(code, 4);
    assert.match(err, /^contentlib: vm\.cert: \/CN=us is not trusted\.$/m);
    assert.match(
      err,
      /^ {2}Signed by \/CN=us, issued by \/CN=they\. If you trust that, accept it:$/m,
    );
    assert.match(
      err,
      /^ {2}contentlib push --accept UNTRUSTED_CERTIFICATE -- \S*vm\.ovf images\/vm$/m,
    );
    assert.deepEqual(
      [...library.sessions.values()].map(({ state }) => state),
      ["ERROR"],
    );
    const json = await cli("push", "--json", path, "images/vm");
    const { error } = JSON.parse(json.err) as { error: Record<string, unknown> };
    assert.deepEqual(error["warnings"], [
      { type: "UNTRUSTED_CERTIFICATE", message: "vm.cert: /CN=us is not trusted." },
    ]);
    assert.deepEqual(error["signer"], { subject: "/CN=us", issuer: "/CN=they" });
  });

  test("are accepted by their names in any case, and told", async (t) => {
    const { cli, file, library } = await rig(t);
    distrust(library);
    const path = await file("vm.ovf", descriptor());
    for (const name of ["vm.mf", "vm.cert"]) await file(name, name);
    const accept = ["--accept", "untrusted_certificate"];
    const { code, out } = await cli("push", "--json", ...accept, path, "images/vm");
    assert.equal(code, 0);
    assert.deepEqual((JSON.parse(out) as Record<string, unknown>)["warnings"], [
      { type: "UNTRUSTED_CERTIFICATE", message: "vm.cert: /CN=us is not trusted." },
    ]);
    const { err } = await cli("push", "--accept", "all", path, "images/vm");
    assert.match(
      err,
      /SELF_SIGNED_CERTIFICATE, EXPIRED_CERTIFICATE, NOT_YET_VALID_CERTIFICATE, UNTRUSTED_CERTIFICATE/,
    );
  });

  test("that only complete finds are told with the same line", async (t) => {
    const { cli, file, library } = await rig(t);
    library.override = ({ operation }) =>
      operation === "updateSession.complete"
        ? {
            fault: "not_allowed_in_current_state",
            id: "contentlib.preview_warnings",
            text: "The signature raises warnings.",
            args: ["EXPIRED_CERTIFICATE, UNTRUSTED_CERTIFICATE", "x"],
          }
        : undefined;
    const { err } = await cli("push", await file("vm.ova", "tar"), "images/vm");
    assert.match(err, /--accept EXPIRED_CERTIFICATE --accept UNTRUSTED_CERTIFICATE -- /);
  });
});

/** A server of this make whose item came in an archive. */
function archived(library: SmallLibrary, archive: Buffer, version = "1"): void {
  const checksum = createHash("sha256").update(archive).digest("hex");
  const checksum_info = { algorithm: "SHA256", checksum };
  library.override = ({ operation, input }) => {
    if (operation === "login.create")
      return { output: "login", headers: { "contentlib-version": "0.1.0" } };
    if (operation === "itemFact.get")
      return {
        output: { version, original: { name: "vm.ova", size: archive.byteLength, checksum_info } },
      };
    if (operation === "downloadSessionFile.prepare")
      library.sessions
        .get(String(input["download_session_id"]))
        ?.files.set(String(input["file_name"]), archive);
    return undefined;
  };
}

test("an archive that the item came in is not sent again, and takes nothing out", async (t) => {
  const { cli, file, library, added } = await rig(t);
  const vms = library.addLibrary("vms");
  const item = library.addItem(vms, "vm", { "vm.ovf": "x", "disk.vmdk": "d" });
  archived(library, Buffer.from("the archive"));
  const path = await file("vm.ova", "the archive");
  for (const flags of [[], ["--replace"]]) {
    const { code, out, err } = await cli("push", ...flags, path, "vms/vm");
    assert.equal(code, 0, err);
    assert.equal(out, "vms/vm is up to date: content version 1.\n  unpacked: vm.ovf, disk.vmdk\n");
  }
  assert.deepEqual(added(), []);
  await file("vm.ova", "another one");
  assert.equal((await cli("push", path, "vms/vm")).code, 0);
  assert.deepEqual(added(), ["vm.ova"]);
  assert.ok("vm.ova" in library.filesOf(item));
});

describe("pull --as ova", () => {
  const archive = Buffer.from("the archive");

  test("fetches the archive into a folder or under a name, and leaves one alone that is there", async (t) => {
    const { cli, library, directory } = await rig(t);
    const item = library.addItem(library.addLibrary("vms"), "vm", { "vm.ovf": "x" });
    archived(library, archive);
    const into = join(directory, "back");
    const { code, out } = await cli("pull", "--as", "ova", "vms/vm", into);
    assert.equal(code, 0);
    assert.match(out, /^ {2}\S*back\/vm\.ova$/m);
    assert.deepEqual(await readFile(join(into, "vm.ova")), archive);
    const named = join(directory, "other.ova");
    const json = await cli("pull", "--json", "--as", "ova", `id:${item}`, named);
    assert.deepEqual((JSON.parse(json.out) as Record<string, unknown>)["files"], [
      { name: "vm.ova", path: named, size: archive.byteLength, changed: true },
    ]);
    assert.deepEqual(await readFile(named), archive);
    assert.match((await cli("pull", "--as", "ova", "vms/vm", named)).out, /1 file here already/);
    await writeFile(named, "something else");
    assert.equal((await cli("pull", "--as", "ova", "vms/vm", named)).code, 4);
    assert.equal((await cli("pull", "--as", "ova", "--force", "vms/vm", named)).code, 0);
  });

  test("says where there is none, and why", async (t) => {
    const { cli, library, directory } = await rig(t);
    library.addItem(library.addLibrary("vms"), "vm", { "vm.ovf": "x" });
    const pull = ["pull", "--as", "ova", "vms/vm", directory];
    const foreign = await cli(...pull);
    assert.equal(foreign.code, 4);
    assert.match(foreign.err, /of another make, and keeps no archives/);
    archived(library, archive, "2");
    const changed = await cli(...pull);
    assert.equal(changed.code, 3);
    assert.equal(
      changed.err,
      "contentlib: vms/vm was not pushed as an OVA, or has changed since: there is no archive of it.\n" +
        "  Pull its files instead: contentlib pull vms/vm\n",
    );
    assert.equal((await cli(...pull, "--file", "*")).code, 2);
  });
});
