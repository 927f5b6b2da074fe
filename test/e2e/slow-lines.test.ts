// Clients of the SDK over a line that is slow.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blobSource, createClient } from "@contentlib/client";
import { contentOf, startSmallServer } from "./small-server.ts";

const TIMEOUT_MS = 60_000;
const KIB = 1024;
const SESSION_TIMEOUT_MS = 700;
const READERS = 50;

describe("a slow upload", () => {
  test(
    "keeps its session alive by its bytes, and logs in again before complete",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t, { sessionTimeoutMs: SESSION_TIMEOUT_MS });
      const itemId = await server.makeItem();
      const line = await server.line({ bytesPerTurn: 4 * KIB, turnMs: 20 });
      const client = server.clientOver(line);
      const text = "slow ".repeat(100 * KIB);
      const startedAt = Date.now();
      const upload = client.upload({
        itemId,
        files: [{ name: "slow.txt", source: blobSource(new Blob([text])) }],
      });
      const [sessionId, loginId] = await Promise.all([
        (async () => {
          for await (const event of upload) if (event.type === "session") return event.sessionId;
          return assert.fail("there is no session");
        })(),
        client.loginId(),
      ]);
      // The bytes are on their way when the login dies.
      for (let transferred = 0; transferred === 0;) {
        const files = await server.client.updateSessionFile.list({ update_session_id: sessionId });
        transferred = files[0]?.bytes_transferred ?? 0;
      }
      const ended = await fetch(`${server.url}/api/session`, {
        method: "DELETE",
        headers: { "vmware-api-session-id": loginId },
      });
      assert.equal(ended.status, 204);
      await upload.result;
      assert.ok(
        Date.now() - startedAt > 2 * SESSION_TIMEOUT_MS,
        "the upload was too quick to tell",
      );
      assert.notEqual(await client.loginId(), loginId);
      assert.deepEqual(await contentOf(server.client, itemId), { "slow.txt": text });
    },
  );
});

describe("slow readers", () => {
  /** Versions differ in every byte and in nothing else: neither name nor size tells them apart. */
  const contentAt = (version: number) => ({
    "a.bin": String(version).repeat(48 * KIB),
    "b.bin": String(version).repeat(20 * KIB),
  });
  const filesAt = (version: number) =>
    Object.entries(contentAt(version)).map(([name, text]) => ({
      name,
      source: blobSource(new Blob([text])),
    }));

  test(
    "of content that is replaced see all of one version, each time",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      await server.client.upload({ itemId, files: filesAt(0) }).result;
      const line = await server.line({ bytesPerTurn: 16 * KIB, turnMs: 5 });
      // One password is checked for all of them.
      const loginId = await server.client.loginId();
      const seen = new Set<number>();
      let last = 0;
      let isOver = false;
      const readers = Array.from({ length: READERS }, async () => {
        const client = createClient({ url: line.url, loginId });
        for (let isLast = false; !isLast;) {
          isLast = isOver;
          const content = await contentOf(client, itemId);
          const version = Number(content["a.bin"]?.[0]);
          assert.deepEqual(content, contentAt(version));
          seen.add(version);
          if (isLast) assert.equal(version, last);
        }
      });
      const replacing = (async () => {
        for (let version = 1; version <= 3; version += 1) {
          await server.client.upload({ itemId, files: filesAt(version) }).result;
          last = version;
        }
        isOver = true;
      })();
      await Promise.all([replacing, ...readers]);
      assert.ok(seen.size > 1 && seen.has(last), [...seen].join());
    },
  );
});
