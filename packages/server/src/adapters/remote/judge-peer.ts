import { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { RemotePin } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { describePeer, peerChain, problemOf } from "./peer-chain.ts";
import { keyDigest } from "./trust-store.ts";

/** Pins that look at the server's own certificate alone. */
export type LeafPin = Exclude<RemotePin, { readonly kind: "authority" }>;

const pairs = (digest: string): string => (digest.toUpperCase().match(/../g) ?? []).join(":");

const keyPin = (digest: string): string =>
  `sha256//${Buffer.from(digest, "hex").toString("base64")}`;

/** SHA-256 of a whole certificate, in digits; a thumbprint that is shorter is a SHA-1. */
const SHA256_DIGITS = 64;

interface Comparison {
  readonly what: string;
  readonly shown: string;
  readonly wanted: string;
}

const comparisonOf = (leaf: X509Certificate, pin: LeafPin): Comparison => {
  switch (pin.kind) {
    case "key":
      return { what: "key", shown: keyPin(keyDigest(leaf)), wanted: keyPin(pin.digest) };
    case "thumbprint": {
      const isLong = pin.digest.length === SHA256_DIGITS;
      const shown = isLong ? leaf.fingerprint256 : leaf.fingerprint;
      return { what: isLong ? "SHA-256" : "SHA-1", shown, wanted: pairs(pin.digest) };
    }
    case "certificate": {
      const wanted = new X509Certificate(pin.pem).fingerprint256;
      return { what: "SHA-256", shown: leaf.fingerprint256, wanted };
    }
    default:
      throw new TypeError(`${String(pin)} is no pin of a certificate.`);
  }
};

const untrusted = (origin: string, socket: TLSSocket, problem: string): RemoteError => {
  const [leaf] = peerChain(socket);
  const prints =
    leaf === undefined
      ? ""
      : ` Its SHA-256 is ${leaf.fingerprint256}, its SHA-1 ${leaf.fingerprint}. If these are right, send one of them as the thumbprint, or have an administrator add the certificate of its authority to the trusted certificates.`;
  return new RemoteError(
    "certificate",
    `${origin} is not trusted: its certificate ${problem}.${prints}`,
    { peer: describePeer(socket) },
  );
};

/** The refusal of a server whose chain must lead to what this machine trusts; null where it does. */
export const judgeChain = (origin: string, socket: TLSSocket): RemoteError | null => {
  const problem = problemOf(socket);
  return problem === null ? null : untrusted(origin, socket, problem);
};

/** The refusal of a server that must show what is pinned, and nothing else; null where it does. */
export const judgePinned = (
  origin: string,
  socket: TLSSocket,
  pin: LeafPin,
): RemoteError | null => {
  const [leaf] = peerChain(socket);
  if (leaf === undefined) return untrusted(origin, socket, "is missing");
  const { what, shown, wanted } = comparisonOf(leaf, pin);
  if (shown === wanted) return null;
  return new RemoteError(
    "certificate",
    `${origin} is not trusted: the ${what} of its certificate is ${shown}, and not ${wanted}, which was given. Ask whoever runs it which one is right.`,
    { peer: describePeer(socket) },
  );
};

/** The refusal of a server that shows nothing signed with the pinned key. */
export const noPinnedAuthority = (origin: string, socket: TLSSocket, digest: string): RemoteError =>
  new RemoteError(
    "certificate",
    `${origin} is not trusted: no authority with the key ${keyPin(digest)}, which was given, is in its chain.`,
    { peer: describePeer(socket) },
  );
