import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

/** A certificate that is trusted, and whom it names. */
interface Anchor {
  readonly subject: string;
  readonly der: Uint8Array;
}

/** Most texts of certificates that are kept read. */
const READ_MAX = 1_000;

const parse = (text: string | Uint8Array): X509Certificate | null => {
  try {
    return new X509Certificate(text);
  } catch {
    // What OpenSSL can not read nobody is trusted by.
    return null;
  }
};

const anchorOf = (pem: string): Anchor | null => {
  const certificate = parse(pem);
  return certificate === null ? null : { subject: certificate.subject, der: certificate.raw };
};

/**
 * Whom signers are trusted by: the certificates that the server was told to trust, and the roots that Node carries. There are
 * many, so only those are handed on that can be an end of a path: a certificate of the file itself, or its issuer.
 */
export class TrustAnchors {
  readonly #read = new Map<string, Anchor | null>();
  #roots: readonly Anchor[] | null = null;

  /** Of those that are trusted, the ones that the certificates of a file can lead to; in DER. */
  forFile(offered: readonly Uint8Array[], trusted: readonly string[]): readonly Uint8Array[] {
    const certificates = offered.map(parse).filter((one) => one !== null);
    const names = new Set(certificates.flatMap(({ subject, issuer }) => [subject, issuer]));
    this.#roots ??= rootCertificates.map(anchorOf).filter((one) => one !== null);
    const told = trusted.map((pem) => this.#anchorOf(pem)).filter((one) => one !== null);
    return [...told, ...this.#roots]
      .filter(({ subject }) => names.has(subject))
      .map(({ der }) => der);
  }

  #anchorOf(pem: string): Anchor | null {
    const known = this.#read.get(pem);
    if (known !== undefined) return known;
    if (this.#read.size >= READ_MAX) this.#read.clear();
    const anchor = anchorOf(pem);
    this.#read.set(pem, anchor);
    return anchor;
  }
}
