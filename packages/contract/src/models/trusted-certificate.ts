import { listOf, structure, text } from "./schema.ts";

const certText = text("The certificate as one PEM block.");

/** A certificate to trust. */
export const trustedCertificateCreateSpec = structure(
  "TrustedCertificateCreateSpec",
  "A certificate to trust.",
  { cert_text: certText },
  { canonical: "com.vmware.content.trusted_certificates.create_spec", required: ["cert_text"] },
);

/** A trusted certificate, as get answers it. */
export const trustedCertificateInfo = structure(
  "TrustedCertificateInfo",
  "A certificate that this server trusts.",
  { cert_text: certText },
  { canonical: "com.vmware.content.trusted_certificates.info", required: ["cert_text"] },
);

/** A trusted certificate, as list answers it. */
export const trustedCertificateSummary = structure(
  "TrustedCertificateSummary",
  "A certificate that this server trusts, with its id.",
  {
    certificate: text("Id of the certificate: the SHA-256 print of its DER bytes, hexadecimal."),
    cert_text: certText,
  },
  {
    canonical: "com.vmware.content.trusted_certificates.summary",
    required: ["certificate", "cert_text"],
  },
);

/** All trusted certificates. */
export const trustedCertificateList = structure(
  "TrustedCertificateList",
  "The certificates that this server trusts.",
  {
    certificates: listOf(trustedCertificateSummary, "The certificates, oldest first."),
  },
  {
    canonical: "com.vmware.content.trusted_certificates.list_result",
    required: ["certificates"],
  },
);
