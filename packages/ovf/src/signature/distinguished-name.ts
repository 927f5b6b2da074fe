import { BaseStringBlock } from "asn1js";
import { type Asn1, bytesOf, oidOf, sequenceOf, setOf } from "./asn1.ts";

const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.4", "SN"],
  ["2.5.4.5", "serialNumber"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "street"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.12", "title"],
  ["2.5.4.42", "GN"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["1.2.840.113549.1.9.1", "emailAddress"],
]);

/** Invisible characters, and those with a meaning in the form: a value can not pass for a part of the name. */
const ESCAPED = /[/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const escapeOf = (character: string): string =>
  character === "/" || character === "\\"
    ? `\\${character}`
    : `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const textOf = (value: Asn1 | undefined): string => {
  return value instanceof BaseStringBlock
    ? value.getValue().replace(ESCAPED, escapeOf)
    : `#${hexOf(bytesOf(value))}`;
};

/** A distinguished name as OpenSSL and the API show it, `/C=US/O=Example/CN=signer`, with what could mislead escaped by `\`. */
export const readDistinguishedName = (name: Asn1 | undefined): string =>
  sequenceOf(name)
    .flatMap((relative) => setOf(relative).map(sequenceOf))
    .map(([type, value]) => `/${SHORT_NAMES.get(oidOf(type)) ?? oidOf(type)}=${textOf(value)}`)
    .join("");
