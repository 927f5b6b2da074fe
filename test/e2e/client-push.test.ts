// Pushes of the SDK to a real server: what they make, what they go on with, and what ends them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  blobSource,
  type Client,
  createClient,
  PushError,
  type PushErrorCode,
  type PushEvent,
  type PushOptions,
} from "@contentlib/client";
import { checkContent } from "@contentlib/server/app/check-content";
import type { LineFault } from "@contentlib/testkit/faults/faulty-line";
import { contentOf, type SmallServer, startSmallServer } from "./small-server.ts";

const TIMEOUT_MS = 90_000;
const MIB = 1024 * 1024;
const SESSION_TIMEOUT_MS = 2_000;
/** A push makes fewer requests than this, or a loop over them would never end. */
const REQUESTS_MAX = 60;

const filesOf = (content: Readonly<Record<string, string>>): PushOptions["files"] =>
  Object.entries(content).map(([name, text]) => ({ name, source: blobSource(new Blob([text])) }));

const refusedWith = (code: PushErrorCode) => (error: unknown) => {
  assert.ok(error instanceof PushError, String(error));
  assert.equal(error.code, code, error.message);
  return true;
};

/** An account of its own that may change the library. */
async function other({ client, libraryId, url }: SmallServer): Promise<Client> {
  const credentials = { userName: "ben", password: "another horse entirely" };
  const { userName: name } = credentials;
  const user = await client.user.create({
    create_spec: { name, password: credentials.password },
  });
  await client.grant.create({
    create_spec: { user, role: "EDITOR", library_id: libraryId },
  });
  return createClient({ url, credentials });
}

