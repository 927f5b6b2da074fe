import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { open, stat, truncate } from "node:fs/promises";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { aStagedId } from "@contentlib/testkit/builders/ids";
import {
  appendBytes,
  appendOptions,
  finishPartial,
  prefixDigest,
} from "@contentlib/testkit/bytes/append-bytes";
import { cut, HandSource, someBytes } from "@contentlib/testkit/bytes/byte-sources";
import { withDiskStores } from "@contentlib/testkit/disk/disk-stores";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { GatedFileSystem } from "@contentlib/testkit/faults/blob-disk-gated";
import { type FileCall, fileSystemAround } from "@contentlib/testkit/faults/file-system-around";

import type { StagedId } from "../../../domain/ids.ts";
import type { DiskBlobStore } from "./disk-blob-store.ts";
import { realFileSystem } from "./file-system.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const BYTES = someBytes(2 * MIB + 9);

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const isReadingPartials = (call: FileCall): boolean =>
  call.name === "open" && call.flags === "r" && /incoming.[^/\\]+$/.test(call.path);

/** Changes the first byte behind the store's back: whoever reads the file again computes other digests. */
const tamperWith = async (store: DiskBlobStore, stagedId: StagedId): Promise<Uint8Array> => {
  const file = await open(store.layout.incomingFile(stagedId), "r+");
  await file.write(Uint8Array.of(~(BYTES[0] ?? 0) & 0xff), 0, 1, 0);
  await file.close();
  const tampered = Uint8Array.from(BYTES);
  tampered[0] = ~(BYTES[0] ?? 0);
  return tampered;
};

const appendInPieces = async (
  store: DiskBlobStore,
  stagedId: StagedId,
  piece: { readonly sizeBytes: number; readonly fromBytes: number },
): Promise<void> => {
  for (let at = piece.fromBytes; at < BYTES.byteLength; at += piece.sizeBytes) {
    const bytes = BYTES.subarray(at, at + piece.sizeBytes);
    const outcome = await appendBytes(store, stagedId, { bytes, offsetBytes: at });
    assert.equal(outcome.durableBytes, at + bytes.byteLength);
  }
};

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  void promise.finally(() => (settled = true)).catch(() => undefined);
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  return settled;
};

