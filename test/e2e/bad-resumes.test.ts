// Uploads of the SDK that meet what goes wrong now and then: an address that is dead, a damaged line, a clock that is hours off,
// and a disk without room, on either side.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  blobSource,
  type Client,
  createClient,
  PushError,
  type PushErrorCode,
  type PushEvent,
  type PushOptions,
  systemOf,
} from "@contentlib/client";
import { startServer } from "@contentlib/server";
import { MemoryBlobStore } from "@contentlib/server/adapters/blobs/memory/memory-blob-store";
import type { LineFault, LineRequest } from "@contentlib/testkit/faults/faulty-line";
import { AheadClock } from "./ahead-clock.ts";
import { binary, password, startLiveServer } from "./live-server.ts";
import { contentOf, startSmallServer } from "./small-server.ts";

const TIMEOUT_MS = 60_000;
const KIB = 1024;
const MIB = 1024 * KIB;
/** How long bytes that nothing refers to stay, and a bit. */
const COLLECTED_AFTER_MS = 61_000;
const HOUR_MS = 3_600_000;

const filesOf = (text: string): PushOptions["files"] => [
  { name: "a.iso", source: blobSource(new Blob([text])) },
];

const failsWith = (code: PushErrorCode, text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof PushError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, text);
  return true;
};

test(
  "an address that is dead by now is asked for anew, and the bytes go there",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const server = await startSmallServer(t);
    const text = "anew ".repeat(400 * KIB);
    const line = await server.line({ bytesPerTurn: 64 * KIB, turnMs: 20 });
    const client = server.clientOver(line);
    /** Adds the file once more while it is sent, as another program of the account may: its address of before is dead. */
    const addAgain = async (sessionId: string): Promise<void> => {
      const byId = { update_session_id: sessionId };
      for (let came = 0; came < 300 * KIB;) {
        const [file] = await server.client.updateSessionFile.list(byId);
        came = file?.bytes_transferred ?? 0;
      }
      const file_spec = { name: "a.iso", source_type: "PUSH", size: text.length } as const;
      await server.client.updateSessionFile.add({ ...byId, file_spec });
    };
    const adding: Promise<void>[] = [];
    const onEvent = (event: PushEvent): void => {
      if (event.type === "session") adding.push(addAgain(event.sessionId));
    };
    const { itemId } = await client.push({
      library: "images",
      item: "anew",
      files: filesOf(text),
      onEvent,
    }).result;
    await Promise.all(adding);
    const puts = line.requests.filter(({ target }) => /^(?:PUT|PATCH) /.test(target));
    const addresses = new Set(puts.map(({ target }) => target.split(" ")[1]));
    assert.equal(addresses.size, 2, [...addresses].join());
    assert.deepEqual(await contentOf(server.client, itemId), { "a.iso": text });
  },
);

describe("bytes that are damaged on their way", () => {
  const text = "slices ".repeat(2 * MIB);

  test(
    "in a slice with a digest are sent again, and no others",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      // Behind the first break the file goes on in slices.
      let sendings = 0;
      const fault = ({ target }: LineRequest): LineFault | null => {
        if (!/^(?:PUT|PATCH) /.test(target)) return null;
        sendings += 1;
        return sendings === 2 ? { kind: "damaged", afterBytes: MIB } : null;
      };
      const line = await server.line({ fault });
      const offsets: number[] = [];
      const onEvent = (event: PushEvent): void => {
        if (event.type === "resuming") offsets.push(event.offsetBytes);
      };
      const files = filesOf(text);
      await server.clientOver(line).push({ library: "images", item: itemId, files, onEvent })
        .result;
      assert.deepEqual(offsets, [8 * MIB], "it went on behind the slice before");
      assert.ok((await contentOf(server.client, itemId))["a.iso"] === text);
    },
  );

  test(
    "in a whole file that was declared with its digest are told",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      const line = await server.line({
        fault: ({ target }) =>
          target.startsWith("PUT ") ? { kind: "damaged", afterBytes: 300 * KIB } : null,
      });
      const small = text.slice(0, MIB);
      const bytes = new TextEncoder().encode(small);
      const digest = await crypto.subtle.digest("SHA-256", bytes);
      const checksum = {
        algorithm: "SHA256",
        checksum: Buffer.from(digest).toString("hex"),
      } as const;
      const files = filesOf(small).map((file) => ({ ...file, checksum }));
      const push = async (client: Client) =>
        await client.push({ library: "images", item: itemId, files }).result;
      await assert.rejects(push(server.clientOver(line)), failsWith("digest_mismatch", /a\.iso/));
      assert.deepEqual(await contentOf(server.client, itemId), {});
      await push(server.client);
      assert.deepEqual(await contentOf(server.client, itemId), { "a.iso": small });
    },
  );
});

