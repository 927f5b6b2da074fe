// Many connections, endless heads and monstrous bodies against a real process, from outside: it says no, goes on, and recovers.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { createClient } from "@contentlib/client";
import { RawConnection } from "@contentlib/testkit/rigs/raw-connection";
import { type LiveServer, password, startLiveServer } from "./live-server.ts";

const CONNECTIONS_MAX = 100;
/** More than there are places, and bounded: this machine has other things to do. */
const FLOOD = 280;
const POLL_MS = 50;
/** How long the server may take to be its old self again, in milliseconds. */
const RECOVERY_MS = 30_000;
const UPLOAD_BYTES = 8 * 1024 * 1024;

const portOf = ({ url }: LiveServer): number => Number(new URL(url).port);

const clientOf = ({ url }: LiveServer) =>
  createClient({ url, credentials: { userName: "administrator", password } });

/** Connections that say this and then nothing more; test hooks end them. */
function flood(t: TestContext, port: number, count: number, says: string): readonly Socket[] {
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.on("connect", () => socket.write(says));
    socket.resume();
    return socket;
  });
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  return sockets;
}

const statusOf = async ({ url }: LiveServer, path = "/readyz"): Promise<number> =>
  await fetch(url + path, { headers: { Connection: "close" } }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    },
    () => 0,
  );

