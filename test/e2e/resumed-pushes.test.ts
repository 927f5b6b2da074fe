// Pushes of the command line whose client, server or line dies in their middle: the same line, run again, goes on.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { type Client, createClient } from "@contentlib/client";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { FaultyLine } from "@contentlib/testkit/faults/faulty-line";
import { type LiveServer, password, type RunningCommand, startLiveServer } from "./live-server.ts";

const TIMEOUT_MS = 120_000;
const MIB = 1024 * 1024;
const SIZE = 8 * MIB;
/** How often each way of dying is tried, each time at another moment. */
const SEEDS = 4;
const POLL_MS = 20;
const RECEIVED_WITHIN_MS = 30_000;

/** From 0.1 to 0.9, the same for the same seed. */
const shareOf = (seed: number): number =>
  0.1 + (0.8 * (Math.imul(seed + 1, 2_654_435_761) >>> 0)) / 2 ** 32;

interface Rig {
  readonly server: LiveServer;
  readonly path: string;
  readonly line: FaultyLine;
}

/** A server, a file, and a line that is slow enough to die on. */
async function start(t: TestContext): Promise<Rig> {
  const server = await startLiveServer(t);
  await server.json("library", "create", "images");
  const path = join(server.directory, "a.img");
  await writeFile(path, someBytes(SIZE, 3));
  const line = await FaultyLine.open(server.url, { bytesPerTurn: 256 * 1024, turnMs: 40 });
  t.after(async () => await line.close());
  server.env["CONTENTLIB_USER"] = "administrator";
  server.env["CONTENTLIB_PASSWORD"] = password;
  return { server, path, line };
}

/** Waits until the server has so much of a push, as everybody can see. */
async function received({ server }: Rig, item: string, atLeastBytes: number): Promise<void> {
  const client = createClient({
    url: server.url,
    credentials: { userName: "administrator", password },
  });
  const endsAt = Date.now() + RECEIVED_WITHIN_MS;
  for (;;) {
    assert.ok(Date.now() < endsAt, `${item} never had ${atLeastBytes} bytes`);
    const [itemId] = await client.item.find({ spec: { name: item } });
    if (itemId !== undefined && (await bytesIn(client, itemId)) >= atLeastBytes) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await client.close();
}

async function bytesIn(client: Client, itemId: string): Promise<number> {
  let bytes = 0;
  for (const id of await client.updateSession.list({ library_item_id: itemId })) {
    for (const file of await client.updateSessionFile.list({ update_session_id: id }))
      bytes += file.bytes_transferred;
  }
  return bytes;
}

/** Pushes over the good line, and checks that only what was missing was sent. */
async function assertGoesOn({ server, path }: Rig, item: string): Promise<void> {
  const { code, err } = await server.cli("push", "--verbose", path, `images/${item}`);
  assert.equal(code, 0, err);
  assert.match(err, /Going on behind \d/);
  await assertWhole(server, path, item);
}

async function assertWhole(server: LiveServer, path: string, item: string): Promise<void> {
  const info = await server.json("info", `images/${item}`);
  const { files } = info as {
    readonly files: readonly { readonly checksum_info: { readonly checksum: string } }[];
  };
  const digest = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  assert.deepEqual(
    files.map(({ checksum_info: sum }) => sum.checksum),
    [digest],
  );
}

const push = ({ server, path, line }: Rig, item: string): RunningCommand =>
  server.start("push", "--verbose", path, `images/${item}`, "--url", line.url);

test(
  "a push that is killed is gone on with by the same line",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const rig = await start(t);
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const item = `killed ${seed}`;
      const { child, ended } = push(rig, item);
      await received(rig, item, shareOf(seed) * SIZE);
      child.kill("SIGKILL");
      await ended;
      await assertGoesOn(rig, item);
    }
  },
);

test(
  "a push that is interrupted says the line that goes on, and it does",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const rig = await start(t);
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const item = `interrupted ${seed}`;
      const { child, ended } = push(rig, item);
      await received(rig, item, shareOf(seed) * SIZE);
      child.kill("SIGINT");
      const { code, err } = await ended;
      assert.equal(code, 130, err);
      const line = `  contentlib push --url ${rig.line.url} -- ${rig.path} 'images/${item}'\n`;
      assert.ok(err.includes(`kept for a while. This goes on with it:\n${line}`), err);
      await assertGoesOn(rig, item);
    }
  },
);

test(
  "a push whose server is killed and started again goes on by itself",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const rig = await start(t);
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const item = `without a server ${seed}`;
      const { ended } = push(rig, item);
      await received(rig, item, shareOf(seed) * SIZE);
      await rig.server.stop("SIGKILL");
      await rig.server.restart();
      const { code, err } = await ended;
      assert.equal(code, 0, err);
      await assertWhole(rig.server, rig.path, item);
    }
  },
);
