import { createHash } from "node:crypto";
import type { X509Certificate } from "node:crypto";

/** A server that is known by its key, whatever its certificate says of names, issuers and dates. */
export interface PinnedServer {
  /** The server's address; the pin counts for its host and port. */
  readonly url: string;
  /** What `parsePin` reads. */
  readonly pin: string;
}

/** What a certificate is compared with: the print of its key, or of the whole certificate. */
export interface CertificatePin {
  /** Whether the print is that of the key or of the whole certificate. */
  readonly kind: "key" | "certificate";
  /** A SHA-256, 32 bytes. */
  readonly digest: Buffer;
}

const KEY_PRINT_PREFIX = "sha256//";
const SHA256_BYTES = 32;

/**
 * The print of a certificate's key: `sha256//` and the SHA-256 of its SubjectPublicKeyInfo in Base64, the form that
 * `curl --pinnedpubkey` takes. A renewed certificate of the same key has the same print.
 */
export const keyPrintOf = (certificate: X509Certificate): string =>
  `${KEY_PRINT_PREFIX}${keyDigestOf(certificate).toString("base64")}`;

const keyDigestOf = ({ publicKey }: X509Certificate): Buffer =>
  createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest();

/**
 * Reads a pin: a key print (`sha256//...`), or the SHA-256 of a certificate as hexadecimal digits in any case, with or
 * without colons. Throws TypeError, with what is wrong and what to give instead.
 */
export function parsePin(text: string): CertificatePin {
  const given = text.trim();
  if (given.startsWith(KEY_PRINT_PREFIX)) {
    const base64 = given.slice(KEY_PRINT_PREFIX.length);
    const digest = Buffer.from(base64, "base64");
    const isWhole = digest.toString("base64").replace("=", "") === base64.replace(/=$/, "");
    if (digest.byteLength === SHA256_BYTES && isWhole) return { kind: "key", digest };
    throw new TypeError(`${given} is no key print: after sha256// come 44 characters of Base64.`);
  }
  const digits = given.replaceAll(":", "");
  if (/^[0-9a-f]{64}$/i.test(digits)) {
    return { kind: "certificate", digest: Buffer.from(digits, "hex") };
  }
  if (/^[0-9a-f]{40}$/i.test(digits)) {
    throw new TypeError(
      `${given} is a SHA-1 print, and certificates with an equal SHA-1 can be forged: give the SHA-256 of the certificate, 64 hexadecimal digits, or its key print, sha256//...`,
    );
  }
  throw new TypeError(
    `${given} is no fingerprint: give the SHA-256 of the certificate, 64 hexadecimal digits, or its key print, sha256//...`,
  );
}

/** Whether the certificate, or its key, is the pinned one. */
export const isPinned = (certificate: X509Certificate, { kind, digest }: CertificatePin): boolean =>
  digest.equals(
    kind === "key"
      ? keyDigestOf(certificate)
      : createHash("sha256").update(certificate.raw).digest(),
  );

/** The print of a certificate in the form of the pin, to be shown beside it. */
export const printLike = (certificate: X509Certificate, { kind }: CertificatePin): string =>
  kind === "key" ? keyPrintOf(certificate) : certificate.fingerprint256;

/** The pin as it is written. */
export const pinText = ({ kind, digest }: CertificatePin): string =>
  kind === "key"
    ? `${KEY_PRINT_PREFIX}${digest.toString("base64")}`
    : (digest.toString("hex").toUpperCase().match(/../g) ?? []).join(":");
