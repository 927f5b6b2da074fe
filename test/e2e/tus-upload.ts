import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { type Client, createClient } from "@contentlib/client";
import { Upload, type DetailedError, type UploadOptions } from "tus-js-client";
import { type LiveServer, password } from "./live-server.ts";
import { contentOf } from "./small-server.ts";

/** What the stock client speaks of what we do; its own types leave the option out. */
export const PROTOCOLS = ["tus-v1", "ietf-draft-05"] as const;

export interface TusOptions extends UploadOptions {
  readonly protocol: (typeof PROTOCOLS)[number];
}

/** A file of an update session that waits for its bytes. */
export interface WaitingFile {
  readonly client: Client;
  readonly itemId: string;
  readonly sessionId: string;
  readonly uploadUrl: string;
}

/** Text of so many bytes in which no part is like another. */
export const textOf = (sizeBytes: number): Buffer =>
  Buffer.from(
    randomBytes(Math.ceil(sizeBytes / 2))
      .toString("hex")
      .slice(0, sizeBytes),
  );

/** Opens a session on the item and adds a file, declared with that many bytes, or with none. */
export async function waitingFile(
  client: Client,
  itemId: string,
  sizeBytes?: number,
): Promise<WaitingFile> {
  const sessionId = await client.updateSession.create({
    create_spec: { library_item_id: itemId },
  });
  const file = await client.updateSessionFile.add({
    update_session_id: sessionId,
    file_spec: {
      name: "a.bin",
      source_type: "PUSH",
      ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
    },
  });
  return { client, itemId, sessionId, uploadUrl: file.upload_endpoint?.uri ?? "" };
}

/** A waiting file on a server of its own process. */
export async function waitingFileOn(server: LiveServer, sizeBytes: number): Promise<WaitingFile> {
  const credentials = { userName: "administrator", password };
  const client = createClient({ url: server.url, credentials });
  const libraryId = await client.localLibrary.create({
    create_spec: { name: "images", storage_backings: [{ type: "OTHER" }] },
  });
  const itemId = await client.item.create({
    create_spec: { library_id: libraryId, name: "debian" },
  });
  return await waitingFile(client, itemId, sizeBytes);
}

/** The same address by another way to the same server. */
export const by = (uploadUrl: string, way: { readonly url: string }): string =>
  uploadUrl.replace(new URL(uploadUrl).origin, way.url);

/** An upload of the stock client that has been started. */
export interface StartedUpload {
  readonly upload: Upload;
  /** The offsets that the server acknowledged, in order. Rejects with what the client says. */
  readonly ended: Promise<readonly number[]>;
}

/** Starts the stock client as it comes. */
export function startUpload(content: Buffer | Readable, options: TusOptions): StartedUpload {
  const offsets: number[] = [];
  const { promise: ended, resolve, reject } = Promise.withResolvers<readonly number[]>();
  const { onChunkComplete } = options;
  const all: UploadOptions = {
    retryDelays: null,
    ...options,
    onChunkComplete: (sizeBytes, offset, total) => {
      offsets.push(offset);
      onChunkComplete?.(sizeBytes, offset, total);
    },
    onSuccess: () => resolve(offsets),
    onError: reject,
  };
  const upload = new Upload(content as Buffer, all);
  // Whoever does not wait for the end hears of it elsewhere.
  ended.catch(() => undefined);
  upload.start();
  return { upload, ended };
}

/** The status with which an upload of the stock client failed; null where it was no answer that made it fail. */
export const statusOf = (error: unknown): number | null =>
  (error as DetailedError).originalResponse?.getStatus() ?? null;

/** Resolves once the server has some of the file's bytes. */
export async function received({ client, sessionId }: WaitingFile): Promise<void> {
  for (let bytes = 0; bytes === 0;) {
    const [file] = await client.updateSessionFile.list({ update_session_id: sessionId });
    bytes = file?.bytes_transferred ?? 0;
  }
}

/** Completes the session, and resolves with what the item's file has. */
export async function completed(waiting: WaitingFile): Promise<string | undefined> {
  const { client, itemId, sessionId } = waiting;
  await client.updateSession.complete({ update_session_id: sessionId });
  return (await contentOf(client, itemId))["a.bin"];
}
