// Pushes files into a new item by the client for programs, and tells the seconds until the item has them.
import { type UploadFile, createClient } from "@contentlib/client";
import { fileSource } from "@contentlib/client/node";
import { serveJob } from "./child.ts";
import type { SmallFile } from "./scratch.ts";

/** What is pushed, and where to. */
export interface PushFilesJob {
  readonly url: string;
  readonly password: string;
  readonly library: string;
  readonly item: string;
  readonly files: readonly SmallFile[];
  readonly parallel: number;
}

serveJob<PushFilesJob>(async ({ url, password, library, item, files, parallel }) => {
  const client = createClient({ url, credentials: { userName: "administrator", password } });
  await client.serverVersion();
  const startedMs = performance.now();
  const sources: UploadFile[] = [];
  for (const { name, path } of files) sources.push({ name, source: await fileSource(path) });
  await client.push({ library, item, files: sources, parallel }).result;
  const seconds = (performance.now() - startedMs) / 1000;
  await client.close();
  return seconds;
});
