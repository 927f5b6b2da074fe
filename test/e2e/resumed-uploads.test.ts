// Uploads that break off in their middle, and go on with what the server has.
import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import {
  blobSource,
  type Client,
  type UploadEvent,
  type UploadOptions,
  type UploadResult,
  type UploadSource,
} from "@contentlib/client";
import { fileSource } from "@contentlib/client/node";
import { checkContent } from "@contentlib/server/app/check-content";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import type { LineFault, LineRequest } from "@contentlib/testkit/faults/faulty-line";
import { contentOf, type SmallServer, startSmallServer } from "./small-server.ts";

const TIMEOUT_MS = 120_000;
const MIB = 1024 * 1024;
const SIZE = 3 * MIB + 4567;
const SEEDS = 20;
/** The most that may go over the line twice for one cut. */
const TWICE_BYTES_MAX = 32 * MIB;

const text = Buffer.from(someBytes(SIZE, 7)).toString("base64").slice(0, SIZE);

const isBytes = ({ target }: LineRequest): boolean => /^(?:PUT|PATCH) /.test(target);

/** A number from 0 up to below `max`, the same for the same seed. */
const drawn = (seed: number, max: number): number =>
  Math.floor(((Math.imul(seed + 1, 2_654_435_761) >>> 0) / 2 ** 32) * max);

async function fileOf(t: TestContext, content: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-resumed-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const path = join(directory, "a.iso");
  await writeFile(path, content);
  return path;
}

/** What came of an upload: its result or error, its events, and how many bytes it handed over in all. */
interface Outcome {
  readonly result: UploadResult | null;
  readonly error: unknown;
  readonly events: readonly UploadEvent[];
}

async function upload(
  client: Client,
  itemId: string,
  source: UploadSource,
  more: Partial<UploadOptions> = {},
): Promise<Outcome> {
  const events: UploadEvent[] = [];
  const onEvent = (event: UploadEvent): void => void events.push(event);
  const files = [{ name: "a.iso", source }];
  const { result } = client.upload({ itemId, files, onEvent, ...more });
  try {
    return { result: await result, error: null, events };
  } catch (error) {
    return { result: null, error, events };
  }
}

const offsetsOf = ({ events }: Outcome): readonly number[] =>
  events.flatMap((event) => (event.type === "resuming" ? [event.offsetBytes] : []));

async function assertWhole(server: SmallServer, itemId: string, content = text): Promise<void> {
  const { client, storage } = server;
  assert.deepEqual(await contentOf(client, itemId), { "a.iso": content });
  assert.equal((await client.item.get({ library_item_id: itemId })).content_version, "2");
  assert.deepEqual(await checkContent(storage), []);
}

const sources: readonly (readonly [string, (path: string) => Promise<UploadSource>])[] = [
  ["a file", async (path) => await fileSource(path)],
  ["a blob", async () => await Promise.resolve(blobSource(new Blob([text])))],
];

for (const [what, open] of sources) {
  describe(`${what} whose line breaks`, () => {
    test(
      "goes on where it broke, wherever that is, and sends no byte twice that was safe",
      { timeout: TIMEOUT_MS },
      async (t) => {
        const server = await startSmallServer(t);
        const path = await fileOf(t, text);
        for (let seed = 0; seed < SEEDS; seed += 1) {
          const itemId = await server.makeItem();
          const afterBytes = drawn(seed, SIZE);
          const kind = seed % 2 === 0 ? "cut" : "truncated";
          let cuts = 0;
          const fault = (request: LineRequest): LineFault | null =>
            isBytes(request) && (cuts += 1) === 1 ? { kind, afterBytes } : null;
          const line = await server.line({ fault });
          const outcome = await upload(server.clientOver(line), itemId, await open(path));
          const seen = `seed ${seed}: ${kind} after ${afterBytes}`;
          assert.equal(outcome.error, null, `${seen}: ${String(outcome.error)}`);
          const [offset = 0] = offsetsOf(outcome);
          assert.ok(afterBytes - offset <= TWICE_BYTES_MAX, `${seen}: went on at ${offset}`);
          await assertWhole(server, itemId);
          await line.close();
        }
      },
    );

    test("goes on after line after line has broken", { timeout: TIMEOUT_MS }, async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      const path = await fileOf(t, text);
      const line = await server.line({
        fault: (request) => (isBytes(request) ? { kind: "cut", afterBytes: 300_000 } : null),
      });
      const outcome = await upload(server.clientOver(line), itemId, await open(path));
      assert.equal(outcome.error, null, String(outcome.error));
      const offsets = offsetsOf(outcome);
      assert.ok(offsets.length >= 5, `went on ${offsets.length} times`);
      assert.deepEqual(
        offsets,
        offsets.toSorted((left, right) => left - right),
      );
      await assertWhole(server, itemId);
    });
  });
}

