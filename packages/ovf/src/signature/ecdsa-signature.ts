import { readAsn1, sequenceOf, unsignedOf } from "./asn1.ts";

/**
 * A signature of ECDSA as WebCrypto wants it, two numbers of a fixed length one after the other, from its form in DER, which is
 * what certificates and OpenSSL have; null where it is none.
 */
export const plainEcdsaSignature = (
  der: Uint8Array,
  numberBytes: number,
): Uint8Array<ArrayBuffer> | null => {
  try {
    const numbers = sequenceOf(readAsn1(der)).map(unsignedOf);
    if (numbers.length !== 2 || numbers.some(({ length }) => length > numberBytes)) return null;
    const plain = new Uint8Array(2 * numberBytes);
    for (const [at, number] of numbers.entries())
      plain.set(number, (at + 1) * numberBytes - number.length);
    return plain;
  } catch {
    return null;
  }
};
