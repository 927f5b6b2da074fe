import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { FileSystem } from "@contentlib/server/adapters/blobs/disk/file-system";
import { realFileSystem } from "@contentlib/server/adapters/blobs/disk/file-system";
import type { EngineChoice } from "@contentlib/server/adapters/blobs/disk/staging-engines";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { RecordingFileSystem } from "@contentlib/testkit/faults/blob-disk-recording";
import { durabilityProblems, orderProblems } from "@contentlib/testkit/faults/blob-durability";
import { fileSystemAround } from "@contentlib/testkit/faults/file-system-around";
import { marking } from "@contentlib/testkit/faults/catalog-marking";
import { diskStorage } from "@contentlib/testkit/rigs/app-rig";
import { SessionRig } from "@contentlib/testkit/rigs/session-rig";

/*
 * For each acknowledged transfer and each completed session: write, sync of the file, rename, sync of the folder, commit, answer.
 * That a commit is safe when it returns is the catalog's own suite.
 */

const MARKS: Readonly<Record<string, string>> = {
  "session-file.put": "receipt committed",
  "item.put": "item committed",
};

/** Sends one file and completes; the record holds the marks of both commits and both answers. */
const record = async (
  directory: string,
  engine: EngineChoice,
  before: (recorded: FileSystem) => FileSystem = (recorded) => recorded,
): Promise<string[]> => {
  const recording = new RecordingFileSystem(realFileSystem);
  const rig = await SessionRig.openOn(async (clock) => {
    const storage = await diskStorage(clock, directory, {
      fileSystem: before(recording.fileSystem),
      engine,
    });
    const mark = (kinds: readonly string[]): void => {
      for (const kind of kinds)
        if (armed && MARKS[kind] !== undefined) recording.event(MARKS[kind]);
    };
    return { ...storage, catalog: marking(storage.catalog, mark), close: () => storage.close() };
  });
  const file = await rig.add("boot.iso");
  armed = true;
  await rig.send(file, "bytes that must last");
  recording.event("transfer answered");
  const [stagedId = ""] = await rig.staged();
  await rig.complete();
  recording.event("complete answered");
  armed = false;
  const [blob] = await Array.fromAsync(rig.storage.blobs.list());
  const digest = blob?.digest ?? "";
  await rig.storage.close();
  const store = join(directory, "store");
  const staged = join(store, "staging", "ready", stagedId);
  const stored = join(store, "blobs", "sha256", digest.slice(0, 2), digest.slice(2, 4), digest);
  return [
    ...durabilityProblems(recording.events, [
      { path: staged, before: "receipt committed" },
      { path: stored, before: "item committed" },
    ]),
    ...orderProblems(recording.events, [
      "receipt committed",
      "transfer answered",
      "item committed",
      "complete answered",
    ]),
  ];
};

let armed = false;

for (const engine of ["main", "worker"] as const) {
  // S70
  test(`every step of a transfer and a completion is safe before the next one (${engine} engine)`, async () => {
    await withScratchDirectory(async (directory) => {
      assert.deepEqual(await record(directory, engine), []);
    });
  });
}

for (const skipped of ["datasync", "sync"] as const) {
  test(`a missing ${skipped} is noticed`, async () => {
    await withScratchDirectory(async (directory) => {
      const problems = await record(directory, "main", (recorded) =>
        fileSystemAround(recorded, {
          call: async (call, proceed) => (call.name === skipped ? (undefined as never) : proceed()),
        }),
      );
      assert.match(problems.join(), /not synced/);
    });
  });
}
