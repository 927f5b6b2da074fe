import { faultOf } from "@contentlib/contract/vocabulary";
import { parseCertificateId } from "../../domain/ids.ts";
import type { TrustedCertificate } from "../../domain/trusted-certificate.ts";
import type { CatalogReader } from "../../ports/index.ts";
import { Fault } from "../fault.ts";

export const loadCertificate = async (
  catalog: Pick<CatalogReader, "findCertificate">,
  idText: string,
): Promise<TrustedCertificate> => {
  const id = parseCertificateId(idText);
  const certificate = id === null ? null : await catalog.findCertificate(id);
  if (certificate === null) throw new Fault(faultOf("trusted_certificate.not_found", idText));
  return certificate;
};
