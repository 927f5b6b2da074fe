import type { CertificateFacts } from "../adapters/tls/certificate-facts.ts";
import { timeText } from "./certificate-warnings.ts";

/** What people compare and want to know of a certificate, a line each. */
export const describeCertificate = (facts: CertificateFacts): readonly string[] => [
  `SHA-1   ${facts.sha1}`,
  `SHA-256 ${facts.sha256}`,
  `key     ${facts.pin}`,
  `names   ${facts.names.join(", ")}`,
  `expires ${timeText(facts.expiresAt)}`,
];
