// Whoever waits for an upload hears what becomes of it, over a real connection that may be lost.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startServer } from "@contentlib/server";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { EventReader } from "@contentlib/testkit/client/event-reader";
import { ask, BASIC, Client, PASSWORD } from "../conformance/client.ts";
import { addPush, makeItem, openSession } from "../conformance/content.ts";
import { api } from "../conformance/forms.ts";
import { eventually, heldUpload, HeldUpload } from "../conformance/held-upload.ts";
import { startLiveServer } from "./live-server.ts";

const TIMEOUT_MS = 60_000;
const KIB = 1024;
/** Twice a second is promised, and more than this is no busy machine's fault. */
const SILENCE_MAX_MS = 3_000;
const STALL_MS = 30_000;
/** Less than a stop waits for answers that are under way. */
const STOP_MAX_MS = 8_000;

async function clientOf(url: string): Promise<Client> {
  const login = await ask(api, url, api.login(), { Authorization: BASIC });
  return new Client(api, url, String(login.value));
}

function addressOf(client: Client, session: string): string {
  return `${client.url}/api/contentlib/events?update_session_id=${session}`;
}

async function follow(
  t: TestContext,
  client: Client,
  session: string,
  lastEventId: string | null = null,
): Promise<EventReader> {
  const headers = { "vmware-api-session-id": client.loginId };
  const reader = await EventReader.open(addressOf(client, session), { headers, lastEventId });
  t.after(() => reader.close());
  return reader;
}

describe("one who watches a slow upload", () => {
  test(
    "hears of its bytes while they come, goes on after a lost connection, and hears the end",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const client = await clientOf((await startLiveServer(t)).url);
      const session = await openSession(client, await makeItem(client, {}));
      const sizeBytes = 24 * 64 * KIB;
      const uri = await addPush(client, session, "slow.iso", { size: sizeBytes });
      const first = await follow(t, client, session);
      await first.until(({ name }) => name === "file-status");
      const upload = new HeldUpload(uri, { "content-length": sizeBytes });
      const sendFor = async (chunks: number): Promise<void> => {
        for (let sent = 0; sent < chunks; sent += 1) {
          await upload.write(Buffer.alloc(64 * KIB));
          await pause(150);
        }
      };
      let lastAt = Date.now();
      let silenceMs = 0;
      let shown = 0;
      const listen = async (reader: EventReader): Promise<void> => {
        for (let seen = 0; !reader.isOver; await reader.changed()) {
          for (const { name, data } of reader.events.slice(seen)) {
            if (name !== "progress") continue;
            assert.ok((data.bytes_transferred ?? 0) >= shown, "bytes fell");
            shown = data.bytes_transferred ?? 0;
            assert.ok(shown < sizeBytes, "all bytes before they were verified");
            silenceMs = Math.max(silenceMs, Date.now() - lastAt);
            lastAt = Date.now();
          }
          seen = reader.events.length;
        }
      };
      const listening = listen(first);
      await sendFor(12);
      assert.ok(first.events.some(({ name }) => name === "progress"));
      first.close();
      await listening;
      const again = await follow(t, client, session, first.lastId);
      const listeningAgain = listen(again);
      await sendFor(12);
      assert.equal((await upload.answer)?.status, 200);
      const ready = await again.until(({ data }) => data.file_status === "READY");
      assert.equal(ready.data.bytes_transferred, sizeBytes);
      assert.ok(silenceMs < SILENCE_MAX_MS, `${silenceMs} ms without a word`);
      assert.ok((await again.until(({ name }) => name === "progress")).data.bytes_per_second);
      assert.ok(again.events.every(({ name }) => name !== "gap" && name !== "session-state"));
      await client.done(api.cancelSession(session));
      await again.over();
      await listeningAgain;
      assert.deepEqual([again.events.at(-1)?.data.state, again.isWhole], ["CANCELED", true]);
      const after = await follow(t, client, session, again.lastId);
      assert.equal(after.status, 204);
    },
  );

  test(
    "hears within half a second of thirty that a frozen source is silent, and that it moves again",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const clock = new ManualClock();
      const server = await startServer({ dataDirectory: null, adminPassword: PASSWORD, clock });
      t.after(async () => {
        // A stop waits by the clock for what is under way.
        const closed = server.close();
        await clock.advance(STALL_MS);
        await closed;
      });
      const client = await clientOf(server.url);
      const session = await openSession(client, await makeItem(client, {}));
      const uri = await addPush(client, session, "frozen.iso", { size: 100 });
      const reader = await follow(t, client, session);
      const upload = await heldUpload(client, session, "frozen.iso", uri, {
        first: "0123456789",
        sizeBytes: 100,
      });
      await clock.advance(STALL_MS - 1);
      await reader.until(({ data }) => data.file_status === "TRANSFERRING");
      assert.ok(!reader.events.some(({ name }) => name === "stalled"));
      await clock.advance(500);
      const stalled = await reader.until(({ name }) => name === "stalled");
      assert.deepEqual([stalled.data.stalled_seconds, stalled.data.bytes_transferred], [30, 10]);
      await upload.write("x");
      await eventually(
        () => client.done(api.listFiles(session)),
        ([file]) => file?.bytes_transferred === 11,
      );
      await clock.advance(500);
      const resumed = await reader.until(({ name }) => name === "resumed");
      assert.equal(resumed.data.bytes_transferred, 11);
      upload.vanish();
    },
  );
});

