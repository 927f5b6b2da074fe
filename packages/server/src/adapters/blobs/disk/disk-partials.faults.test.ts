import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { truncate } from "node:fs/promises";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { aStagedId } from "@contentlib/testkit/builders/ids";
import { appendBytes, finishPartial, prefixDigest } from "@contentlib/testkit/bytes/append-bytes";
import { someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { collected } from "@contentlib/testkit/bytes/read-blob";
import { withDiskStores } from "@contentlib/testkit/disk/disk-stores";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { GatedFileSystem } from "@contentlib/testkit/faults/blob-disk-gated";
import {
  type FileCall,
  fileSystemAround,
  systemError,
} from "@contentlib/testkit/faults/file-system-around";

import { realFileSystem } from "./file-system.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const BYTES = someBytes(2 * MIB + 9);

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const isReadingPartials = (call: FileCall): boolean =>
  call.name === "open" && call.flags === "r" && /incoming.[^/\\]+$/.test(call.path);

describe("a partial on a disk that fails", () => {
  for (const [code, kind] of [
    ["ENOSPC", "full"],
    ["EIO", "unavailable"],
  ] as const) {
    it(`keeps what was safe when a write fails with ${code}, and goes on there`, async () => {
      await withDiskStores(async (openStore) => {
        let writes = 0;
        const fileSystem = fileSystemAround(realFileSystem, {
          call: async (call, proceed) => {
            if (call.name === "write" && (writes += 1) === 4) throw systemError(code);
            return await proceed();
          },
        });
        const store = await openStore({ engine: "main", fileSystem, syncStepBytes: 300 * KIB });
        const stagedId = aStagedId();
        let durableBytes = 0;
        const onDurable = (bytes: number): unknown => (durableBytes = bytes);
        const failing = appendBytes(store, stagedId, { bytes: BYTES, onDurable });
        await assert.rejects(failing, portErrorWith(kind));
        assert.ok(durableBytes > 0 && durableBytes < BYTES.byteLength);
        const rest = { bytes: BYTES.subarray(durableBytes), offsetBytes: durableBytes };
        assert.equal((await appendBytes(store, stagedId, rest)).kind, "appended");
        const { digest } = await finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });
        assert.equal(digest, sha256(BYTES));
      });
    });
  }

  it("tells of no byte whose sync failed", async () => {
    await withDiskStores(async (openStore) => {
      let syncs = 0;
      const fileSystem = fileSystemAround(realFileSystem, {
        call: async (call, proceed) => {
          if (call.name === "datasync" && (syncs += 1) > 1) throw systemError("EIO");
          return await proceed();
        },
      });
      const store = await openStore({ engine: "main", fileSystem, syncStepBytes: 512 * KIB });
      const told: number[] = [];
      const onDurable = (bytes: number): unknown => told.push(bytes);
      const failing = appendBytes(store, aStagedId(), { bytes: BYTES, onDurable });
      await assert.rejects(failing, portErrorWith("unavailable"));
      assert.equal(told.length, 1);
      assert.ok((told[0] ?? 0) < MIB);
    });
  });

  it("is absent where the file became shorter than what is asked for", async () => {
    await withDiskStores(async (openStore) => {
      const stagedId = aStagedId();
      const before = await openStore();
      await appendBytes(before, stagedId, { bytes: BYTES });
      await truncate(before.layout.incomingFile(stagedId), 100);
      const store = await openStore();
      const isAbsent = portErrorWith("absent");
      const sizeBytes = BYTES.byteLength;
      const appending = appendBytes(store, stagedId, { bytes: BYTES, offsetBytes: sizeBytes });
      await assert.rejects(appending, isAbsent);
      await assert.rejects(finishPartial(store, stagedId, { sizeBytes }), isAbsent);
      await assert.rejects(prefixDigest(store, stagedId, { prefixBytes: sizeBytes }), isAbsent);
      assert.equal((await finishPartial(store, stagedId, { sizeBytes: 100 })).sizeBytes, 100);
    });
  });

  it("is released only when the write under way is over", async () => {
    await withDiskStores(async (openStore) => {
      const gated = new GatedFileSystem((call) => call.name === "write");
      const store = await openStore({ engine: "main", fileSystem: gated.fileSystem });
      const stagedId = aStagedId();
      const appending = appendBytes(store, stagedId, { bytes: BYTES });
      await gated.reached;
      const releasing = store.release(stagedId).then(() => gated.ended.push("released"));
      for (let turn = 0; turn < 20; turn += 1) await nextTurn();
      assert.ok(!gated.ended.includes("released"));
      gated.open();
      await releasing;
      assert.equal((await appending).kind, "cancelled");
      assert.ok(gated.ended.lastIndexOf("write") < gated.ended.indexOf("unlink"));
      assert.deepEqual(await collected(store.listStaged()), []);
    });
  });

  it("leaves nothing when it is released while `finish` waits for its digests", async () => {
    await withDiskStores(async (openStore) => {
      const stagedId = aStagedId();
      await appendBytes(await openStore(), stagedId, { bytes: BYTES });
      const gated = new GatedFileSystem(isReadingPartials);
      const store = await openStore({ fileSystem: gated.fileSystem });
      const finishing = finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });
      const failed = assert.rejects(finishing, portErrorWith("cancelled"));
      await gated.reached;
      await store.release(stagedId);
      await failed;
      assert.deepEqual(await collected(store.listStaged()), []);
      gated.open();
    });
  });
});
