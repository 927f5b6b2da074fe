import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { appendFile, mkdtemp, open, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { AbortedError, ConnectionError } from "../errors.ts";
import { systemOf } from "../system.ts";
import { fileSource, readableSource } from "./file-source.ts";

const MIB = 1024 * 1024;

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/bytes`;
}

async function file(t: TestContext, sizeBytes: number): Promise<{ path: string; content: Buffer }> {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-source-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const path = join(directory, "disk.img");
  const content = Buffer.alloc(sizeBytes, "contentlib");
  await writeFile(path, content);
  return { path, content };
}

const request = (
  url: string,
  onProgress: (sentBytes: number) => void = () => undefined,
  signal = new AbortController().signal,
) => ({
  url,
  signal,
  onProgress,
  system: systemOf(),
});

test("a file streams with its Content-Length, tells progress, and its digest is taken on the way", async (t) => {
  const { path, content } = await file(t, 5 * MIB + 3);
  const seen: { headers: IncomingMessage["headers"]; body: Buffer }[] = [];
  const url = await serve(t, (incoming, response) => {
    void buffer(incoming).then((body) => {
      seen.push({ headers: incoming.headers, body });
      response.setHeader("x-request-id", "r1").end();
    });
  });
  const source = await fileSource(path);
  assert.equal(source.sizeBytes, content.byteLength);
  assert.equal(source.isReplayable, true);
  const progress: number[] = [];
  const reply = await source.send(request(url, (sentBytes) => progress.push(sentBytes)));
  assert.equal(seen[0]?.headers["content-length"], String(content.byteLength));
  assert.equal(seen[0]?.headers["transfer-encoding"], undefined);
  assert.ok(seen[0]?.body.equals(content));
  assert.deepEqual(progress, [1, 2, 3, 4, 5].map((n) => n * MIB).concat(content.byteLength));
  assert.deepEqual(reply, {
    status: 200,
    body: "",
    requestId: "r1",
    digest: { algorithm: "SHA256", checksum: createHash("sha256").update(content).digest("hex") },
  });
});

test("bytes that wait for a slow server are still the file's own", async (t) => {
  const { path, content } = await file(t, 32 * MIB + 1);
  const bodies: Buffer[] = [];
  const url = await serve(t, (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      incoming.pause();
      setImmediate(() => incoming.resume());
    });
    incoming.on("end", () => {
      bodies.push(Buffer.concat(chunks));
      response.end();
    });
  });
  assert.equal((await (await fileSource(path)).send(request(url))).status, 200);
  assert.ok(bodies[0]?.equals(content));
});

test("small files follow one another over one connection, and a long one has its own", async (t) => {
  const small = await file(t, 10);
  const long = await file(t, 2 * MIB);
  const ports = new Set<number | undefined>();
  let isEarly = false;
  const url = await serve(t, (incoming, response) => {
    ports.add(incoming.socket.remotePort);
    if (isEarly) response.writeHead(400).end("early");
    else incoming.resume().on("end", () => response.end());
  });
  const send = async ({ path }: { readonly path: string }) =>
    await (await fileSource(path)).send(request(url));
  for (let n = 0; n < 5; n += 1) assert.equal((await send(small)).status, 200);
  assert.equal(ports.size, 1);
  assert.equal((await send(long)).status, 200);
  assert.equal(ports.size, 2);
  // What is left of a request that was answered early must not be taken for the next one.
  isEarly = true;
  const refused = await Promise.all(Array.from({ length: 20 }, async () => await send(small)));
  assert.ok(refused.every(({ status, body }) => status === 400 && body === "early"));
  isEarly = false;
  assert.equal((await send(small)).status, 200);
});

test("an empty file is sent as one", async (t) => {
  const { path } = await file(t, 0);
  const lengths: (string | undefined)[] = [];
  const url = await serve(t, (incoming, response) => {
    lengths.push(incoming.headers["content-length"]);
    incoming.resume().on("end", () => response.end());
  });
  assert.equal((await (await fileSource(path)).send(request(url))).status, 200);
  assert.deepEqual(lengths, ["0"]);
});

test("a server that does not want the bytes is heard before they are sent", async (t) => {
  const { path } = await file(t, 64 * MIB);
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  server.on("checkContinue", (_incoming: IncomingMessage, response: ServerResponse) => {
    response.writeHead(400, { connection: "close" }).end("early");
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bytes`;
  let sentBytes = 0;
  const reply = await (await fileSource(path)).send(request(url, (sent) => (sentBytes = sent)));
  assert.equal(reply.status, 400);
  assert.equal(reply.body, "early");
  assert.equal(sentBytes, 0);
});

