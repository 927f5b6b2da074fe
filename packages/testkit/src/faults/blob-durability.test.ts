import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openDiskBlobStore } from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import {
  type FileSystem,
  realFileSystem,
} from "@contentlib/server/adapters/blobs/disk/file-system";
import { layoutIn } from "@contentlib/server/adapters/blobs/disk/layout";
import type { EngineChoice } from "@contentlib/server/adapters/blobs/disk/staging-engines";
import { BUILT_AT } from "../builders/ids.ts";
import { someBytes } from "../bytes/byte-sources.ts";
import { stageBytes } from "../bytes/stage-bytes.ts";
import { withScratchDirectory } from "../disk/scratch-directory.ts";
import { RecordingFileSystem } from "./blob-disk-recording.ts";
import { durabilityProblems, orderProblems } from "./blob-durability.ts";
import { type FileCall, fileSystemAround } from "./file-system-around.ts";

const BYTES = someBytes(1_000_000);

/** Stages and promotes through `tamper(recorder)`, with marks where a catalog would commit and a wire would answer. */
const problemsOf = async (
  engine: EngineChoice,
  tamper: (fileSystem: FileSystem) => FileSystem,
): Promise<string[]> =>
  await withScratchDirectory(async (directory) => {
    const recorder = new RecordingFileSystem(realFileSystem);
    const fileSystem = tamper(recorder.fileSystem);
    const clock = { now: () => BUILT_AT };
    const store = await openDiskBlobStore({
      directory,
      clock,
      fileSystem,
      engine,
      syncStepBytes: 300_000,
    });
    const { stagedId, digest } = await stageBytes(store, BYTES);
    recorder.event("staged");
    await store.promote(stagedId, digest);
    recorder.event("commit");
    recorder.event("answer");
    await store.close();
    const layout = layoutIn(directory);
    return [
      ...durabilityProblems(recorder.events, [
        { path: layout.readyFile(stagedId), before: "staged" },
        { path: layout.blobFile(digest), before: "commit" },
        { path: layout.blobFile(digest), before: "answer" },
      ]),
      ...orderProblems(recorder.events, ["staged", "commit", "answer"]),
    ];
  });

/** Pretends to make the calls that `drop` picks, and never makes them. */
const dropping =
  (drop: (call: FileCall) => boolean) =>
  (inner: FileSystem): FileSystem =>
    fileSystemAround(inner, {
      call: (call, proceed) =>
        drop(call) ? (Promise.resolve() as ReturnType<typeof proceed>) : proceed(),
    });

/** Makes the syncs of files only after the next rename. */
const syncingLate = (inner: FileSystem): FileSystem => {
  let late: (() => Promise<unknown>) | null = null;
  return fileSystemAround(inner, {
    call: async (call, proceed) => {
      if (call.name === "datasync") {
        late = proceed;
        return (await Promise.resolve()) as Awaited<ReturnType<typeof proceed>>;
      }
      // The descriptor must still be open when the sync is made at last.
      if (call.name === "close" && call.flags === "wx")
        return (await Promise.resolve()) as Awaited<ReturnType<typeof proceed>>;
      const result = await proceed();
      if (call.name === "rename") await late?.();
      return result;
    },
  });
};

const untouched = (fileSystem: FileSystem): FileSystem => fileSystem;

describe("the order of write, sync, rename and sync", () => {
  for (const engine of ["main", "worker"] as const) {
    it(`survives a power cut at each mark, on the ${engine} engine`, async () => {
      assert.deepEqual(await problemsOf(engine, untouched), []);
    });

    it(`is found out when the bytes are not synced, on the ${engine} engine`, async () => {
      const problems = await problemsOf(
        engine,
        dropping((call) => call.name === "datasync"),
      );
      assert.match(problems.join("\n"), /was renamed before its bytes were synced/);
      assert.match(problems.join("\n"), /at commit: the last bytes of .* were not synced/);
    });
  }

  it("is found out when the last step is not synced", async () => {
    let syncs = 0;
    const problems = await problemsOf(
      "main",
      dropping((call) => call.name === "datasync" && (syncs += 1) > 1),
    );
    assert.match(problems.join("\n"), /was renamed before its bytes were synced/);
  });

  it("is found out when the bytes are synced after the rename", async () => {
    const problems = await problemsOf("main", syncingLate);
    assert.match(problems.join("\n"), /was renamed before its bytes were synced/);
    assert.doesNotMatch(problems.join("\n"), /at commit: the last bytes/);
  });

  it("is found out when the rename is missing", async () => {
    const problems = await problemsOf(
      "main",
      dropping((call) => call.name === "rename" && call.to?.includes("sha256") === true),
    );
    assert.match(problems.join("\n"), /at commit: .*sha256.* is not there/);
  });

  for (const [folder, pattern] of [
    ["the folder of staged files", /ready$/],
    ["the folder of the blob", /sha256\/..\/..$/],
    ["a folder above that one, made on the way", /sha256\/..$/],
    ["the outermost folder of the blobs", /sha256$/],
    ["the folder of the store itself", /contentlib-test-[^/]*$/],
  ] as const) {
    it(`is found out when ${folder} is not synced`, async () => {
      const problems = await problemsOf(
        "main",
        dropping((call) => call.name === "sync" && pattern.test(call.path.replaceAll("\\", "/"))),
      );
      assert.match(
        problems.join("\n"),
        /at (staged|commit): .* was not synced after .* appeared in it/,
      );
    });
  }

  it("is found out when marks come late or not at all", () => {
    const events = [
      { kind: "mark", name: "answer" } as const,
      { kind: "mark", name: "commit" } as const,
    ];
    assert.equal(orderProblems(events, ["commit", "answer"]).length, 1);
    assert.deepEqual(durabilityProblems(events, [{ path: "/blob", before: "promote" }]), [
      "the mark promote never came",
    ]);
    assert.deepEqual(durabilityProblems(events, [{ path: "/blob", before: "commit" }]), [
      "at commit: /blob is not there",
    ]);
  });
});
