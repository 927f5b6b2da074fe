/** The algorithms of `FileChecksumAlgorithm`; SHA1 is the API's default (contract F12). */
export const CHECKSUM_ALGORITHMS = ["SHA1", "MD5", "SHA256", "SHA512"] as const;

export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** A digest with its algorithm; the digest is lower-case hexadecimal. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly hex: string;
}

/** Length of a digest in hexadecimal digits. */
export const CHECKSUM_HEX_DIGITS: Readonly<Record<ChecksumAlgorithm, number>> = {
  MD5: 32,
  SHA1: 40,
  SHA256: 64,
  SHA512: 128,
};