test("an answer in the middle of the bytes is taken, and sending stops", async (t) => {
  const { path } = await file(t, 64 * MIB);
  const url = await serve(t, (incoming, response) => {
    incoming.once("data", () => {
      incoming.pause();
      response.writeHead(507).end("full");
    });
  });
  let sentBytes = 0;
  const reply = await (await fileSource(path)).send(request(url, (sent) => (sentBytes = sent)));
  assert.equal(reply.body, "full");
  assert.ok(sentBytes < 64 * MIB, `${sentBytes} bytes were sent`);
});

test("a connection that breaks is a ConnectionError without the secret address", async (t) => {
  const { path } = await file(t, 8 * MIB);
  const url = await serve(t, (incoming) => void incoming.once("data", () => incoming.destroy()));
  await assert.rejects((await fileSource(path)).send(request(url)), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.ok(!error.message.includes("/bytes"));
    return true;
  });
});

test("an abort cuts the sending", async (t) => {
  const { path } = await file(t, 8 * MIB);
  const abort = new AbortController();
  const url = await serve(t, (incoming) => void incoming.once("data", () => abort.abort()));
  await assert.rejects(
    (await fileSource(path)).send(request(url, undefined, abort.signal)),
    AbortedError,
  );
});

test("a file that grows or shrinks while it is sent is an error, never a wrong Content-Length", async (t) => {
  const url = await serve(
    t,
    (incoming, response) => void incoming.resume().on("end", () => response.end()),
  );
  const grown = await file(t, MIB);
  const growing = await fileSource(grown.path);
  await appendFile(grown.path, "more");
  await assert.rejects(growing.send(request(url)), /changed its size/);
  const shrunk = await file(t, MIB);
  const shrinking = await fileSource(shrunk.path);
  await truncate(shrunk.path, 10);
  await assert.rejects(shrinking.send(request(url)), /changed its size/);
});

/** Overwrites a few bytes of a file where they are, which leaves its size. */
function overwrite(path: string): void {
  const target = openSync(path, "r+");
  writeSync(target, "OTHER BYTES", 100);
  closeSync(target);
}

/** Does something once, at the first progress: much of a long file is not even read by then. */
function atFirst(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

test("a file that is overwritten in its place while it is sent is an error, and is never sent to its end", async (t) => {
  const { path, content } = await file(t, 24 * MIB);
  let arrivedBytes = 0;
  let answered = 0;
  const url = await serve(t, (incoming, response) => {
    incoming.on("data", (chunk: Buffer) => (arrivedBytes += chunk.byteLength));
    incoming.on("end", () => {
      answered += 1;
      response.end();
    });
  });
  const overwriteOnce = () => atFirst(() => overwrite(path));
  const source = await fileSource(path);
  await assert.rejects(
    source.send(request(url, overwriteOnce())),
    /disk\.img changed while it was being sent\.$/,
  );
  const sending = (await fileSource(path)).resumable?.();
  assert.ok(sending);
  await assert.rejects(sending.send(request(url, overwriteOnce()), 0), /changed while/);
  await assert.rejects(sending.send(request(url), MIB), /changed while/, "what was begun is gone");
  assert.equal(answered, 0);
  assert.ok(arrivedBytes < 2 * content.byteLength);
});

test("a file that is replaced, or put away, while it is sent is an error, too", async (t) => {
  const url = await serve(
    t,
    (incoming, response) => void incoming.resume().on("end", () => response.end()),
  );
  for (const change of [rmSync, (path: string) => renameSync(`${path}.new`, path)]) {
    const { path, content } = await file(t, 24 * MIB);
    await writeFile(`${path}.new`, content);
    const onProgress = atFirst(() => change(path));
    await assert.rejects((await fileSource(path)).send(request(url, onProgress)), /changed while/);
  }
});

test("a file that was written a moment ago is left alone for one step of its clock", async (t) => {
  const { path } = await file(t, 10);
  const url = await serve(
    t,
    (incoming, response) => void incoming.resume().on("end", () => response.end()),
  );
  const pausesMs: number[] = [];
  const { ctimeMs } = await stat(path);
  const sendAt = async (now: number): Promise<void> => {
    const sleep = async (pauseMs: number) => await Promise.resolve(void pausesMs.push(pauseMs));
    const system = { ...systemOf(), now: () => now, sleep };
    assert.equal((await (await fileSource(path)).send({ ...request(url), system })).status, 200);
  };
  await sendAt(ctimeMs + 10_000);
  assert.deepEqual(pausesMs, []);
  await sendAt(ctimeMs + 1);
  assert.equal(pausesMs.length, 1);
});

test("a missing file and a directory are told before anything is sent", async () => {
  await assert.rejects(fileSource(join(tmpdir(), "contentlib-none-such")), { code: "ENOENT" });
  await assert.rejects(fileSource(tmpdir()), /is a directory/);
});

test("a pipe is sent to its end without a size, only once, and an abort does not wait for its writer", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-source-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const path = join(directory, "pipe");
  assert.equal(spawnSync("mkfifo", [path]).status, 0);
  const bodies: Buffer[] = [];
  const abort = new AbortController();
  let requests = 0;
  const url = await serve(t, (incoming, response) => {
    requests += 1;
    if (requests === 2) return void incoming.once("data", () => abort.abort());
    void buffer(incoming).then((body) => {
      bodies.push(body);
      response.end();
    });
  });
  const source = await fileSource(path);
  assert.equal(source.sizeBytes, undefined);
  assert.equal(source.isReplayable, false);
  const sent = source.send(request(url));
  await writeFile(path, "through the pipe");
  assert.equal((await sent).status, 200);
  assert.equal(String(bodies[0]), "through the pipe");
  const aborted = source.send(request(url, undefined, abort.signal));
  const writer = await open(path, "w");
  await writer.write("begun");
  await assert.rejects(aborted, AbortedError);
  // The reading end is closed although the writing end is open: a pipe nobody reads from refuses bytes.
  await assert.rejects(
    async () => {
      for (;;) await writer.write("more");
    },
    { code: "EPIPE" },
  );
  await writer.close();
});

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A server that keeps what comes, with what was said of it. */
async function keeping(t: TestContext) {
  const kept: { method: string; headers: IncomingMessage["headers"]; body: Buffer }[] = [];
  const url = await serve(t, (incoming, response) => {
    const { method = "", headers } = incoming;
    const keep = async (): Promise<void> => {
      kept.push({ method, headers, body: await buffer(incoming) });
      response.end();
    };
    // What a client breaks off is not kept.
    keep().catch(() => response.destroy());
  });
  return { url, kept };
}

