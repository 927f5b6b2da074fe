import { HASH_BYTES, type HashName } from "./hash-name.ts";
import type { PublicKey } from "./public-key.ts";
import type { SignatureScheme } from "./signature-scheme.ts";

/**
 * In which ways a key may have signed a manifest, whose line names the hash alone. The salt of PSS is as long as the key says,
 * as the hash, or as there is room for: WebCrypto does not find its length out.
 */
export const schemesOfKey = (key: PublicKey, hash: HashName): readonly SignatureScheme[] => {
  if (key.kind === "refused") return [];
  if (key.kind === "ec") return [{ kind: "ecdsa", hash }];
  if (!key.isForPss) return [{ kind: "pkcs1", hash }];
  const room = Math.ceil((key.modulusBits - 1) / 8) - HASH_BYTES[hash] - 2;
  const salts = new Set([key.pss?.saltBytes ?? HASH_BYTES[hash], HASH_BYTES[hash], room]);
  return [...salts].map((saltBytes) => ({ kind: "pss", hash, saltBytes }));
};
