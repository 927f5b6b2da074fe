// The public tus client over lines that fail, and to servers that die.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LineFault } from "@contentlib/testkit/faults/faulty-line";
import { startLiveServer } from "./live-server.ts";
import { startSmallServer } from "./small-server.ts";
import {
  by,
  completed,
  PROTOCOLS,
  received,
  startUpload,
  statusOf,
  textOf,
  waitingFile,
  waitingFileOn,
} from "./tus-upload.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const TIMEOUT_MS = 120_000;
/** How much a server that dies may forget of what it was sent: one step of the disk. */
const SENT_TWICE_BYTES_MAX = 32 * MIB;
/** What may be under way in sockets when a server dies, sent by the client's count and never seen by the server. */
const UNDER_WAY_BYTES_MAX = 8 * MIB;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Numbers from 0 to 1 that are the same for the same seed. */
const seeded = (seed: number): (() => number) => {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const FAULT_SHARE = 0.4;

/** A line that harms two requests of five, each in a way that the seed chooses. */
const faultsOf = (seed: number): (() => LineFault | null) => {
  const random = seeded(seed);
  return () => {
    const isHarmed = random() < FAULT_SHARE;
    const afterBytes = Math.floor(random() * 40 * KIB);
    const faults: readonly LineFault[] = [
      { kind: "answer lost" },
      { kind: "request lost" },
      { kind: "doubled" },
      { kind: "cut", afterBytes },
      { kind: "truncated", afterBytes },
    ];
    const fault = faults[Math.floor(random() * faults.length)] ?? null;
    return isHarmed ? fault : null;
  };
};

for (const protocol of PROTOCOLS) {
  describe(`the stock client over bad lines, ${protocol}`, { timeout: TIMEOUT_MS }, () => {
    for (const seed of SEEDS)
      test(`ends with the right bytes, or is told why not and goes on: seed ${seed}`, async (t) => {
        const server = await startSmallServer(t);
        const content = textOf(500 * KIB);
        const waiting = await waitingFile(server.client, await server.makeItem(), content.length);
        const line = await server.line({ fault: faultsOf(seed) });
        const options = {
          protocol,
          uploadUrl: by(waiting.uploadUrl, line),
          chunkSize: 48 * KIB,
          retryDelays: Array.from({ length: 30 }, () => 0),
        };
        for (let starts = 1, isOver = false; !isOver; starts += 1) {
          assert.ok(starts < 30, "it does not come to an end");
          try {
            await startUpload(content, options).ended;
            isOver = true;
          } catch (error) {
            // Its own request came twice, and the second one was the newer writer.
            assert.equal(statusOf(error), 412, String(error));
          }
        }
        assert.equal(await completed(waiting), content.toString());
      });

    test("a line that stalls holds nothing: whoever comes by another one goes on at once", async (t) => {
      const server = await startSmallServer(t);
      const content = textOf(500 * KIB);
      const waiting = await waitingFile(server.client, await server.makeItem(), content.length);
      const line = await server.line({
        fault: ({ target }) =>
          target.startsWith("PATCH") ? { kind: "stalled", afterBytes: 200 * KIB } : null,
      });
      const stuck = startUpload(content, { protocol, uploadUrl: by(waiting.uploadUrl, line) });
      await received(waiting);
      const startedAt = performance.now();
      await startUpload(content, { protocol, uploadUrl: waiting.uploadUrl }).ended;
      assert.ok(performance.now() - startedAt < 2000, "it waited for the one that stalls");
      assert.equal(await completed(waiting), content.toString());
      await stuck.upload.abort();
    });
  });

  describe(`the stock client, ${protocol}, and a server that dies`, { timeout: TIMEOUT_MS }, () => {
    test("goes on after each death, and sends little twice", async (t) => {
      const server = await startLiveServer(t);
      const content = textOf(64 * MIB);
      const waiting = await waitingFileOn(server, content.length);
      const { uploadUrl } = waiting;
      const random = seeded(protocol.length);
      let offset = 0;
      for (let death = 1; death <= 4; death += 1) {
        const killAt = offset + Math.floor((random() * (content.length - offset)) / 2);
        let sentBytes = 0;
        const reached = Promise.withResolvers<void>();
        const { upload, ended } = startUpload(content, {
          protocol,
          uploadUrl,
          onProgress: (bytes) => {
            sentBytes = bytes;
            if (bytes > killAt) reached.resolve();
          },
        });
        await Promise.race([reached.promise, ended]);
        await server.stop("SIGKILL");
        await upload.abort();
        const sent = sentBytes;
        await server.restart();
        const head = await fetch(uploadUrl, {
          method: "HEAD",
          headers: { "tus-resumable": "1.0.0" },
        });
        const found = Number(head.headers.get("upload-offset"));
        assert.ok(found >= offset, `${found} bytes are fewer than the ${offset} that were told`);
        const sentTwice = sent - found;
        t.diagnostic(`death ${death} after ${sent} bytes: ${found} are there`);
        assert.ok(
          sentTwice <= SENT_TWICE_BYTES_MAX + UNDER_WAY_BYTES_MAX,
          `${sentTwice} bytes are sent twice after death ${death}`,
        );
        offset = found;
      }
      await startUpload(content, { protocol, uploadUrl, chunkSize: 16 * MIB }).ended;
      assert.ok((await completed(waiting)) === content.toString(), "the bytes are others");
    });

    test("loses nothing that was acknowledged when the server stops in good order, and needs no help", async (t) => {
      const server = await startLiveServer(t);
      const content = textOf(32 * MIB);
      const waiting = await waitingFileOn(server, content.length);
      const restarted = Promise.withResolvers<void>();
      let isRestarting = false;
      const restart = async (): Promise<void> => {
        await server.stop();
        await server.restart();
      };
      const { ended } = startUpload(content, {
        protocol,
        uploadUrl: waiting.uploadUrl,
        chunkSize: 4 * MIB,
        retryDelays: Array.from({ length: 60 }, () => 250),
        onChunkComplete: (_sizeBytes, offset) => {
          if (offset < 12 * MIB || isRestarting) return;
          isRestarting = true;
          restart().then(restarted.resolve, restarted.reject);
        },
      });
      const offsets = await ended;
      await restarted.promise;
      assert.deepEqual(
        offsets,
        offsets.toSorted((one, other) => one - other),
      );
      assert.ok((await completed(waiting)) === content.toString(), "the bytes are others");
    });
  });
}
