import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { ChecksumInfo } from "@contentlib/contract";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { startStandIn } from "@contentlib/testkit/client/stand-in-server";
import type { ByteHandler, StandInAnswer } from "@contentlib/testkit/client/stand-in-server";
import { createClient } from "./client.ts";
import type { ClientOptions } from "./client-options.ts";
import type { DownloadEvent, DownloadSink, IncomingFile } from "./download-options.ts";
import { AbortedError, LibraryError } from "./errors.ts";

const content = Buffer.from("0123456789".repeat(1_000));
const digest = createHash("sha256").update(content).digest("hex");

/** What the item tells of itself; unless it is said, its content version is not the one that the session reads. */
interface RigItem {
  readonly version?: string;
  readonly checksum?: ChecksumInfo;
}

async function rig(
  t: TestContext,
  bytes: ByteHandler,
  item: RigItem = {},
  options: Pick<ClientOptions, "retryForMs"> = {},
) {
  const server = await startStandIn(({ operation, input }, url): StandInAnswer => {
    const info = { name: "a.iso", size: content.byteLength, bytes_transferred: 0 };
    switch (operation) {
      case "login.create":
        return { output: "login" };
      case "downloadSession.create":
        return { output: "session-1" };
      case "downloadSession.get":
        return {
          output: {
            id: "session-1",
            expiration_time: new Date(Date.now() + 300_000).toISOString(),
            library_item_content_version: "7",
          },
        };
      case "downloadSessionFile.list":
        return {
          output: [
            { ...info, status: "UNPREPARED" },
            { ...info, name: "b.txt", status: "UNPREPARED" },
          ],
        };
      case "itemFile.list":
        return {
          output: [
            {
              name: "a.iso",
              size: content.byteLength,
              checksum_info: item.checksum ?? { algorithm: "MD5", checksum: "00" },
            },
          ],
        };
      case "item.get":
        return { output: { content_version: item.version ?? "8" } };
      case "downloadSessionFile.prepare":
        return {
          output: {
            ...info,
            name: input["file_name"],
            status: "PREPARED",
            download_endpoint: { uri: `${url}/bytes/a` },
          },
        };
      default:
        return { output: undefined };
    }
  }, bytes);
  t.after(server.close);
  const client = createClient({
    url: server.url,
    token: "t",
    system: manualSystem(4_000),
    ...options,
  });
  const got: { files: IncomingFile[]; bytes: Buffer; finished: number; discarded: number } = {
    files: [],
    bytes: Buffer.alloc(0),
    finished: 0,
    discarded: 0,
  };
  const sink: DownloadSink = {
    async open(file) {
      got.files.push(file);
      return {
        write: async (chunk) => void (got.bytes = Buffer.concat([got.bytes, chunk])),
        finish: async () => void (got.finished += 1),
        discard: async () => void (got.discarded += 1),
      };
    },
  };
  return { client, server, sink, got };
}

const whole: ByteHandler = (_request, response) => {
  response
    .writeHead(200, { "content-length": content.byteLength, etag: `"${digest}"` })
    .end(content);
};

test("a download prepares, fetches, verifies by the tag, and deletes its session", async (t) => {
  const { client, server, sink, got } = await rig(t, whole);
  const download = client.download({ itemId: "item", fileNames: ["a.iso"], sink });
  const types: DownloadEvent["type"][] = [];
  for await (const { type } of download) if (types.at(-1) !== type) types.push(type);
  assert.deepEqual(types, ["session", "file", "progress", "verified", "done"]);
  assert.deepEqual(await download.result, {
    contentVersion: "7",
    files: [{ name: "a.iso", sizeBytes: content.byteLength, isSkipped: false }],
  });
  assert.deepEqual(got.files[0]?.checksums, [{ algorithm: "SHA256", checksum: digest }]);
  assert.ok(got.bytes.equals(content));
  assert.equal(got.finished, 1);
  assert.equal(server.operations().at(-1), "downloadSession.delete");
});

test("without a digest in the tag, the item's checksum is what counts", async (t) => {
  const { client, sink, got } = await rig(t, (_request, response) => void response.end(content));
  await client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result;
  assert.deepEqual(got.files[0]?.checksums, [{ algorithm: "MD5", checksum: "00" }]);
});

