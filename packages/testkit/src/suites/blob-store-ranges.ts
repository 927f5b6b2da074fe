import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { Checksum, ChecksumAlgorithm } from "@contentlib/server/domain/checksum";
import type { BlobStore, ByteRange } from "@contentlib/server/ports/blob-store";
import { aDigest, aStagedId } from "../builders/ids.ts";
import { appendBytes } from "../bytes/append-bytes.ts";
import { someBytes, sourceOf } from "../bytes/byte-sources.ts";
import { stageOptions, storeBytes } from "../bytes/stage-bytes.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import { type BlobStoreSubject, withStore } from "./blob-store-subject.ts";

const MIB = 1024 * 1024;
const BYTES = someBytes(3 * MIB + 5);
const NEVER = new AbortController().signal;

const RANGES: readonly ByteRange[] = [
  { start: 0, endExclusive: BYTES.byteLength },
  { start: 0, endExclusive: 0 },
  { start: 0, endExclusive: 1 },
  { start: BYTES.byteLength, endExclusive: BYTES.byteLength },
  { start: BYTES.byteLength - 1, endExclusive: BYTES.byteLength },
  { start: 512, endExclusive: 2 * MIB + 513 },
  { start: MIB - 1, endExclusive: MIB + 1 },
];

const ALGORITHMS = ["SHA512", "MD5", "SHA256"] as const;

type Ask = (
  algorithms: readonly ChecksumAlgorithm[],
  options: { readonly signal: AbortSignal; readonly range: ByteRange },
) => Promise<readonly Checksum[]>;

const digestsOf = ({ start, endExclusive }: ByteRange): Checksum[] =>
  ALGORITHMS.map((algorithm) => ({
    algorithm,
    hex: createHash(algorithm.toLowerCase())
      .update(BYTES.subarray(start, endExclusive))
      .digest("hex"),
  }));

const assertTellsRanges = async (ask: Ask): Promise<void> => {
  for (const range of RANGES)
    assert.deepEqual(await ask(ALGORITHMS, { signal: NEVER, range }), digestsOf(range));
  const [range = { start: 0, endExclusive: 0 }, ...others] = RANGES;
  assert.deepEqual(await ask([], { signal: NEVER, range }), []);
  const atOnce = others.map((each) => ask(ALGORITHMS, { signal: NEVER, range: each }));
  assert.deepEqual(await Promise.all(atOnce), others.map(digestsOf));
};

const assertRefuses = async (ask: Ask): Promise<void> => {
  const end = BYTES.byteLength;
  for (const range of [
    { start: 0, endExclusive: end + 1 },
    { start: end + 1, endExclusive: end + 1 },
    { start: end, endExclusive: end + 1 },
    { start: 2 ** 50, endExclusive: 2 ** 51 },
  ])
    await assert.rejects(ask(["SHA1"], { signal: NEVER, range }), portErrorWith("corrupt"));
  const range = { start: 0, endExclusive: end };
  const cancel = new AbortController();
  const asked = ask(["SHA1"], { signal: AbortSignal.abort(), range });
  await assert.rejects(asked, portErrorWith("cancelled"));
  // One that ends before it is cancelled tells them.
  const late = ask(["SHA1"], { signal: cancel.signal, range });
  cancel.abort();
  await late.catch((error: unknown) => assert.ok(portErrorWith("cancelled")(error)));
  assert.equal((await ask(["SHA1"], { signal: NEVER, range })).length, 1);
};

const stageAll = async (store: BlobStore) => {
  const outcome = await store.stage(aStagedId(), sourceOf([BYTES]), stageOptions());
  assert.ok(outcome.kind === "staged");
  return outcome.blob;
};

/** Digests of parts of bytes, staged or stored. */
export const describeRanges = (subject: BlobStoreSubject): void => {
  describe("digests of ranges", () => {
    it("are told of a stored blob", async () => {
      await withStore(subject.open(), async (store) => {
        const digest = await storeBytes(store, BYTES);
        const ask: Ask = (algorithms, options) => store.checksumsOf(digest, algorithms, options);
        await assertTellsRanges(ask);
        await assertRefuses(ask);
        const options = { signal: NEVER, range: { start: 0, endExclusive: 0 } };
        await assert.rejects(
          store.checksumsOf(aDigest(), ["SHA1"], options),
          portErrorWith("absent"),
        );
      });
    });

    it("are told of a finished partial", async () => {
      await withStore(subject.open(), async (store) => {
        const { stagedId } = await stageAll(store);
        const ask: Ask = (algorithms, options) =>
          store.partials.checksumsOf(stagedId, algorithms, options);
        await assertTellsRanges(ask);
        await assertRefuses(ask);
      });
    });

    it("are absent where a partial is not there, not finished, promoted or released", async () => {
      await withStore(subject.open(), async (store) => {
        const options = { signal: NEVER, range: { start: 0, endExclusive: 0 } };
        const [unfinished, promoted, released] = [
          aStagedId(),
          await stageAll(store),
          await stageAll(store),
        ];
        await appendBytes(store, unfinished, { bytes: BYTES });
        await store.promote(promoted.stagedId, promoted.digest);
        await store.release(released.stagedId);
        for (const stagedId of [aStagedId(), unfinished, promoted.stagedId, released.stagedId])
          await assert.rejects(
            store.partials.checksumsOf(stagedId, ["SHA1"], options),
            portErrorWith("absent"),
          );
      });
    });
  });
};
