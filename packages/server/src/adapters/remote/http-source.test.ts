import assert from "node:assert/strict";
import type { IncomingMessage, RequestListener } from "node:http";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { LOOPBACK_FENCE, startRemoteServer, wholeOf } from "@contentlib/testkit/rigs/remote-rig";
import { ManualClock } from "../clock/manual-clock.ts";
import { SystemClock } from "../clock/system-clock.ts";
import type { RemoteFile, RemoteReason, RemoteWish } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { HEAD_LIMIT_MS, HttpRemoteSource, REDIRECTS_MAX, STALL_LIMIT_MS } from "./http-source.ts";
import type { HttpSourceOptions } from "./http-source.ts";

const source = (options: Partial<HttpSourceOptions> = {}): HttpRemoteSource =>
  new HttpRemoteSource({
    clock: new SystemClock(),
    fence: LOOPBACK_FENCE,
    proxy: null,
    ownAddresses: () => [],
    ...options,
  });

const wish = (url: string, others: Partial<RemoteWish> = {}): RemoteWish => ({
  url,
  trusted: [],
  signal: new AbortController().signal,
  ...others,
});

async function serving(t: TestContext, answer: RequestListener) {
  const server = await startRemoteServer(answer);
  t.after(async () => await server.close());
  return server;
}

const refusedFor = (reason: RemoteReason, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RemoteError, String(error));
  assert.equal(error.reason, reason, error.message);
  assert.match(error.message, words);
  return true;
};

const FILE = Buffer.from("0123456789");

test("a file comes whole, as it is sent, with its size and its strong tag", async (t) => {
  const asked: IncomingMessage[] = [];
  const { origin } = await serving(t, (request, response) => {
    asked.push(request);
    response.setHeader("ETag", '"v1"').setHeader("Content-Encoding", "Identity").end(FILE);
  });
  const file = await source().open(wish(`${origin}/a/b.iso?x=1#part`));
  assert.equal(file.sizeBytes, FILE.length);
  assert.equal(file.validator, '"v1"');
  assert.equal(file.startsAtBytes, 0);
  assert.equal(file.redirects, 0);
  assert.equal(file.peer, null);
  assert.equal(file.url, `${origin}/a/b.iso?x=1`);
  assert.deepEqual(await wholeOf(file.body), FILE);
  const [request] = asked;
  assert.equal(request?.url, "/a/b.iso?x=1");
  assert.equal(request?.headers["accept-encoding"], "identity");
  assert.equal(request?.headers.range, undefined);
  assert.equal(request?.headers.authorization, undefined);
});

test("a server that does not say how long the file is, and one that is empty", async (t) => {
  const { origin } = await serving(t, (request, response) => {
    if (request.url === "/empty") response.end();
    else response.write("abc", () => response.end("def"));
  });
  const chunked = await source().open(wish(origin));
  assert.equal(chunked.sizeBytes, null);
  assert.equal(chunked.validator, null);
  assert.equal((await wholeOf(chunked.body)).toString(), "abcdef");
  const empty = await source().open(wish(`${origin}/empty`));
  assert.equal(empty.sizeBytes, 0);
  assert.equal((await wholeOf(empty.body)).length, 0);
});

test("what only looks like an address of http is none", async () => {
  for (const url of [
    "http://256.1.1.1/",
    "http://[::zz]/",
    "http://",
    "ftp://a.example",
    "no address",
  ])
    await assert.rejects(source().open(wish(url)), refusedFor("url", /check its host/));
});

test("weak tags, and tags that are none, are no validators", async (t) => {
  for (const tag of ['W/"v1"', "v1", '"a"b"', `"${"x".repeat(2000)}"`]) {
    const { origin } = await serving(t, (_request, response) => {
      response.setHeader("ETag", tag).end();
    });
    const { validator } = await source().probe(wish(origin));
    assert.equal(validator, null, tag);
  }
});

