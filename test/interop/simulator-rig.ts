import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createClient } from "@contentlib/client";
import type { Client, UploadFile } from "@contentlib/client";
import { directorySink, fileSource } from "@contentlib/client/node";
import { FaultyLine, type FaultyLineOptions } from "@contentlib/testkit/faults/faulty-line";
import {
  type RecordingProxy,
  type SeenRequest,
  startRecordingProxy,
} from "../e2e/recording-proxy.ts";
import { ranWith } from "./ran-with.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { prepareSimulator } from "./simulator-environment.ts";
import { simulatorCredentials as credentials, startSimulator } from "./simulator.ts";

export const MIB = 1024 * 1024;
/** A line of 50 MiB a second: slow enough to interrupt what goes over it. */
export const SLOW_LINE = { bytesPerTurn: MIB / 2, turnMs: 10 } as const;

/** A simulator with a library `images`, behind a line that may do harm and a proxy that sees all that is asked. */
export interface SimulatorRig {
  readonly client: Client;
  readonly proxy: RecordingProxy;
  readonly libraryId: string;
  readonly folder: string;
}

/** Starts it; undefined, and the test skipped, where there is no simulator. */
export async function startSimulatorRig(
  t: TestContext,
  options: FaultyLineOptions = {},
): Promise<SimulatorRig | undefined> {
  const found = await prepareSimulator();
  if ("reason" in found) {
    t.skip(found.reason);
    return undefined;
  }
  ranWith(t, `the simulator of ${found.version}`);
  const simulator = await startSimulator(t, found);
  const line = await FaultyLine.open(simulator.url, options);
  t.after(async () => await line.close());
  const proxy = await startRecordingProxy(t, line.url, simulator.url);
  const client = createClient({ url: proxy.url, wire: "rest", credentials });
  const libraryId = await client.localLibrary.create({
    create_spec: {
      name: "images",
      storage_backings: [{ type: "DATASTORE", datastore_id: simulator.datastoreId }],
    },
  });
  return { client, proxy, libraryId, folder: await scratchDirectory(t) };
}

/** What these requests had that none to a server of another make may have. */
export function oursIn(seen: readonly SeenRequest[]): readonly string[] {
  const isOurs = (name: string): boolean =>
    /^(contentlib-|tus-|upload-|want-repr-digest$|content-range$)/.test(name);
  return seen.flatMap(({ method, address, headers }) => [
    ...(address.startsWith("/api/") ? [`${method} ${address}`] : []),
    ...(["HEAD", "OPTIONS"].includes(method) ? [`${method} ${address}`] : []),
    ...(method === "PATCH" && address.includes("/data/") ? [`PATCH ${address}`] : []),
    ...Object.keys(headers).filter(isOurs),
  ]);
}

export const isPut = ({ method }: SeenRequest): boolean => method === "PUT";

/** A file of random bytes in the folder, to be sent under its name. */
export async function fileOn(folder: string, name: string, sizeBytes: number): Promise<UploadFile> {
  const path = join(folder, name);
  await writeFile(path, randomBytes(sizeBytes));
  return { name, source: await fileSource(path) };
}

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Names and sizes, in one order. */
export const shown = (
  files: readonly { readonly name: string; readonly size: number }[],
): string[] => files.map(({ name, size }) => `${name}: ${size}`).toSorted();

/** What the server shows of the item's files. */
export const shownFiles = async (
  client: Client,
  library_item_id: string,
): Promise<readonly string[]> => shown(await client.itemFile.list({ library_item_id }));

/** Fetches the item and holds each of these files against what came. */
export async function assertPulls(
  { client, folder }: SimulatorRig,
  itemId: string,
  files: Readonly<Record<string, Buffer>>,
): Promise<void> {
  const back = join(folder, `back-${itemId}`);
  await mkdir(back);
  await client.download({ itemId, sink: directorySink(back) }).result;
  for (const [name, bytes] of Object.entries(files))
    assert.equal(sha256(await readFile(join(back, name))), sha256(bytes), name);
}
