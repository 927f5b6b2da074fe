import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

const A = `${api.CONTENT}/trusted-certificates`;

/** How the operations on trusted certificates travel. */
export const TRUSTED_CERTIFICATE_BINDINGS = {
  "trustedCertificate.create": { api: { ...api.post(A, api.bare("spec")), status: 201 } },
  "trustedCertificate.list": { api: api.get(A) },
  "trustedCertificate.get": { api: api.get(`${A}/{certificate}`) },
  "trustedCertificate.delete": { api: api.remove(`${A}/{certificate}`) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
