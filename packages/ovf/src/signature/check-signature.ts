import { plainEcdsaSignature } from "./ecdsa-signature.ts";
import type { PublicKey } from "./public-key.ts";
import type { SignatureScheme } from "./signature-scheme.ts";

/** A text, what is said to be its signature, and how it is said to be signed. */
export interface Signed {
  readonly text: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
  readonly scheme: SignatureScheme;
}

type RsaKey = PublicKey & { kind: "rsa" };
type EcKey = PublicKey & { kind: "ec" };

/** Checks on a page that was not loaded safely would all fail, which must not pass for a signature that does not fit. */
const webCrypto = (): SubtleCrypto => {
  const found: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (found === undefined) throw new Error("Signatures need WebCrypto, which pages have on HTTPS.");
  return found;
};

const checkRsa = async (
  subtle: SubtleCrypto,
  key: RsaKey,
  { scheme, signature, text }: Signed,
): Promise<boolean> => {
  // A key for PSS may not sign by other schemes, and what it asks of hash and salt holds (RFC 4055 3.3).
  if (scheme.kind === "pss") {
    const { hash, saltBytes } = scheme;
    if (key.pss !== null && (key.pss.hash !== hash || saltBytes < key.pss.saltBytes)) return false;
    const algorithm = { name: "RSA-PSS", hash, saltLength: saltBytes };
    const imported = await subtle.importKey("spki", key.spki, algorithm, false, ["verify"]);
    return await subtle.verify(algorithm, imported, signature, text);
  }
  if (scheme.kind === "ecdsa" || key.isForPss) return false;
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: scheme.hash };
  const imported = await subtle.importKey("spki", key.spki, algorithm, false, ["verify"]);
  return await subtle.verify(algorithm, imported, signature, text);
};

const checkEc = async (
  subtle: SubtleCrypto,
  key: EcKey,
  { scheme, signature, text }: Signed,
): Promise<boolean> => {
  const plain = plainEcdsaSignature(signature, key.numberBytes);
  if (scheme.kind !== "ecdsa" || plain === null) return false;
  const algorithm = { name: "ECDSA", namedCurve: key.curve };
  const imported = await subtle.importKey("spki", key.spki, algorithm, false, ["verify"]);
  return await subtle.verify({ name: "ECDSA", hash: scheme.hash }, imported, plain, text);
};

/** Whether a signature fits a text and a key; a key that WebCrypto does not take, such as a point off its curve, fits nothing. */
export const checkSignature = async (key: PublicKey, signed: Signed): Promise<boolean> => {
  const subtle = webCrypto();
  if (key.kind === "refused") return false;
  try {
    const isFitting =
      key.kind === "rsa" ? checkRsa(subtle, key, signed) : checkEc(subtle, key, signed);
    return await isFitting;
  } catch {
    return false;
  }
};
