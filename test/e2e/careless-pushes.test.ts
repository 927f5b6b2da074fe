// Pushes that can not go well, or are easily thought to have gone well: what is given is wrong, a file changes meanwhile, a gateway
// answers for the server.
import assert from "node:assert/strict";
import { closeSync, openSync, writeSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { run } from "@contentlib/cli";
import { PushError } from "@contentlib/client";
import { fileSource } from "@contentlib/client/node";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { FaultyLine } from "@contentlib/testkit/faults/faulty-line";
import { startCliRig } from "./cli-rig.ts";

const TIMEOUT_MS = 60_000;
const MIB = 1024 * 1024;

describe("the message of a push", { timeout: TIMEOUT_MS }, () => {
  test("has several lines, as commits have, and is as long as may be in any script", async (t) => {
    const rig = await startCliRig(t);
    const messages = ["Boot order\n\n- the loader\n\t- its menu\n", "💾".repeat(1_000)];
    for (const [index, message] of messages.entries()) {
      const path = await rig.file("a.txt", message);
      await rig.json("push", "-m", message, path, "images/debian");
      const [item = ""] = await rig.client.item.find({ spec: { name: "debian" } });
      const change = { library_item: item, version: String(index + 2) };
      assert.equal((await rig.client.itemChange.get(change)).message, message);
    }
  });

  test("that can not be kept is told before anything is made", async (t) => {
    const rig = await startCliRig(t);
    const path = await rig.file("a.txt", "a");
    const { code, err } = await rig.cli("push", "-m", "m".repeat(30_000), path, "images/debian");
    assert.equal(code, 2);
    assert.match(err, /The message can not be kept: it has 30000 characters, and at most 1000/);
    assert.deepEqual(await rig.client.item.find({ spec: { name: "debian" } }), []);
  });
});

test(
  "a file that is overwritten while it is sent is never what the item holds",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const { client, directory } = await startCliRig(t);
    const path = join(directory, "disk.img");
    await writeFile(path, Buffer.alloc(48 * MIB, "old"));
    let isWritten = false;
    const push = client.push({
      library: "images",
      item: "disk",
      files: [{ name: "disk.img", source: await fileSource(path) }],
      onEvent({ type }) {
        if (type !== "progress" || isWritten) return;
        isWritten = true;
        const target = openSync(path, "r+");
        writeSync(target, "new", 0);
        closeSync(target);
      },
    });
    const itemId = await push.result.then(
      () => assert.fail("what was pushed is neither the old nor the new"),
      (error: unknown) => {
        assert.ok(error instanceof PushError);
        assert.deepEqual([error.code, error.fileName], ["source", "disk.img"]);
        assert.match(error.message, /disk\.img changed while it was being sent/);
        return error.itemId ?? "";
      },
    );
    assert.deepEqual(await client.itemFile.list({ library_item_id: itemId }), []);
    const [session = ""] = await client.updateSession.list({ library_item_id: itemId });
    const { state } = await client.updateSession.get({ update_session_id: session });
    assert.equal(state, "ERROR");
    const files = [{ name: "disk.img", source: await fileSource(path) }];
    const { contentVersion } = await client.push({ library: "images", item: "disk", files }).result;
    assert.equal(contentVersion, "2", "the next one has the file as it is now");
  },
);

test(
  "where a gateway answers for the server, each command fails for the connection",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const rig = await startCliRig(t);
    const line = await FaultyLine.open(rig.server.url, {
      fault: () => ({ kind: "gateway", isPassed: false }),
    });
    t.after(async () => await line.close());
    const env = { ...rig.env, CONTENTLIB_URL: line.url };
    const path = await rig.file("a.txt", "a");
    for (const argv of [["ls"], ["push", path, "images/a"], ["library", "create", "x"]]) {
      const streams = capturedStreams();
      const { signal } = new AbortController();
      assert.equal(await run(argv, streams, env, { signal }), 6, argv.join(" "));
      assert.match(streams.err(), /The gateway at http:\S+ answered 502 Bad Gateway/);
    }
  },
);
