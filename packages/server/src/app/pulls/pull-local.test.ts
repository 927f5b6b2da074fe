import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { describe, test } from "node:test";
import { scratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { openPackagePullRig, openPullRig, until } from "@contentlib/testkit/rigs/pull-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import { SystemClock } from "../../adapters/clock/system-clock.ts";
import { composeLocal } from "../../main/compose-local.ts";

/** A server that has opened a directory with the file `a.iso`, as the datastore `san`. */
const openDirectory = async (t: TestContext) => {
  const scratch = await scratchDirectory();
  t.after(async () => await scratch.remove());
  const [open, closed] = [join(scratch.path, "open"), join(scratch.path, "closed")];
  for (const directory of [open, closed]) {
    await mkdir(directory);
    await writeFile(join(directory, "a.iso"), "abc");
  }
  return { open, closed, local: composeLocal(new SystemClock(), [{ name: "san", path: open }]) };
};

describe("S119: a file of this machine", () => {
  test("is pulled by its path and by its datastore, as any other file is", async (t) => {
    const { open, local } = await openDirectory(t);
    const { session, pull, settled } = await openPullRig(undefined, { local });
    for (const [name, uri] of [
      ["a.iso", `file://${open}/a.iso`],
      ["b.iso", "ds:///vmfs/volumes/san/a.iso?serverId=1"],
      ["c.iso", "ds:///san/a.iso"],
    ] as const) {
      const added = await pull(name, { source_endpoint: { uri } });
      assert.deepEqual(added.source_endpoint, { uri });
      const { status, size, checksum_info } = await settled(name);
      assert.deepEqual([status, size, checksum_info?.algorithm], ["READY", 3, "SHA256"]);
    }
    await session.complete();
    const files = await session.itemFiles();
    assert.deepEqual(
      files.map(({ name }) => name),
      ["a.iso", "b.iso", "c.iso"],
    );
  });

  test("brings those that it names beside itself, where it is a descriptor", async (t) => {
    const { open, local } = await openDirectory(t);
    const files = packageFiles({ base: "vm", disks: { "disk-1.vmdk": "the disk" } });
    for (const [name, content] of Object.entries(files)) await writeFile(join(open, name), content);
    const { session, pull, settled } = await openPackagePullRig({ local });
    await pull("vm.ovf", { source_endpoint: { uri: "ds:///vmfs/volumes/san/vm.ovf?serverId=1" } });
    assert.equal((await settled("vm.ovf")).status, "READY");
    await until("the descriptor was followed", async () => {
      const files = await session.handlers["updateSessionFile.list"](
        { update_session_id: session.sessionId },
        aCall(),
      );
      return files.length === 2;
    });
    const disk = await settled("disk-1.vmdk");
    assert.equal(disk.status, "READY", disk.error_message?.default_message);
    assert.deepEqual(disk.source_endpoint, { uri: "ds:///vmfs/volumes/san/disk-1.vmdk" });
    await session.complete();
    const names = (await session.itemFiles()).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), ["disk-1.vmdk", "vm.ovf"]);
  });

  test("is in ERROR where it is not there, or a link leads out, and both are told alike", async (t) => {
    const { open, closed, local } = await openDirectory(t);
    await symlink(join(closed, "a.iso"), join(open, "out.iso"));
    const { pull, settled } = await openPullRig(undefined, { local });
    const told: string[] = [];
    for (const name of ["out.iso", "not.iso"]) {
      await pull(name, { source_endpoint: { uri: `ds:///san/${name}` } });
      const { status, error_message } = await settled(name);
      assert.equal(status, "ERROR");
      told.push((error_message?.default_message ?? "").replaceAll(name, "NAME"));
    }
    assert.equal(new Set(told).size, 1);
    assert.match(told[0] ?? "", /There is no file ds:\/\/\/san\/NAME that this server may read/);
    await pull("c.iso", { source_endpoint: { uri: `file://${closed}/a.iso` } });
    const { error_message } = await settled("c.iso");
    assert.match(error_message?.default_message ?? "", /lies in no directory/);
  });

  test("is none of a server that has opened nothing, and none that is told a secret", async (t) => {
    const { open, local } = await openDirectory(t);
    const uri = `file://${open}/a.iso`;
    const closed = await openPullRig();
    await refusedWith(
      "update_session.pull_unsupported",
      closed.pull("a.iso", { source_endpoint: { uri } }),
    );
    const opened = await openPullRig(undefined, { local });
    const source_endpoint = { uri, contentlib_secret: "depot" };
    await refusedWith("update_session.invalid_file", opened.pull("a.iso", { source_endpoint }));
  });

  test("is added only by whoever may see how the item is stored", async (t) => {
    const { open, local } = await openDirectory(t);
    const rig = await AccessRig.open(undefined, undefined, { local });
    const library = await rig.library();
    const item = await rig.item(library);
    const [editor, viewer] = [await rig.user("editor", library), await rig.user("viewer", library)];
    const session = await rig.updateSession(item, editor.call());
    const add = (call = editor.call()) =>
      rig.handlers["updateSessionFile.add"](
        {
          update_session_id: session,
          file_spec: {
            name: "a.iso",
            source_type: "PULL",
            source_endpoint: { uri: `file://${open}/a.iso` },
          },
        },
        call,
      );
    await refusedWith("access.not_owner", add(viewer.call()));
    assert.equal((await add()).status, "WAITING_FOR_TRANSFER");
  });

  test("is tried like any other source", async (t) => {
    const { open, closed, local } = await openDirectory(t);
    const { session } = await openPullRig(undefined, { local });
    const probe = async (uri: string) =>
      await session.handlers["updateSessionFile.probe"]({ source_endpoint: { uri } }, aCall());
    assert.deepEqual(await probe("ds:///san/a.iso"), { status: "SUCCESS", error_messages: [] });
    const { size, resumable, certificates } = await session.handlers["probe.get"](
      { uri: `file://${open}/a.iso` },
      aCall(),
    );
    assert.deepEqual([size, resumable, certificates], [3, true, []]);
    for (const [uri, status] of [
      ["ds:///san/not.iso", "RESOURCE_NOT_FOUND"],
      [`file://${closed}/a.iso`, "UNKNOWN_ERROR"],
      ["ds:///san/../closed/a.iso", "INVALID_URL"],
      ["nfs:///san/a.iso", "INVALID_URL"],
    ] as const)
      assert.equal((await probe(uri)).status, status, uri);
    const [message] = (await probe("ds:///san/not.iso")).error_messages;
    assert.match(message?.default_message ?? "", /^The file can not be read: There is no file ds:/);
  });
});
