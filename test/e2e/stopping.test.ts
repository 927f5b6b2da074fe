import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { Client, ask, BASIC } from "../conformance/client.ts";
import { addPush, makeItem, openSession, push, readFile, send } from "../conformance/content.ts";
import { api } from "../conformance/forms.ts";
import { heldUpload } from "../conformance/held-upload.ts";
import { startLiveServer } from "./live-server.ts";
import type { LiveServer } from "./live-server.ts";

const TIMEOUT_MS = 60_000;
/** How long a server waits for answers under way, and some time for a busy machine. */
const STOP_MAX_MS = 20_000;

async function clientOf(server: LiveServer): Promise<Client> {
  const login = await ask(api, server.url, api.login(), { Authorization: BASIC });
  return new Client(api, server.url, String(login.value));
}

/** One line on standard error, and no stack. */
function oneLine(text: string): string {
  const lines = text.trim().split("\n");
  assert.equal(lines.length, 1, text);
  assert.match(text, /^contentlib serve: /);
  return text;
}

describe("a server that is told to stop", () => {
  test(
    "ends soon and well during an upload, whose client is answered or cut",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startLiveServer(t);
      const client = await clientOf(server);
      const item = await makeItem(client, { "old.txt": "old" });
      const session = await openSession(client, item);
      const ready = await push(client, session, "ready.txt", "ready");
      const uri = await addPush(client, session, "new.txt", { size: 10 });
      const upload = await heldUpload(client, session, "new.txt", uri, {
        first: "0123",
        sizeBytes: 10,
      });
      const startedAt = Date.now();
      assert.equal(await server.stop("SIGTERM"), 0);
      assert.ok(Date.now() - startedAt < STOP_MAX_MS);
      const answer = await upload.answer;
      if (answer !== null) {
        assert.ok(answer.status >= 400, answer.text);
        assert.match(answer.text, /shutting down/);
      }
      await server.restart();
      assert.equal(await readFile(client, item, "old.txt"), "old");
      const files = await client.done(api.listFiles(session));
      const shown = new Map(files.map((file) => [file.name, file]));
      assert.equal(shown.get("ready.txt")?.status, "READY");
      assert.equal(shown.get("ready.txt")?.upload_endpoint?.uri, ready);
      assert.equal(shown.get("new.txt")?.status, "WAITING_FOR_TRANSFER");
      assert.equal((await send(uri, "0123456789")).status, 200);
      await client.done(api.completeSession(session));
      assert.equal(await readFile(client, item, "new.txt"), "0123456789");
    },
  );

  test("does not wait for clients that ask nothing", { timeout: TIMEOUT_MS }, async (t) => {
    const server = await startLiveServer(t);
    const kept = await fetch(`${server.url}/healthz`);
    await kept.text();
    const startedAt = Date.now();
    assert.equal(await server.stop("SIGINT"), 0);
    assert.ok(Date.now() - startedAt < STOP_MAX_MS / 2);
  });
});

describe("a server that can not start says why in one line", () => {
  test("where another one works on the data, which goes on", { timeout: TIMEOUT_MS }, async (t) => {
    const server = await startLiveServer(t);
    const data = join(server.directory, "data");
    const second = await server.cli("serve", "--data", data, "--listen", "127.0.0.1:0");
    assert.equal(second.code, 1);
    assert.match(oneLine(second.err), /in use by another server \(process \d+\).*--data/);
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
    await server.stop("SIGKILL");
    await server.restart();
  });

  test("where another program has the port", { timeout: TIMEOUT_MS }, async (t) => {
    const server = await startLiveServer(t);
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const data = join(server.directory, "other");
    const second = await server.cli("serve", "--data", data, "--listen", `127.0.0.1:${port}`);
    taken.close();
    assert.equal(second.code, 1);
    const busy = new RegExp(`Another program listens on 127.0.0.1:${port}: .*--listen`);
    assert.match(oneLine(second.err), busy);
  });

  test(
    "where a newer version made the data, which stay as they are",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startLiveServer(t);
      assert.equal(await server.stop(), 0);
      const data = join(server.directory, "data");
      const version = (set?: number): unknown => {
        const catalog = new DatabaseSync(join(data, "catalog.sqlite"));
        if (set !== undefined) catalog.exec(`PRAGMA user_version = ${set}`);
        const row = catalog.prepare("PRAGMA user_version").get();
        catalog.close();
        return row?.["user_version"];
      };
      const known = Number(version());
      version(known + 1);
      const later = await server.cli("serve", "--data", data, "--listen", "127.0.0.1:0");
      assert.equal(later.code, 1);
      assert.match(
        oneLine(later.err),
        /made by a newer version of contentlib.*: update contentlib/,
      );
      assert.equal(version(), known + 1);
      version(known);
      await server.restart();
    },
  );
});
