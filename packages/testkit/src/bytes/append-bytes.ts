import type {
  AppendOptions,
  AppendOutcome,
  BlobStore,
  StagedBlob,
} from "@contentlib/server/ports/blob-store";
import type { StagedId } from "@contentlib/server/domain/ids";
import { cut, sourceOf } from "./byte-sources.ts";

/** Options of an append from the start that asks for nothing and is never cut. */
export const appendOptions = (over: Partial<AppendOptions> = {}): AppendOptions => ({
  offsetBytes: 0,
  algorithms: [],
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onDurable: () => undefined,
  ...over,
});

/** Appends bytes in chunks of the usual size. */
export const appendBytes = (
  store: BlobStore,
  stagedId: StagedId,
  appended: { readonly bytes: Uint8Array } & Partial<AppendOptions>,
): Promise<AppendOutcome> => {
  const { bytes, ...over } = appended;
  return store.partials.append(stagedId, sourceOf(cut(bytes)), appendOptions(over));
};

/** Finishes a partial; the digests asked for are those of `algorithms`. */
export const finishPartial = (
  store: BlobStore,
  stagedId: StagedId,
  wanted: { readonly sizeBytes: number } & Partial<Pick<AppendOptions, "algorithms" | "signal">>,
): Promise<StagedBlob> =>
  store.partials.finish(stagedId, {
    algorithms: [],
    signal: new AbortController().signal,
    ...wanted,
  });
