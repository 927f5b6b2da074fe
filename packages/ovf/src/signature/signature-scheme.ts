import { type Asn1, oidOf, sequenceOf } from "./asn1.ts";
import type { HashName } from "./hash-name.ts";
import { readPssParameters } from "./pss-parameters.ts";

/** How something was signed. */
export type SignatureScheme =
  | { readonly kind: "pkcs1" | "ecdsa"; readonly hash: HashName }
  | { readonly kind: "pss"; readonly hash: HashName; readonly saltBytes: number };

const SCHEMES: ReadonlyMap<string, SignatureScheme> = new Map([
  ["1.2.840.113549.1.1.5", { kind: "pkcs1", hash: "SHA-1" }],
  ["1.2.840.113549.1.1.11", { kind: "pkcs1", hash: "SHA-256" }],
  ["1.2.840.113549.1.1.12", { kind: "pkcs1", hash: "SHA-384" }],
  ["1.2.840.113549.1.1.13", { kind: "pkcs1", hash: "SHA-512" }],
  ["1.2.840.10045.4.1", { kind: "ecdsa", hash: "SHA-1" }],
  ["1.2.840.10045.4.3.2", { kind: "ecdsa", hash: "SHA-256" }],
  ["1.2.840.10045.4.3.3", { kind: "ecdsa", hash: "SHA-384" }],
  ["1.2.840.10045.4.3.4", { kind: "ecdsa", hash: "SHA-512" }],
]);
const PSS = "1.2.840.113549.1.1.10";

/** Reads the AlgorithmIdentifier of a signature; null where it is none that is checked here. */
export const readSignatureScheme = (algorithm: Asn1 | undefined): SignatureScheme | null => {
  const [oid, parameters] = sequenceOf(algorithm);
  if (oidOf(oid) !== PSS) return SCHEMES.get(oidOf(oid)) ?? null;
  return parameters === undefined ? null : { kind: "pss", ...readPssParameters(parameters) };
};