describe("an upload whose client is gone", () => {
  /** An upload that is given up when so much has arrived. */
  async function interrupt(server: SmallServer, itemId: string, path: string): Promise<Outcome> {
    const abort = new AbortController();
    const line = await server.line({ bytesPerTurn: 128 * 1024, turnMs: 20 });
    const session = Promise.withResolvers<string>();
    const events: UploadEvent[] = [];
    const onEvent = (event: UploadEvent): void => {
      events.push(event);
      if (event.type === "session") session.resolve(event.sessionId);
    };
    const files = [{ name: "a.iso", source: await fileSource(path) }];
    const running = server
      .clientOver(line)
      .upload({ itemId, files, onEvent, signal: abort.signal })
      .result.catch((thrown: unknown) => thrown);
    const byId = { update_session_id: await session.promise };
    for (;;) {
      const [file] = await server.client.updateSessionFile.list(byId);
      if (file !== undefined && file.bytes_transferred >= MIB) break;
    }
    abort.abort();
    return { result: null, error: await running, events };
  }

  test(
    "is gone on with by the next one of the same account",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      const path = await fileOf(t, text);
      const first = await interrupt(server, itemId, path);
      assert.equal((first.error as Error).name, "AbortedError");
      const failed = first.events.at(-1);
      assert.ok(failed?.type === "failed" && failed.isEnded && failed.isKept);
      assert.deepEqual(await contentOf(server.client, itemId), {});
      const second = await upload(server.client, itemId, await fileSource(path));
      assert.equal(second.error, null, String(second.error));
      assert.ok((offsetsOf(second)[0] ?? 0) > 0, "it went on behind the first byte");
      await assertWhole(server, itemId);
    },
  );

  test(
    "sends all again where the file is another one by then",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      const path = await fileOf(t, text);
      await interrupt(server, itemId, path);
      const other = `X${text.slice(1)}`;
      await writeFile(path, other);
      const second = await upload(server.client, itemId, await fileSource(path));
      assert.equal(second.error, null, String(second.error));
      assert.deepEqual(offsetsOf(second), []);
      await assertWhole(server, itemId, other);
    },
  );

  test("sends all again where it is told so", { timeout: TIMEOUT_MS }, async (t) => {
    const server = await startSmallServer(t);
    const itemId = await server.makeItem();
    const path = await fileOf(t, text);
    await interrupt(server, itemId, path);
    const second = await upload(server.client, itemId, await fileSource(path), { resume: false });
    assert.deepEqual(offsetsOf(second), []);
    await assertWhole(server, itemId);
  });
});

