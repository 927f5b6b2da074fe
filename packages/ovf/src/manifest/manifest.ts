import type { DigestAlgorithm } from "../digest-algorithm.ts";

/** A line of a manifest that could be read. */
export interface ManifestLine {
  readonly name: string;
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hexadecimal. */
  readonly digest: string;
  readonly line: number;
}

/** A manifest (DSP0243 7.3): one line for each file. */
export interface Manifest {
  readonly fileName: string;
  readonly lines: readonly ManifestLine[];
}
