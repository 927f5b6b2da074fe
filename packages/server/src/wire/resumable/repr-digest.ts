/*
 * Digests of RFC 9530: `Repr-Digest`, of the bytes that are here, and `Content-Digest`, of those that come with a request.
 */
import type { IncomingMessage } from "node:http";
import type { Checksum, ChecksumAlgorithm } from "../../domain/checksum.ts";
import type { Sha256 } from "../../domain/ids.ts";
import { headerOf } from "../request-head.ts";

/** Whether the client asks for the SHA-256 of what is here (`Want-Repr-Digest`); it may have to wait for it. */
export const wantsDigest = (request: IncomingMessage): boolean => {
  const wanted = headerOf(request, "want-repr-digest");
  const preference = /(?:^|,)\s*sha-256\s*=\s*(\d{1,2})/i.exec(wanted ?? "")?.[1];
  return preference !== undefined && Number(preference) > 0;
};

/** The value of `Repr-Digest`: of the bytes that are here, be they the whole or its beginning. */
export const reprDigestOf = (digest: Sha256): string =>
  `sha-256=:${Buffer.from(digest, "hex").toString("base64")}:`;

const ALGORITHMS: readonly (readonly [string, ChecksumAlgorithm, number])[] = [
  ["sha-512", "SHA512", 64],
  ["sha-256", "SHA256", 32],
];

/** What `Content-Digest` says that the bytes of a request have, by the better of the two algorithms; null where it names neither. */
export const contentDigestOf = (request: IncomingMessage): Checksum | null => {
  const text = headerOf(request, "content-digest") ?? "";
  for (const [name, algorithm, sizeBytes] of ALGORITHMS) {
    const encoded = new RegExp(`(?:^|,)\\s*${name}=:([A-Za-z0-9+/=]*):`).exec(text)?.[1];
    const digest = Buffer.from(encoded ?? "", "base64");
    if (digest.length === sizeBytes) return { algorithm, hex: digest.toString("hex") };
  }
  return null;
};
