import type { CertificateId } from "../domain/ids.ts";

/** An X.509 certificate, as far as it is read. */
export interface ReadCertificate {
  readonly id: CertificateId;
  /** The certificate as one PEM block in its canonical form: lines of at most 64 characters, each ended by a line feed, the last one too. */
  readonly certText: string;
}

/** Reads certificates. */
export interface CertificateReader {
  /**
   * The certificate of one PEM block, and null where the text is anything else: no block, several, one of another kind, or one
   * whose bytes are not exactly one certificate. White space around the block and line ends of any kind do not matter. Whether
   * the certificate is valid today, or anybody vouches for it, is not asked.
   */
  read(pem: string): ReadCertificate | null;
}
