// What the tests of broken pushes share: a server with a time of its own, the command line over a line that stands still at a
// point, and somebody else who looks on.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { blobSource, type Client, createClient, type DownloadSink } from "@contentlib/client";
import { fileDigest } from "@contentlib/client/node";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { HeldLine, type Sending } from "./held-line.ts";
import { cleanEnvironment, type CommandLine, commandLine, password } from "./live-server.ts";
import { startTimedServer, type TimedServer } from "./started-timed-server.ts";

const MIB = 1024 * 1024;
/** Large enough that a push which begins again at its first byte, or loses more than a step of the disk, is found out. */
export const FILE_BYTES = 80 * MIB;
/** How long a session lives without activity, and a bit. */
const EXPIRED_MS = 5 * 60_000 + 1_000;
/** What the item holds before it is pushed to. */
const OLD = { "a.img": "the old image", "b.txt": "the old text" };

/** Digests of an item's files, by name. */
export type Digests = Readonly<Record<string, string>>;

const digestOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const OLD_DIGESTS: Digests = {
  "a.img": digestOf(OLD["a.img"]),
  "b.txt": digestOf(OLD["b.txt"]),
};

/** Everything that a test of broken pushes works with. */
export interface BrokenPushesRig {
  readonly server: TimedServer;
  readonly line: HeldLine;
  /** The command line, over the line. */
  readonly cli: CommandLine;
  /** The account that pushes. */
  readonly owner: Client;
  /** Another account, which may change the library as well. */
  readonly other: Client;
  /** The files that are pushed, and what they hold. */
  readonly paths: readonly string[];
  readonly digests: Digests;
  /** Makes an item with old files of the same names, and answers its id. */
  makeItem(name: string): Promise<string>;
}

/** Starts all of it; test hooks end it. */
export async function startBrokenPushesRig(t: TestContext): Promise<BrokenPushesRig> {
  const server = await startTimedServer(t);
  const line = await HeldLine.open(t, server.url);
  const { url } = server;
  const owner = createClient({ url, credentials: { userName: "administrator", password } });
  const library_id = await owner.localLibrary.create({
    create_spec: { name: "images", storage_backings: [{ type: "OTHER" }] },
  });
  const { token } = await owner.token.create({ create_spec: { name: "cli" } });
  const env = {
    ...cleanEnvironment(server.directory),
    CONTENTLIB_URL: line.url,
    CONTENTLIB_TOKEN: token,
  };
  const paths = ["a.img", "b.txt"].map((name) => join(server.directory, name));
  const [image = "", text = ""] = paths;
  await writeFile(image, someBytes(FILE_BYTES, 3));
  await writeFile(text, "the new text");
  return {
    server,
    line,
    cli: commandLine(env, server.directory),
    owner,
    other: await otherAccount(owner, url, library_id),
    paths,
    digests: {
      "a.img": await fileDigest(image, "SHA256", new AbortController().signal),
      "b.txt": digestOf("the new text"),
    },
    makeItem: async (name) => {
      const files = Object.entries(OLD).map(([file, old]) => ({
        name: file,
        source: blobSource(new Blob([old])),
      }));
      return (await owner.push({ library: library_id, item: name, files }).result).itemId;
    },
  };
}

async function otherAccount(owner: Client, url: string, library_id: string): Promise<Client> {
  const credentials = { userName: "ben", password: "another horse entirely" };
  const { userName: name } = credentials;
  const user = await owner.user.create({ create_spec: { name, password: credentials.password } });
  await owner.grant.create({ create_spec: { user, role: "EDITOR", library_id } });
  return createClient({ url, credentials });
}

/** Fails unless somebody else sees all of the old content, or, where it may be there, all of the new. */
export async function assertWhole(
  { other, digests }: BrokenPushesRig,
  itemId: string,
  expected: "new" | "old",
): Promise<void> {
  const listed = await other.itemFile.list({ library_item_id: itemId });
  const wanted = expected === "new" ? digests : OLD_DIGESTS;
  const shown = listed.map(({ name, checksum_info: sum }) => [name, sum?.checksum] as const);
  assert.deepEqual(Object.fromEntries(shown), wanted, "the listing");
  const read: Record<string, string> = {};
  await other.download({ itemId, sink: digestingSink(read) }).result;
  assert.deepEqual(read, wanted, "the bytes");
}

/** Takes digests of what is downloaded, and keeps nothing. */
const digestingSink = (digests: Record<string, string>): DownloadSink => ({
  open: async ({ name }) => {
    const hash = createHash("sha256");
    return await Promise.resolve({
      write: async (chunk) => void hash.update(await Promise.resolve(chunk)),
      finish: async () => {
        digests[name] = await Promise.resolve(hash.digest("hex"));
      },
      discard: async () => await Promise.resolve(),
    });
  },
});

/** Lets the sessions expire, and fails unless somebody else can open one on the item at once. */
export async function letExpire(
  { server, owner, other }: BrokenPushesRig,
  itemId: string,
): Promise<void> {
  await server.advance(EXPIRED_MS);
  const byItem = { library_item_id: itemId };
  const opened = await other.updateSession.create({ create_spec: byItem });
  for (const id of await owner.updateSession.list(byItem)) {
    const session = await owner.updateSession.get({ update_session_id: id });
    const isLeft = session.state === "ACTIVE" && id !== opened;
    assert.ok(!isLeft, `the session ${id} outlived its expiry, ${session.expiration_time}`);
  }
  await other.updateSession.cancel({ update_session_id: opened });
}

/** How many bytes each sending of a file sent again that had passed before. */
export function sentTwice(sendings: readonly Sending[]): readonly number[] {
  let passed = 0;
  return sendings.map(({ fromBytes, passedBytes }) => {
    const twice = Math.min(passedBytes, Math.max(0, passed - fromBytes));
    passed = Math.max(passed, fromBytes + passedBytes);
    return twice;
  });
}