/** Waits until the server answers with this status, and fails when it does not in time. */
async function untilStatus(server: LiveServer, wanted: number): Promise<void> {
  const endsAt = Date.now() + RECOVERY_MS;
  for (;;) {
    const status = await statusOf(server);
    if (status === wanted) return;
    assert.ok(Date.now() < endsAt, `${status} instead of ${wanted}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** An upload that has sent half of its bytes; `finish` sends the rest and answers the whole reply. */
async function halfAnUpload(server: LiveServer) {
  const client = clientOf(server);
  const library = await client.localLibrary.create({ create_spec: { name: "images" } });
  const item = await client.item.create({ create_spec: { library_id: library, name: "debian" } });
  const session = await client.updateSession.create({ create_spec: { library_item_id: item } });
  const file = await client.updateSessionFile.add({
    update_session_id: session,
    file_spec: { name: "a.iso", source_type: "PUSH", size: UPLOAD_BYTES },
  });
  const { pathname } = new URL(String(file.upload_endpoint?.uri));
  const connection = new RawConnection(portOf(server));
  const half = Buffer.alloc(UPLOAD_BYTES / 2);
  await connection.send(
    `PUT ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: ${UPLOAD_BYTES}\r\n\r\n`,
  );
  await connection.send(half);
  return {
    finish: async () => {
      await connection.send(half);
      const reply = await connection.until(/^HTTP\/1\.1 \d{3} [^]*\r\n\r\n/);
      connection.destroy();
      await client.updateSession.complete({ update_session_id: session });
      const [told] = await client.itemFile.list({ library_item_id: item });
      await client.close();
      return { reply, sizeBytes: told?.size };
    },
  };
}

describe("a flood of connections", { timeout: 240_000 }, () => {
  const silent = { nothing: "", "half a head": "GET /readyz HTTP/1.1\r\nHost: x\r\nX-Slow: " };
  for (const [what, says] of Object.entries(silent))
    test(`that say ${what}: 503 for those beyond the limit, an upload goes on, and then all is well`, async (t) => {
      const server = await startLiveServer(t, "--connections-max", String(CONNECTIONS_MAX));
      const upload = await halfAnUpload(server);
      const sockets = flood(t, portOf(server), FLOOD, says);
      // Those who say nothing are not even told; whoever asks something is, unless too many are being told just now.
      await untilStatus(server, 503);
      const { reply, sizeBytes } = await upload.finish();
      assert.match(reply, /^HTTP\/1\.1 200 /);
      assert.equal(sizeBytes, UPLOAD_BYTES);
      for (const socket of sockets) socket.destroy();
      await untilStatus(server, 200);
      const client = clientOf(server);
      assert.equal((await client.localLibrary.list()).length, 1);
      await client.close();
    });

  test("the refusal says when to come again, in the form of an error of the API", async (t) => {
    const server = await startLiveServer(t, "--connections-max", "16");
    flood(t, portOf(server), 24, "");
    await untilStatus(server, 503);
    for (const path of ["/api/content/library", "/rest/com/vmware/content/library"]) {
      const answer = await fetch(server.url + path);
      const text = await answer.text();
      assert.equal(answer.status, 503, text);
      assert.match(answer.headers.get("retry-after") ?? "", /^\d+$/);
      assert.match(text.toLowerCase(), /service_?unavailable/);
    }
  });

  test("idle connections that are kept give way to new ones, and nobody is refused", async (t) => {
    const server = await startLiveServer(t, "--connections-max", "64");
    const ask = "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n";
    const isAnswered = async (socket: Socket) => await once(socket, "data");
    await Promise.all(flood(t, portOf(server), 62, ask).map(isAnswered));
    for (let wave = 0; wave < 4; wave += 1) {
      // Room is made once a second at most.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await Promise.all(flood(t, portOf(server), 2, ask).map(isAnswered));
      assert.equal(await statusOf(server), 200, `wave ${wave}`);
    }
  });
});

/** What a request may be that should cost its sender more than us; each with the statuses that are an answer to it. */
const BOMBS: Readonly<
  Record<string, { readonly sends: string | Buffer; readonly answer: RegExp }>
> = {
  "one endless header": {
    sends: `GET /readyz HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(200_000)}\r\n\r\n`,
    answer: /^(?:HTTP\/1\.1 431 |$)/,
  },
  "ten thousand headers": {
    sends: `GET /readyz HTTP/1.1\r\nHost: x\r\n${"a: b\r\n".repeat(10_000)}\r\n`,
    answer: /^(?:HTTP\/1\.1 431 |$)/,
  },
  "an endless address": {
    sends: `GET /${"a/".repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    answer: /^(?:HTTP\/1\.1 431 |$)/,
  },
  "a body of a terabyte, announced": {
    sends: "POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1099511627776\r\n\r\n{",
    answer: /^HTTP\/1\.1 (?:401|413) /,
  },
  "a body of two megabytes": {
    sends: `POST /api HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2097152\r\n\r\n${" ".repeat(2_097_152)}`,
    answer: /^HTTP\/1\.1 413 /,
  },
  "brackets in brackets": {
    sends: `POST /api HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\n${"[".repeat(1_000_000)}`,
    answer: /^HTTP\/1\.1 (?:200|400) [^]*-32[67]00/,
  },
  "a body that grows when it is unpacked": zipped(),
  "chunks of one byte with long extensions": {
    sends: `POST /api HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${`1;${"e".repeat(20_000)}\r\n \r\n`.repeat(50)}0\r\n\r\n`,
    answer: /^(?:HTTP\/1\.1 4\d\d |$)/,
  },
};

function zipped() {
  const body = gzipSync(Buffer.alloc(50 * 1024 * 1024, " "));
  const head = `POST /api HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  return {
    sends: Buffer.concat([Buffer.from(head), body]),
    answer: /^HTTP\/1\.1 (?:200 [^]*-32700|4\d\d )/,
  };
}

describe("bombs", { timeout: 240_000 }, () => {
  test("are refused, cost their own connection alone, and are soon over", async (t) => {
    const server = await startLiveServer(t);
    for (const [what, { sends, answer }] of Object.entries(BOMBS)) {
      const connection = new RawConnection(portOf(server));
      await connection.send(sends);
      const isEnded = /Content-Length: 1099511627776/.test(sends.toString("latin1"));
      const told = isEnded
        ? await connection.until(/\r\n\r\n/)
        : await Promise.race([connection.closed(), connection.until(/\r\n\r\n[^]*\}/)]);
      connection.destroy();
      assert.match(told, answer, `${what}: ${told.slice(0, 300)}`);
      assert.equal(await statusOf(server), 200, what);
    }
  });
});
