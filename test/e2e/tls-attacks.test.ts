// What somebody tries on the way between a client and a server that speaks TLS: old versions, weak ciphers, another key, none at all.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { type AddressInfo, connect as connectPlain } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { connect, type ConnectionOptions, createServer, type TLSSocket } from "node:tls";
import { type RunningServer, startServer } from "@contentlib/server";
import { RawConnection } from "@contentlib/testkit/rigs/raw-connection";
import { password } from "./live-server.ts";

const directory = mkdtempSync(join(tmpdir(), "contentlib-tls-"));
const [keyFile, certFile] = [join(directory, "tls.key"), join(directory, "tls.crt")];
const MAKE_RSA =
  "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1";
const made = spawnSync("openssl", [...MAKE_RSA.split(" "), "-keyout", keyFile, "-out", certFile]);
const options =
  made.status === 0
    ? { timeout: 60_000 }
    : { skip: "there is no openssl that makes a certificate" };

/** Takes whatever a server shows: the tests are about what comes before that is judged. */
const TRUSTING = { host: "127.0.0.1", rejectUnauthorized: false } as const;

/** Ciphers that nobody should be let in with, by what is wrong with them. */
const WEAK = {
  "no encryption": "NULL",
  "no server": "aNULL",
  "64 bits a block": "3DES:IDEA:SEED",
  "a broken stream": "RC4",
  "keys for export": "EXPORT:LOW:DES",
  "no forward secrecy": "kRSA",
  "a digest of 160 bits": "ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:DHE-RSA-AES256-SHA",
} as const;

let server: RunningServer;
let port = 0;
before(async () => {
  if (made.status !== 0) return;
  server = await startServer({
    dataDirectory: null,
    adminPassword: password,
    tls: { kind: "files", certFile, keyFile },
  });
  port = Number(new URL(server.url).port);
});
after(async () => {
  if (made.status === 0) await server.close();
  rmSync(directory, { recursive: true });
});

/** What was agreed on with whoever listens there; the reason where nothing was. */
async function agree(wish: ConnectionOptions): Promise<string> {
  const socket = connect({ ...TRUSTING, port, ...wish });
  try {
    await once(socket, "secureConnect");
    return `${socket.getProtocol()} ${socket.getCipher().name}`;
  } catch (error) {
    return `refused: ${String(error)}`;
  } finally {
    socket.destroy();
  }
}

/** The answer to a GET over TLS. */
async function get(path: string): Promise<{ status: number; cookie: string; text: string }> {
  const headers = {
    Authorization: `Basic ${Buffer.from(`administrator:${password}`).toString("base64")}`,
  };
  const method = path.startsWith("/api") ? "POST" : "GET";
  const sent = httpsRequest({ ...TRUSTING, port, path, method, headers, agent: false });
  sent.end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  return {
    status: answer.statusCode ?? 0,
    cookie: String(answer.headers["set-cookie"]),
    text,
  };
}

describe("TLS under attack", options, () => {
  test("versions before 1.2 are refused, and 1.2 and 1.3 are spoken", async () => {
    const old = { minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" } as const;
    const lenient = createServer({
      ...old,
      key: readFileSync(keyFile),
      cert: readFileSync(certFile),
    });
    lenient.on("tlsClientError", () => undefined).listen(0, "127.0.0.1");
    await once(lenient, "listening");
    const { port: lenientPort } = lenient.address() as AddressInfo;
    for (const maxVersion of ["TLSv1", "TLSv1.1"] as const) {
      const wish = { ...old, maxVersion };
      assert.match(await agree({ ...wish, port: lenientPort }), /^TLSv1/, "this client speaks it");
      assert.match(await agree(wish), /^refused/, maxVersion);
    }
    lenient.close();
    for (const version of ["TLSv1.2", "TLSv1.3"] as const)
      assert.ok((await agree({ minVersion: version, maxVersion: version })).startsWith(version));
  });

  test("ciphers that are weak, or whose past can be read with the key, are refused", async () => {
    for (const [what, ciphers] of Object.entries(WEAK)) {
      const wish = { maxVersion: "TLSv1.2", ciphers: `${ciphers}:@SECLEVEL=0` } as const;
      // A library that does not have such ciphers any more can not offer them.
      const end = await agree(wish).catch((error: unknown) => `not offered: ${String(error)}`);
      assert.match(end, /^(?:refused|not offered)/, `${what}: ${end}`);
    }
    assert.match(await agree({ maxVersion: "TLSv1.2" }), /^TLSv1\.2 ECDHE-/);
  });

  test("a client does not begin the handshake anew again and again", async () => {
    const socket = connect({ ...TRUSTING, port, maxVersion: "TLSv1.2" });
    await once(socket, "secureConnect");
    let count = 0;
    while (count < 20 && (await renegotiate(socket))) count += 1;
    assert.ok(count < 20, String(count));
    socket.destroy();
    assert.equal((await get("/readyz")).status, 200);
  });

  test("plain HTTP on its port is told so and served nothing", async () => {
    for (const head of [
      "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST /api/session HTTP/1.1\r\nHost: x\r\nAuthorization: Basic eDp5\r\n\r\n",
    ]) {
      const connection = new RawConnection(port);
      await connection.send(head);
      const answer = await connection.closed();
      assert.match(answer, /^HTTP\/1\.1 400 [^]*https:\/\//);
      assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1);
      assert.doesNotMatch(answer, /"ok"|set-cookie/i);
    }
  });

  test("what is no handshake at all costs its own connection alone", async () => {
    for (const bytes of [
      Buffer.from("SSH-2.0-x\r\n"),
      Buffer.alloc(4096, 0x16),
      Buffer.from("160301ffff01000000", "hex"),
      Buffer.from("802e0100020015000000100100800200800300800400800500800600400700c0", "hex"),
      Buffer.from("1603010005010000010300", "hex"),
    ]) {
      const socket = connectPlain(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write(bytes);
      socket.end();
      socket.resume();
      await once(socket, "close");
    }
    assert.equal((await get("/readyz")).status, 200);
  });

  test("the cookie of a login does not leave TLS", async () => {
    const { status, cookie } = await get("/api/session");
    assert.equal(status, 201);
    assert.match(cookie, /; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });
});

/** How long a new handshake may take, in milliseconds; one that is refused may simply not be answered. */
const HANDSHAKE_MS = 2_000;

/** Asks for a new handshake on a connection that is there; whether there was one. */
async function renegotiate(socket: TLSSocket): Promise<boolean> {
  return await new Promise((resolve) => {
    const patience = setTimeout(() => resolve(false), HANDSHAKE_MS);
    patience.unref();
    socket.once("error", () => resolve(false)).once("close", () => resolve(false));
    if (!socket.renegotiate({ rejectUnauthorized: false }, (error) => resolve(error === null)))
      resolve(false);
  });
}
