import { X509Certificate } from "node:crypto";
import { isIPv6 } from "node:net";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import type { RemoteCertificate, RemotePeer } from "../../ports/index.ts";
import { certificateProblem } from "./certificate-problem.ts";
import { keyPrint } from "./trust-store.ts";

/** Longest chain that is looked at; no server needs one half as long. */
const CHAIN_MAX = 10;
/** Names of a certificate that are told of; some have thousands. */
const NAMES_MAX = 100;

/**
 * The certificates that the server showed, its own first, and those of this machine that they lead to. The newer call for them,
 * `getPeerX509Certificate`, takes one away each time it is made.
 */
export const peerChain = (socket: TLSSocket): readonly X509Certificate[] => {
  const chain: X509Certificate[] = [];
  let next: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  // Without a certificate there is an empty object.
  while (next?.raw !== undefined && chain.length < CHAIN_MAX) {
    const certificate = new X509Certificate(next.raw);
    // The issuer of a root is the root.
    if (chain.some((known) => known.fingerprint256 === certificate.fingerprint256)) break;
    chain.push(certificate);
    next = next.issuerCertificate;
  }
  return chain;
};

/** A distinguished name on one line. */
const nameOf = (name: string | undefined): string => (name ?? "").replaceAll("\n", ", ");

const ENTRY = /^(?:DNS|IP Address):(.*)$/;

/** Node shows an entry with odd characters as a JSON string, so that none can pass for two. */
const namesOf = ({ subjectAltName }: X509Certificate): readonly string[] =>
  (subjectAltName?.split(", ") ?? []).slice(0, NAMES_MAX).flatMap((entry) => {
    const name = ENTRY.exec(entry)?.[1];
    if (name === undefined) return [];
    // An address of IPv6 stands there with all its digits.
    return isIPv6(name) ? [new URL(`http://[${name}]`).hostname.slice(1, -1)] : [name];
  });

const describe = (certificate: X509Certificate): RemoteCertificate => ({
  subject: nameOf(certificate.subject),
  issuer: nameOf(certificate.issuer),
  names: namesOf(certificate),
  validFrom: certificate.validFromDate.getTime(),
  expiresAt: certificate.validToDate.getTime(),
  sha1: certificate.fingerprint,
  sha256: certificate.fingerprint256,
  keyPin: keyPrint(certificate),
});

/** Node tells the code of the chain check as a string, or the error of the check of names. */
export const problemOf = ({ authorized, authorizationError }: TLSSocket): string | null => {
  if (authorized) return null;
  const told: unknown = authorizationError;
  return certificateProblem(String(told instanceof Error && "code" in told ? told.code : told));
};

/** What is to be known of the other end of a connection. */
export const describePeer = (socket: TLSSocket): RemotePeer => ({
  protocol: socket.getProtocol() ?? "",
  chain: peerChain(socket).map(describe),
  problem: problemOf(socket),
});
