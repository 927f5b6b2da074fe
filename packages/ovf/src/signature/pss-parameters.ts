import { RSASSAPSSParams } from "pkijs";
import { type Asn1, Asn1Error, oidOf, sequenceOf } from "./asn1.ts";
import type { HashName } from "./hash-name.ts";

/** The hash and the length of the salt of RSASSA-PSS (RFC 4055 3.1). */
export interface PssParameters {
  readonly hash: HashName;
  readonly saltBytes: number;
}

const HASHES: ReadonlyMap<string, HashName> = new Map([
  ["1.3.14.3.2.26", "SHA-1"],
  ["2.16.840.1.101.3.4.2.1", "SHA-256"],
  ["2.16.840.1.101.3.4.2.2", "SHA-384"],
  ["2.16.840.1.101.3.4.2.3", "SHA-512"],
]);
const MGF1 = "1.2.840.113549.1.1.8";
/** Longer than any modulus that is accepted leaves room for. */
const SALT_BYTES_MAX = 2048;

const maskHash = (parameters: RSASSAPSSParams): string => {
  const { algorithmId, algorithmParams } = parameters.maskGenAlgorithm;
  if (algorithmId !== MGF1) throw new Asn1Error("its mask is not that of MGF1");
  return oidOf(sequenceOf(algorithmParams)[0]);
};

/** Reads the parameters of PSS; WebCrypto checks with one hash for text and mask, as everybody signs. */
export const readPssParameters = (value: Asn1): PssParameters => {
  const parameters = new RSASSAPSSParams({ schema: value });
  const { algorithmId } = parameters.hashAlgorithm;
  const hash = HASHES.get(algorithmId);
  const saltBytes = parameters.saltLength;
  if (hash === undefined || maskHash(parameters) !== algorithmId || parameters.trailerField !== 1)
    throw new Asn1Error("its parameters of PSS are not known");
  if (!(saltBytes >= 0 && saltBytes <= SALT_BYTES_MAX))
    throw new Asn1Error("its salt of PSS is too long");
  return { hash, saltBytes };
};