describe("a push", () => {
  test(
    "makes a missing item, and replaces in the same one the next time",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const { client, libraryId } = await startSmallServer(t);
      const target = { library: "images", item: "debian", type: "iso" };
      const first = client.push({ ...target, files: filesOf({ "a.iso": "one", "b.txt": "b" }) });
      const events: PushEvent[] = [];
      for await (const event of first) events.push(event);
      const made = await first.result;
      assert.deepEqual(events[0], { type: "item", itemId: made.itemId, isNew: true });
      assert.deepEqual(
        [made.libraryId, made.isNew, made.contentVersion, made.files.map(({ name }) => name)],
        [libraryId, true, "2", ["a.iso", "b.txt"]],
      );
      assert.equal((await client.item.get({ library_item_id: made.itemId })).type, "iso");
      const message = "It boots – at last: 100 %";
      const again = await client.push({ ...target, files: filesOf({ "a.iso": "two" }), message })
        .result;
      const changes = await client.itemChange.list({ library_item: made.itemId });
      assert.ok(
        changes.some((change) => JSON.stringify(change).includes(message)),
        JSON.stringify(changes),
      );
      assert.deepEqual(
        [again.itemId, again.isNew, again.contentVersion],
        [made.itemId, false, "3"],
      );
      assert.deepEqual(await contentOf(client, made.itemId), { "a.iso": "two", "b.txt": "b" });
      const byId = { library: libraryId, item: made.itemId, removeOthers: true };
      await client.push({ ...byId, files: filesOf({ "c.iso": "three" }) }).result;
      assert.deepEqual(await contentOf(client, made.itemId), { "c.iso": "three" });
    },
  );

  test(
    "becomes one version, whichever of its requests loses its answer",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const content = { "a.txt": "the first", "b.txt": "the second", "c.txt": "" };
      for (let at = 1; ; at += 1) {
        assert.ok(at < REQUESTS_MAX);
        const fault: LineFault = { kind: "answer lost" };
        const line = await server.line({ fault: ({ number }) => (number === at ? fault : null) });
        const item = `lost ${at}`;
        const client = server.clientOver(line);
        // The first request is the login, which is made once and never repeated blindly.
        const push = async () =>
          await client.push({ library: "images", item, files: filesOf(content) }).result;
        const { itemId, contentVersion } = await push().catch(async (error: unknown) => {
          assert.ok(error instanceof PushError && error.canGoOn, `request ${at}: ${String(error)}`);
          return await push();
        });
        assert.equal(contentVersion, "2", `request ${at}`);
        assert.deepEqual(await contentOf(server.client, itemId), content);
        if (line.requests.length < at) break;
      }
      assert.deepEqual(await checkContent(server.storage), []);
    },
  );

  test(
    "of many small files sends no more than so many at a time",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const { client } = await startSmallServer(t);
      let now = 0;
      let most = 0;
      const files = filesOf(
        Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}.txt`, `${index}`])),
      ).map(({ name, source }) => ({
        name,
        source: {
          sizeBytes: source.sizeBytes,
          isReplayable: true,
          send: async (request: Parameters<typeof source.send>[0]) => {
            now += 1;
            most = Math.max(most, now);
            try {
              return await source.send(request);
            } finally {
              now -= 1;
            }
          },
        },
      }));
      const { itemId } = await client.push({ library: "images", item: "many", files, parallel: 3 })
        .result;
      assert.equal(most, 3);
      assert.equal(Object.keys(await contentOf(client, itemId)).length, files.length);
    },
  );
});

describe("what ends a push", () => {
  test(
    "is told by a code, with the server's words where it has some",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const { client, libraryId } = server;
      const files = filesOf({ "a.txt": "hello" });
      const none = client.push({ library: "none", item: "x", files }).result;
      await assert.rejects(none, refusedWith("not_found"));
      const twin = { name: "images", storage_backings: [{ type: "OTHER" as const }] };
      await client.localLibrary.create({ create_spec: twin });
      const unclear = client.push({ library: "images", item: "x", files }).result;
      await assert.rejects(unclear, refusedWith("ambiguous"));
      const declared = files.map((file) => ({
        ...file,
        checksum: { algorithm: "SHA256" as const, checksum: "ab".repeat(32) },
      }));
      const lying = client.push({ library: libraryId, item: "x", files: declared }).result;
      await assert.rejects(lying, (error) => {
        refusedWith("digest_mismatch")(error);
        assert.ok(error instanceof PushError && error.detail.length > 0 && !error.canGoOn);
        return true;
      });
      const given = client.push({
        library: libraryId,
        item: "x",
        files,
        signal: AbortSignal.abort(),
      }).result;
      await assert.rejects(given, refusedWith("aborted"));
    },
  );

  test(
    "an update session of somebody else, which stays as it is",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const ben = await other(server);
      const itemId = await server.makeItem();
      const held = await ben.updateSession.create({ create_spec: { library_item_id: itemId } });
      const files = filesOf({ "a.txt": "hello" });
      const busy = server.client.push({ library: "images", item: itemId, files }).result;
      await assert.rejects(busy, refusedWith("busy"));
      assert.equal((await ben.updateSession.get({ update_session_id: held })).state, "ACTIVE");
      await ben.close();
    },
  );
});

test(
  "a session whose client died goes on after it has expired, and the item is free for others by then",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const server = await startSmallServer(t, { sessionTimeoutMs: SESSION_TIMEOUT_MS });
    const { client } = server;
    const itemId = await server.makeItem();
    const text = "expired ".repeat(MIB / 4);
    const sessionId = await client.updateSession.create({
      create_spec: { library_item_id: itemId },
    });
    const { upload_endpoint } = await client.updateSessionFile.add({
      update_session_id: sessionId,
      file_spec: { name: "a.txt", source_type: "PUSH", size: text.length },
    });
    const sent = await fetch(upload_endpoint?.uri ?? "", {
      method: "PATCH",
      body: text.slice(0, MIB),
      headers: {
        "tus-resumable": "1.0.0",
        "content-type": "application/offset+octet-stream",
        "upload-offset": "0",
      },
    });
    assert.equal(sent.status, 204);
    const ben = await other(server);
    for (;;) {
      await server.app.duties.expireSessions();
      const free = await ben.updateSession
        .create({ create_spec: { library_item_id: itemId } })
        .catch(() => null);
      if (free === null) continue;
      await ben.updateSession.cancel({ update_session_id: free });
      break;
    }
    await ben.close();
    const offsets: number[] = [];
    await client.push({
      library: "images",
      item: itemId,
      files: filesOf({ "a.txt": text }),
      onEvent: (event) => {
        if (event.type === "resuming") offsets.push(event.offsetBytes);
      },
    }).result;
    assert.deepEqual(offsets, [MIB]);
    assert.deepEqual(await contentOf(client, itemId), { "a.txt": text });
  },
);

test(
  "two pushes of one account into one item end with one of them whole, and the other told why",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const server = await startSmallServer(t);
    const itemId = await server.makeItem();
    const text = "both ".repeat(MIB / 2);
    const slow = async (): Promise<Client> =>
      server.clientOver(await server.line({ bytesPerTurn: 256 * 1024, turnMs: 10 }));
    const first = (await slow()).push({
      library: "images",
      item: itemId,
      files: filesOf({ "a.txt": text }),
    });
    for await (const event of first) if (event.type === "progress") break;
    const second = (await slow()).push({
      library: "images",
      item: itemId,
      files: filesOf({ "a.txt": text }),
    });
    const ends = await Promise.allSettled([first.result, second.result]);
    assert.ok(ends.some(({ status }) => status === "fulfilled"));
    for (const end of ends) {
      if (end.status === "rejected") {
        assert.ok(end.reason instanceof PushError);
        assert.match(end.reason.code, /^(?:superseded|session_ended)$/);
      }
    }
    assert.deepEqual(await contentOf(server.client, itemId), { "a.txt": text });
  },
);
