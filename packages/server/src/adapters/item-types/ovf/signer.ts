import {
  type CertificateFacts,
  type CertificateFile,
  type Finding,
  type FindingCode,
  judgeSigner,
  type SignerVerdict,
} from "@contentlib/ovf";
import type { Instant } from "../../../domain/ids.ts";
import type { PackageWarning, SignerFacts, WarningType } from "../../../domain/package.ts";
import { sentencesOf } from "./fault-of.ts";
import type { TrustAnchors } from "./trust-anchors.ts";

const WARNINGS: ReadonlyMap<FindingCode, WarningType> = new Map([
  ["certificate.self_signed", "SELF_SIGNED_CERTIFICATE"],
  ["certificate.expired", "EXPIRED_CERTIFICATE"],
  ["certificate.not_yet_valid", "NOT_YET_VALID_CERTIFICATE"],
  ["certificate.untrusted", "UNTRUSTED_CERTIFICATE"],
]);

/** Who signed a package, and what is to be said of him. */
export interface Signer {
  readonly verdict: SignerVerdict | null;
  readonly findings: readonly Finding[];
  readonly warnings: readonly PackageWarning[];
}

/** What a signer is judged by. */
export interface SignedPackage {
  readonly certificate: CertificateFile;
  readonly manifestName: string;
  readonly manifest: Uint8Array;
  readonly trusted: readonly string[];
  readonly now: Instant;
}

/** One warning a type, in the words of each finding of it. */
const warningsOf = (findings: readonly Finding[]): readonly PackageWarning[] => {
  const byType = new Map<WarningType, { code: FindingCode; texts: string[] }>();
  for (const finding of findings) {
    const type = WARNINGS.get(finding.code);
    if (type === undefined) continue;
    const told = byType.get(type) ?? { code: finding.code, texts: [] };
    told.texts.push(sentencesOf(finding));
    byType.set(type, told);
  }
  return [...byType].map(([type, { code, texts }]) => ({
    type,
    message: { id: `contentlib.ovf.${code}`, default_message: texts.join(" "), args: [] },
  }));
};

const base64Of = ({ der }: CertificateFacts): string => Buffer.from(der).toString("base64");

/** The certificates of the file in base64, the signer's first. */
export const chainOf = ({ chain }: SignerVerdict): readonly string[] => chain.map(base64Of);

const PEM_LINE = /.{1,64}/g;

const pemOf = (facts: CertificateFacts): string =>
  [
    "-----BEGIN CERTIFICATE-----",
    ...(base64Of(facts).match(PEM_LINE) ?? []),
    "-----END CERTIFICATE-----",
    "",
  ].join("\n");

/** What is shown of the one who signed. */
export const signerFactsOf = ({ signer }: SignerVerdict): SignerFacts => ({
  subject: signer.subject,
  issuer: signer.issuer,
  isSelfSigned: signer.selfSigned,
  pem: pemOf(signer),
});

/** Says who signed, and how far he can be trusted at that moment. */
export const readSigner = async (
  { certificate, manifestName, manifest, trusted, now }: SignedPackage,
  anchors: TrustAnchors,
): Promise<Signer> => {
  const { verdict, findings } = await judgeSigner(certificate, manifest, {
    manifestName,
    now: new Date(now),
    trusted: anchors.forFile(certificate.certificates, trusted),
  });
  return { verdict, findings, warnings: warningsOf(findings) };
};