describe("a client whose clock is off", () => {
  for (const [what, byMs] of [
    ["twelve hours ahead", 12 * HOUR_MS],
    ["twelve hours behind", -12 * HOUR_MS],
  ] as const) {
    test(`${what} keeps its session alive all the same`, { timeout: TIMEOUT_MS }, async (t) => {
      const sessionTimeoutMs = 1_500;
      const server = await startSmallServer(t, { sessionTimeoutMs });
      const itemId = await server.makeItem();
      const plain = systemOf();
      const waits: number[] = [];
      const system = {
        ...plain,
        now: () => plain.now() + byMs,
        sleep: async (delayMs: number, signal?: AbortSignal) => {
          waits.push(delayMs);
          await plain.sleep(delayMs, signal);
        },
      };
      const line = await server.line({ bytesPerTurn: 32 * KIB, turnMs: 50 });
      const text = "off ".repeat(400 * KIB);
      await server
        .clientOver(line, { system })
        .push({ library: "images", item: itemId, files: filesOf(text) }).result;
      assert.deepEqual(await contentOf(server.client, itemId), { "a.iso": text });
      // As if the clocks agreed: a wrong one would make it a minute.
      assert.ok(
        waits.some((waitMs) => waitMs >= 500 && waitMs <= sessionTimeoutMs),
        waits.join(),
      );
    });
  }
});

describe("a disk without room", () => {
  test(
    "at the server ends a push with the reason, and the same push works once there is room",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const clock = new AheadClock();
      const store = new MemoryBlobStore({ clock, capacityBytes: 2 * MIB });
      const server = await startServer({
        dataDirectory: null,
        adminPassword: password,
        clock,
        aroundStorage: (storage) => ({ ...storage, blobs: store }),
      });
      t.after(async () => await server.close());
      const credentials = { userName: "administrator", password };
      const client = createClient({ url: server.url, credentials });
      const libraryId = await client.localLibrary.create({
        create_spec: { name: "images", storage_backings: [{ type: "OTHER" }] },
      });
      const push = async (item: string, sizeBytes: number) =>
        await client.push({ library: libraryId, item, files: filesOf("x".repeat(sizeBytes)) })
          .result;
      const filling = await push("filling", 1.5 * MIB);
      await assert.rejects(push("large", MIB), failsWith("refused", /no room/));
      const [itemId = ""] = await client.item.find({ spec: { name: "large" } });
      for (const id of await client.updateSession.list({ library_item_id: itemId })) {
        const { state } = await client.updateSession.get({ update_session_id: id });
        assert.equal(state, "ERROR");
      }
      assert.deepEqual(await contentOf(client, itemId), {});
      await client.item.delete({ library_item_id: filling.itemId });
      clock.aheadMs += COLLECTED_AFTER_MS;
      await server.app.duties.collectBlobs();
      await push("large", MIB);
      assert.deepEqual(Object.keys(await contentOf(client, itemId)), ["a.iso"]);
    },
  );

  test(
    "at the client ends a pull with the reason, and leaves nothing that could be taken for the file",
    {
      timeout: TIMEOUT_MS,
      skip: process.platform === "win32" ? "files have no limit there" : false,
    },
    async (t) => {
      const server = await startLiveServer(t);
      await server.json("library", "create", "images");
      const client = createClient({
        url: server.url,
        credentials: { userName: "administrator", password },
      });
      await client.push({ library: "images", item: "large", files: filesOf("y".repeat(4 * MIB)) })
        .result;
      const place = join(server.directory, "pulled");
      // A limit of the shell stands for the disk: what goes beyond it fails as a full one does.
      const line = `trap "" XFSZ; ulimit -f 1024; exec "$0" "$@"`;
      const argv = [process.execPath, binary, "pull", "images/large", place];
      const pulling = spawn("/bin/bash", ["-c", line, ...argv], { env: server.env });
      let err = "";
      pulling.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
      await once(pulling, "close");
      assert.notEqual(pulling.exitCode, 0);
      assert.match(err, /EFBIG|too large/i);
      assert.doesNotMatch(err, /^\s+at /m);
      assert.deepEqual(await readdir(place), []);
      assert.equal((await server.cli("pull", "images/large", place)).code, 0);
      assert.deepEqual(await readdir(place), ["a.iso"]);
    },
  );
});
