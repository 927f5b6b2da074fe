import type {
  AppendOptions,
  AppendOutcome,
  BlobStore,
  PrefixOptions,
  StagedBlob,
} from "@contentlib/server/ports/blob-store";
import type { Sha256, StagedId } from "@contentlib/server/domain/ids";
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
  wanted: { readonly sizeBytes: number } & Partial<
    Pick<AppendOptions, "algorithms" | "isArchive" | "signal">
  >,
): Promise<StagedBlob> =>
  store.partials.finish(stagedId, {
    algorithms: [],
    signal: new AbortController().signal,
    ...wanted,
  });

/** The digest of the first bytes of a partial, for a caller who stays. */
export const prefixDigest = (
  store: BlobStore,
  stagedId: StagedId,
  wanted: { readonly prefixBytes: number } & Partial<PrefixOptions>,
): Promise<Sha256> => {
  const { prefixBytes, ...over } = wanted;
  const options = { algorithms: [], signal: new AbortController().signal, ...over };
  return store.partials.prefixDigest(stagedId, prefixBytes, options);
};
