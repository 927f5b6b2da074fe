import { type PackageVerdict, textOf } from "@contentlib/ovf";
import type { Verification } from "../../../domain/package.ts";
import { isProof } from "./roles.ts";
import { chainOf, type Signer } from "./signer.ts";

/** What a package is verified by. */
export interface VerifiedPackage {
  readonly names: readonly string[];
  readonly verdict: PackageVerdict;
  readonly signer: Signer | null;
  /** Whether anything is wrong with a file, or still to come. */
  readonly isWhole: boolean;
}

/** Files besides those that the descriptor needs must be in the manifest too: nothing is taken that nobody signed. */
const uncoveredName = ({ names, verdict }: VerifiedPackage): string | null => {
  const covered = new Set(verdict.covered);
  return names.find((name) => !isProof(name) && !covered.has(name)) ?? null;
};

/** Why the files prove nothing, whoever signed; null where they do. */
const gapIn = (content: VerifiedPackage, signer: Signer): string | null => {
  const { verdict, isWhole } = content;
  if (!isWhole || signer.verdict?.fits !== true)
    return "its files, its manifest and its signature do not fit each other";
  const unknown = verdict.findings.find(({ code }) => code === "manifest.file_unknown");
  if (unknown !== undefined) return textOf(unknown);
  const uncovered = uncoveredName(content);
  if (uncovered !== null) return `the manifest has no line for ${uncovered} with SHA256 or SHA512`;
  if (!verdict.isCovered) return "the manifest does not cover every file with SHA256 or SHA512";
  const weak = signer.findings.find(({ code }) => code === "certificate.weak");
  return weak === undefined ? null : textOf(weak);
};

const unsigned = (names: readonly string[]): Verification => {
  const isSigned = names.some((name) => /\.cert$/i.test(name));
  const reason = isSigned ? "its signature can not be read" : "it is not signed";
  return { status: "NOT_AVAILABLE", reason, chain: [] };
};

const TRUST_ALONE: ReadonlySet<string> = new Set([
  "SELF_SIGNED_CERTIFICATE",
  "UNTRUSTED_CERTIFICATE",
]);

/** What verifying the files of a package comes to. */
export const verificationOf = (content: VerifiedPackage): Verification => {
  const { signer } = content;
  if (signer === null) return unsigned(content.names);
  const chain = signer.verdict === null ? [] : chainOf(signer.verdict);
  const gap = gapIn(content, signer);
  if (gap !== null) return { status: "VERIFICATION_FAILURE", reason: gap, chain };
  const { warnings } = signer;
  if (warnings.length > 0) {
    const reason = warnings.map(({ message }) => message.default_message).join(" ");
    const lacksTrust = warnings.every(({ type }) => TRUST_ALONE.has(type));
    return { status: lacksTrust ? "UNTRUSTED" : "VERIFICATION_FAILURE", reason, chain };
  }
  const anchor = signer.verdict?.anchor ?? null;
  const trusted = anchor === null ? {} : { anchor: anchor.subject };
  return { status: "VERIFIED", reason: null, chain, ...trusted };
};
