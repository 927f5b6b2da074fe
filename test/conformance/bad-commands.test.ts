import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { basic, PASSWORD, USER } from "./client.ts";
import { FORMS, rest } from "./forms.ts";
import { eventually } from "./held-upload.ts";
import { exchange } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const clock = new ManualClock();
const server = await serverUnderTest({ clock });

/** A connection over which this text has been sent. */
function connected(text: string): Socket {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write(text);
  return socket;
}

for (const form of FORMS) {
  describe(`commands that break off, ${form.name}`, async () => {
    const client = await server.client(form);
    const { path } = form.createLibrary({});
    const head = (length: number) =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\nvmware-api-session-id: ${client.loginId}\r\nContent-Length: ${length}\r\n\r\n`;

    test("a body that does not arrive is given up with 408, and nothing happens", async () => {
      const before = await client.done(form.listLibraries());
      const socket = connected(`${head(100)}{"create_`);
      let isOver = false;
      const reply = textOf(socket).finally(() => (isOver = true));
      await eventually(
        async () => await clock.advance(10_000),
        () => isOver,
      );
      assert.match(await reply, /^HTTP\/1\.1 408 /);
      assert.deepEqual(await client.done(form.listLibraries()), before);
    });

    test("a client that vanishes in the middle of a body does no harm", async () => {
      const before = await client.done(form.listLibraries());
      for (let index = 0; index < 5; index += 1) connected(`${head(100)}{"create_`).destroy();
      const half = connected(`${head(100)}{"create_spec":{"name":"half"}}`);
      half.end();
      assert.doesNotMatch(await textOf(half), /^HTTP\/1\.1 20/);
      assert.deepEqual(await client.done(form.listLibraries()), before);
    });
  });
}

describe("requests that are none", () => {
  test("are answered with a JSON error, and the server goes on", async () => {
    const heads = [
      "nonsense\r\n\r\n",
      "GET\r\n\r\n",
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(40_000)}\r\n\r\n`,
    ];
    for (const head of heads) {
      const reply = await textOf(connected(head));
      assert.match(reply, /^HTTP\/1\.1 4\d\d /);
      assert.match(reply, /"error_type":"INVALID_ARGUMENT"/);
    }
    assert.equal((await exchange({ method: "GET", url: `${server.url}/healthz` })).status, 200);
  });

  test("a length given twice, or beside chunks, is refused", async () => {
    for (const framing of [
      "Content-Length: 5\r\nContent-Length: 6",
      "Content-Length: 5\r\nTransfer-Encoding: chunked",
    ]) {
      const reply = await textOf(
        connected(`POST ${rest.login().path} HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n`),
      );
      assert.match(reply, /^HTTP\/1\.1 400 /);
    }
  });
});

describe("guessing passwords", () => {
  const guess = (localAddress: string, headers: Readonly<Record<string, string>>) =>
    exchange({ method: "POST", url: server.url + rest.login().path, headers, localAddress });

  test("is slowed by address, with the time to wait, and does not lock the account out elsewhere", async () => {
    const wrong = { Authorization: basic(USER, "wrong") };
    const answers = [];
    for (let attempt = 0; attempt < 12; attempt += 1) answers.push(await guess("127.0.0.1", wrong));
    const last = answers.at(-1);
    assert.equal(last?.status, 503);
    assert.match(String(last?.headers["retry-after"]), /^[1-9]\d*$/);
    assert.equal(answers[0]?.status, 401);
    const right = { Authorization: basic(USER, PASSWORD) };
    assert.equal((await guess("127.0.0.1", right)).status, 503, "also for the right password");
    // Other systems give a machine one loopback address only.
    if (process.platform === "linux") {
      assert.equal((await guess("127.0.0.2", right)).status, 200, "from elsewhere it goes on");
    }
    await clock.advance(Number(last?.headers["retry-after"]) * 1000 + 60_000);
    assert.equal((await guess("127.0.0.1", right)).status, 200);
  });
});
