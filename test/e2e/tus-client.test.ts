// The public tus client as it comes, against upload addresses of sessions.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, test, type TestContext } from "node:test";
import { startSmallServer } from "./small-server.ts";
import {
  by,
  completed,
  PROTOCOLS,
  received,
  startUpload,
  statusOf,
  textOf,
  type WaitingFile,
  waitingFile,
} from "./tus-upload.ts";

const KIB = 1024;
const TIMEOUT_MS = 60_000;

/** A file on a small server of its own. */
const start = async (t: TestContext, sizeBytes?: number) => {
  const server = await startSmallServer(t);
  const waiting: WaitingFile = await waitingFile(server.client, await server.makeItem(), sizeBytes);
  return { server, waiting };
};

for (const protocol of PROTOCOLS) {
  describe(`the stock client, ${protocol}`, { timeout: TIMEOUT_MS }, () => {
    test("sends a file in pieces to the address of the session", async (t) => {
      const content = textOf(300 * KIB);
      const { waiting } = await start(t, content.length);
      const { uploadUrl } = waiting;
      const { ended } = startUpload(content, { protocol, uploadUrl, chunkSize: 64 * KIB });
      assert.deepEqual(
        await ended,
        [64, 128, 192, 256, 300].map((each) => each * KIB),
      );
      assert.equal(await completed(waiting), content.toString());
    });

    test("sends a file in one piece", async (t) => {
      const content = textOf(300 * KIB);
      const { waiting } = await start(t, content.length);
      const { ended } = startUpload(content, { protocol, uploadUrl: waiting.uploadUrl });
      assert.deepEqual(await ended, [content.length]);
      assert.equal(await completed(waiting), content.toString());
    });

    test("goes on where it was broken off, and sends nothing twice", async (t) => {
      const content = textOf(200 * KIB);
      const { waiting } = await start(t, content.length);
      const { uploadUrl } = waiting;
      const { promise: aborted, resolve, reject } = Promise.withResolvers<void>();
      const { upload } = startUpload(content, {
        protocol,
        uploadUrl,
        chunkSize: 64 * KIB,
        onChunkComplete: (_sizeBytes, offset) => {
          if (offset === 128 * KIB) upload.abort().then(resolve, reject);
        },
      });
      await aborted;
      const again = startUpload(content, { protocol, uploadUrl, chunkSize: 64 * KIB });
      const [first = 0] = await again.ended;
      assert.ok(first >= 192 * KIB, String(first));
      assert.equal(await completed(waiting), content.toString());
    });

    test("goes on by POST where its network knows no PATCH", async (t) => {
      const content = textOf(200 * KIB);
      // Without a declared size nothing but the offset shows that the rest is not the whole.
      const { waiting } = await start(t, protocol === "tus-v1" ? content.length : undefined);
      const { uploadUrl } = waiting;
      const { promise: aborted, resolve, reject } = Promise.withResolvers<void>();
      const { upload, ended } = startUpload(content, {
        protocol,
        uploadUrl,
        overridePatchMethod: true,
        chunkSize: 64 * KIB,
        onChunkComplete: (_sizeBytes, offset) => {
          if (offset === 128 * KIB) upload.abort().then(resolve, reject);
        },
      });
      await Promise.race([aborted, ended]);
      await startUpload(content, { protocol, uploadUrl, overridePatchMethod: true }).ended;
      assert.equal(await completed(waiting), content.toString());
    });

    test("sends a file whose size nobody declared", async (t) => {
      const content = textOf(20 * KIB);
      const { waiting } = await start(t);
      const { ended } = startUpload(Readable.from([content]), {
        protocol,
        uploadUrl: waiting.uploadUrl,
        chunkSize: 8 * KIB,
        uploadLengthDeferred: protocol === "tus-v1",
        ...(protocol === "tus-v1" ? {} : { uploadSize: content.length }),
      });
      await ended;
      assert.equal(await completed(waiting), content.toString());
    });

    test("drops what it sent when it is told to, and the file can be sent again", async (t) => {
      const content = textOf(200 * KIB);
      const { server, waiting } = await start(t, content.length);
      const { uploadUrl } = waiting;
      const { promise: aborted, resolve, reject } = Promise.withResolvers<void>();
      const { upload } = startUpload(content, {
        protocol,
        uploadUrl,
        chunkSize: 64 * KIB,
        onChunkComplete: () => {
          upload.abort(true).then(resolve, reject);
        },
      });
      await aborted;
      const [file] = await server.client.updateSessionFile.list({
        update_session_id: waiting.sessionId,
      });
      assert.deepEqual([file?.status, file?.bytes_transferred], ["WAITING_FOR_TRANSFER", 0]);
      await startUpload(content, { protocol, uploadUrl }).ended;
      assert.equal(await completed(waiting), content.toString());
    });

    test("of two that send one file the older is told so once, stops, and the newer finishes", async (t) => {
      const content = textOf(320 * KIB);
      const { server, waiting } = await start(t, content.length);
      const slow = await server.line({ bytesPerTurn: 8 * KIB });
      const quick = await server.line({});
      const retryDelays = [0, 0, 0, 0, 0];
      const older = startUpload(content, {
        protocol,
        retryDelays,
        uploadUrl: by(waiting.uploadUrl, slow),
      });
      await received(waiting);
      const newer = startUpload(content, {
        protocol,
        retryDelays,
        uploadUrl: by(waiting.uploadUrl, quick),
        chunkSize: 32 * KIB,
      });
      await newer.ended;
      await assert.rejects(older.ended, (error) => {
        assert.equal(statusOf(error), 412);
        assert.match(String(error), /superseded by a newer writer/);
        return true;
      });
      const methods = ({ requests }: typeof slow) =>
        requests.map(({ target }) => target.split(" ")[0]);
      assert.deepEqual(methods(slow), ["HEAD", "PATCH"]);
      const [first, ...others] = methods(quick);
      assert.equal(first, "HEAD");
      assert.ok(others.every((method) => method === "PATCH") && others.length <= 10);
      assert.equal(await completed(waiting), content.toString());
    });

    test("two that begin at once do not cut each other for ever", async (t) => {
      const content = textOf(320 * KIB);
      const pieces = 10;
      const server = await startSmallServer(t);
      for (let round = 1; round <= 5; round += 1) {
        const waiting = await waitingFile(server.client, await server.makeItem(), content.length);
        const line = await server.line({});
        const options = {
          protocol,
          uploadUrl: by(waiting.uploadUrl, line),
          chunkSize: (320 / pieces) * KIB,
          retryDelays: Array.from({ length: 50 }, () => 0),
        };
        const outcomes = await Promise.allSettled([
          startUpload(content, options).ended,
          startUpload(content, options).ended,
        ]);
        const reasons = outcomes.flatMap((each) =>
          each.status === "rejected" ? [each.reason as unknown] : [],
        );
        assert.ok(reasons.length <= 1, String(reasons));
        for (const reason of reasons) assert.equal(statusOf(reason), 412, String(reason));
        // Each piece is lost to the other at most once, and a loser who goes on asks for the offset first.
        const most = 2 * (2 * pieces + 1);
        assert.ok(line.requests.length <= most, `${line.requests.length} requests`);
        assert.equal(await completed(waiting), content.toString(), `round ${round}`);
      }
    });
  });
}
