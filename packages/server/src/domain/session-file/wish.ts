import { FILE_SIZE_BYTES_MAX, faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { CHECKSUM_HEX_DIGITS } from "../checksum.ts";
import type { Checksum, ChecksumAlgorithm } from "../checksum.ts";
import { checkFileName } from "../names.ts";
import type { PullSource } from "../pull-source.ts";

/** A file as a client asks to add it. */
export interface FileWish {
  readonly name: string;
  readonly sourceType: "NONE" | "PUSH" | "PULL";
  /** What the source endpoint says, or why that can not be; only PULL looks at it. */
  readonly source?: PullSource | FaultValue;
  readonly sizeBytes?: number;
  readonly checksum?: { readonly algorithm?: string; readonly hex: string };
}

/** What a wish says about the bytes to come, checked. */
export interface Declaration {
  readonly declaredSizeBytes?: number;
  readonly declaredChecksum?: Checksum;
}

const DEFAULT_ALGORITHM: ChecksumAlgorithm = "SHA1";
const HEXADECIMAL = /^[0-9a-f]+$/;
const SPELLINGS: readonly (readonly [RegExp, ChecksumAlgorithm])[] = [
  [/^MD[-_]?5$/i, "MD5"],
  [/^SHA[-_]?1$/i, "SHA1"],
  [/^SHA[-_]?(2[-_]?)?256$/i, "SHA256"],
  [/^SHA[-_]?(2[-_]?)?512$/i, "SHA512"],
];

const invalid = (member: string, reason: string): FaultValue =>
  faultOf("update_session.invalid_file", member, reason);

/** The usual size of "unknown": clients pass on the -1 that their HTTP library gives them. */
const UNKNOWN_SIZE = -1;

/** A declared size in bytes; 0 and -1 mean that the client does not know it. (S54) */
const parseSize = (sizeBytes: number | undefined): number | undefined | FaultValue => {
  if (sizeBytes === undefined || sizeBytes === 0 || sizeBytes === UNKNOWN_SIZE) return undefined;
  if (!Number.isInteger(sizeBytes))
    return invalid("size", `${sizeBytes} is not a whole number of bytes`);
  if (sizeBytes < 0) return invalid("size", `${sizeBytes} is negative`);
  if (sizeBytes > FILE_SIZE_BYTES_MAX)
    return invalid("size", `no file can be larger than ${FILE_SIZE_BYTES_MAX} bytes`);
  return sizeBytes;
};

/** A declared checksum: algorithm SHA1 unless named, in any usual spelling; an empty digest is none. (S55) */
const parseChecksum = (given: FileWish["checksum"]): Checksum | undefined | FaultValue => {
  if (given === undefined || given.hex === "") return undefined;
  const algorithm =
    given.algorithm === undefined
      ? DEFAULT_ALGORITHM
      : SPELLINGS.find(([spelling]) => spelling.test(given.algorithm ?? ""))?.[1];
  if (algorithm === undefined) {
    return invalid(
      "checksum_info",
      `the algorithm ${given.algorithm} is none of SHA1, MD5, SHA256, SHA512`,
    );
  }
  const hex = given.hex.toLowerCase();
  const digits = CHECKSUM_HEX_DIGITS[algorithm];
  if (hex.length !== digits || !HEXADECIMAL.test(hex)) {
    return invalid("checksum_info", `a ${algorithm} checksum has ${digits} hexadecimal digits`);
  }
  return { algorithm, hex };
};

/** Checks a wish by itself: name, size and checksum. (S53 to S55) */
export const parseDeclaration = (wish: FileWish): Declaration | FaultValue => {
  const nameReason = checkFileName(wish.name);
  if (nameReason !== null) return invalid("name", nameReason);
  const declaredSizeBytes = parseSize(wish.sizeBytes);
  if (isFault(declaredSizeBytes)) return declaredSizeBytes;
  const declaredChecksum = parseChecksum(wish.checksum);
  if (isFault(declaredChecksum)) return declaredChecksum;
  return {
    ...(declaredSizeBytes === undefined ? {} : { declaredSizeBytes }),
    ...(declaredChecksum === undefined ? {} : { declaredChecksum }),
  };
};
