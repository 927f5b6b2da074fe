import type { PackageFacts } from "../descriptor/descriptor.ts";
import type { Digests } from "../digest-algorithm.ts";
import type { Finding } from "../finding.ts";
import type { ImageFacts } from "../iso/image-facts.ts";

/** What a file was taken for: an archive, a descriptor with the files beside it, an image of a disc, or nothing we have rules for. */
export type LintKind = "ova" | "ovf" | "iso" | "other";

/** A file of the package, as it was read. */
export interface LintedFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Those that the manifest asks for; SHA-256 where it asks for none, if the file was worth reading for that. */
  readonly digests: Digests;
}

/** Who signed the package, as far as the certificate can be read; dates are ISO 8601. */
export interface LintedSigner {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly isSelfSigned: boolean;
  /** Whether the signature fits the manifest. */
  readonly fits: boolean;
  /** Subject of the trusted certificate that vouches for the signer; null where there is none. */
  readonly trustedBy: string | null;
  /** Files of the package that the manifest has no line for: who signed it says nothing of them. */
  readonly uncovered: readonly string[];
}

/** What was found in one file, and in what belongs to it: plain data. */
export interface LintReport {
  /** The path as it was given; `-` for a stream. */
  readonly file: string;
  readonly kind: LintKind;
  /** The first `FINDINGS_MAX`, errors before warnings before notes, in the order in which they were found; and how many there were beyond them. */
  readonly findings: readonly Finding[];
  readonly findingsBeyond: number;
  /** Of all findings, kept or not. */
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  /** Null where there is no descriptor that can be read. */
  readonly facts: PackageFacts | null;
  /** Images of discs: the file itself, or those in the package. */
  readonly images: readonly { readonly file: string; readonly facts: ImageFacts }[];
  readonly signer: LintedSigner | null;
  /** Whether the manifest covers the descriptor and all that it needs, with strong digests that fit. */
  readonly isCovered: boolean;
  /** Files of the package in their order; none where the file is no package. */
  readonly files: readonly LintedFile[];
  /** Bytes of the archive, of the image, or of all files of the package together. */
  readonly sizeBytes: number;
}

/** How far the reading is. */
export interface LintProgress {
  /** The path as it was given. */
  readonly file: string;
  readonly doneBytes: number;
  /** Null where nobody knows, as of a stream. */
  readonly totalBytes: number | null;
}

/** What files are judged by, besides what they say themselves. */
export interface LintOptions {
  /** Certificates that are trusted besides those of the system, in DER. */
  readonly trusted?: readonly Uint8Array[];
  /** Whether the certificates count that the system trusts; true where it is left out. */
  readonly trustsSystem?: boolean;
  /** The moment at which certificates have to be valid; now where it is left out. */
  readonly now?: Date;
  /** Looked at before each piece; a stream that is silent has to be ended by whoever gave it. */
  readonly signal?: AbortSignal;
  /** Called once for each piece that was read, about a mebibyte. */
  readonly onProgress?: (progress: LintProgress) => void;
  /** What `-` stands for: the bytes of an archive. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}
