import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ByteSink, ByteSource, Pour } from "../ports/index.ts";
import { boundaryOf } from "./multipart-parser.ts";
import { MultipartSource } from "./multipart-source.ts";

const BOUNDARY = "xYz";

/** A body in pieces of the given size; each piece is overwritten once the sink has given it back. */
const piecesOf = (body: Buffer, sizeBytes: number): ByteSource => ({
  pourInto: (sink: ByteSink): Pour => {
    let at = 0;
    let running = false;
    let stopped = false;
    const run = (): void => {
      if (running) return;
      running = true;
      while (!stopped && at < body.length) {
        const piece = Buffer.from(body.subarray(at, at + sizeBytes));
        at += sizeBytes;
        if (!sink.chunk(piece)) {
          running = false;
          return;
        }
        piece.fill(0x21);
      }
      running = false;
      if (!stopped) sink.end();
      stopped = true;
    };
    queueMicrotask(run);
    return { resume: run, stop: () => void (stopped = true) };
  },
});

const unpack = async (
  body: Buffer,
  sizeBytes = 7,
  pausesEvery = Number.POSITIVE_INFINITY,
): Promise<Buffer> => {
  const received: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    let count = 0;
    const pour = new MultipartSource(piecesOf(body, sizeBytes), BOUNDARY).pourInto({
      chunk: (bytes) => {
        received.push(Buffer.from(bytes));
        count += 1;
        if (count % pausesEvery !== 0) return true;
        setImmediate(() => pour.resume());
        return false;
      },
      end: resolve,
      fail: reject,
    });
  });
  return Buffer.concat(received);
};

const field = (content: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="note"\r\n\r\n${content}\r\n`;
const file = (content: string): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.iso"\r\nContent-Type: application/octet-stream\r\n\r\n${content}\r\n`;
const LAST = `--${BOUNDARY}--\r\n`;
const body = (...parts: readonly string[]): Buffer => Buffer.from(parts.join(""), "latin1");

test("the one file comes out without its envelope, and form fields are dropped", async () => {
  assert.equal(
    (await unpack(body(field("hello"), file("content"), field("bye"), LAST))).toString(),
    "content",
  );
  assert.equal((await unpack(body("preamble\r\n", file(""), LAST, "epilogue"))).toString(), "");
});

test("a large body whose first chunk holds only the beginning is unpacked", async () => {
  const content = "z".repeat(200_000);
  assert.equal((await unpack(body(file(content), LAST), 65_536)).toString(), content);
});

test("whatever the content and the chunking, what comes out is what went in", async () => {
  const nasty = fc.array(
    fc.constantFrom(
      "\r",
      "\n",
      "\r\n",
      "-",
      "--",
      "x",
      `\r\n--${BOUNDARY.slice(0, 2)}`,
      `--${BOUNDARY}`,
      "data",
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      nasty,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 3 }),
      async (words, size, pause) => {
        const content = words.join("");
        fc.pre(!`\r\n${content}\r\n`.includes(`\r\n--${BOUNDARY}`));
        assert.equal(
          (await unpack(body(field("f"), file(content), LAST), size, pause)).toString("latin1"),
          content,
        );
      },
    ),
    { numRuns: 300 },
  );
});

test("a body that is not one file is refused with the reason", async () => {
  const cases: [Buffer, RegExp][] = [
    [body(file("a"), file("b"), LAST), /more than one part/],
    [body(field("a"), LAST), /no part with a file name/],
    [body(file("cut")), /ends before its last delimiter/],
    [Buffer.alloc(5000, 0x61), /does not begin with its delimiter/],
    [body(`--${BOUNDARY}\r\nX: ${"y".repeat(20_000)}`), /too long a head/],
    [body(`--${BOUNDARY}garbage\r\n\r\n`, LAST), /delimiter of the multipart body is malformed/],
    [
      body(
        `--${BOUNDARY}\r\nContent-Disposition: form-data; filename=a\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==\r\n`,
        LAST,
      ),
      /encoded as base64/,
    ],
  ];
  for (const [bytes, sentence] of cases) {
    for (const size of [1, 7, 100_000]) await assert.rejects(unpack(bytes, size), sentence);
  }
});

test("the boundary is found in its spellings", () => {
  assert.equal(boundaryOf("multipart/form-data; boundary=abc"), "abc");
  assert.equal(boundaryOf('multipart/form-data; charset=utf-8; Boundary="a b"'), "a b");
  assert.equal(boundaryOf("multipart/form-data"), null);
  assert.equal(boundaryOf(`multipart/form-data; boundary=${"x".repeat(71)}`), null);
});