test("a broken connection is continued where it broke, if the file is still the same", async (t) => {
  const ranges: (string | undefined)[] = [];
  const { client, sink, got } = await rig(t, (request, response) => {
    ranges.push(request.headers.range);
    const headers = { etag: `"${digest}"` };
    if (ranges.length === 1) {
      response.writeHead(200, { ...headers, "content-length": content.byteLength });
      response.write(content.subarray(0, 4_000), () => response.destroy());
      return;
    }
    assert.equal(request.headers["if-range"], `"${digest}"`);
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1]);
    response
      .writeHead(206, { ...headers, "content-length": content.byteLength - start })
      .end(content.subarray(start));
  });
  await client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result;
  assert.deepEqual(ranges, [undefined, "bytes=4000-"]);
  assert.ok(got.bytes.equals(content));
});

/** Sends up to this many bytes of what is asked for, and breaks the line where more are left. */
const piecewise =
  (pieceBytes: number): ByteHandler =>
  (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const headers = { etag: `"${digest}"`, "content-length": content.byteLength - start };
    response.writeHead(start === 0 ? 200 : 206, headers);
    const end = Math.min(content.byteLength, start + pieceBytes);
    response.write(content.subarray(start, end), () =>
      end === content.byteLength ? response.end() : response.destroy(),
    );
  };

test("each new byte begins a new count of tries: forty breaks do not end a download that gets on", async (t) => {
  const { client, sink, got } = await rig(t, piecewise(250));
  await client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result;
  assert.ok(got.bytes.equals(content));
});

test("a server that is away is asked nine times more in a row, also for the first byte", async (t) => {
  for (const away of [9, 10]) {
    let asked = 0;
    const { client, sink } = await rig(t, (request, response) => {
      asked += 1;
      if (asked <= away) response.writeHead(503).end();
      else void whole(request, response);
    });
    const download = client.download({ itemId: "item", fileNames: ["a.iso"], sink });
    await (away === 9 ? download.result : assert.rejects(download.result, { status: 503 }));
    assert.equal(asked, 10);
  }
});

test("with a time to go on for, the tries are not counted, and the time is", async (t) => {
  let asked = 0;
  const { client, sink } = await rig(
    t,
    (_request, response) => {
      asked += 1;
      response.writeHead(503).end();
    },
    {},
    { retryForMs: 10 * 60_000 },
  );
  await assert.rejects(client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result, {
    status: 503,
  });
  // Pauses are between 2.5 and 5 s.
  assert.ok(asked > 120 && asked < 260, String(asked));
});

/** Answers to whoever asks for the rest; who asks for all gets it. */
const unlessRest =
  (answer: (response: ServerResponse) => unknown): ByteHandler =>
  (request, response) => {
    if (request.headers.range === undefined) void whole(request, response);
    else answer(response);
  };

/** A sink that has the beginning of the file already. */
function keepingSink(kept: Buffer) {
  const got = { bytes: kept, kept: 0, discarded: 0 };
  const sink: DownloadSink = {
    open: async () =>
      await Promise.resolve({
        keptBytes: kept.byteLength,
        write: async (chunk) => void (got.bytes = Buffer.concat([got.bytes, chunk])),
        restart: async () => void (got.bytes = Buffer.alloc(0)),
        finish: async () => undefined,
        keep: async () => void (got.kept += 1),
        discard: async () => void (got.discarded += 1),
      }),
  };
  return { sink, got };
}

test("a download goes on behind what the sink has, and says so", async (t) => {
  const certain = { checksum: { algorithm: "SHA256", checksum: digest }, version: "7" } as const;
  for (const item of [{}, certain]) {
    const asked: (string | undefined)[] = [];
    const { client } = await rig(
      t,
      (request, response) => {
        asked.push(request.headers.range);
        void piecewise(content.byteLength)(request, response);
      },
      item,
    );
    const { sink, got } = keepingSink(content.subarray(0, 4_000));
    const events: DownloadEvent[] = [];
    const onEvent = (event: DownloadEvent): number => events.push(event);
    await client.download({ itemId: "item", fileNames: ["a.iso"], sink, onEvent }).result;
    assert.equal(asked.at(-1), "bytes=4000-");
    assert.ok(got.bytes.equals(content));
    const offsetBytes = 4_000;
    assert.deepEqual(
      events.find(({ type }) => type === "continuing"),
      { type: "continuing", fileName: "a.iso", offsetBytes, reason: undefined },
    );
  }
});

test("where the server sends all of it, or another file, the sink begins anew", async (t) => {
  const certain = { checksum: { algorithm: "SHA256", checksum: digest }, version: "7" } as const;
  const other = "ab".repeat(32);
  const answers: readonly ByteHandler[] = [
    whole,
    unlessRest((response) =>
      response.writeHead(206, { etag: `"${other}"` }).end("of another file"),
    ),
    unlessRest((response) => response.writeHead(416).end()),
  ];
  for (const bytes of answers) {
    const { client } = await rig(t, bytes, certain);
    const { sink, got } = keepingSink(Buffer.alloc(4_000));
    await client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result;
    assert.ok(got.bytes.equals(content));
  }
});

