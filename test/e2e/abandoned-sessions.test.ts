// What clients leave behind, and that cleaning up after them goes by the state of sessions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { blobSource } from "@contentlib/client";
import { startSmallServer } from "./small-server.ts";
import { contentOf } from "./small-server.ts";

const TIMEOUT_MS = 60_000;
const SESSIONS = 100;
const SESSION_TIMEOUT_MS = 2_000;
const PARTIAL_TTL_MS = 1_000;
const KIB = 1024;

test(
  "a hundred sessions that are left half done leave no bytes in the end, and hold no item",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const server = await startSmallServer(t, {
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      partialTtlMs: PARTIAL_TTL_MS,
    });
    const { updateSession, updateSessionFile } = server.client;
    const staged = async () => await Array.fromAsync(server.storage.blobs.listStaged());
    const items: string[] = [];
    for (let count = 0; count < SESSIONS; count += 1) items.push(await server.makeItem());
    let stagedMax = 0;
    for (const library_item_id of items) {
      const update_session_id = await updateSession.create({ create_spec: { library_item_id } });
      const file_spec = { name: "half.bin", source_type: "PUSH" } as const;
      const { upload_endpoint } = await updateSessionFile.add({ update_session_id, file_spec });
      const answer = await fetch(upload_endpoint?.uri ?? "", { method: "PUT", body: "half" });
      assert.equal(answer.status, 200);
      stagedMax = Math.max(stagedMax, (await staged()).length);
    }
    assert.ok(stagedMax > 1);
    for (; (await staged()).length > 0; await new Promise(setImmediate))
      await server.app.duties.purge();
    for (const itemId of [items[0], items.at(-1)]) {
      const files = [{ name: "whole.txt", source: blobSource(new Blob(["whole"])) }];
      await server.client.upload({ itemId: itemId ?? "", files }).result;
      assert.deepEqual(await contentOf(server.client, itemId ?? ""), { "whole.txt": "whole" });
    }
  },
);

test(
  "cleaning up without pause during a slow upload takes nothing from it",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const server = await startSmallServer(t);
    const itemId = await server.makeItem();
    const text = "slow ".repeat(60 * KIB);
    const client = server.clientOver(await server.line({ bytesPerTurn: 8 * KIB, turnMs: 10 }));
    let isOver = false;
    let runs = 0;
    const cleaning = (async () => {
      const { duties } = server.app;
      for (; !isOver; runs += 1) {
        await Promise.all([duties.sweepStaging(), duties.collectBlobs(), duties.expireSessions()]);
        await new Promise(setImmediate);
      }
    })();
    const files = [{ name: "slow.txt", source: blobSource(new Blob([text])) }];
    await client.upload({ itemId, files }).result.finally(() => (isOver = true));
    await cleaning;
    assert.ok(runs > 10);
    assert.deepEqual(await contentOf(server.client, itemId), { "slow.txt": text });
  },
);
