/** The digests that manifests are made of: DSP0243 names SHA-1 (1.x) and SHA-256 (2.x), products also write SHA-512. */
export type DigestAlgorithm = "SHA1" | "SHA256" | "SHA512";

/** How many hexadecimal digits a digest has. */
export const HEX_DIGITS: Readonly<Record<DigestAlgorithm, number>> = {
  SHA1: 40,
  SHA256: 64,
  SHA512: 128,
};

/** Digests of one file, lower-case hexadecimal, as far as they are known. */
export type Digests = Readonly<Partial<Record<DigestAlgorithm, string>>>;

/** A digest that is being made while bytes pass. */
export interface RunningDigest {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal; to be asked once, after the last byte. */
  hex(): string;
}

/** Where digests come from: Node's own in Node, a library of one's choice in a browser, whose WebCrypto hashes no streams. */
export type StartDigest = (algorithm: DigestAlgorithm) => RunningDigest;

const SPELLINGS: ReadonlyMap<string, DigestAlgorithm> = new Map([
  ["SHA1", "SHA1"],
  ["SHA-1", "SHA1"],
  ["SHA256", "SHA256"],
  ["SHA-256", "SHA256"],
  ["SHA2-256", "SHA256"],
  ["SHA512", "SHA512"],
  ["SHA-512", "SHA512"],
  ["SHA2-512", "SHA512"],
]);

/** The algorithm that a word of a manifest means, in any case of its letters (`SHA2-256` is what OpenSSL 3 writes); null where it means none. */
export const digestAlgorithmOf = (word: string): DigestAlgorithm | null =>
  SPELLINGS.get(word.toUpperCase()) ?? null;
