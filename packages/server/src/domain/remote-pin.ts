import { CERTIFICATE_CHARACTERS_MAX, faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";

/** By what a remote server is known in place of a check of its chain. Digests are lower-case hexadecimal. */
export type RemotePin =
  | { readonly kind: "certificate"; readonly pem: string }
  /** SHA-1 or SHA-256 of the server's certificate: 40 or 64 digits. */
  | { readonly kind: "thumbprint"; readonly digest: string }
  /** SHA-256 of the server's public key. */
  | { readonly kind: "key"; readonly digest: string }
  /** SHA-256 of the public key of an authority that the chain leads to; names and dates are checked as usual. */
  | { readonly kind: "authority"; readonly digest: string };

/** What a client says of a server's certificate, each under the name of its member; an empty text says nothing. */
export interface PinWish {
  readonly certificate?: PinMember;
  readonly thumbprint?: PinMember;
  readonly key?: PinMember;
  readonly authority?: PinMember;
}

/** Reads a certificate: null for a block that holds something else, and else its one canonical form. */
export interface PinReader {
  read(pem: string): { readonly certText: string } | null;
}

/** For requests that have no member for a certificate. */
const NO_READER: PinReader = { read: () => null };

/** A member of the request. */
export interface PinMember {
  readonly member: string;
  readonly text: string;
}

const PEM_BLOCK =
  /^-----BEGIN CERTIFICATE-----\r?\n(?:[A-Za-z0-9+/=]+\r?\n)+-----END CERTIFICATE-----$/;
const PRINT = /^(?:[0-9a-f]{2}(?::?[0-9a-f]{2}){19}|[0-9a-f]{2}(?::?[0-9a-f]{2}){31})$/i;
const LONG_PRINT = /^[0-9a-f]{2}(?::?[0-9a-f]{2}){31}$/i;
const KEY_PIN = /^sha256\/\/([A-Za-z0-9+/]{43})=?$/;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BITS_OF_SIGN = 6;
const BITS_OF_DIGIT = 4;
const HEXADECIMAL = 16;

const invalid = (member: string, reason: string): FaultValue =>
  faultOf("request.invalid_member", member, reason);

const digitsOf = (print: string): string => print.replaceAll(":", "").toLowerCase();

/** 43 signs of Base64 are 258 bits, of which the last two must be zero. */
const hexOfBase64 = (text: string): string | null => {
  const bits = Array.from(text, (sign) =>
    ALPHABET.indexOf(sign).toString(2).padStart(BITS_OF_SIGN, "0"),
  ).join("");
  if (!bits.endsWith("00")) return null;
  const groups = bits.slice(0, -2).match(/.{4}/g) ?? [];
  return groups.map((group) => Number.parseInt(group, 2).toString(HEXADECIMAL)).join("");
};

/** 256 bits and two zeros are 43 signs. */
const base64OfHex = (digest: string): string => {
  const bits = Array.from(digest, (digit) =>
    Number.parseInt(digit, HEXADECIMAL).toString(2).padStart(BITS_OF_DIGIT, "0"),
  ).join("");
  const groups = `${bits}00`.match(/.{6}/g) ?? [];
  return groups.map((group) => ALPHABET.charAt(Number.parseInt(group, 2))).join("");
};

/** The digest of a public key as pins are usually written: `sha256//` and Base64. */
export const keyPinText = (digest: string): string => `sha256//${base64OfHex(digest)}=`;

/** A print of a certificate as the API writes it: pairs of upper-case digits with colons (contract P14). */
export const printText = (digest: string): string =>
  (digest.toUpperCase().match(/../g) ?? []).join(":");

const parseKeyDigest = ({ member, text }: PinMember): string | FaultValue => {
  const base64 = KEY_PIN.exec(text)?.[1];
  if (base64 === undefined && LONG_PRINT.test(text)) return digitsOf(text);
  const digest = base64 === undefined ? null : hexOfBase64(base64);
  return (
    digest ??
    invalid(
      member,
      "it is no SHA-256 of a key: sha256// and 43 signs of Base64, or 64 hexadecimal digits",
    )
  );
};

const parseCertificate =
  (reader: PinReader) =>
  ({ member, text }: PinMember): RemotePin | FaultValue => {
    const isBlock = text.length <= CERTIFICATE_CHARACTERS_MAX && PEM_BLOCK.test(text);
    const pem = isBlock ? (reader.read(text)?.certText ?? null) : null;
    return pem === null
      ? invalid(member, "it is not one certificate in PEM form")
      : { kind: "certificate", pem };
  };

const parseThumbprint = ({ member, text }: PinMember): RemotePin | FaultValue =>
  PRINT.test(text)
    ? { kind: "thumbprint", digest: digitsOf(text) }
    : invalid(member, "it is no SHA-1 or SHA-256 print: 20 or 32 pairs of hexadecimal digits");

const parseKey =
  (kind: "key" | "authority") =>
  (wish: PinMember): RemotePin | FaultValue => {
    const digest = parseKeyDigest(wish);
    return isFault(digest) ? digest : { kind, digest };
  };

const given = (wish: PinMember | undefined): PinMember | null => {
  const text = wish?.text.trim() ?? "";
  return wish === undefined || text === "" ? null : { member: wish.member, text };
};

/**
 * The pin that a client asks for; null for none, so that the chain is checked. A certificate wins over a thumbprint, as the API has
 * it (contract F8); of any others only one can be meant. Without a reader no certificate is taken.
 */
export const parseRemotePin = (
  wish: PinWish,
  reader: PinReader = NO_READER,
): RemotePin | null | FaultValue => {
  const [certificate, thumbprint] = [given(wish.certificate), given(wish.thumbprint)];
  const parsers = [
    [certificate, parseCertificate(reader)],
    [certificate === null ? thumbprint : null, parseThumbprint],
    [given(wish.key), parseKey("key")],
    [given(wish.authority), parseKey("authority")],
  ] as const;
  const told = parsers.flatMap(([member, parse]) => (member === null ? [] : [{ member, parse }]));
  const [first, second] = told;
  if (first === undefined) return null;
  if (second === undefined) return first.parse(first.member);
  return invalid(second.member.member, `it stands beside ${first.member.member}: give one of them`);
};
