import type { Checksum, ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { ByteRange } from "../../../ports/blob-store.ts";
import type { CancelSignal } from "../../../ports/clock.ts";
import { PortError } from "../../../ports/port-error.ts";
import { checkRange } from "../check-range.ts";
import { RunningDigests, checksumsOf } from "../running-digests.ts";

/** Digests of a range of bytes, as `BlobStore.checksumsOf` gives them. */
export const memoryChecksums = (
  bytes: Uint8Array,
  algorithms: readonly ChecksumAlgorithm[],
  { signal, range }: { readonly signal: CancelSignal; readonly range: ByteRange },
): readonly Checksum[] => {
  checkRange(range, bytes.byteLength);
  if (signal.aborted) throw new PortError("cancelled", "The digests are not wanted any more.");
  const running = RunningDigests.of(algorithms);
  running.update(bytes.subarray(range.start, range.endExclusive));
  return checksumsOf(running.digests(), algorithms);
};
