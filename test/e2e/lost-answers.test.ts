// Uploads of the SDK over a line that loses, doubles and cuts what passes it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  blobSource,
  type Client,
  LibraryError,
  streamSource,
  type UploadEvent,
} from "@contentlib/client";
import { checkContent } from "@contentlib/server/app/check-content";
import type { LineFault } from "@contentlib/testkit/faults/faulty-line";
import { contentOf, type SmallServer, startSmallServer } from "./small-server.ts";

type Kind = "answer lost" | "request lost" | "doubled";

const TIMEOUT_MS = 60_000;
/** An upload makes fewer requests than this, or the loop would never end. */
const REQUESTS_MAX = 40;
const MIB = 1024 * 1024;

const CONTENT = { "a.txt": "the first file", "b.txt": "the second file" };
const filesOf = (content: Readonly<Record<string, string>>) =>
  Object.entries(content).map(([name, text]) => ({ name, source: blobSource(new Blob([text])) }));

/** One version more, whole, with nothing left of the way to it. */
async function assertDone(server: SmallServer, itemId: string, content: object): Promise<void> {
  const { client, storage } = server;
  assert.deepEqual(await contentOf(client, itemId), content);
  assert.equal((await client.item.get({ library_item_id: itemId })).content_version, "2");
  assert.deepEqual(await statesOf(client, itemId, "ACTIVE"), []);
  assert.deepEqual(await Array.fromAsync(storage.blobs.listStaged()), []);
  assert.deepEqual(await checkContent(storage), []);
}

/** Ids of the item's sessions in that state. */
async function statesOf(client: Client, itemId: string, state: string): Promise<string[]> {
  const ids: string[] = [];
  for (const id of await client.updateSession.list({ library_item_id: itemId })) {
    if ((await client.updateSession.get({ update_session_id: id })).state === state) ids.push(id);
  }
  return ids;
}

/**
 * Requests whose doubling takes the ground from under the client: a file added twice has a new endpoint, and the newest
 * writer of a file cuts the one before.
 */
const UNDONE_BY_DOUBLING = /^(?:POST \S+\/file|PUT \S+)$/;

/** Uploads over a line with the fault at one request; answers how many requests there were. */
async function uploadWithFault(server: SmallServer, kind: Kind, at: number): Promise<number> {
  const itemId = await server.makeItem();
  const fault: LineFault = { kind };
  const line = await server.line({ fault: ({ number }) => (number === at ? fault : null) });
  const upload = async (client: Client) =>
    await client.upload({ itemId, files: filesOf(CONTENT) }).result;
  const target = (): string => line.requests[at - 1]?.target ?? "";
  try {
    await upload(server.clientOver(line)).catch(async (error: unknown) => {
      if (kind !== "doubled" || !UNDONE_BY_DOUBLING.test(target())) throw error;
      assert.ok(error instanceof LibraryError);
      assert.deepEqual(await contentOf(server.client, itemId), {});
      await upload(server.client);
    });
    await assertDone(server, itemId, CONTENT);
  } catch (cause) {
    throw new Error(`request ${at}, ${target()}`, { cause });
  }
  return line.requests.length;
}

describe("an upload over a line that fails once", () => {
  for (const kind of ["answer lost", "request lost", "doubled"] as const) {
    test(
      `becomes one version, whichever request it is: ${kind}`,
      { timeout: TIMEOUT_MS },
      async (t) => {
        const server = await startSmallServer(t);
        let at = 1;
        while (at <= (await uploadWithFault(server, kind, at))) {
          at += 1;
          assert.ok(at < REQUESTS_MAX);
        }
        assert.ok(at > 8, `only ${at - 1} requests failed`);
      },
    );
  }
});

describe("an upload whose connection breaks on its way", () => {
  const big = Buffer.alloc(3 * MIB, "big ").toString();

  /** Breaks the first `times` transfers after two thirds. */
  const breaking = (times: number) => {
    let broken = 0;
    return ({ target }: { readonly target: string }): LineFault | null =>
      target.startsWith("PUT ") && (broken += 1) <= times
        ? { kind: "cut", afterBytes: 2 * MIB }
        : null;
  };

  test("is sent again where it is not to go on", { timeout: TIMEOUT_MS }, async (t) => {
    const server = await startSmallServer(t);
    const itemId = await server.makeItem();
    const client = server.clientOver(await server.line({ fault: breaking(2) }));
    const events: UploadEvent[] = [];
    const onEvent = (event: UploadEvent): void => void events.push(event);
    const files = filesOf({ "big.txt": big });
    await client.upload({ itemId, files, onEvent, resume: false }).result;
    assert.equal(events.filter(({ type }) => type === "resending").length, 2);
    await assertDone(server, itemId, { "big.txt": big });
  });

  test(
    "else ends its session as failed, and the next one just works",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      const client = server.clientOver(await server.line({ fault: breaking(1) }));
      const source = streamSource(new Blob([big]).stream(), big.length);
      const upload = client.upload({ itemId, files: [{ name: "big.txt", source }] });
      await assert.rejects(upload.result, { name: "ConnectionError" });
      assert.equal((await statesOf(server.client, itemId, "ERROR")).length, 1);
      assert.deepEqual(await contentOf(server.client, itemId), {});
      await client.upload({ itemId, files: filesOf({ "big.txt": big }) }).result;
      await assertDone(server, itemId, { "big.txt": big });
    },
  );

  test(
    "also where the line stays broken until the client gives up",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      const isBytes = (target: string): boolean => /^(?:PUT|PATCH) /.test(target);
      const client = server.clientOver(
        await server.line({
          fault: ({ target }) => (isBytes(target) ? { kind: "request lost" } : null),
        }),
      );
      const upload = client.upload({ itemId, files: filesOf({ "big.txt": big }) });
      await assert.rejects(upload.result, { name: "ConnectionError" });
      assert.equal((await statesOf(server.client, itemId, "ERROR")).length, 1);
      await server.client.upload({ itemId, files: filesOf({ "big.txt": big }) }).result;
      await assertDone(server, itemId, { "big.txt": big });
    },
  );
});