for (const engine of ["main", "worker"] as const) {
  describe(`the digests of a partial on the ${engine} engine`, () => {
    it("go on from append to append without reading a byte again", async () => {
      await withDiskStores(async (openStore) => {
        const store = await openStore({ engine });
        const stagedId = aStagedId();
        await appendBytes(store, stagedId, { bytes: BYTES.subarray(0, 100) });
        await tamperWith(store, stagedId);
        await appendInPieces(store, stagedId, { sizeBytes: 64 * KIB, fromBytes: 100 });
        const { digest } = await finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });
        assert.equal(digest, sha256(BYTES));
      });
    });

    it("go on after a cut, and after bytes that did not fit", async () => {
      await withDiskStores(async (openStore) => {
        const store = await openStore({ engine });
        const stagedId = aStagedId();
        const source = new HandSource();
        const cancel = new AbortController();
        const options = appendOptions({ signal: cancel.signal });
        const appending = store.partials.append(stagedId, source, options);
        await source.poured;
        for (const chunk of cut(BYTES.subarray(0, MIB)))
          if (!source.push(chunk)) await source.flowing();
        cancel.abort();
        assert.equal((await appending).durableBytes, MIB);
        await tamperWith(store, stagedId);
        const checksum = { algorithm: "MD5", hex: "" } as const;
        const wrong = { bytes: BYTES, offsetBytes: MIB, checksum };
        assert.equal((await appendBytes(store, stagedId, wrong)).kind, "misfit");
        await appendInPieces(store, stagedId, { sizeBytes: MIB, fromBytes: MIB });
        const { digest } = await finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });
        assert.equal(digest, sha256(BYTES));
      });
    });

    it("are computed once after a restart, then go on", async () => {
      await withDiskStores(async (openStore) => {
        const stagedId = aStagedId();
        const before = await openStore({ engine });
        await appendBytes(before, stagedId, { bytes: BYTES.subarray(0, MIB) });
        const store = await openStore({ engine });
        assert.equal(
          await prefixDigest(store, stagedId, { prefixBytes: MIB }),
          sha256(BYTES.subarray(0, MIB)),
        );
        await tamperWith(store, stagedId);
        await appendInPieces(store, stagedId, { sizeBytes: 300 * KIB, fromBytes: MIB });
        const { digest } = await finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });
        assert.equal(digest, sha256(BYTES));
      });
    });

    it("are waited for by `finish` alone", async () => {
      await withDiskStores(async (openStore) => {
        const stagedId = aStagedId();
        const before = await openStore({ engine });
        await appendBytes(before, stagedId, { bytes: BYTES.subarray(0, MIB) });
        const gated = new GatedFileSystem(isReadingPartials);
        const store = await openStore({ engine, fileSystem: gated.fileSystem });
        const durable: number[] = [];
        for (let at = MIB; at < BYTES.byteLength; at += 700 * KIB)
          await appendBytes(store, stagedId, {
            bytes: BYTES.subarray(at, at + 700 * KIB),
            offsetBytes: at,
            onDurable: (durableBytes) => durable.push(durableBytes),
          });
        assert.equal(durable.at(-1), BYTES.byteLength);
        const cancel = new AbortController();
        const wanted = { sizeBytes: BYTES.byteLength };
        const givenUp = finishPartial(store, stagedId, { ...wanted, signal: cancel.signal });
        assert.equal(await isSettled(givenUp), false);
        cancel.abort();
        await assert.rejects(givenUp, portErrorWith("cancelled"));
        const finishing = finishPartial(store, stagedId, wanted);
        assert.equal(await isSettled(finishing), false);
        gated.open();
        assert.equal((await finishing).digest, sha256(BYTES));
      });
    });

    it("are computed again for those whose bytes another engine or a lower offset left behind", async () => {
      await withDiskStores(async (openStore) => {
        const store = await openStore({ engine });
        const stagedId = aStagedId();
        await appendBytes(store, stagedId, { bytes: BYTES });
        await appendInPieces(store, stagedId, { sizeBytes: MIB, fromBytes: MIB / 2 });
        const { digest } = await finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });
        assert.equal(digest, sha256(BYTES));
      });
    });

    it("are kept of the partials that were used last, and computed again of others", async () => {
      await withDiskStores(async (openStore) => {
        const store = await openStore({ engine, partialsKnownMax: 2 });
        const stagedIds = [aStagedId(), aStagedId(), aStagedId()];
        for (const stagedId of stagedIds) await appendBytes(store, stagedId, { bytes: BYTES });
        const digests: string[] = [];
        let tampered = BYTES;
        for (const stagedId of stagedIds.toReversed()) {
          tampered = await tamperWith(store, stagedId);
          digests.push(
            (await finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength })).digest,
          );
        }
        assert.deepEqual(digests, [sha256(BYTES), sha256(BYTES), sha256(tampered)]);
      });
    });
  });

  describe(`a partial that is cut on the ${engine} engine`, () => {
    it("is touched no more once the append is over, and that is after the sync under way and one more", async () => {
      await withDiskStores(async (openStore) => {
        const gated = new GatedFileSystem((call) => call.name === "datasync");
        const store = await openStore({ engine, fileSystem: gated.fileSystem });
        const stagedId = aStagedId();
        const source = new HandSource();
        const cancel = new AbortController();
        const options = appendOptions({ signal: cancel.signal });
        const appending = store.partials.append(stagedId, source, options);
        await source.poured;
        const chunk = BYTES.subarray(0, 64 * KIB);
        let isReached = false;
        void gated.reached.then(() => (isReached = true));
        let pushedBytes = 0;
        while (!isReached || !source.paused) {
          // A source that waits for a write alone flows again; it may be the sync that it waits for.
          if (source.paused) await Promise.race([source.flowing(), gated.reached]);
          else {
            source.push(chunk);
            pushedBytes += chunk.byteLength;
          }
          await nextTurn();
        }
        cancel.abort();
        assert.equal(await isSettled(appending), false);
        const before = gated.ended.length;
        gated.open();
        assert.deepEqual(await appending, { kind: "cancelled", durableBytes: pushedBytes });
        const calls = gated.ended.slice(before);
        // The step under way, the one that became due behind it, and the last.
        assert.ok(calls.filter((name) => name === "datasync").length <= 3, calls.join());
        const { size } = await stat(store.layout.incomingFile(stagedId));
        assert.equal(size, pushedBytes);
        await isSettled(appending);
        assert.equal(gated.ended.length, before + calls.length);
      });
    });
  });
}