test("a file goes on from an offset by tus, and the digest is that of the whole though each byte is hashed once", async (t) => {
  const { path, content } = await file(t, 3 * MIB + 5);
  const { url, kept } = await keeping(t);
  const sending = (await fileSource(path)).resumable?.();
  assert.ok(sending);
  const offset = MIB + 1;
  const seen: number[] = [];
  const signal = new AbortController().signal;
  assert.equal(await sending.digestOf(offset, signal), digestOf(content.subarray(0, offset)));
  const reply = await sending.send(
    request(url, (sent) => seen.push(sent)),
    offset,
  );
  assert.equal(reply.digest?.checksum, digestOf(content));
  assert.equal(seen.at(-1), content.byteLength);
  assert.ok((seen[0] ?? 0) > offset);
  const [sent] = kept;
  assert.equal(sent?.method, "PATCH");
  assert.equal(sent?.headers["upload-offset"], String(offset));
  assert.equal(sent?.headers["content-type"], "application/offset+octet-stream");
  assert.equal(sent?.headers["content-length"], String(content.byteLength - offset));
  assert.ok(sent?.body.equals(content.subarray(offset)));
  const again = await sending.send(request(url), 10);
  assert.equal(again.digest?.checksum, digestOf(content));
  assert.ok(kept[1]?.body.equals(content.subarray(10)));
  assert.equal(await sending.digestOf(content.byteLength, signal), digestOf(content));
  assert.equal(await sending.digestOf(10, signal), null, "what was passed is not told");
});

test("a file that goes on must be the one that was begun", async (t) => {
  const { path } = await file(t, 2 * MIB);
  const { url } = await keeping(t);
  const sending = (await fileSource(path)).resumable?.();
  assert.ok(sending);
  await sending.send(request(url), 0);
  await utimes(path, 1, 1);
  await assert.rejects(
    sending.send(request(url), MIB),
    /disk\.img changed while it was being sent/,
  );
});

test("a stream is sent in pieces to its end, with its digest", async (t) => {
  const { url, kept } = await keeping(t);
  const source = readableSource(Readable.from([Buffer.from("one "), "two"]));
  assert.deepEqual([source.sizeBytes, source.isReplayable], [undefined, false]);
  assert.equal(source.resumable, undefined);
  const reply = await source.send(request(url));
  assert.equal(String(kept[0]?.body), "one two");
  assert.equal(kept[0]?.headers["transfer-encoding"], "chunked");
  assert.equal(reply.digest?.checksum, digestOf(Buffer.from("one two")));
});
