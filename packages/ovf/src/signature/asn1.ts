import { BitString, fromBER, Integer, ObjectIdentifier, Sequence, Set as Asn1Set } from "asn1js";

/** Something in ASN.1 that was read: what it consists of, or what is in it. */
export type Asn1 = ReturnType<typeof fromBER>["result"];

const NODES_MAX = 10_000;

/** What is not as it should be within a certificate; caught where the certificate is read. */
export class Asn1Error extends Error {}

const reject = (why: string): never => {
  throw new Asn1Error(why);
};

/** Reads one value of ASN.1 that takes up all of the bytes. */
export const readAsn1 = (bytes: Uint8Array): Asn1 => {
  const { offset, result } = fromBER(Uint8Array.from(bytes), { maxNodes: NODES_MAX });
  if (offset === -1) return reject("it is no ASN.1");
  return offset === bytes.length ? result : reject("something follows its end");
};

/** The members of a SEQUENCE. */
export const sequenceOf = (value: Asn1 | undefined): readonly Asn1[] =>
  value instanceof Sequence ? value.valueBlock.value : reject("a SEQUENCE is missing in it");

/** The members of a SET. */
export const setOf = (value: Asn1 | undefined): readonly Asn1[] =>
  value instanceof Asn1Set ? value.valueBlock.value : reject("a SET is missing in it");

/** An OBJECT IDENTIFIER in dots. */
export const oidOf = (value: Asn1 | undefined): string =>
  value instanceof ObjectIdentifier
    ? value.valueBlock.toString()
    : reject("an OBJECT IDENTIFIER is missing in it");

/** The bytes of a BIT STRING of whole bytes. */
export const bitsOf = (value: Asn1 | undefined): Uint8Array<ArrayBuffer> =>
  value instanceof BitString && value.valueBlock.unusedBits === 0
    ? Uint8Array.from(value.valueBlock.valueHexView)
    : reject("a BIT STRING is missing in it");

/** The bytes of an INTEGER that is not negative, without zeros before it. */
export const unsignedOf = (value: Asn1 | undefined): Uint8Array<ArrayBuffer> => {
  if (!(value instanceof Integer)) return reject("an INTEGER is missing in it");
  const bytes = value.valueBlock.valueHexView;
  if (((bytes[0] ?? 0) & 0x80) !== 0) return reject("a number in it is negative");
  const start = bytes.findIndex((byte) => byte !== 0);
  return Uint8Array.from(start === -1 ? [] : bytes.subarray(start));
};

/** The bytes of a value as they were read, with tag and length. */
export const bytesOf = (value: Asn1 | undefined): Uint8Array<ArrayBuffer> =>
  value === undefined
    ? reject("something is missing in it")
    : Uint8Array.from(value.valueBeforeDecodeView);

/** How many bits a number has that is given without zeros before it. */
export const bitLengthOf = (number: Uint8Array): number =>
  number.length === 0 ? 0 : number.length * 8 - Math.clz32(number[0] ?? 0) + 24;
