import type { Descriptor } from "../descriptor/descriptor.ts";
import type { Digests } from "../digest-algorithm.ts";
import type { Finding } from "../finding.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { CertificateFile, SignerVerdict } from "../signature/certificate-file.ts";

/** A file of a package that is whole. */
export interface PackageFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** As far as they were made; what the manifest asks for besides is told as wanted. */
  readonly digests: Digests;
  /** The first bytes, as far as they are at hand: what says whether a compressed file is one. */
  readonly head?: Uint8Array;
}

/** What is known of a package, at any moment: files that arrived, and what was read from those that say something. */
export interface PackageContents {
  /** What findings about the whole are told of: the name of the archive, of the item, or of the descriptor. */
  readonly name: string;
  readonly files: ReadonlyMap<string, PackageFile>;
  /** Names that will come but are not here yet: neither missing nor surplus. */
  readonly awaited: ReadonlySet<string>;
  readonly descriptor: Descriptor | null;
  readonly manifest: Manifest | null;
  readonly certificate: CertificateFile | null;
  readonly signer: SignerVerdict | null;
}

/** A digest that must be made of a file before the manifest can be held against it. */
export interface WantedDigest {
  readonly name: string;
  readonly algorithm: keyof Digests;
}

/** What a package comes to. */
export interface PackageVerdict {
  /** In the order of files and places. Those of reading descriptor, manifest and certificate are not repeated here. */
  readonly findings: readonly Finding[];
  /** Files that the descriptor needs, by name, in its order; chunks by their own names. */
  readonly required: readonly string[];
  /** Of them those that are neither here nor awaited. */
  readonly missing: readonly string[];
  readonly wanted: readonly WantedDigest[];
  /** Files that are here or will come and that the manifest has no line for, but for itself and the certificate; sorted. */
  readonly uncovered: readonly string[];
  /** Files that are here and that the manifest covers with strong digests that fit, in its order. */
  readonly covered: readonly string[];
  /** Whether the manifest covers the descriptor and every file that it needs with strong digests that fit. */
  readonly isCovered: boolean;
}
