import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { open, readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { describe, test } from "node:test";
import { connect } from "node:tls";
import { password, startLiveServer } from "./live-server.ts";
import type { LiveServer } from "./live-server.ts";

const POLL_MS = 50;
const MEBIBYTE = 1024 * 1024;

interface Shown {
  readonly sha256: string;
  readonly pin: string;
  readonly names: readonly string[];
}

const dataOf = (server: LiveServer): string => join(server.directory, "data");

const certificateOf = async (server: LiveServer): Promise<string> =>
  await readFile(join(dataOf(server), "tls-certificate.pem"), "utf8");

/** The SHA-256 of the certificate that a new connection gets. */
async function shownPrint(server: LiveServer): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const print = socket.getPeerX509Certificate()?.fingerprint256 ?? "";
  socket.destroy();
  return print;
}

async function eventually(look: () => Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** Calls of `/api` over TLS, by whoever trusts the certificate in the data directory. */
async function apiOf(server: LiveServer) {
  const ca = await certificateOf(server);
  const send = async (method: string, path: string, headers: object, body?: object) => {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const options = { method, ca, agent: false, headers: { ...headers, ...type } } as const;
    const asked = request(`${server.url}/api${path}`, options);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    const [reply] = (await once(asked, "response")) as [IncomingMessage];
    return JSON.parse((await reply.setEncoding("utf8").toArray()).join("")) as unknown;
  };
  const secret = Buffer.from(`administrator:${password}`).toString("base64");
  const login = await send("POST", "/session", { authorization: `Basic ${secret}` });
  const headers = { "vmware-api-session-id": String(login) };
  return {
    ca,
    post: async (path: string, body: object) =>
      await send("POST", `/content/library${path}`, headers, body),
  };
}

/** A download of which nothing is read yet. */
async function heldDownload(server: LiveServer): Promise<IncomingMessage> {
  const api = await apiOf(server);
  const [itemId] = (await api.post("/item?action=find", { name: "long" })) as [string];
  const session = await api.post("/item/download-session", { library_item_id: itemId });
  const prepared = (await api.post(
    `/item/download-session/${String(session)}/file?action=prepare`,
    { file_name: "long.bin" },
  )) as { readonly download_endpoint: { readonly uri: string } };
  const asked = request(prepared.download_endpoint.uri, { ca: api.ca, agent: false });
  asked.end();
  const [reply] = (await once(asked, "response")) as [IncomingMessage];
  return reply;
}

describe("a certificate that changes while the server runs", { timeout: 120_000 }, () => {
  test("is renewed beside the server and taken up at SIGHUP, while a push and a download go on", async (t) => {
    const server = await startLiveServer(t, "--tls", "self-signed");
    const long = randomBytes(32 * MEBIBYTE);
    await writeFile(join(server.directory, "long.bin"), long);
    await server.json("library", "create", "images");
    await server.json("push", "long.bin", "images/long");
    const { certificates } = await server.json("tls", "show", "--data", dataOf(server));
    const [first] = certificates as [Shown];
    assert.equal(await shownPrint(server), first.sha256);
    const download = await heldDownload(server);

    const pipe = join(server.directory, "slow.img");
    assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
    const push = server.start("push", pipe, "images/slow");
    const end = await open(pipe, "w");
    await end.write(Buffer.alloc(2 * MEBIBYTE, "x"));

    const name = ["--name", "library.example"];
    const renewed = await server.json("tls", "renew", "--data", dataOf(server), ...name);
    const second = renewed["certificate"] as Shown;
    assert.ok(second.names.includes("library.example"), "the new name is there");
    assert.equal(second.pin, first.pin, "the key is the one that clients have pinned");
    server.signal("SIGHUP");
    await eventually(async () => (await shownPrint(server)) === second.sha256);

    await end.write(Buffer.alloc(2 * MEBIBYTE, "x"));
    await end.close();
    const pushed = await push.ended;
    assert.equal(pushed.code, 0, pushed.err);
    const digest = createHash("sha256");
    for await (const chunk of download) digest.update(chunk as Buffer);
    assert.equal(digest.digest("hex"), createHash("sha256").update(long).digest("hex"));
    assert.equal((await server.cli("ls", "images/slow")).code, 0, "the pin goes on to fit");
  });

  test("is found by itself, and is the same after a restart", async (t) => {
    const server = await startLiveServer(t, "--tls", "self-signed");
    const renewed = await server.json("tls", "renew", "--data", dataOf(server));
    const { sha256 } = renewed["certificate"] as Shown;
    await eventually(async () => (await shownPrint(server)) === sha256);
    await server.stop();
    await server.restart();
    assert.equal(await shownPrint(server), sha256);
  });
});

describe("stock clients of a server that signs for itself", { timeout: 60_000 }, () => {
  const hasCurl = spawnSync("curl", ["--version"]).status === 0;
  test(
    "curl trusts it by its certificate or by the print of its key, and not without",
    { skip: hasCurl ? false : "curl is not installed" },
    async (t) => {
      const server = await startLiveServer(t, "--tls", "self-signed");
      const { certificates } = await server.json("tls", "show", "--data", dataOf(server));
      const [{ pin }] = certificates as [Shown];
      const curl = (...flags: readonly string[]) =>
        spawnSync("curl", ["-sS", ...flags, `${server.url}/healthz`], { encoding: "utf8" });
      const certificate = join(dataOf(server), "tls-certificate.pem");
      assert.equal(curl("--cacert", certificate).stdout, '{"status":"ok"}');
      assert.equal(curl("--cacert", certificate, "--tls-max", "1.2").stdout, '{"status":"ok"}');
      assert.equal(curl("--insecure", "--pinnedpubkey", pin).stdout, '{"status":"ok"}');
      assert.notEqual(curl().status, 0);
      assert.notEqual(curl("--insecure", "--pinnedpubkey", `sha256//${"A".repeat(43)}=`).status, 0);
    },
  );
});
