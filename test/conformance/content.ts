import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Client } from "./client.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import { freshName } from "./server-under-test.ts";

/** A library of its own. */
export async function makeLibrary(client: Client, name = freshName("library")): Promise<string> {
  return await client.done(
    client.form.createLibrary({ name, storage_backings: [{ type: "OTHER" }] }),
  );
}

/** An item, in a library of its own unless one is given, with these files in it. */
export async function makeItem(
  client: Client,
  files: Readonly<Record<string, string>> = {},
  libraryId?: string,
): Promise<string> {
  const library = libraryId ?? (await makeLibrary(client));
  const item = await client.done(
    client.form.createItem({ library_id: library, name: freshName("item") }),
  );
  if (Object.keys(files).length > 0) await replaceFiles(client, item, files);
  return item;
}

/** Opens a session on the item, or on one of its own. */
export async function openSession(client: Client, itemId?: string): Promise<string> {
  const library_item_id = itemId ?? (await makeItem(client));
  return await client.done(client.form.createSession({ library_item_id }));
}

/** Adds a file that is to be pushed; answers its upload URL. */
export async function addPush(
  client: Client,
  session: string,
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const info = await client.done(
    client.form.addFile(session, { name, source_type: "PUSH", ...spec }),
  );
  assert.equal(info.source_type, "PUSH");
  assert.ok(info.upload_endpoint, "a pushed file has an upload endpoint");
  return info.upload_endpoint.uri;
}

/** Sends bytes to an upload URL, as a client without a login does. */
export async function send(
  uri: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
  method = "PUT",
): Promise<Incoming> {
  return await exchange({ method, url: uri, body, headers });
}

/** Adds a file and sends its bytes, which must succeed. Answers its upload URL. */
export async function push(
  client: Client,
  session: string,
  name: string,
  body: string | Uint8Array,
): Promise<string> {
  const uri = await addPush(client, session, name);
  const answer = await send(uri, body);
  assert.equal(answer.status, 200, answer.text);
  return uri;
}

/** Replaces or adds these files in one completed session. */
export async function replaceFiles(
  client: Client,
  item: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const session = await openSession(client, item);
  for (const [name, body] of Object.entries(files)) await push(client, session, name, body);
  await client.done(client.form.completeSession(session));
  return session;
}

/** Names of the item's files, as any reader sees them now. */
export async function fileNames(client: Client, item: string): Promise<string[]> {
  return (await client.done(client.form.listItemFiles(item))).map((file) => file.name);
}

/** An URL under which the file can be read, from a download session of its own. */
export async function downloadUrl(client: Client, item: string, name: string): Promise<string> {
  const session = await client.done(client.form.createDownload({ library_item_id: item }));
  return await preparedUrl(client, session, name);
}

export async function preparedUrl(client: Client, session: string, name: string): Promise<string> {
  const info = await client.done(client.form.prepare(session, name));
  assert.equal(info.status, "PREPARED");
  assert.ok(info.download_endpoint, "a prepared file has a download endpoint");
  return info.download_endpoint.uri;
}

/** What a GET of the URL gives, as text. */
export async function read(url: string): Promise<string> {
  const answer = await exchange({ method: "GET", url });
  assert.equal(answer.status, 200, answer.text);
  return answer.text;
}

/** The content of one file of the item, as any reader gets it now. */
export async function readFile(client: Client, item: string, name: string): Promise<string> {
  return await read(await downloadUrl(client, item, name));
}

/** The content version of the item. */
export async function contentVersion(client: Client, item: string): Promise<number> {
  return Number((await client.done(client.form.getItem(item))).content_version);
}

export function hexDigest(algorithm: "md5" | "sha1" | "sha256" | "sha512", body: string): string {
  return createHash(algorithm).update(body).digest("hex");
}
