import { BitString, Null, ObjectIdentifier, Sequence } from "asn1js";
import { RSA_EXPONENT_BITS_MAX, RSA_MODULUS_BITS_MAX, RSA_MODULUS_BITS_MIN } from "../limits.ts";
import {
  type Asn1,
  bitLengthOf,
  bitsOf,
  bytesOf,
  oidOf,
  readAsn1,
  sequenceOf,
  unsignedOf,
} from "./asn1.ts";
import { type PssParameters, readPssParameters } from "./pss-parameters.ts";

/** A key that signatures are checked with, as far as it is one that costs and risks nothing. */
export type PublicKey =
  | {
      readonly kind: "rsa";
      /** SubjectPublicKeyInfo in DER, as a plain RSA key also where it is for PSS alone. */
      readonly spki: Uint8Array<ArrayBuffer>;
      readonly modulusBits: number;
      readonly isForPss: boolean;
      /** What a key for PSS asks of its signatures; null where it asks for nothing. */
      readonly pss: PssParameters | null;
    }
  | {
      readonly kind: "ec";
      readonly spki: Uint8Array<ArrayBuffer>;
      readonly curve: "P-256" | "P-384" | "P-521";
      /** Bytes of each of the two numbers of a signature. */
      readonly numberBytes: number;
    }
  /** A key that is not checked, and what it is. */
  | { readonly kind: "refused"; readonly why: string };

const RSA = "1.2.840.113549.1.1.1";
const RSA_PSS = "1.2.840.113549.1.1.10";
const EC = "1.2.840.10045.2.1";

const CURVES = new Map([
  ["1.2.840.10045.3.1.7", { curve: "P-256", numberBytes: 32 }],
  ["1.3.132.0.34", { curve: "P-384", numberBytes: 48 }],
  ["1.3.132.0.35", { curve: "P-521", numberBytes: 66 }],
] as const);

const refused = (why: string): PublicKey => ({ kind: "refused", why });

const plainRsa = (key: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
  const algorithm = new Sequence({ value: [new ObjectIdentifier({ value: RSA }), new Null()] });
  const spki = new Sequence({ value: [algorithm, new BitString({ valueHex: key })] });
  return new Uint8Array(spki.toBER());
};

/** Modulus and exponent are looked at before anything is computed with them: checking a signature may not become work. */
const rsaFault = (modulus: Uint8Array, exponent: Uint8Array): string | null => {
  const [bits, exponentBits] = [bitLengthOf(modulus), bitLengthOf(exponent)];
  if (bits < RSA_MODULUS_BITS_MIN || bits > RSA_MODULUS_BITS_MAX) return `RSA of ${bits} bits`;
  if (exponentBits > RSA_EXPONENT_BITS_MAX) return `RSA with an exponent of ${exponentBits} bits`;
  const isOdd = (number: Uint8Array): boolean => ((number.at(-1) ?? 0) & 1) === 1;
  if (!isOdd(exponent) || exponentBits < 2) return "RSA with an exponent that signs nothing";
  return isOdd(modulus) ? null : "RSA with an even modulus";
};

const rsaKey = (bits: Uint8Array<ArrayBuffer>, pss: Asn1 | undefined | "plain"): PublicKey => {
  const [n, e] = sequenceOf(readAsn1(bits));
  const modulus = unsignedOf(n);
  const fault = rsaFault(modulus, unsignedOf(e));
  if (fault !== null) return refused(fault);
  return {
    kind: "rsa",
    spki: plainRsa(bits),
    modulusBits: bitLengthOf(modulus),
    isForPss: pss !== "plain",
    pss: pss === undefined || pss === "plain" ? null : readPssParameters(pss),
  };
};

const ecKey = (spki: Asn1, parameters: Asn1 | undefined): PublicKey => {
  const oid = parameters instanceof ObjectIdentifier ? oidOf(parameters) : "one that is not named";
  const known = CURVES.get(oid as Parameters<typeof CURVES.get>[0]);
  return known === undefined
    ? refused(`ECDSA on the curve ${oid}`)
    : { kind: "ec", spki: bytesOf(spki), ...known };
};

/** Reads a SubjectPublicKeyInfo (RFC 5280 4.1.2.7). */
export const readPublicKey = (spki: Asn1): PublicKey => {
  const [algorithm, key] = sequenceOf(spki);
  const [oid, parameters] = sequenceOf(algorithm);
  switch (oidOf(oid)) {
    case RSA:
      return rsaKey(bitsOf(key), "plain");
    case RSA_PSS:
      return rsaKey(bitsOf(key), parameters);
    case EC:
      return ecKey(spki, parameters);
    default:
      return refused(`a key of the algorithm ${oidOf(oid)}`);
  }
};
