import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blobSource } from "@contentlib/client";
import type { UpdateSessionFileInfo } from "@contentlib/client";
import { startCliRig, WIRES } from "./cli-rig.ts";
import type { CliRig, StartedCommand } from "./cli-rig.ts";

type Shown = Record<string, unknown>;

/** An item, and an update session on it that waits for a file. */
async function openSession({ client, server }: CliRig) {
  const create_spec = { library_id: server.libraryId, name: "debian" };
  const itemId = await client.item.create({ create_spec });
  const id = await client.updateSession.create({ create_spec: { library_item_id: itemId } });
  const file = await client.updateSessionFile.add({
    update_session_id: id,
    file_spec: { name: "a.iso", source_type: "PUSH", size: 7 },
  });
  return { id, itemId, file };
}

const send = async ({ upload_endpoint }: UpdateSessionFileInfo, text: string): Promise<number> =>
  (await fetch(upload_endpoint?.uri ?? "", { method: "PUT", body: text })).status;

/** The lines of JSON that a command printed. */
const linesOf = (out: string): readonly Shown[] =>
  out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Shown);

/** Starts a watch, and resolves when it has told how the session stands. */
async function watching(rig: CliRig, ...argv: readonly string[]): Promise<StartedCommand> {
  const watch = rig.start("session", "watch", ...argv);
  while (!watch.out().includes("ACTIVE")) await new Promise((resolve) => setTimeout(resolve, 10));
  return watch;
}

for (const wire of WIRES) {
  describe(`sessions from the command line over /${wire}`, { timeout: 60_000 }, () => {
    test("watch tells what happens until the session is done, and wait ends with it", async (t) => {
      const rig = await startCliRig(t, wire);
      const { id, file } = await openSession(rig);
      const watch = await watching(rig, id, "--json");
      const waited = rig.cli("wait", "session", id, "--timeout", "30s");
      assert.equal(await send(file, "content"), 200);
      await rig.client.updateSession.complete({ update_session_id: id });
      const { code, out, err } = await watch.ended;
      assert.deepEqual([code, err], [0, ""]);
      const events = linesOf(out);
      assert.deepEqual([events[0]?.["kind"], events[0]?.["state"]], ["SESSION_STATE", "ACTIVE"]);
      assert.ok(
        events.some((one) => one["file_status"] === "READY" && one["file_name"] === "a.iso"),
      );
      assert.deepEqual(
        [events.at(-1)?.["kind"], events.at(-1)?.["state"]],
        ["SESSION_STATE", "DONE"],
      );
      assert.equal((await waited).code, 0);
      const again = await rig.cli("session", "watch", id);
      assert.equal(again.code, 0);
      assert.match(again.out, /^\d\d:\d\d:\d\d {2}session {2}DONE$/m);
    });

    test("fail says why, once; watch and wait then end with 4 and the reason", async (t) => {
      const rig = await startCliRig(t, wire);
      const { id } = await openSession(rig);
      assert.equal((await rig.cli("session", "fail", id)).code, 2);
      const watch = await watching(rig, id);
      const failed = await rig.json("session", "fail", id, "-m", "the disk is full");
      assert.equal(failed["changed"], true);
      assert.equal((await rig.json("session", "fail", id, "-m", "again"))["changed"], false);
      for (const { code, err } of [await watch.ended, await rig.cli("wait", "session", id)]) {
        assert.equal(code, 4);
        assert.match(err, new RegExp(`Session ${id} ended as ERROR: the disk is full`));
      }
      assert.equal((await rig.cli("wait", "session", id, "--until", "done,error")).code, 0);
      const shown = await rig.cli("session", "show", id);
      assert.match(shown.out, /^error +the disk is full$/m);
      assert.match(shown.out, /^item +images\/debian \(/m);
    });

    test("an interrupted watch ends with 130, says how to go on, and leaves the session as it is", async (t) => {
      const rig = await startCliRig(t, wire);
      const { id } = await openSession(rig);
      const watch = await watching(rig, id);
      watch.interrupt();
      const { code, err } = await watch.ended;
      assert.equal(code, 130);
      assert.equal(err, "contentlib: Interrupted.\n  Go on: run the same line again\n");
      const session = (await rig.json("session", "show", id))["session"] as Shown;
      assert.equal(session["state"], "ACTIVE");
    });
  });
}

test("watch follows update sessions only, and says so; one that is not there exits with 3", async (t) => {
  const rig = await startCliRig(t);
  const { itemId } = await openSession(rig);
  const create_spec = { library_item_id: itemId };
  const id = await rig.client.downloadSession.create({ create_spec });
  const { code, err } = await rig.cli("session", "watch", id);
  assert.equal(code, 2);
  assert.match(err, /contentlib session show/);
  assert.equal((await rig.cli("session", "watch", "none")).code, 3);
  assert.equal((await rig.json("session", "fail", id, "-m", "why"))["changed"], true);
});

test("wait item ends when files are there, or a version; wait ends with 6 when its time is over", async (t) => {
  const rig = await startCliRig(t);
  const late = await rig.cli("wait", "item", "images/debian", "--timeout", "1s");
  assert.equal(late.code, 6);
  assert.match(late.err, /images\/debian is not there after 1 s\./);
  const first = rig.cli("wait", "item", "images/debian", "--timeout", "30s");
  const second = rig.cli("wait", "item", "images/debian@3", "--timeout", "30s");
  const elsewhere = rig.cli("wait", "item", "nowhere/x", "--timeout", "2s");
  const create_spec = { library_id: rig.server.libraryId, name: "debian" };
  const itemId = await rig.client.item.create({ create_spec });
  const push = async (text: string) =>
    await rig.client.upload({
      itemId,
      files: [{ name: "a.iso", source: blobSource(new Blob([text])) }],
    }).result;
  await push("one");
  assert.match((await first).out, /images\/debian is there: content version 2\./);
  await push("two");
  assert.match((await second).out, /content version 3\./);
  assert.equal((await elsewhere).code, 6);
  assert.equal((await rig.cli("wait", "item", "images/debian", "--timeout", "soon")).code, 2);
});

test("wait server needs no login, and ends with 6 where nothing comes", async (t) => {
  const rig = await startCliRig(t);
  const url = rig.server.url;
  assert.equal((await rig.json("wait", "server"))["url"], url);
  await rig.server.close();
  const { code, err } = await rig.cli("wait", "server", "--timeout", "1s");
  assert.equal(code, 6);
  assert.match(err, /is not ready after 1 s\.\n {2}Wait longer/);
});