describe("a partial that is cut while a write hangs", () => {
  it("is not over before that write is", async () => {
    await withDiskStores(async (openStore) => {
      const gated = new GatedFileSystem((call) => call.name === "write");
      const store = await openStore({ engine: "main", fileSystem: gated.fileSystem });
      const stagedId = aStagedId();
      const source = new HandSource();
      const cancel = new AbortController();
      const options = appendOptions({ signal: cancel.signal });
      const appending = store.partials.append(stagedId, source, options);
      await source.poured;
      for (const chunk of cut(BYTES)) if (!source.paused) source.push(chunk);
      await gated.reached;
      cancel.abort();
      assert.equal(await isSettled(appending), false);
      gated.open();
      const { durableBytes } = await appending;
      const writes = gated.ended.filter((name) => name === "write").length;
      assert.ok(writes <= 2, `${writes} writes`);
      await isSettled(appending);
      assert.equal((await stat(store.layout.incomingFile(stagedId))).size, durableBytes);
    });
  });
});

describe("the thread that reads a partial", () => {
  it("serves its transfers between two slices", async () => {
    await withDiskStores(async (openStore) => {
      // Syncs would take longer than the reading on a busy machine.
      const fileSystem = fileSystemAround(realFileSystem, {
        call: async (call, proceed) =>
          call.name === "datasync" || call.name === "sync"
            ? (undefined as Awaited<ReturnType<typeof proceed>>)
            : await proceed(),
      });
      const store = await openStore({ engine: "worker", fileSystem });
      const stagedId = aStagedId();
      const sizeBytes = 256 * MIB;
      await appendBytes(store, stagedId, { bytes: BYTES });
      await truncate(store.layout.incomingFile(stagedId), sizeBytes);
      const ends: string[] = [];
      const reading = prefixDigest(store, stagedId, { prefixBytes: sizeBytes }).then(() =>
        ends.push("read"),
      );
      const small = aStagedId();
      await appendBytes(store, small, { bytes: BYTES });
      await finishPartial(store, small, { sizeBytes: BYTES.byteLength });
      ends.push("written");
      await reading;
      assert.deepEqual(ends, ["written", "read"]);
    });
  });

  it("leaves the digests of an append that runs meanwhile alone", async () => {
    await withDiskStores(async (openStore) => {
      const store = await openStore({ engine: "worker" });
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes: BYTES.subarray(0, MIB) });
      const source = new HandSource();
      const options = appendOptions({ offsetBytes: MIB });
      const appending = store.partials.append(stagedId, source, options);
      await source.poured;
      source.push(BYTES.subarray(MIB, MIB + 100));
      for (const prefixBytes of [MIB, 1000])
        assert.equal(
          await prefixDigest(store, stagedId, { prefixBytes }),
          sha256(BYTES.subarray(0, prefixBytes)),
        );
      await tamperWith(store, stagedId);
      source.push(BYTES.subarray(MIB + 100));
      source.end();
      await appending;
      const { digest } = await finishPartial(store, stagedId, { sizeBytes: BYTES.byteLength });
      assert.equal(digest, sha256(BYTES));
    });
  });
});
