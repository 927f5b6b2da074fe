import { invariant } from "../../domain/invariant.ts";
import type { ByteRange } from "../../ports/blob-store.ts";
import { PortError } from "../../ports/port-error.ts";

/** That a range lies in so many bytes: throws a `PortError` of kind `corrupt` where they do not reach so far. */
export const checkRange = ({ start, endExclusive }: ByteRange, sizeBytes: number): void => {
  invariant(start >= 0 && start <= endExclusive, "A range begins before it ends.");
  if (endExclusive > sizeBytes)
    throw new PortError(
      "corrupt",
      `There are ${sizeBytes} bytes, which do not reach to byte ${endExclusive}.`,
    );
};
