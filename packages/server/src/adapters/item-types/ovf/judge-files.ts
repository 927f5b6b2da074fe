import {
  type CertificateFile,
  type Descriptor,
  type DigestAlgorithm,
  type Digests,
  type Finding,
  FINDINGS,
  judgePackage,
  type Manifest,
  type PackageFile as EngineFile,
  type PackageVerdict,
  parseChunkName,
  textOf,
} from "@contentlib/ovf";
import type { ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type {
  MissingFile,
  PackageFault,
  PackageFile,
  PackageJudgement,
  PackagePreview,
} from "../../../domain/package.ts";
import type { TypedFiles } from "../../../ports/item-type.ts";
import { factsOf } from "./facts-of.ts";
import { faultOfFinding, isMissing } from "./fault-of.ts";
import type { MetadataShelf } from "./metadata-shelf.ts";
import type { MetadataRole, PackageMetadata } from "./package-metadata.ts";
import type { Roles } from "./roles.ts";
import { chainOf, readSigner, type Signer, signerFactsOf } from "./signer.ts";
import type { TrustAnchors } from "./trust-anchors.ts";
import { verificationOf } from "./verification.ts";

/** The files, and which of them tell of others. */
export interface JudgedSet {
  readonly given: TypedFiles;
  readonly names: readonly string[];
  readonly roles: Roles;
  /** What findings of the package as a whole call it. */
  readonly packageName: string;
  /** What its descriptor is called where there is none. */
  readonly descriptorName: string;
}

/** What is kept between two judgements. */
export interface JudgingMeans {
  readonly shelf: MetadataShelf;
  readonly anchors: TrustAnchors;
}

/** What the files say that tell of others; null where one is not there, not whole, or not right. */
interface Read {
  readonly descriptor: Descriptor | null;
  readonly manifest: { readonly value: Manifest; readonly bytes: Uint8Array } | null;
  readonly certificate: CertificateFile | null;
  /** Errors of reading. */
  readonly findings: readonly Finding[];
}

const isError = ({ code }: Finding): boolean => FINDINGS[code].severity === "error";

const readOne = async (
  role: MetadataRole,
  name: string | null,
  { given, shelf }: { readonly given: TypedFiles; readonly shelf: MetadataShelf },
): Promise<PackageMetadata | null> => {
  const file = given.files.find((one) => one.name === name);
  return file === undefined ? null : await shelf.read(role, file, given.open);
};

const readAll = async ({ given, roles }: JudgedSet, shelf: MetadataShelf): Promise<Read> => {
  const read = [
    await readOne("descriptor", roles.descriptor, { given, shelf }),
    await readOne("manifest", roles.manifest, { given, shelf }),
    await readOne("certificate", roles.certificate, { given, shelf }),
  ].filter((one) => one !== null);
  const found: { -readonly [Key in keyof Read]: Read[Key] } = {
    descriptor: null,
    manifest: null,
    certificate: null,
    findings: read.flatMap(({ findings }) => findings.filter(isError)),
  };
  // What can not be read rightly says nothing of others.
  for (const one of read.filter(({ findings }) => !findings.some(isError))) {
    if (one.role === "descriptor") found.descriptor = one.value;
    else if (one.role === "certificate") found.certificate = one.value;
    else if (one.value !== null) found.manifest = { value: one.value, bytes: one.bytes };
  }
  return found;
};

const isMade = (algorithm: ChecksumAlgorithm): algorithm is DigestAlgorithm => algorithm !== "MD5";

const digestsOf = ({ digest, checksums }: PackageFile): Digests => {
  const digests: { -readonly [Key in DigestAlgorithm]?: string } = { SHA256: digest };
  for (const { algorithm, hex } of checksums) if (isMade(algorithm)) digests[algorithm] = hex;
  return digests;
};

const engineFile = (file: PackageFile): EngineFile => ({
  name: file.name,
  sizeBytes: file.sizeBytes,
  digests: digestsOf(file),
});

const signerOf = async (
  { given, roles }: JudgedSet,
  { manifest, certificate }: Read,
  anchors: TrustAnchors,
): Promise<Signer | null> => {
  if (manifest === null || certificate === null || roles.manifest === null) return null;
  const { trusted, now } = given;
  const { bytes } = manifest;
  const signed = { certificate, manifestName: roles.manifest, manifest: bytes, trusted, now };
  return await readSigner(signed, anchors);
};

/** Says of a missing file which descriptor names it as lying beside itself: what an href calls by an address lies elsewhere. */
const namingOf = (descriptor: Descriptor | null) => {
  if (descriptor === null) return () => ({});
  const beside = new Set(descriptor.files.map((file) => file.name));
  return (name: string): Pick<MissingFile, "namedBy"> =>
    beside.has(parseChunkName(name)?.name ?? name) || beside.has(name)
      ? { namedBy: descriptor.fileName }
      : {};
};

/** A package without a descriptor lacks one. */
const missingOf = (
  verdict: PackageVerdict,
  { roles, descriptorName }: JudgedSet,
  descriptor: Descriptor | null,
): readonly MissingFile[] => {
  const naming = namingOf(descriptor);
  const texts = new Map<string | null, string>();
  for (const finding of verdict.findings)
    if (isMissing(finding)) texts.set(finding.subject, textOf(finding));
  const missing = verdict.missing.map((name) => ({
    name,
    text: texts.get(name) ?? "The descriptor names it.",
    ...naming(name),
  }));
  if (roles.descriptor !== null) return missing;
  return [{ name: descriptorName, text: texts.get(null) ?? "" }, ...missing];
};

const previewOf = (
  { given, roles }: JudgedSet,
  { descriptor }: Read,
  signer: Signer | null,
): PackagePreview => {
  if (roles.descriptor === null) return { state: "UNAVAILABLE" };
  const awaited = new Set(given.awaited);
  const isAwaited = [roles.descriptor, roles.manifest, roles.certificate].some(
    (name) => name !== null && awaited.has(name),
  );
  if (isAwaited || descriptor === null) return { state: "PREPARING" };
  const { verdict = null, warnings = [] } = signer ?? {};
  return {
    state: "AVAILABLE",
    warnings,
    ...(verdict === null ? {} : { signer: signerFactsOf(verdict), chain: chainOf(verdict) }),
  };
};

const faultsOf = (
  findings: readonly Finding[],
  { names, roles, packageName }: JudgedSet,
): readonly PackageFault[] => {
  const around = {
    names: new Set(names),
    fallback: roles.descriptor ?? names[0] ?? packageName,
  };
  return findings.map((one) => faultOfFinding(one, around)).filter((one) => one !== null);
};

/** What the files of a package come to. */
export const judgeFiles = async (
  set: JudgedSet,
  { shelf, anchors }: JudgingMeans,
): Promise<PackageJudgement> => {
  const { given, names } = set;
  const read = await readAll(set, shelf);
  const signer = await signerOf(set, read, anchors);
  const { descriptor, certificate } = read;
  const manifest = read.manifest?.value ?? null;
  const verdict = judgePackage({
    name: set.packageName,
    files: new Map(given.files.map((file) => [file.name, engineFile(file)])),
    awaited: new Set(given.awaited),
    descriptor,
    manifest,
    certificate,
    signer: signer?.verdict ?? null,
  });
  const findings = [...read.findings, ...(signer?.findings ?? []), ...verdict.findings];
  const faults = faultsOf(findings, set);
  const missing = missingOf(verdict, set, descriptor);
  const isWhole = faults.length === 0 && missing.length === 0 && given.awaited.length === 0;
  return {
    faults,
    missing,
    wanted: verdict.wanted,
    algorithms: [...new Set(manifest?.lines.map(({ algorithm }) => algorithm))],
    preview: previewOf(set, read, signer),
    verification: verificationOf({ names, verdict, signer, isWhole }),
    facts: descriptor === null ? null : factsOf(descriptor.facts),
  };
};