/** Answers ranges as servers do, or in one of the ways in which they fail. */
const ranged =
  (
    how:
      | "well"
      | "ignores"
      | "changed"
      | "untagged"
      | "weak"
      | "elsewhere"
      | "cut"
      | "parts"
      | "endless"
      | "beyond",
  ): RequestListener =>
  (request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const isSame = request.headers["if-range"] === '"v1"';
    const tag = { changed: '"v2"', weak: 'W/"v1"' }[how as string] ?? '"v1"';
    if (how !== "untagged") response.setHeader("ETag", tag);
    if (how === "beyond") {
      response.writeHead(416, { "Content-Range": "bytes */5" }).end();
    } else if (how === "ignores" || !isSame) {
      response.end(FILE);
    } else {
      const from = how === "elsewhere" ? start + 1 : start;
      const end = how === "cut" || how === "endless" ? 8 : 9;
      const size = how === "endless" ? "*" : "10";
      const type = how === "parts" ? {} : { "Content-Range": `bytes ${from}-${end}/${size}` };
      response.writeHead(206, type).end(FILE.subarray(from, end + 1));
    }
  };

const FROM = { offsetBytes: 4, validator: '"v1"' };

test("a fetch goes on from where it is, on a server that can", async (t) => {
  const { origin } = await serving(t, ranged("well"));
  const file = await source().open(wish(origin, { from: FROM }));
  assert.equal(file.startsAtBytes, 4);
  assert.equal(file.sizeBytes, 10);
  assert.equal(file.validator, '"v1"');
  assert.equal((await wholeOf(file.body)).toString(), "456789");
});

test("it begins anew where the server sends all, or the file is another one", async (t) => {
  for (const [how, validator] of [
    ["ignores", '"v1"'],
    ["well", '"v0"'],
  ] as const) {
    const { origin } = await serving(t, ranged(how));
    const from = { offsetBytes: 4, validator };
    const file = await source().open(wish(origin, { from }));
    assert.equal(file.startsAtBytes, 0);
    assert.equal(file.validator, '"v1"');
    assert.deepEqual(await wholeOf(file.body), FILE);
  }
});

test("a part that is not the rest of that file is refused", async (t) => {
  const cases = [
    ["changed", "changed", /is not the one of which a part is here/],
    ["beyond", "changed", /is not the one of which a part is here/],
    ["untagged", "protocol", /does not say of which file/],
    ["weak", "protocol", /does not say of which file/],
    ["elsewhere", "protocol", /does not send the part/],
    ["cut", "protocol", /does not send the part/],
    ["parts", "protocol", /does not send the part/],
    ["endless", "protocol", /does not send the part/],
  ] as const;
  for (const [how, reason, words] of cases) {
    const { origin } = await serving(t, ranged(how));
    await assert.rejects(source().open(wish(origin, { from: FROM })), refusedFor(reason, words));
  }
  const { origin } = await serving(t, (_request, response) => {
    response.writeHead(206, { "Content-Range": "bytes 0-9/10" }).end(FILE);
  });
  await assert.rejects(source().open(wish(origin)), refusedFor("protocol", /does not send/));
});

test("what is no success is told apart", async (t) => {
  const cases = [
    [401, "login", /asks for a login.* \(401 Unauthorized\)/],
    [429, "status", /answers 429/],
    [408, "status", /answers 408/],
    [425, "status", /answers 425/],
    [451, "status", /answers 451/],
    [403, "login", /\(403 Forbidden\)/],
    [404, "absent", /check the path/],
    [410, "absent", /410 Gone/],
    [416, "status", /answers 416/],
    [204, "status", /answers 204 No Content, and no file/],
    [300, "status", /answers 300/],
    [302, "status", /answers 302/],
    [500, "status", /answers 500 Internal Server Error/],
    [599, "status", /answers 599, and no file/],
  ] as const;
  for (const [status, reason, words] of cases) {
    const { origin } = await serving(t, (_request, response) => {
      response.writeHead(status).end();
    });
    await assert.rejects(source().open(wish(`${origin}/secret-path`)), (error: Error) => {
      assert.doesNotMatch(error.message, /secret-path/);
      const isPassing = status >= 500 || [408, 425, 429].includes(status);
      assert.equal((error as RemoteError).retry, isPassing ? "safe" : "never", String(status));
      return refusedFor(reason, words)(error);
    });
  }
});

test("a login goes to its own origin alone", async (t) => {
  const seen: (string | undefined)[] = [];
  const other = await serving(t, (request, response) => {
    seen.push(request.headers.authorization);
    response.end("x");
  });
  const { origin } = await serving(t, (request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === "/refused") response.writeHead(401).end();
    else if (request.url === "/here") response.end("x");
    else
      response
        .writeHead(302, { Location: request.url === "/stays" ? "/here" : other.origin })
        .end();
  });
  const login = { userName: "ada", password: "p:ß" };
  const basic = `Basic ${Buffer.from("ada:p:ß").toString("base64")}`;
  await source().probe(wish(`${origin}/stays`, { login }));
  assert.deepEqual(seen.splice(0), [basic, basic]);
  await source().probe(wish(`${origin}/goes`, { login }));
  assert.deepEqual(seen.splice(0), [basic, undefined]);
  await assert.rejects(
    source().probe(wish(`${origin}/refused`, { login })),
    refusedFor("login", /refuses the login that was given/),
  );
});