describe("a session that a client left open", () => {
  /** Opens a session as a client that dies does, with so many first bytes of the file in it. */
  async function leave(server: SmallServer, itemId: string, firstBytes: number): Promise<string> {
    const { client } = server;
    const sessionId = await client.updateSession.create({
      create_spec: { library_item_id: itemId },
    });
    const added = await client.updateSessionFile.add({
      update_session_id: sessionId,
      file_spec: { name: "a.iso", source_type: "PUSH", size: SIZE },
    });
    const sent = await fetch(added.upload_endpoint?.uri ?? "", {
      method: "PATCH",
      body: text.slice(0, firstBytes),
      headers: {
        "tus-resumable": "1.0.0",
        "content-type": "application/offset+octet-stream",
        "upload-offset": "0",
      },
    });
    assert.equal(sent.status, 204);
    return sessionId;
  }

  for (const [what, firstBytes] of [
    ["part of a file", MIB],
    ["a whole file", SIZE],
  ] as const) {
    test(`is taken over with ${what}`, { timeout: TIMEOUT_MS }, async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      const path = await fileOf(t, text);
      const sessionId = await leave(server, itemId, firstBytes);
      const outcome = await upload(server.client, itemId, await fileSource(path));
      assert.equal(outcome.error, null, String(outcome.error));
      assert.equal(outcome.result?.sessionId, sessionId);
      assert.deepEqual(outcome.events[0], { type: "session", sessionId, isTakenOver: true });
      assert.deepEqual(offsetsOf(outcome), firstBytes === SIZE ? [] : [firstBytes]);
      await assertWhole(server, itemId);
    });

    test(
      `is taken over with ${what} of another file, which is dropped`,
      { timeout: TIMEOUT_MS },
      async (t) => {
        const server = await startSmallServer(t);
        const itemId = await server.makeItem();
        const other = `X${text.slice(1)}`;
        const path = await fileOf(t, other);
        await leave(server, itemId, firstBytes);
        const outcome = await upload(server.client, itemId, await fileSource(path));
        assert.equal(outcome.error, null, String(outcome.error));
        assert.deepEqual(offsetsOf(outcome), []);
        await assertWhole(server, itemId, other);
      },
    );
  }

  test(
    "is ended where it holds what the upload does not send",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      const sessionId = await leave(server, itemId, MIB);
      await server.client.updateSessionFile.add({
        update_session_id: sessionId,
        file_spec: { name: "b.iso", source_type: "PUSH" },
      });
      const outcome = await upload(server.client, itemId, await fileSource(await fileOf(t, text)));
      assert.equal(outcome.error, null, String(outcome.error));
      assert.notEqual(outcome.result?.sessionId, sessionId);
      const left = await server.client.updateSession.get({ update_session_id: sessionId });
      assert.equal(left.state, "ERROR");
      assert.deepEqual(offsetsOf(outcome), [MIB]);
      await assertWhole(server, itemId);
    },
  );

  test("stays where the upload is told not to go on", { timeout: TIMEOUT_MS }, async (t) => {
    const server = await startSmallServer(t);
    const itemId = await server.makeItem();
    const sessionId = await leave(server, itemId, MIB);
    const source = await fileSource(await fileOf(t, text));
    const { error } = await upload(server.client, itemId, source, { resume: false });
    assert.ok(error instanceof Error && "class" in error && error.class === "resource_busy");
    const left = await server.client.updateSession.get({ update_session_id: sessionId });
    assert.equal(left.state, "ACTIVE");
  });
});

describe("what ends an upload for good", () => {
  test(
    "a newer writer of the file: its session is left to it",
    { timeout: TIMEOUT_MS },
    async (t) => {
      const server = await startSmallServer(t);
      const itemId = await server.makeItem();
      const line = await server.line({ bytesPerTurn: 128 * 1024, turnMs: 20 });
      let sessionId = "";
      const taken = Promise.withResolvers<void>();
      const takeOver = async (): Promise<void> => {
        const { upload_endpoint } = await server.client.updateSessionFile.get({
          update_session_id: sessionId,
          file_name: "a.iso",
        });
        const headers = { "tus-resumable": "1.0.0" };
        await fetch(upload_endpoint?.uri ?? "", { method: "HEAD", headers });
      };
      const onEvent = (event: UploadEvent): void => {
        if (event.type === "session") ({ sessionId } = event);
        if (event.type === "progress" && event.sentBytes > MIB) taken.resolve();
      };
      const files = [{ name: "a.iso", source: await fileSource(await fileOf(t, text)) }];
      const running = server.clientOver(line).upload({ itemId, files, onEvent }).result;
      // It may be over before the one that takes it over has its answer.
      const ended = assert.rejects(running, { code: "contentlib.transfer.superseded" });
      await taken.promise;
      await takeOver();
      await ended;
      const { state } = await server.client.updateSession.get({ update_session_id: sessionId });
      assert.equal(state, "ACTIVE");
    },
  );

  test("a file that changes between two tries", { timeout: TIMEOUT_MS }, async (t) => {
    const server = await startSmallServer(t);
    const itemId = await server.makeItem();
    const path = await fileOf(t, text);
    const line = await server.line({
      fault: (request) =>
        request.target.startsWith("PUT ") ? { kind: "cut", afterBytes: MIB } : null,
    });
    const changing = new Proxy(server.clientOver(line), {});
    const source = await fileSource(path);
    const sending = source.resumable?.();
    assert.ok(sending);
    const touched: UploadSource = {
      ...source,
      resumable: () => ({
        digestOf: sending.digestOf,
        send: async (request, offsetBytes) => {
          if (offsetBytes > 0) await utimes(path, 1, 1);
          return await sending.send(request, offsetBytes);
        },
      }),
    };
    const { error } = await upload(changing, itemId, touched);
    assert.match(String(error), /a\.iso changed while it was being sent/);
    assert.deepEqual(await contentOf(server.client, itemId), {});
  });
});
