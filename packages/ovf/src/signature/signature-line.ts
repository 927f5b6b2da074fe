import { RSA_MODULUS_BITS_MAX } from "../limits.ts";

/** The line of a certificate file that holds the signature, as it stands there. */
export interface SignatureLine {
  readonly algorithmWord: string;
  readonly signedName: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

const HEAD = /^([A-Za-z0-9-]+)[ \t]*\(/;
const HEX = /^(?:[0-9A-Fa-f]{2})+$/;
/** No key that is accepted makes a longer one. */
const HEX_DIGITS_MAX = RSA_MODULUS_BITS_MAX / 4;

/** Reads `ALGORITHM(manifest)= signature`, with blanks as tools have them; null where a line is anything else. */
export const readSignatureLine = (line: string): SignatureLine | null => {
  const head = HEAD.exec(line);
  const close = line.lastIndexOf(")");
  if (head === null || close < head[0].length) return null;
  const tail = line.slice(close + 1).trim();
  const hex = tail.startsWith("=") ? tail.slice(1).trim() : "";
  if (hex.length > HEX_DIGITS_MAX || !HEX.test(hex)) return null;
  const signature = Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  );
  // `./` may stand before it as before the names in a manifest.
  const signedName = line.slice(head[0].length, close).replace(/^(?:\.\/)+/, "");
  return { algorithmWord: head[1] ?? "", signedName, signature };
};