test("redirects are followed so many times, and to http addresses alone", async (t) => {
  const { origin, connections } = await serving(t, (request, response) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end("there");
    else if (Number.isNaN(left))
      response.writeHead(307, { Location: decodeURIComponent(request.url?.slice(2) ?? "") }).end();
    else response.writeHead(301, { Location: `/${left - 1}` }).end("moved");
  });
  const file = await source().open(wish(`${origin}/${REDIRECTS_MAX}`));
  assert.equal(file.redirects, REDIRECTS_MAX);
  assert.equal(file.url, `${origin}/0`);
  assert.equal((await wholeOf(file.body)).toString(), "there");
  const before = connections();
  await assert.rejects(
    source().open(wish(`${origin}/${REDIRECTS_MAX + 1}`)),
    refusedFor("redirect", /redirects more than 5 times/),
  );
  assert.equal(connections() - before, REDIRECTS_MAX + 1);
  for (const target of [
    "ftp://a.example/",
    "file:///etc/passwd",
    "http://",
    "http://[",
    "x".repeat(9000),
  ])
    await assert.rejects(
      source().open(wish(`${origin}/x${encodeURIComponent(target)}`)),
      refusedFor("redirect", /redirects to /),
    );
});

test("what a redirect says of a login is not used", async (t) => {
  const seen: (string | undefined)[] = [];
  const { origin, port } = await serving(t, (request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === "/there") response.end();
    else response.writeHead(302, { Location: `http://eve:evil@127.0.0.1:${port}/there` }).end();
  });
  const { url } = await source().probe(wish(origin));
  assert.equal(url, `${origin}/there`);
  assert.deepEqual(seen, [undefined, undefined]);
});

test("a head that does not come is given up", async (t) => {
  let arrived = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => (arrived = resolve));
  const { origin } = await serving(t, () => arrived());
  const clock = new ManualClock();
  const opening = source({ clock }).open(wish(origin));
  const refused = assert.rejects(opening, refusedFor("timeout", /did not answer within 30 s/));
  await isAsked;
  await clock.advance(HEAD_LIMIT_MS - 1);
  await clock.advance(1);
  await refused;
});

/** A file of ten bytes of which the first four come. */
const halting = (t: TestContext) =>
  serving(t, (_request, response) => {
    response.writeHead(200, { "Content-Length": "10" }).write("0123");
  });

const opened = async (file: RemoteFile) => {
  const seen: Buffer[] = [];
  let fail: (reason: unknown) => void = () => undefined;
  const failed = new Promise<unknown>((resolve) => (fail = resolve));
  const first = new Promise<void>((resolve) => {
    file.body.pourInto({
      chunk: (bytes) => {
        seen.push(Buffer.from(bytes));
        resolve();
        return true;
      },
      end: () => fail(new Error("it ended")),
      fail,
    });
  });
  await first;
  return { seen, failed };
};

test("a body that stands still is given up, and one that moves is not", async (t) => {
  const { origin } = await halting(t);
  const clock = new ManualClock();
  const { failed } = await opened(await source({ clock }).open(wish(origin)));
  await clock.advance(STALL_LIMIT_MS - 1);
  await clock.advance(STALL_LIMIT_MS / 4);
  assert.ok(refusedFor("timeout", /has sent nothing for 60 s/)(await failed));
});

test("a body that breaks off says after how many bytes", async (t) => {
  for (const [length, words] of [
    [{ "Content-Length": "10" }, /broke off after 4 of 10 bytes/],
    [{}, /broke off after 4 bytes/],
  ] as const) {
    const { origin } = await serving(t, (_request, response) => {
      response.writeHead(200, length).write("0123", () => response.destroy());
    });
    const file = await source().open(wish(origin));
    await assert.rejects(wholeOf(file.body), refusedFor("connection", words));
  }
});

