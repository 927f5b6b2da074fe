import type { CertificateFile } from "./certificate-file.ts";

const SPELLINGS: ReadonlyMap<string, CertificateFile["algorithm"]> = new Map(
  (["1", "256", "384", "512"] as const).flatMap((digits) =>
    [`SHA${digits}`, `SHA-${digits}`, ...(digits === "1" ? [] : [`SHA2-${digits}`])].map(
      (word) => [word, `SHA${digits}`] as const,
    ),
  ),
);

/** The hash that the word before a signature means, in any case of its letters; null where it means none that is known. */
export const signatureAlgorithmOf = (word: string): CertificateFile["algorithm"] | null =>
  SPELLINGS.get(word.toUpperCase()) ?? null;
