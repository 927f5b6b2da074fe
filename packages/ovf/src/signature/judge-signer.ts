import type { FindingCode } from "../finding-codes.ts";
import type { Finding } from "../finding.ts";
import { RSA_MODULUS_BITS_STRONG } from "../limits.ts";
import { type FindingDetails, makeFinding } from "../make-finding.ts";
import type { CertificateFacts, CertificateFile, SignerVerdict } from "./certificate-file.ts";
import { checkSignature } from "./check-signature.ts";
import { type FoundPath, findPath } from "./find-path.ts";
import type { HashName } from "./hash-name.ts";
import { isSelfSigned, LinkChecks } from "./link-checks.ts";
import type { PublicKey } from "./public-key.ts";
import { type ReadCertificate, readCertificate } from "./read-certificate.ts";
import { readAnchors } from "./read-anchors.ts";
import { schemesOfKey } from "./schemes-of-key.ts";

/** What a signer is judged by, besides what the package brings. */
export interface SignerJudgement {
  /** Name of the manifest whose bytes are given; the line of the signature has to name it. */
  readonly manifestName?: string;
  /** The moment at which certificates have to be valid. */
  readonly now: Date;
  /** Certificates that are trusted, in DER; what can not be read among them is trusted no more than if it were not there. */
  readonly trusted: readonly Uint8Array[];
}

/** What a signer comes to; without a verdict where the certificates can not be read. */
export interface JudgedSigner {
  readonly verdict: SignerVerdict | null;
  readonly findings: readonly Finding[];
}

const HASHES: Readonly<Record<CertificateFile["algorithm"], HashName>> = {
  SHA1: "SHA-1",
  SHA256: "SHA-256",
  SHA384: "SHA-384",
  SHA512: "SHA-512",
};

type Tell = (code: FindingCode, details: FindingDetails) => void;

const readAll = (file: CertificateFile, tell: Tell): readonly ReadCertificate[] | null => {
  const read: ReadCertificate[] = [];
  for (const [at, der] of file.certificates.entries()) {
    const certificate = readCertificate(der);
    if ("fault" in certificate) {
      tell("certificate.unreadable", {
        subject: `certificate ${at + 1}`,
        actual: certificate.fault,
      });
      return null;
    }
    read.push(certificate);
  }
  return read;
};

/** Whether the signature of the file fits the manifest and the key, in one of the ways that the key allows. */
const fitsManifest = async (
  file: CertificateFile,
  key: PublicKey,
  manifest: Uint8Array,
): Promise<boolean> => {
  const [text, signature] = [Uint8Array.from(manifest), Uint8Array.from(file.signature)];
  for (const scheme of schemesOfKey(key, HASHES[file.algorithm]))
    if (await checkSignature(key, { text, signature, scheme })) return true;
  return false;
};

const tellOfTimes = ({ path }: FoundPath, now: Date, tell: Tell): void => {
  const actual = now.toISOString();
  for (const { subject, notBefore, notAfter } of path) {
    if (now.getTime() > notAfter.getTime())
      tell("certificate.expired", { subject, expected: notAfter.toISOString(), actual });
    if (now.getTime() < notBefore.getTime())
      tell("certificate.not_yet_valid", { subject, expected: notBefore.toISOString(), actual });
  }
};

const tellOfWeakness = ({ path }: FoundPath, file: CertificateFile, tell: Tell): void => {
  const place = { line: file.line };
  if (file.algorithm === "SHA1")
    tell("certificate.weak", { place, subject: "the signature of the manifest", actual: "SHA-1" });
  for (const { subject, key } of path)
    if (key.kind === "rsa" && key.modulusBits < RSA_MODULUS_BITS_STRONG)
      tell("certificate.weak", { subject, actual: `a key of RSA of ${key.modulusBits} bits` });
  // The last one's own signature says nothing: it is trusted for itself, or not at all.
  for (const { subject, scheme } of path.slice(0, -1))
    if (scheme?.hash === "SHA-1")
      tell("certificate.weak", { subject, actual: "a signature of its issuer with SHA-1" });
};

/** Why a signer is not vouched for; null where it is. */
const distrustOf = ({ path: [signer], isTrusted }: FoundPath): string | null => {
  const { maySign, mayVouchForCode, unknown } = signer.purposes;
  if (!maySign) return "its key usage has no digital signature";
  if (!mayVouchForCode) return "its extended key usage has no code signing";
  if (unknown !== null) return `its extension ${unknown} is not known here`;
  return isTrusted ? null : "no path leads to one";
};

const factsOf = async (certificate: ReadCertificate): Promise<CertificateFacts> => {
  const { subject, issuer, notBefore, notAfter, der } = certificate;
  const selfSigned = await isSelfSigned(certificate);
  return { subject, issuer, notBefore, notAfter, selfSigned, der };
};

const tellOfName = (file: CertificateFile, manifestName: string | undefined, tell: Tell): void => {
  if (manifestName === undefined) return;
  const { signedName, line } = file;
  if (signedName.normalize("NFC") !== manifestName.normalize("NFC"))
    tell("certificate.names_another", {
      place: { line },
      expected: manifestName,
      actual: signedName,
    });
};

const tellOfKey = (key: PublicKey, fits: boolean, { line }: CertificateFile, tell: Tell): void => {
  if (key.kind === "refused") tell("certificate.key_refused", { actual: key.why });
  else if (!fits) tell("certificate.signature_differs", { place: { line } });
};

/**
 * Says who signed a manifest, whether the signature fits its very bytes, and whether somebody who is trusted vouches for the
 * signer. Nothing is fetched, and revocation is not asked for: a package says itself where to ask, so the answer would be its own.
 */
export const judgeSigner = async (
  file: CertificateFile,
  manifest: Uint8Array,
  { manifestName, now, trusted }: SignerJudgement,
): Promise<JudgedSigner> => {
  const findings: Finding[] = [];
  const tell: Tell = (code, details) =>
    void findings.push(makeFinding(code, file.fileName, details));
  tellOfName(file, manifestName, tell);
  const offered = readAll(file, tell);
  const [signer] = offered ?? [];
  if (offered === null || signer === undefined) return { verdict: null, findings };
  const fits = await fitsManifest(file, signer.key, manifest);
  tellOfKey(signer.key, fits, file, tell);
  const links = new LinkChecks();
  const anchors = readAnchors(trusted, offered);
  const found = await findPath(signer, { offered, trusted: anchors, now, links });
  const chain = await Promise.all(offered.map(factsOf));
  const [facts = await factsOf(signer)] = chain;
  const isTrustedItself = found.isTrusted && found.path.length === 1;
  if (facts.selfSigned && !isTrustedItself)
    tell("certificate.self_signed", { subject: signer.subject });
  tellOfTimes(found, now, tell);
  const distrust = distrustOf(found);
  if (distrust !== null)
    tell("certificate.untrusted", { subject: signer.subject, actual: distrust });
  tellOfWeakness(found, file, tell);
  const last = found.path.at(-1) ?? signer;
  const anchor = distrust === null ? await factsOf(last) : null;
  return { verdict: { signer: facts, chain, fits, anchor }, findings };
};
