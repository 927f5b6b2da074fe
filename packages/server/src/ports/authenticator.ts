import type { DownloadSessionId, EntryId, UpdateSessionId } from "../domain/ids.ts";

/** Hashing and checking of passwords; slow on purpose, and limited in how many run at once. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** True when the password fits the encoded hash. A `PortError` of kind `unavailable` when too many wait. */
  verify(password: string, encodedHash: string): Promise<boolean>;
}

/** SHA-256 of a secret's text as lower-case hexadecimal digits, synchronous because it is on every request's path. */
export interface SecretDigest {
  digest(secret: string): string;
}

/** What a transfer endpoint stands for: one adding of one file, or one file of a download session by its position. */
export type EndpointSubject =
  | { readonly direction: "upload"; readonly sessionId: UpdateSessionId; readonly entryId: EntryId }
  | {
      readonly direction: "download";
      readonly sessionId: DownloadSessionId;
      readonly fileIndex: number;
    };

/**
 * Makes and reads the secret part of transfer endpoints: a MAC over its subject under a key that never leaves the data
 * directory, so the catalog holds no secret and the same subject gives the same address after a restart.
 */
export interface EndpointSigner {
  /** One path segment of URL-safe characters that names the subject and carries a MAC of at least 128 bits. */
  sign(subject: EndpointSubject): string;
  /** The subject of a segment this server made; null for anything else. The MAC is compared in constant time. */
  read(segment: string): EndpointSubject | null;
}

/** Whether a password may be tried now. */
export type Admission =
  | { readonly kind: "ok" }
  /** Too many wrong passwords: try again after so many seconds. */
  | { readonly kind: "wait"; readonly seconds: number };

/**
 * Slows down guessing. Wrong passwords count against the address, and against account and address together, never against an
 * account alone: nobody can lock another out. What it remembers is bounded and lost at a restart.
 */
export interface AttemptLimiter {
  /** Asked before the password is checked. */
  admit(accountName: string, address: string): Admission;
  failed(accountName: string, address: string): void;
  /** Forgets what this account and address did wrong; the address alone keeps its count. */
  succeeded(accountName: string, address: string): void;
}