test("where all bytes are kept none is asked for", async (t) => {
  const checksum = { algorithm: "SHA256", checksum: digest } as const;
  const { client } = await rig(t, () => assert.fail("no byte is missing"), {
    checksum,
    version: "7",
  });
  const { sink } = keepingSink(content);
  const { files } = await client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result;
  assert.deepEqual(files, [{ name: "a.iso", sizeBytes: content.byteLength, isSkipped: false }]);
});

test("what came is kept where the line broke for good, and thrown away where the server refuses", async (t) => {
  for (const [status, ends] of [
    [503, { kept: 1, discarded: 0 }],
    [403, { kept: 0, discarded: 1 }],
  ] as const) {
    const { client } = await rig(
      t,
      unlessRest((response) => response.writeHead(status).end()),
    );
    const { sink, got } = keepingSink(content.subarray(0, 10));
    await assert.rejects(client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result);
    assert.deepEqual({ kept: got.kept, discarded: got.discarded }, ends);
  }
});

test("a file the sink has already is skipped", async (t) => {
  const { client } = await rig(t, whole);
  const sink: DownloadSink = { open: async () => null };
  const { files } = await client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result;
  assert.deepEqual(files, [{ name: "a.iso", sizeBytes: content.byteLength, isSkipped: true }]);
});

test("a file the sink has already moves no byte where the item tells its checksum", async (t) => {
  const checksum = { algorithm: "SHA256", checksum: digest } as const;
  const asked: (string | undefined)[] = [];
  const { client, got } = await rig(
    t,
    (request, response) => {
      asked.push(request.url);
      response.end(content);
    },
    { checksum, version: "7" },
  );
  const sink: DownloadSink = {
    open: async (file) => {
      got.files.push(file);
      return await Promise.resolve(null);
    },
  };
  const { files } = await client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result;
  assert.deepEqual(files, [{ name: "a.iso", sizeBytes: content.byteLength, isSkipped: true }]);
  assert.deepEqual(asked, []);
  assert.deepEqual(got.files, [
    { name: "a.iso", sizeBytes: content.byteLength, checksums: [checksum] },
  ]);
});

test("what the item tells of another content version does not keep a file from being fetched", async (t) => {
  const { client, sink, got } = await rig(t, whole, {
    checksum: { algorithm: "SHA256", checksum: "ab".repeat(32) },
    version: "8",
  });
  await client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result;
  assert.deepEqual(got.files[0]?.checksums, [{ algorithm: "SHA256", checksum: digest }]);
});

test("a file whose checksum the item tells is thrown away again where it can not be fetched", async (t) => {
  const checksum = { algorithm: "SHA256", checksum: digest } as const;
  const { client, sink, got } = await rig(
    t,
    (_request, response) => void response.writeHead(404).end(),
    { checksum, version: "7" },
  );
  await assert.rejects(client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result);
  assert.deepEqual([got.finished, got.discarded], [0, 1]);
});

test("a refused file is discarded, the session deleted, and the server's words handed on", async (t) => {
  const { client, server, sink } = await rig(t, (_request, response) => {
    response.writeHead(404).end(
      JSON.stringify({
        error_type: "NOT_FOUND",
        messages: [{ id: "x", default_message: "Gone.", args: [] }],
      }),
    );
  });
  await assert.rejects(
    client.download({ itemId: "item", fileNames: ["a.iso"], sink }).result,
    (error) => {
      assert.ok(error instanceof LibraryError);
      assert.equal(error.message, "Gone.");
      return true;
    },
  );
  assert.equal(server.operations().at(-1), "downloadSession.delete");
});

test("a file the item does not have is told with those it has, before anything is fetched", async (t) => {
  const { client, sink } = await rig(t, whole);
  await assert.rejects(client.download({ itemId: "item", fileNames: ["c.iso"], sink }).result, {
    name: "MissingFileError",
    message: "The item has no file named c.iso; it has: a.iso, b.txt.",
  });
});

test("an abort discards what came and is an AbortedError", async (t) => {
  const { client, sink, got } = await rig(t, (_request, response) => {
    response
      .writeHead(200, { "content-length": content.byteLength })
      .write(content.subarray(0, 100));
  });
  const download = client.download({ itemId: "item", fileNames: ["a.iso"], sink });
  for await (const { type } of download) {
    if (type === "progress") break;
  }
  download.abort();
  await assert.rejects(download.result, AbortedError);
  assert.equal(got.discarded, 1);
});
