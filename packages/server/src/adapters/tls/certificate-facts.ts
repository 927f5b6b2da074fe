import { createHash, X509Certificate } from "node:crypto";
import type { Instant } from "../../domain/ids.ts";
import { parseCertificateName } from "./certificate-name.ts";

/** What people and clients compare or want to know of a certificate. */
export interface CertificateFacts {
  /** SHA-1 of the DER, upper-case hexadecimal with colons: the API calls it the thumbprint. */
  readonly sha1: string;
  /** SHA-256 of the DER, written the same way. */
  readonly sha256: string;
  /** `sha256//` and the SHA-256 of the public key (SubjectPublicKeyInfo) in Base64: what `curl --pinnedpubkey` takes. */
  readonly pin: string;
  /** DNS names and IP addresses, as `parseCertificateName` spells them; what it does not know stays as it is. */
  readonly names: readonly string[];
  readonly validFrom: Instant;
  /** The first moment at which it is valid no more. */
  readonly expiresAt: Instant;
}

const ENTRY = /^(?:DNS|IP Address):(.*)$/;

/** Node shows an entry with odd characters as a JSON string, so that none can pass for two. */
const namesOf = (certificate: X509Certificate): readonly string[] => {
  const entries = certificate.subjectAltName?.split(", ") ?? [];
  return entries.flatMap((entry) => {
    const name = ENTRY.exec(entry)?.[1];
    return name === undefined ? [] : [parseCertificateName(name) ?? name];
  });
};

/** The facts about the first certificate in a PEM text; throws what node:crypto throws where there is none. */
export const readCertificateFacts = (certPem: string): CertificateFacts => {
  const certificate = new X509Certificate(certPem);
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  return {
    sha1: certificate.fingerprint,
    sha256: certificate.fingerprint256,
    pin: `sha256//${createHash("sha256").update(spki).digest("base64")}`,
    names: namesOf(certificate),
    validFrom: certificate.validFromDate.getTime(),
    expiresAt: certificate.validToDate.getTime(),
  };
};
