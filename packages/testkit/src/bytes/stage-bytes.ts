import type { BlobStore, StagedBlob, StageOptions } from "@contentlib/server/ports/blob-store";
import type { Sha256, StagedId } from "@contentlib/server/domain/ids";
import { aStagedId } from "../builders/ids.ts";
import { cut, sourceOf } from "./byte-sources.ts";

/** Options of a transfer that asks for nothing and is never cancelled. */
export const stageOptions = (over: Partial<StageOptions> = {}): StageOptions => ({
  algorithms: [],
  signal: new AbortController().signal,
  onProgress: () => undefined,
  ...over,
});

/** Stages bytes; throws where they do not end up staged. */
export const stageBytes = async (
  store: BlobStore,
  bytes: Uint8Array,
  stagedId: StagedId = aStagedId(),
): Promise<StagedBlob> => {
  const outcome = await store.stage(
    stagedId,
    sourceOf(cut(bytes)),
    stageOptions({ expectedSizeBytes: bytes.byteLength }),
  );
  if (outcome.kind !== "staged") throw new Error(`The bytes were not staged but ${outcome.kind}.`);
  return outcome.blob;
};

/** Stages and promotes bytes. */
export const storeBytes = async (store: BlobStore, bytes: Uint8Array): Promise<Sha256> => {
  const { stagedId, digest } = await stageBytes(store, bytes);
  await store.promote(stagedId, digest);
  return digest;
};
