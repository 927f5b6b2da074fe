import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { createClient } from "./client.ts";
import { AbortedError, ConnectionError, LibraryError } from "./errors.ts";
import { memoryResumeStore } from "./resume-store.ts";
import type { ResumeState, ResumeStore } from "./resume-store.ts";
import type { UploadEvent, UploadFile, UploadOptions } from "./upload-options.ts";
import { blobSource } from "./upload-source.ts";

/** A server of another make, an item there, and a store that can be looked into. */
async function rig(t: TestContext) {
  const library = await startSmallLibrary();
  t.after(library.server.close);
  const itemId = library.addItem(library.addLibrary("images"), "debian");
  const client = createClient({ url: library.server.url, token: "t", retriesMax: 0 });
  const memory = memoryResumeStore();
  const key = `${library.server.url} ${itemId}`;
  const sent: string[] = [];
  /** A file whose sending is counted, and fails with the error, if one is given. */
  const file = (name: string, text: string, modifiedAt: number, error?: Error): UploadFile => {
    const source = blobSource(new File([text], name, { lastModified: modifiedAt }));
    return {
      name,
      source: {
        ...source,
        send: async (request) => {
          sent.push(name);
          if (error !== undefined) throw error;
          return await source.send(request);
        },
      },
    };
  };
  const upload = async (
    files: readonly UploadFile[],
    more: Partial<UploadOptions> = {},
  ): Promise<readonly UploadEvent[]> => {
    sent.length = 0;
    const events: UploadEvent[] = [];
    const onEvent = (event: UploadEvent): void => void events.push(event);
    const options = { itemId, files, resumeStore: memory, parallel: 1, onEvent, ...more };
    await client.upload(options).result.catch((error: unknown) => {
      if (!(error instanceof ConnectionError || error instanceof LibraryError)) throw error;
    });
    return events;
  };
  const noted = async () => (await memory.load(key)) as ResumeState | null;
  return { library, itemId, memory, key, sent, file, upload, noted };
}

const broken = new ConnectionError("The line broke.", {});
const typesOf = (events: readonly UploadEvent[]) => events.map(({ type }) => type);

/** An upload of which `a` has arrived, and `b` has not. */
async function interrupted(t: TestContext) {
  const parts = await rig(t);
  const { upload, file } = parts;
  const events = await upload([file("a", "one", 5), file("b", "two", 6, broken)]);
  const [sessionId = ""] = parts.library.sessions.keys();
  return { ...parts, events, sessionId };
}

test("an interrupted upload leaves its session open at a server of another make, and notes it", async (t) => {
  const { events, library, sessionId, itemId, noted } = await interrupted(t);
  assert.deepEqual(events.at(-1), { type: "failed", sessionId, isEnded: false, isKept: true });
  assert.equal(library.sessions.get(sessionId)?.state, "ACTIVE");
  assert.deepEqual(await noted(), {
    version: 1,
    itemId,
    sessionId,
    files: [
      { name: "a", sizeBytes: 3, modifiedAt: 5, isReady: true },
      { name: "b", sizeBytes: 3, modifiedAt: 6, isReady: false },
    ],
    keep: null,
  });
});

test("the next upload takes up that very session, and sends no file again that is READY there", async (t) => {
  const { library, sessionId, itemId, upload, file, sent, noted } = await interrupted(t);
  const before = library.server.operations().length;
  const events = await upload([file("a", "one", 5), file("b", "two", 6)]);
  assert.deepEqual(events[0], { type: "session", sessionId, isTakenOver: true });
  assert.deepEqual(sent, ["b"]);
  assert.deepEqual(library.filesOf(itemId), { a: "one", b: "two" });
  const asked = library.server.operations().slice(before);
  for (const other of ["updateSession.create", "updateSession.list", "updateSession.fail"])
    assert.ok(!asked.includes(other), other);
  assert.equal(await noted(), null);
});

