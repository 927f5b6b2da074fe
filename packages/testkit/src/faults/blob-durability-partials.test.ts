import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openDiskBlobStore } from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import {
  type FileSystem,
  realFileSystem,
} from "@contentlib/server/adapters/blobs/disk/file-system";
import { layoutIn } from "@contentlib/server/adapters/blobs/disk/layout";
import type { EngineChoice } from "@contentlib/server/adapters/blobs/disk/staging-engines";
import { BUILT_AT, aStagedId } from "../builders/ids.ts";
import { appendBytes, appendOptions, finishPartial } from "../bytes/append-bytes.ts";
import { cut, someBytes, sourceOf } from "../bytes/byte-sources.ts";
import { stageBytes } from "../bytes/stage-bytes.ts";
import { withScratchDirectory } from "../disk/scratch-directory.ts";
import { RecordingFileSystem } from "./blob-disk-recording.ts";
import { type DurabilityDemand, durabilityProblems } from "./blob-durability.ts";
import { type FileCall, fileSystemAround } from "./file-system-around.ts";

const BYTES = someBytes(1_500_000);
/** Where the connection breaks: early in a step, and in the middle of one. */
const BREAKS_AT = [10, 700_000] as const;

/** Appends in three pieces with breaks between, and finishes, with a mark wherever anybody is told that bytes are safe. */
const problemsOf = async (
  engine: EngineChoice,
  tamper: (fileSystem: FileSystem) => FileSystem,
): Promise<string[]> =>
  await withScratchDirectory(async (directory) => {
    const recorder = new RecordingFileSystem(realFileSystem);
    const store = await openDiskBlobStore({
      directory,
      clock: { now: () => BUILT_AT },
      fileSystem: tamper(recorder.fileSystem),
      engine,
      syncStepBytes: 300_000,
    });
    const stagedId = aStagedId();
    const layout = layoutIn(directory);
    const demands: DurabilityDemand[] = [];
    const told = (firstBytes: number): void => {
      const before = `told ${demands.length}`;
      demands.push({ path: layout.incomingFile(stagedId), before, firstBytes });
      recorder.event(before);
    };
    for (const [index, offsetBytes] of [0, ...BREAKS_AT].entries()) {
      const endBytes = BREAKS_AT[index] ?? BYTES.byteLength;
      const source = sourceOf(cut(BYTES.subarray(offsetBytes, endBytes)), {
        ...(endBytes < BYTES.byteLength && { breakWith: new Error("gone") }),
      });
      const options = appendOptions({ offsetBytes, onDurable: told });
      told((await store.partials.append(stagedId, source, options)).durableBytes);
    }
    await finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });
    recorder.event("finished");
    await store.close();
    demands.push({ path: layout.readyFile(stagedId), before: "finished" });
    assert.ok(demands.length > 7, `bytes were told of only ${demands.length} times`);
    return durabilityProblems(recorder.events, demands);
  });

/** Pretends to make the calls that `drop` picks, and never makes them. */
const dropping =
  (drop: (call: FileCall) => boolean) =>
  (inner: FileSystem): FileSystem =>
    fileSystemAround(inner, {
      call: (call, proceed) =>
        drop(call) ? (Promise.resolve() as ReturnType<typeof proceed>) : proceed(),
    });

describe("what is told of partials", () => {
  for (const engine of ["main", "worker"] as const) {
    it(`survives a power cut at each telling, on the ${engine} engine`, async () => {
      assert.deepEqual(await problemsOf(engine, (fileSystem) => fileSystem), []);
    });

    it(`is found out when bytes are told of that are not synced, on the ${engine} engine`, async () => {
      for (const dropped of [1, 2, 4]) {
        let syncs = 0;
        const problems = await problemsOf(
          engine,
          dropping((call) => call.name === "datasync" && (syncs += 1) === dropped),
        );
        assert.match(problems.join("\n"), /at told \d+: only \d+ bytes of .* were synced/);
      }
    });
  }

  it("is found out when the name of a fresh partial is told of before it is safe", async () => {
    const problems = await problemsOf(
      "main",
      dropping((call) => call.name === "sync" && call.path.endsWith("incoming")),
    );
    assert.match(problems.join("\n"), /at told 0: .*incoming was not synced after/);
  });

  it("is found out when a finish does not make the name safe", async () => {
    const problems = await problemsOf(
      "main",
      dropping((call) => call.name === "sync" && call.path.endsWith("ready")),
    );
    assert.match(problems.join("\n"), /at finished: .*ready was not synced after/);
  });
});

describe("a partial that is finished next", () => {
  it("takes the calls of a staged blob, and no sync more", async () => {
    await withScratchDirectory(async (directory) => {
      const calls: string[] = [];
      const fileSystem = fileSystemAround(realFileSystem, {
        call: (call, proceed) => (calls.push(call.name), proceed()),
      });
      const clock = { now: () => BUILT_AT };
      const store = await openDiskBlobStore({ directory, clock, fileSystem });
      calls.length = 0;
      const stagedId = aStagedId();
      const sizeBytes = 10_000;
      await appendBytes(store, stagedId, { bytes: BYTES.subarray(0, sizeBytes), finishes: true });
      await finishPartial(store, stagedId, { sizeBytes });
      const appending = ["stat", "open", "write", "datasync", "close"];
      assert.deepEqual(calls, [...appending, "rename", "open", "sync", "close"]);
      calls.length = 0;
      await stageBytes(store, BYTES.subarray(0, sizeBytes));
      assert.deepEqual(calls, [...appending, "rename", "open", "sync", "close"]);
    });
  });
});
