import { createHash, X509Certificate } from "node:crypto";
import { parseCertificateId } from "../../domain/ids.ts";
import type { CertificateReader, ReadCertificate } from "../../ports/certificate-reader.ts";

/** One block of RFC 7468 and nothing but white space around it. */
const ONE_BLOCK =
  /^\s*-----BEGIN CERTIFICATE-----[ \t]*(?:\r\n?|\n)([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;

/** The certificate that the bytes are from their first to their last; null for any others. */
const parseDer = (der: Buffer): X509Certificate | null => {
  try {
    const certificate = new X509Certificate(der);
    // OpenSSL leaves unread what follows the certificate.
    return certificate.raw.equals(der) ? certificate : null;
  } catch {
    // The constructor throws for whatever is no certificate, which is what null says.
    return null;
  }
};

/** Reads certificates with the OpenSSL that Node carries. */
export class NodeCertificateReader implements CertificateReader {
  read(pem: string): ReadCertificate | null {
    const body = ONE_BLOCK.exec(pem)?.[1];
    if (body === undefined) return null;
    const certificate = parseDer(Buffer.from(body, "base64"));
    if (certificate === null) return null;
    const id = parseCertificateId(createHash("sha256").update(certificate.raw).digest("hex"));
    return id === null ? null : { id, certText: certificate.toString() };
  }
}