test("a file whose size or time has changed is sent again", async (t) => {
  for (const changed of [
    { text: "one", modifiedAt: 7 },
    { text: "ones", modifiedAt: 5 },
  ]) {
    const { library, itemId, upload, file, sent } = await interrupted(t);
    await upload([file("a", changed.text, changed.modifiedAt), file("b", "two", 6)]);
    assert.deepEqual(sent, ["a", "b"]);
    assert.deepEqual(library.filesOf(itemId), { a: changed.text, b: "two" });
  }
});

test("a file of the same size and time is compared where the server tells a digest, and sent again where it differs", async (t) => {
  const { library, itemId, upload, file, sent } = await interrupted(t);
  await upload([file("a", "eno", 5), file("b", "two", 6)]);
  assert.deepEqual(sent, ["a", "b"]);
  assert.deepEqual(library.filesOf(itemId), { a: "eno", b: "two" });
});

test("a file that was not READY when it was noted is sent again, whatever the session has", async (t) => {
  const { library, sessionId, upload, file, sent, itemId } = await interrupted(t);
  library.sessions.get(sessionId)?.files.set("b", Buffer.from("eno"));
  await upload([file("a", "one", 5), file("b", "two", 6)]);
  assert.deepEqual(sent, ["b"]);
  assert.deepEqual(library.filesOf(itemId), { a: "one", b: "two" });
});

test("a session that holds other files, or from which files were taken out, is ended, and a new one opened", async (t) => {
  const { library, sessionId, upload, file, sent, itemId } = await interrupted(t);
  const events = await upload([file("b", "two", 6)]);
  assert.equal(library.sessions.get(sessionId)?.state, "ERROR");
  assert.ok(events[0]?.type === "session" && !events[0].isTakenOver);
  assert.deepEqual(sent, ["b"]);
  assert.deepEqual(library.filesOf(itemId), { b: "two" });
  const other = await rig(t);
  const files = (error?: Error) => [other.file("a", "one", 5, error)];
  await other.upload(files(broken), { removeOthers: true, keep: ["x"] });
  const [first = ""] = other.library.sessions.keys();
  await other.upload(files(broken), { removeOthers: true, keep: ["x"] });
  assert.equal(other.library.sessions.size, 1);
  await other.upload(files(), { removeOthers: true, keep: ["x", "y"] });
  assert.equal(other.library.sessions.get(first)?.state, "ERROR");
  assert.equal(other.library.sessions.size, 2);
});

test("a note whose session is over, or of which the server knows nothing, leads to a new one", async (t) => {
  for (const end of ["DONE", "gone"]) {
    const { library, sessionId, upload, file, memory, key, noted, itemId } = await interrupted(t);
    const session = library.sessions.get(sessionId);
    const state = await noted();
    if (session === undefined || state === null) throw new Error("nothing was noted");
    if (end === "gone") await memory.save(key, { ...state, sessionId: "none" });
    else session.state = end;
    const events = await upload([file("a", "one", 5), file("b", "two", 6)]);
    assert.ok(events[0]?.type === "session" && !events[0].isTakenOver);
    assert.deepEqual(library.filesOf(itemId), { a: "one", b: "two" });
  }
});

test("who gives up at a server of another make leaves the item free, and no note", async (t) => {
  const { upload, file, library, noted } = await rig(t);
  const stop = new AbortController();
  const aborting = file("a", "one", 5);
  await assert.rejects(
    upload([aborting], {
      signal: stop.signal,
      onEvent: ({ type }) => {
        if (type === "file") stop.abort();
      },
    }),
    AbortedError,
  );
  assert.deepEqual(
    [...library.sessions.values()].map(({ state }) => state),
    ["ERROR"],
  );
  assert.equal(await noted(), null);
});

test("what is refused ends the session and forgets the note", async (t) => {
  const { upload, file, library, noted } = await rig(t);
  const refused = new LibraryError({ class: "invalid_argument", messages: [], status: 400 });
  const events = await upload([file("a", "one", 5, refused)]);
  const last = events.at(-1);
  assert.ok(last?.type === "failed" && last.isEnded && !last.isKept);
  assert.deepEqual(
    [...library.sessions.values()].map(({ state }) => state),
    ["ERROR"],
  );
  assert.equal(await noted(), null);
});

