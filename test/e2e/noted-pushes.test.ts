// Uploads with a store for what the next one needs: the session is taken up by its id, and a file of another size is sent anew.
import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { PushError, type PushEvent } from "@contentlib/client";
import { fileResumeStore, fileSource } from "@contentlib/client/node";
import type { LineFault, LineRequest } from "@contentlib/testkit/faults/faulty-line";
import { contentOf, startSmallServer } from "./small-server.ts";

const TIMEOUT_MS = 60_000;
const MIB = 1024 * 1024;
const SIZE_BYTES = 40 * MIB;
const POLL_MS = 10;
/** How long bytes flow before the push is given up, in milliseconds. */
const SENDING_MS = 120;

async function rig(t: TestContext) {
  const server = await startSmallServer(t);
  const directory = await mkdtemp(join(tmpdir(), "contentlib-noted-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const path = join(directory, "a.iso");
  const write = async (
    letter: string,
    modifiedAt: number,
    sizeBytes = SIZE_BYTES,
  ): Promise<void> => {
    await writeFile(path, letter.repeat(sizeBytes));
    await utimes(path, modifiedAt, modifiedAt);
  };
  await write("x", 1_000);
  const resumeStore = fileResumeStore(join(directory, "notes"));
  // Notes are kept by the server's address, so all goes over one line.
  let faultOf: (request: LineRequest) => LineFault | null = () => null;
  const line = await server.line({
    fault: (request) => faultOf(request),
    bytesPerTurn: MIB,
    turnMs: 5,
  });
  const push = async (signal?: AbortSignal): Promise<readonly PushEvent[]> => {
    const events: PushEvent[] = [];
    const client = server.clientOver(line, { retriesMax: 0 });
    const source = await fileSource(path);
    const pushed = client.push({
      library: "images",
      item: "debian",
      files: [{ name: "a.iso", source }],
      resumeStore,
      ...(signal === undefined ? {} : { signal }),
      onEvent: (event) => void events.push(event),
    });
    await pushed.result.catch((error: unknown) => {
      assert.ok(error instanceof PushError && error.canGoOn, String(error));
    });
    await client.close().catch(() => undefined);
    return events;
  };
  /** Pushes over a line that breaks for good in the middle of the bytes, so that nobody can end the session. */
  const die = async (): Promise<string> => {
    let isDead = false;
    faultOf = ({ target }) => {
      if (isDead) return { kind: "request lost" };
      isDead = target.startsWith("PUT ");
      return isDead ? { kind: "cut", afterBytes: SIZE_BYTES - 2 * MIB } : null;
    };
    const events = await push();
    faultOf = () => null;
    line.requests.length = 0;
    const session = events.find((event) => event.type === "session");
    const end = events.at(-1);
    assert.ok(session !== undefined && end?.type === "failed" && !end.isEnded);
    return session.sessionId;
  };
  const asked = (start: RegExp): number =>
    line.requests.filter(({ target }) => start.test(target)).length;
  const content = async (): Promise<string> => {
    const [itemId = ""] = await server.client.item.find({ spec: { name: "debian" } });
    return (await contentOf(server.client, itemId))["a.iso"] ?? "";
  };
  return { line, write, push, die, content, asked };
}

test(
  "the session that a push left is taken up by its id, and goes on behind what it has",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const { push, die, content, asked } = await rig(t);
    const sessionId = await die();
    const events = await push();
    assert.ok(
      events.some(
        (event) => event.type === "session" && event.sessionId === sessionId && event.isTakenOver,
      ),
    );
    const resuming = events.find((event) => event.type === "resuming");
    assert.ok(resuming !== undefined && resuming.offsetBytes > 0);
    assert.equal(asked(/^GET \S+update-session\?/), 0, "no session was looked for");
    assert.equal(asked(/^POST \S+update-session(\?|$)/), 0, "and none was made");
    assert.ok((await content()) === "x".repeat(SIZE_BYTES));
  },
);

test(
  "a file with another time alone is gone on with, as its digest decides",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const { write, push, die, content } = await rig(t);
    await die();
    await write("x", 2_000);
    const events = await push();
    const resuming = events.find((event) => event.type === "resuming");
    assert.ok(resuming !== undefined && resuming.offsetBytes > 0);
    assert.ok((await content()) === "x".repeat(SIZE_BYTES));
    await write("x", 3_000);
    await die();
    await write("y", 4_000);
    const others = await push();
    assert.ok(!others.some(({ type }) => type === "resuming"));
    assert.ok((await content()) === "y".repeat(SIZE_BYTES));
  },
);

test(
  "a file of another size is sent from its first byte, and nothing is asked of what is there",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const { write, push, die, content, asked } = await rig(t);
    const sessionId = await die();
    await write("y", 2_000, SIZE_BYTES + 1);
    const events = await push();
    assert.ok(events.some((event) => event.type === "session" && event.sessionId === sessionId));
    assert.equal(asked(/^HEAD /), 0);
    assert.ok(!events.some(({ type }) => type === "resuming" || type === "resending"));
    assert.equal(events.at(-1)?.type, "done");
    assert.ok((await content()) === "y".repeat(SIZE_BYTES + 1));
  },
);

test(
  "the same holds where the session was ended with its bytes kept",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const { line, write, push, content, asked } = await rig(t);
    const stop = new AbortController();
    const stopping = (async () => {
      while (!line.requests.some(({ target }) => target.startsWith("PUT "))) await pause(POLL_MS);
      await pause(SENDING_MS);
      stop.abort();
    })();
    const events = await push(stop.signal);
    await stopping;
    const end = events.at(-1);
    assert.ok(end?.type === "failed" && end.isEnded && end.isKept);
    line.requests.length = 0;
    await write("z", 3_000, SIZE_BYTES - 1);
    await push();
    assert.equal(asked(/^HEAD /), 0);
    assert.ok((await content()) === "z".repeat(SIZE_BYTES - 1));
  },
);

const pause = async (delayMs: number): Promise<void> =>
  await new Promise((resolve) => setTimeout(resolve, delayMs));
