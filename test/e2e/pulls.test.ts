// Files that the server fetches by itself, while it is killed, stopped, and left by those whom it fetches from.
import assert from "node:assert/strict";
import { createHash, randomInt } from "node:crypto";
import { describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "@contentlib/client";
import { createClient } from "@contentlib/client";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { password, startLiveServer } from "./live-server.ts";
import { startDepot, startHoldingDepot } from "./range-depot.ts";
import { seededShares } from "./seeded-shares.ts";

const MIB = 1024 * 1024;
/** Enough that the server makes some of it safe before all has come. */
const SIZE = 96 * MIB;
const HELD_AT = 64 * MIB;
const CHUNK = MIB;
const LOOK_MS = 20;
const KILLS = 6;
const LATEST_KILL_MS = 700;
const TIMEOUT_MS = 240_000;

const content = Buffer.from(someBytes(SIZE, 11));
const digest = createHash("sha256").update(content).digest("hex");

const logIn = (url: string): Client =>
  createClient({ url, credentials: { userName: "administrator", password } });

async function begin(client: Client, uri: string) {
  const library_id = await client.localLibrary.create({
    create_spec: { name: "images", storage_backings: [{ type: "OTHER" }] },
  });
  const library_item_id = await client.item.create({ create_spec: { library_id, name: "debian" } });
  const create_spec = { library_item_id };
  const update_session_id = await client.updateSession.create({ create_spec });
  const source_endpoint = { uri };
  const file_spec = { name: "a.iso", source_type: "PULL", source_endpoint } as const;
  await client.updateSessionFile.add({ update_session_id, file_spec });
  return { update_session_id, library_item_id };
}

const fileIn = async (client: Client, update_session_id: string) =>
  await client.updateSessionFile.get({ update_session_id, file_name: "a.iso" });

async function until(
  client: Client,
  id: string,
  isSo: (file: Awaited<ReturnType<typeof fileIn>>) => boolean,
) {
  for (;;) {
    const file = await fileIn(client, id);
    if (isSo(file)) return file;
    assert.notEqual(file.status, "ERROR", file.error_message?.default_message);
    await wait(LOOK_MS);
  }
}

/** SHA-256 of the file as others get it. */
async function downloaded(client: Client, library_item_id: string): Promise<string> {
  const create_spec = { library_item_id };
  const download_session_id = await client.downloadSession.create({ create_spec });
  const where = { download_session_id, file_name: "a.iso" };
  const { download_endpoint: endpoint } = await client.downloadSessionFile.prepare(where);
  const answer = await fetch(endpoint?.uri ?? "");
  assert.equal(answer.status, 200);
  const hash = createHash("sha256");
  for await (const chunk of answer.body ?? []) hash.update(chunk);
  return hash.digest("hex");
}

describe("S106: a server that pulls a large file", { timeout: TIMEOUT_MS }, () => {
  for (const signal of ["SIGKILL", "SIGTERM"] as const)
    test(`and is ended by ${signal} in the middle goes on where it was, and the bytes are right`, async (t) => {
      const depot = await startHoldingDepot(t, content, HELD_AT);
      const server = await startLiveServer(t, "--pull-allow", `127.0.0.1:${depot.port}`);
      const { update_session_id, library_item_id } = await begin(
        logIn(server.url),
        `${depot.origin}/a.iso`,
      );
      await until(
        logIn(server.url),
        update_session_id,
        ({ bytes_transferred: bytes }) => bytes === HELD_AT,
      );
      await server.stop(signal);
      depot.letGo();
      await server.restart();
      const client = logIn(server.url);
      const ready = await until(client, update_session_id, ({ status }) => status === "READY");
      assert.deepEqual([ready.size, ready.checksum_info?.checksum], [SIZE, digest]);
      const [first, second, ...others] = depot.asked;
      assert.equal(first, undefined);
      assert.match(second ?? "", /^bytes=[1-9]\d*-$/);
      assert.deepEqual(others, []);
      await client.updateSession.complete({ update_session_id });
      const [file] = await client.itemFile.list({ library_item_id });
      assert.deepEqual([file?.name, file?.size], ["a.iso", SIZE]);
    });

  test("and is killed at random moments, while its source breaks off at random ones, has the right bytes in the end", async (t) => {
    const seed = Number(process.env["CRASH_SEED"] ?? randomInt(2 ** 31));
    t.diagnostic(`CRASH_SEED=${seed}`);
    const share = seededShares(seed);
    const drawn = (max: number): number => Math.floor(share() * max);
    const depot = await startDepot(t, SIZE, async function* (start) {
      const end = start + CHUNK + drawn(SIZE / 2);
      for (let at = start; at < Math.min(end, SIZE); at += CHUNK)
        yield content.subarray(at, Math.min(at + CHUNK, SIZE));
      if (end < SIZE) throw new Error("It breaks off.");
    });
    const server = await startLiveServer(t, "--pull-allow", `127.0.0.1:${depot.port}`);
    const { update_session_id, library_item_id } = await begin(
      logIn(server.url),
      `${depot.origin}/a.iso`,
    );
    for (let kill = 0; kill < KILLS; kill += 1) {
      await wait(drawn(LATEST_KILL_MS));
      await server.stop("SIGKILL");
      await server.restart();
    }
    const client = logIn(server.url);
    const ready = await until(client, update_session_id, ({ status }) => status === "READY");
    assert.deepEqual([ready.size, ready.checksum_info?.checksum], [SIZE, digest]);
    await client.updateSession.complete({ update_session_id });
    assert.equal(await downloaded(client, library_item_id), digest);
  });
});
