import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { TestContext } from "node:test";
import { type Client, type ClientOptions, createClient, systemOf } from "@contentlib/client";
import type { DownloadSink } from "@contentlib/client";
import {
  type RunningServer,
  type StartOptions,
  startServer,
  type Storage,
} from "@contentlib/server";
import { FaultyLine, type FaultyLineOptions } from "@contentlib/testkit/faults/faulty-line";
import { LOOPBACK_FENCE } from "@contentlib/testkit/rigs/remote-rig";
import { password } from "./live-server.ts";

const credentials = { userName: "administrator", password };

/** Pauses between attempts are cut to this part of their length, so that a loop over many faults is quick. */
const PAUSE_SHARE = 0.05;

/** A real server in this process, all in memory, and clients of it over good and faulty lines. */
export interface SmallServer extends RunningServer {
  readonly storage: Storage;
  readonly libraryId: string;
  /** A client over the good line. */
  readonly client: Client;
  /** A line to the server that harms what passes it; test hooks close it. */
  line(options: FaultyLineOptions): Promise<FaultyLine>;
  clientOver(line: FaultyLine, options?: Partial<ClientOptions>): Client;
  makeItem(): Promise<string>;
}

export async function startSmallServer(
  t: TestContext,
  settings: NonNullable<StartOptions["settings"]> = {},
): Promise<SmallServer> {
  const storages: Storage[] = [];
  const server = await startServer({
    dataDirectory: null,
    adminPassword: password,
    settings,
    // Where the servers are that tests have it fetch from.
    pull: { pullAllow: LOOPBACK_FENCE.allow, pullDeny: [], pullProxy: null },
    aroundStorage: (storage) => {
      storages.push(storage);
      return storage;
    },
  });
  t.after(async () => await server.close());
  const [storage] = storages;
  assert.ok(storage);
  const client = createClient({ url: server.url, credentials });
  const libraryId = await client.localLibrary.create({
    create_spec: { name: "images", storage_backings: [{ type: "OTHER" }] },
  });
  const system = systemOf();
  const hurried = {
    ...system,
    sleep: async (delayMs: number, signal?: AbortSignal) =>
      await system.sleep(delayMs * PAUSE_SHARE, signal),
  };
  let items = 0;
  return {
    ...server,
    storage,
    libraryId,
    client,
    line: async (options) => {
      const line = await FaultyLine.open(server.url, options);
      t.after(async () => await line.close());
      return line;
    },
    clientOver: (line, options = {}) =>
      createClient({ url: line.url, credentials, system: hurried, ...options }),
    makeItem: async () => {
      items += 1;
      const name = `item ${items}`;
      return await client.item.create({ create_spec: { library_id: libraryId, name } });
    },
  };
}

/** Keeps what is downloaded, by name, once it has the SHA-256 that was announced. */
const memorySink = (files: Map<string, Buffer>): DownloadSink => ({
  open: async ({ name, checksums }) => {
    const chunks: Uint8Array[] = [];
    return await Promise.resolve({
      write: async (chunk) => void chunks.push(await Promise.resolve(Uint8Array.from(chunk))),
      finish: async () => {
        const bytes = await Promise.resolve(Buffer.concat(chunks));
        const digest = createHash("sha256").update(bytes).digest("hex");
        for (const { algorithm, checksum } of checksums)
          if (algorithm === "SHA256") assert.equal(digest, checksum, name);
        files.set(name, bytes);
      },
      discard: async () => await Promise.resolve(),
    });
  },
});

/** All files of the item as a client reads them now, each as text. */
export async function contentOf(
  client: Client,
  itemId: string,
): Promise<Readonly<Record<string, string>>> {
  const files = new Map<string, Buffer>();
  await client.download({ itemId, sink: memorySink(files) }).result;
  return Object.fromEntries([...files].map(([name, bytes]) => [name, bytes.toString()]));
}
