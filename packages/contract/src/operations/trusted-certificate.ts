import { nothing, of, parameters, text } from "../models/schema.ts";
import {
  trustedCertificateCreateSpec,
  trustedCertificateInfo,
  trustedCertificateList,
} from "../models/trusted-certificate.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.trusted_certificates";
const certificateId = text(
  "Id of the certificate: the SHA-256 print of its DER bytes, hexadecimal.",
);

/** The certificates that signatures and other servers are trusted by. */
export const TRUSTED_CERTIFICATE_OPERATIONS = {
  "trustedCertificate.create": {
    id: "trustedCertificate.create",
    service,
    method: "create",
    summary: "Trusts a certificate and answers its id; one that is trusted already stays so.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.AddCertToTrustStore",
      role: "administrator",
      on: { kind: "everything" },
    },
    input: parameters({ spec: of(trustedCertificateCreateSpec, "The certificate.") }),
    output: certificateId,
    faults: ["error"],
  },
  "trustedCertificate.list": {
    id: "trustedCertificate.list",
    service,
    method: "list",
    summary: "Lists the trusted certificates.",
    effect: "safe",
    right: { privilege: "System.Read", role: "none", on: { kind: "anything" } },
    input: parameters({}),
    output: trustedCertificateList,
    faults: ["error"],
  },
  "trustedCertificate.get": {
    id: "trustedCertificate.get",
    service,
    method: "get",
    summary: "Shows a trusted certificate.",
    effect: "safe",
    right: { privilege: "System.Read", role: "none", on: { kind: "anything" } },
    input: parameters({ certificate: certificateId }),
    output: trustedCertificateInfo,
    faults: ["error", "not_found"],
  },
  "trustedCertificate.delete": {
    id: "trustedCertificate.delete",
    service,
    method: "delete",
    summary: "Trusts a certificate no longer; what was checked by it before stays as it is.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.DeleteCertFromTrustStore",
      role: "administrator",
      on: { kind: "everything" },
    },
    input: parameters({ certificate: certificateId }),
    output: nothing,
    faults: ["error", "not_found"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