test("the time for the whole counts before the head is here, too", async (t) => {
  let arrived = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => (arrived = resolve));
  const { origin } = await serving(t, () => arrived());
  const clock = new ManualClock();
  const probing = source({ clock }).probe(wish(origin, { timeLimitMs: 5_000 }));
  const refused = assert.rejects(probing, refusedFor("timeout", /not done within 5 s/));
  await isAsked;
  await clock.advance(5_000);
  await refused;
});

test("the whole has its time, and the caller may give up at any moment", async (t) => {
  const { origin } = await halting(t);
  const clock = new ManualClock();
  const slow = await opened(await source({ clock }).open(wish(origin, { timeLimitMs: 5_000 })));
  await clock.advance(5_000);
  assert.ok(refusedFor("timeout", /not done within 5 s/)(await slow.failed));
  const caller = new AbortController();
  const { failed } = await opened(await source().open(wish(origin, { signal: caller.signal })));
  caller.abort();
  assert.ok(refusedFor("cancelled", /cancelled/)(await failed));
  await assert.rejects(
    source().open(wish(origin, { signal: caller.signal })),
    refusedFor("cancelled", /cancelled/),
  );
});

test("closing ends the connection, whether the body was read or not", async (t) => {
  const ended: Promise<void>[] = [];
  const { origin } = await serving(t, (request, response) => {
    ended.push(new Promise((resolve) => request.socket.once("close", () => resolve())));
    response.writeHead(200, { "Content-Length": "10" }).write("0123");
  });
  const file = await source().open(wish(origin));
  file.close();
  file.close();
  await source().probe(wish(origin));
  const pour = (await source().open(wish(origin))).body.pourInto({
    chunk: () => true,
    end: () => assert.fail(),
    fail: () => assert.fail(),
  });
  pour.stop();
  pour.stop();
  assert.equal(ended.length, 3);
  await Promise.all(ended);
});

const BIG_BYTES = 20 * 1024 * 1024;

test("a sink that pauses holds the server back, and gets every byte", async (t) => {
  const { origin } = await serving(t, (_request, response) => {
    response.setHeader("Content-Length", BIG_BYTES);
    const block = Buffer.alloc(256 * 1024, 7);
    let left = BIG_BYTES;
    const send = (): void => {
      while (left > 0) {
        left -= block.length;
        if (!response.write(block)) {
          response.once("drain", send);
          return;
        }
      }
      response.end();
    };
    send();
  });
  const file = await source().open(wish(origin));
  assert.equal(file.sizeBytes, BIG_BYTES);
  let received = 0;
  let whilePaused = 0;
  let isPaused = false;
  await new Promise<void>((resolve, reject) => {
    const pour = file.body.pourInto({
      chunk: (bytes) => {
        if (isPaused) whilePaused += 1;
        const before = Math.floor(received / 1_000_000);
        received += bytes.length;
        if (Math.floor(received / 1_000_000) === before) return true;
        isPaused = true;
        setImmediate(() => {
          isPaused = false;
          pour.resume();
        });
        return false;
      },
      end: resolve,
      fail: reject,
    });
  });
  assert.equal(received, BIG_BYTES);
  assert.equal(whilePaused, 0);
});

test("what is no answer of HTTP is no file", async (t) => {
  const { origin } = await serving(t, (request) => {
    request.socket.end("SSH-2.0-OpenSSH\r\n");
  });
  await assert.rejects(
    source().open(wish(origin)),
    refusedFor("connection", /: what answers there does not speak HTTP, so check the port\.$/),
  );
  const silent = await serving(t, (request) => void request.socket.end());
  await assert.rejects(
    source().open(wish(silent.origin)),
    refusedFor("connection", /: it hung up\.$/),
  );
});

test("a file in a coding is refused, whole or in part", async (t) => {
  for (const coding of ["gzip", "x-gzip", "identity, gzip", "br", ""]) {
    const { origin } = await serving(t, (request, response) => {
      const isPart = request.headers.range !== undefined;
      const range = isPart ? { "Content-Range": "bytes 4-9/10" } : {};
      response.writeHead(isPart ? 206 : 200, {
        "Content-Encoding": coding,
        ETag: '"v1"',
        ...range,
      });
      response.end(isPart ? FILE.subarray(4) : FILE);
    });
    const from = { offsetBytes: 4, validator: '"v1"' };
    for (const others of [{}, { from }])
      if (coding === "") await source().probe(wish(origin, others));
      else
        await assert.rejects(
          source().probe(wish(origin, others)),
          refusedFor("protocol", /in a coding \(Content-Encoding\)/),
        );
  }
});
