import type { Message } from "@contentlib/contract/vocabulary";
import type { FindingSeverity } from "@contentlib/contract/vocabulary/enumerations";
import type { ArchiveContents } from "./archive.ts";
import type { Checksum, ChecksumAlgorithm } from "./checksum.ts";
import type { Instant, Sha256 } from "./ids.ts";
import type { ItemFacts } from "./item-facts.ts";

export const WARNING_TYPES = [
  "SELF_SIGNED_CERTIFICATE",
  "EXPIRED_CERTIFICATE",
  "NOT_YET_VALID_CERTIFICATE",
  "UNTRUSTED_CERTIFICATE",
] as const;

export type WarningType = (typeof WARNING_TYPES)[number];

/** A file whose bytes are whole, and fit whatever was declared of them. */
export interface PackageFile {
  readonly name: string;
  readonly digest: Sha256;
  readonly sizeBytes: number;
  /** As far as they are known, beside the SHA-256. */
  readonly checksums: readonly Checksum[];
  /** What it holds, where it is an archive that is looked into. */
  readonly archive?: ArchiveContents;
}

/** Something wrong with a file, which its type found out. */
export interface PackageFault {
  readonly name: string;
  /** What was found, in one sentence with its place, and how it can be mended. */
  readonly text: string;
  readonly mend: string;
  /** The stable name of what was found. */
  readonly code: string;
  /** True where the file itself is not what it should be, and has to be sent again; else others have to come or go. */
  readonly isWrong: boolean;
}

/** Something that was found in a file and does not keep it out. */
export interface Remark {
  /** The stable name of what was found. */
  readonly code: string;
  readonly severity: FindingSeverity;
  /** Name of the file. */
  readonly file: string;
  /** What was found, in one sentence with its values, and how it can be mended. */
  readonly text: string;
  readonly mend: string;
}

/** A file that is needed, and nowhere in the set. */
export interface MissingFile {
  readonly name: string;
  readonly text: string;
  /** The file of the set that says that it lies beside it; absent where none does, or one names another place. */
  readonly namedBy?: string;
}

/** A digest that must be known of a file before it can be judged. */
export interface WantedChecksum {
  readonly name: string;
  /** Where it is wanted of a member of that file. */
  readonly member?: string;
  readonly algorithm: ChecksumAlgorithm;
}

/** A warning that signed content raises (contract section 10). */
export interface PackageWarning {
  readonly type: WarningType;
  readonly message: Message;
}

/** Who signed. */
export interface SignerFacts {
  /** In slash form. */
  readonly subject: string;
  readonly issuer: string;
  readonly isSelfSigned: boolean;
  readonly pem: string;
}

/** What a session shows of its content before it is completed, without what its client decided about warnings. */
export type PackagePreview =
  | { readonly state: "NOT_APPLICABLE" }
  | { readonly state: "UNAVAILABLE" }
  | { readonly state: "PREPARING" }
  | {
      readonly state: "AVAILABLE";
      readonly warnings: readonly PackageWarning[];
      readonly signer?: SignerFacts;
      /** Certificates in base64 of their DER, the signer's first; absent when unsigned. */
      readonly chain?: readonly string[];
    };

/** How far content was verified (`com.vmware.content.library.item.cert_verification_status`). */
export type VerificationStatus =
  | "NOT_AVAILABLE"
  | "VERIFIED"
  | "UNTRUSTED"
  | "VERIFICATION_FAILURE";

/** A warning that somebody took on himself. */
export interface AcceptedWarning {
  readonly type: WarningType;
  /** Full name of the user who completed the session that ignored it. */
  readonly by: string;
}

/** What verifying content came to. */
export interface Verification {
  readonly status: VerificationStatus;
  /** Why it is not VERIFIED, as the end of a sentence; null where it is. */
  readonly reason: string | null;
  /** Certificates in base64 of their DER, the signer's first; none when unsigned. */
  readonly chain: readonly string[];
  /** Subject of the trusted certificate at the end of the path; absent where there is none. */
  readonly anchor?: string;
}

/** What a package comes to at some moment. */
export interface PackageJudgement {
  readonly faults: readonly PackageFault[];
  readonly missing: readonly MissingFile[];
  readonly wanted: readonly WantedChecksum[];
  /** Digests that files to come should be hashed with while they arrive. */
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly preview: PackagePreview;
  /** Null for a type whose files nobody signs. */
  readonly verification: Verification | null;
  readonly facts: ItemFacts | null;
  /** What was found besides; absent for a type that does not look for it. */
  readonly remarks?: readonly Remark[];
}

/** What is kept of content that was looked into, with a content version of an item. */
export interface VerifiedContent {
  /** Null for a type whose files nobody signs. */
  readonly verification: Verification | null;
  /** When that was found out. */
  readonly verifiedAt: Instant;
  readonly accepted: readonly AcceptedWarning[];
  readonly facts: ItemFacts | null;
  /** What was found that did not keep it out; absent where nobody looked for it. */
  readonly remarks?: readonly Remark[];
}

/** What an update session of such an item keeps of the package between two changes of its files. */
export interface SessionPackage {
  /** The type by which files are judged: the item's when the session was created. */
  readonly type: string;
  readonly preview: PackagePreview;
  readonly algorithms: readonly ChecksumAlgorithm[];
}
