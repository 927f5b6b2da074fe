import { CHAIN_LENGTH_MAX } from "../limits.ts";
import type { LinkChecks } from "./link-checks.ts";
import type { ReadCertificate } from "./read-certificate.ts";

/** Certificates from a signer on, each issued by the next. */
export type CertificatePath = readonly [ReadCertificate, ...ReadCertificate[]];

/** Among which certificates a path is looked for. */
export interface PathSearch {
  /** Those that the file brings; they are worth nothing by themselves. */
  readonly offered: readonly ReadCertificate[];
  readonly trusted: readonly ReadCertificate[];
  readonly now: Date;
  readonly links: LinkChecks;
}

/** What a search came to. */
export interface FoundPath {
  /** A path to a trusted certificate; else the longest that leads nowhere. */
  readonly path: CertificatePath;
  readonly isTrusted: boolean;
}

/** Whether a moment lies in the time for which a certificate was issued. */
export const isValidAt = ({ notBefore, notAfter }: ReadCertificate, now: Date): boolean =>
  notBefore.getTime() <= now.getTime() && now.getTime() <= notAfter.getTime();

const isSelfIssued = ({ subjectId, issuerId }: ReadCertificate): boolean => subjectId === issuerId;

/** Whether a certificate may stand above a path as its issuer (RFC 5280 6.1.4). */
const mayIssue = ({ purposes }: ReadCertificate, path: CertificatePath): boolean => {
  const { isAuthority, pathLengthMax, unknown } = purposes;
  const between = path.slice(1).filter((member) => !isSelfIssued(member)).length;
  const isShort = pathLengthMax === null || between <= pathLengthMax;
  return (
    isAuthority && purposes.mayIssue && purposes.mayVouchForCode && unknown === null && isShort
  );
};

/**
 * Looks level by level, and takes each certificate up once, at the shortest way to it: however the certificates of a file sign
 * each other, the work grows with the square of their number and no faster.
 */
const search = async (leaf: ReadCertificate, among: PathSearch): Promise<FoundPath> => {
  const trusted = new Set(among.trusted.map(({ id }) => id));
  const candidates = [...among.trusted, ...among.offered];
  const taken = new Set([leaf.id]);
  let longest: CertificatePath = [leaf];
  if (trusted.has(leaf.id)) return { path: longest, isTrusted: true };
  const open: CertificatePath[] = [longest];
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    if (path.length > longest.length) longest = path;
    if (path.length === CHAIN_LENGTH_MAX) continue;
    const last = path.at(-1) ?? leaf;
    for (const candidate of candidates) {
      const isNew = !taken.has(candidate.id) && candidate.subjectId === last.issuerId;
      if (!isNew || !mayIssue(candidate, path)) continue;
      if (!(await among.links.isIssuedBy(last, candidate))) continue;
      taken.add(candidate.id);
      const longer: CertificatePath = [...path, candidate];
      if (trusted.has(candidate.id)) return { path: longer, isTrusted: true };
      open.push(longer);
    }
  }
  return { path: longest, isTrusted: false };
};

/** Finds a path from a signer to a trusted certificate; one whose members are all valid now where there is one. */
export const findPath = async (leaf: ReadCertificate, among: PathSearch): Promise<FoundPath> => {
  const isValid = (certificate: ReadCertificate): boolean => isValidAt(certificate, among.now);
  const valid = await search(leaf, {
    ...among,
    offered: among.offered.filter(isValid),
    trusted: among.trusted.filter(isValid),
  });
  return valid.isTrusted ? valid : await search(leaf, among);
};