/** The reader of events that browsers have, as Node has it, in a process of its own: prints what it hears, and what became of it. */
const BROWSER = `
const [address] = process.argv.slice(1);
const source = new EventSource(address);
// Node's own waits for its return without keeping the process.
setInterval(() => undefined, 1000);
const say = (line) => process.stdout.write(line + "\\n");
for (const name of ["session-state", "file-added"])
  source.addEventListener(name, ({ data, lastEventId }) => {
    const { state, file_name } = JSON.parse(data);
    say([name, state ?? file_name, lastEventId !== ""].join(" "));
  });
source.addEventListener("error", () => say(source.readyState === EventSource.CLOSED ? "closed" : "lost"));
`;

/** Adds the login that a browser's cookie would be, and cuts whatever runs through it when it is told to. */
async function loginProxy(
  t: TestContext,
  client: Client,
): Promise<{ readonly url: string; cut(): void }> {
  const proxy = createServer((asked, reply) => {
    const headers = { ...asked.headers, "vmware-api-session-id": client.loginId };
    const asking = request(`${client.url}${asked.url ?? ""}`, { headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(reply);
      answer.on("error", () => reply.destroy());
    });
    reply.on("close", () => asking.destroy());
    asking.on("error", () => reply.destroy());
    asking.end();
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { url, cut: () => proxy.closeAllConnections() };
}

test(
  "an EventSource comes back by itself, misses nothing, and stays away once all is told",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const client = await clientOf((await startLiveServer(t)).url);
    const session = await openSession(client, await makeItem(client, {}));
    const proxy = await loginProxy(t, client);
    const address = addressOf(client, session).replace(client.url, proxy.url);
    const argv = ["--experimental-eventsource", "--no-warnings", "-e", BROWSER, address];
    const browser = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => browser.kill());
    let out = "";
    browser.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    const said = (line: string): Promise<string> =>
      eventually(
        () => Promise.resolve(out),
        (text) => text.includes(`${line}\n`),
      );
    await said("session-state ACTIVE true");
    proxy.cut();
    await said("lost");
    await addPush(client, session, "meanwhile.iso");
    await said("file-added meanwhile.iso true");
    await client.done(api.cancelSession(session));
    await said("closed");
    assert.equal(
      out,
      [
        "session-state ACTIVE true",
        "lost",
        "file-added meanwhile.iso true",
        "session-state CANCELED true",
        "lost",
        "closed",
        "",
      ].join("\n"),
    );
  },
);

test(
  "a server that stops is not held up by those who listen, who are told afterwards that there is a gap",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const server = await startLiveServer(t);
    const client = await clientOf(server.url);
    const session = await openSession(client, await makeItem(client, {}));
    const readers = await Promise.all(Array.from({ length: 20 }, () => follow(t, client, session)));
    for (const reader of readers) await reader.until(({ name }) => name === "session-state");
    const startedAt = Date.now();
    assert.equal(await server.stop("SIGTERM"), 0);
    assert.ok(Date.now() - startedAt < STOP_MAX_MS);
    for (const reader of readers) {
      await reader.over();
      assert.ok(reader.isWhole);
    }
    await server.restart();
    const again = await follow(t, client, session, readers[0]?.lastId ?? null);
    await again.until(({ name }) => name === "session-state");
    assert.deepEqual(
      again.events.map(({ name }) => name),
      ["gap", "session-state"],
    );
  },
);
