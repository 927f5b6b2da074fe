import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { createClient } from "./client.ts";
import { LibraryError } from "./errors.ts";
import { PushError } from "./push-error.ts";
import type { PushEvent, PushOptions } from "./push-options.ts";
import { blobSource, remoteSource } from "./upload-source.ts";

const uri = "https://mirror.example.org/a.iso";

type Shown = Partial<UpdateSessionFileInfo>;

/** A library that fetches by itself: each look at the session shows the next of the stages, which are its files by their names. */
async function rig(t: TestContext, ...stages: readonly Readonly<Record<string, Shown>>[]) {
  const library = await startSmallLibrary();
  t.after(library.server.close);
  library.addLibrary("images");
  const added: unknown[] = [];
  let looks = 0;
  const shown = (): Readonly<Record<string, Shown>> => {
    const stage = stages[Math.min(looks, stages.length - 1)] ?? {};
    looks += 1;
    return stage;
  };
  const infoOf = (name: string, more: Shown = {}) => ({
    name,
    source_type: "PULL",
    status: "WAITING_FOR_TRANSFER",
    bytes_transferred: 0,
    ...more,
  });
  library.override = ({ operation, input }) => {
    if (operation === "updateSessionFile.add") {
      const spec = input["file_spec"] as { readonly name: string; readonly source_type: string };
      if (spec.source_type !== "PULL") return undefined;
      added.push(spec);
      return { output: infoOf(spec.name) };
    }
    const name = String(input["file_name"]);
    if (operation === "updateSessionFile.get" && stages[0]?.[name] !== undefined)
      return { output: infoOf(name, shown()[name]) };
    if (operation === "updateSessionFile.list")
      return { output: Object.entries(shown()).map(([each, more]) => infoOf(each, more)) };
    if (operation !== "updateSessionFile.validate") return undefined;
    const missing = stages.at(Math.min(looks, stages.length) - 1)?.["vm.vmdk"] === undefined;
    return {
      output: {
        has_errors: missing,
        missing_files: missing ? ["vm.vmdk"] : [],
        invalid_files: [],
      },
    };
  };
  const system = manualSystem(4_000);
  const client = createClient({ url: library.server.url, token: "t", system, retriesMax: 1 });
  const push = (more: Partial<PushOptions> = {}) =>
    client.push({
      library: "images",
      item: "debian",
      files: [{ name: "a.iso", source: remoteSource({ uri, contentlib_secret: "mirror" }) }],
      ...more,
    });
  const states = () => [...library.sessions.values()].map(({ state }) => state);
  return { library, push, added, states, looks: () => looks };
}

const moving = (bytes: number): Shown => ({ status: "TRANSFERRING", bytes_transferred: bytes });
const ready: Shown = { status: "READY", bytes_transferred: 9, size: 9 };

test("the server fetches a file, its progress is told, and complete is asked for once it is READY", async (t) => {
  const { push, added, states } = await rig(
    t,
    { "a.iso": {} },
    { "a.iso": moving(4) },
    { "a.iso": { ...moving(9), status: "VALIDATING" } },
    { "a.iso": ready },
  );
  const checksum = { algorithm: "SHA256", checksum: "ab".repeat(32) } as const;
  const source = remoteSource({ uri, contentlib_secret: "mirror" });
  const events: PushEvent[] = [];
  const { files } = await push({
    files: [{ name: "a.iso", source, checksum }],
    onEvent: (event) => void events.push(event),
  }).result;
  assert.deepEqual(added, [
    {
      name: "a.iso",
      source_type: "PULL",
      source_endpoint: { uri, contentlib_secret: "mirror" },
      checksum_info: checksum,
    },
  ]);
  const sent = events.flatMap((event) => (event.type === "progress" ? [event.sentBytes] : []));
  assert.deepEqual(sent, [0, 4, 9, 9]);
  assert.deepEqual(
    files.map(({ name, sizeBytes }) => [name, sizeBytes]),
    [["a.iso", 9]],
  );
  assert.deepEqual(states(), ["DONE"]);
});

test("a file that can not be fetched fails the push with the server's own words", async (t) => {
  const error_message = {
    id: "contentlib.pull.failed",
    default_message: "mirror.example.org answered 404.",
    args: [],
  };
  const { push, states } = await rig(t, { "a.iso": { status: "ERROR", error_message } });
  await assert.rejects(push().result, (error) => {
    assert.ok(error instanceof PushError && error.cause instanceof LibraryError);
    assert.equal(error.cause.code, "contentlib.pull.failed");
    assert.equal(error.message, "a.iso: mirror.example.org answered 404.");
    assert.equal(error.fileName, "a.iso");
    return true;
  });
  assert.deepEqual(states(), ["ERROR"]);
});

test("what stands still for half an hour is given up, and what breaks in between is looked at again", async (t) => {
  const { push, library, states, looks } = await rig(t, { "a.iso": moving(4) });
  const asked = library.override;
  let cuts = 0;
  library.override = (request) =>
    request.operation === "updateSessionFile.get" && (cuts += 1) % 30 < 2
      ? { cut: true }
      : asked(request);
  await assert.rejects(push().result, (error) => {
    assert.ok(error instanceof PushError);
    assert.equal(error.code, "timeout");
    assert.match(error.message, /no byte of a\.iso for 30 minutes/);
    return true;
  });
  assert.ok(looks() > 100);
  assert.deepEqual(states(), ["ERROR"]);
});

test("the files that a fetched descriptor brings along are waited for, and told of", async (t) => {
  const { push, states } = await rig(
    t,
    { "vm.ovf": ready },
    { "vm.ovf": ready },
    { "vm.ovf": ready, "vm.vmdk": moving(4) },
    { "vm.ovf": ready, "vm.vmdk": ready },
  );
  const events: PushEvent[] = [];
  await push({
    files: [{ name: "vm.ovf", source: remoteSource({ uri: "https://h/vm.ovf" }) }],
    onEvent: (event) => void events.push(event),
  }).result;
  const begun = events.flatMap((event) => (event.type === "file" ? [event.fileName] : []));
  assert.deepEqual(begun, ["vm.ovf", "vm.vmdk"]);
  const told = events.flatMap((event) =>
    event.type === "progress" && event.fileName === "vm.vmdk" ? [event.totalSentBytes] : [],
  );
  assert.deepEqual(told, [13, 18]);
  assert.deepEqual(states(), ["DONE"]);
});

test("who does not wait has complete taken at once, and is not told that it is done", async (t) => {
  const { push, library, looks } = await rig(t, { "a.iso": {} });
  const events: PushEvent[] = [];
  const { sessionId } = await push({ waits: false, onEvent: (event) => void events.push(event) })
    .result;
  assert.equal(looks(), 0);
  assert.ok(library.server.operations().includes("updateSession.complete"));
  const untrue = new Set(["verified", "done", "failed"]);
  assert.deepEqual(
    events.filter(({ type }) => untrue.has(type)),
    [],
  );
  assert.ok(library.sessions.has(sessionId));
});

test("files of here go along with those that the server fetches", async (t) => {
  const { push, added, library } = await rig(t, { "a.iso": ready });
  const local = { name: "SHA256SUMS", source: blobSource(new Blob(["x"])) };
  await push({ files: [{ name: "a.iso", source: remoteSource({ uri }) }, local] }).result;
  assert.equal(added.length, 1);
  const [session] = library.sessions.values();
  assert.equal(session?.files.get("SHA256SUMS")?.toString(), "x");
});
