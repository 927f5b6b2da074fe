import type { CertificateId } from "../../../domain/ids.ts";
import type { TrustedCertificate } from "../../../domain/trusted-certificate.ts";
import type { ClashReason } from "../../../ports/change.ts";
import type { Transaction } from "./transaction.ts";

export const CERTIFICATE_SQL = {
  put: "INSERT INTO trusted_certificates (id, body) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
  delete: "DELETE FROM trusted_certificates WHERE id = ?",
} as const;

export const putCertificate = (
  { connection }: Transaction,
  certificate: TrustedCertificate,
): void => {
  connection.run(CERTIFICATE_SQL.put, certificate.id, JSON.stringify(certificate));
};

export const deleteCertificate = (
  { connection }: Transaction,
  id: CertificateId,
): ClashReason | null => (connection.run(CERTIFICATE_SQL.delete, id) === 1 ? null : "row");