test("without a store, and where all is to be sent anew, nothing is read or noted", async (t) => {
  const parts = await interrupted(t);
  const before = await parts.noted();
  for (const more of [{ resume: false }, { resumeStore: undefined }] as const) {
    const events = await parts.upload(
      [parts.file("a", "one", 5), parts.file("b", "two", 6)],
      more as Partial<UploadOptions>,
    );
    assert.deepEqual(parts.sent, ["a", "b"]);
    assert.ok(events[0]?.type === "session" && !events[0].isTakenOver);
  }
  assert.deepEqual(await parts.noted(), before);
});

test("a store that fails, or gives back what is no note, costs nothing but the note", async (t) => {
  const fail = async (): Promise<never> => await Promise.reject(new Error("no room"));
  const bad: readonly Partial<ResumeStore>[] = [
    { load: fail, save: fail, drop: fail },
    { load: async () => await Promise.resolve({ version: 1 }) },
    { load: async () => await Promise.resolve("what is this?") },
  ];
  for (const each of bad) {
    const { upload, file, library, itemId, memory } = await rig(t);
    const events = await upload([file("a", "one", 5)], { resumeStore: { ...memory, ...each } });
    assert.equal(typesOf(events).at(-1), "done");
    assert.deepEqual(library.filesOf(itemId), { a: "one" });
  }
});

test("a store that hangs costs a push a moment once, and whoever gives up nothing", async (t) => {
  let tellHung: () => void = () => undefined;
  const hang = async (): Promise<never> => {
    // The push begins to wait behind the call.
    setImmediate(tellHung);
    return await new Promise(() => undefined);
  };
  const hangs: readonly Partial<ResumeStore>[] = [
    { load: hang },
    { save: hang },
    { drop: hang },
    { load: hang, save: hang, drop: hang },
  ];
  for (const each of hangs) {
    const { library, itemId, memory } = await rig(t);
    const system = manualSystem(0);
    const client = createClient({ url: library.server.url, token: "t", retriesMax: 0, system });
    const files = ["a", "b", "c"].map((name) => ({ name, source: blobSource(new Blob([name])) }));
    const resumeStore = { ...memory, ...each };
    const untilHung = new Promise<void>((resolve) => (tellHung = resolve));
    const pushed = client.upload({ itemId, files, resumeStore }).result;
    await untilHung;
    system.advance(5_000);
    await pushed;
    assert.deepEqual(library.filesOf(itemId), { a: "a", b: "b", c: "c" });
    const stop = new AbortController();
    const stopped = client.upload({ itemId, files, resumeStore, signal: stop.signal });
    setImmediate(() => stop.abort());
    await assert.rejects(stopped.result, AbortedError);
  }
});

test("notes of many files that become READY at once are written as few", async (t) => {
  const { upload, file, memory } = await rig(t);
  let writes = 0;
  let last: ResumeState | undefined;
  const waiting: (() => void)[] = [];
  const slow: ResumeStore = {
    ...memory,
    save: async (_, state) => {
      writes += 1;
      if (writes === 2) await new Promise<void>((resolve) => waiting.push(resolve));
      last = state;
    },
  };
  const names = Array.from({ length: 20 }, (_, at) => `f${at}`);
  const stop = new AbortController();
  const files = names.map((name) => file(name, name, 5));
  let ready = 0;
  await upload(files, {
    resumeStore: slow,
    parallel: 20,
    signal: stop.signal,
    onEvent: ({ type }) => {
      if (type === "verified" && (ready += 1) === names.length) waiting.forEach((go) => go());
      if (type === "completing") stop.abort();
    },
  }).catch(() => undefined);
  assert.ok(writes <= 4, `${writes} writes`);
  assert.equal(last?.files.filter(({ isReady }) => isReady).length, names.length);
});
