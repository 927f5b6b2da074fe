export { FINDINGS, type FindingCode, type FindingKind } from "./finding-codes.ts";
export type { Finding, Place, Report, Severity } from "./finding.ts";
export {
  type DigestAlgorithm,
  type Digests,
  digestAlgorithmOf,
  type RunningDigest,
  type StartDigest,
} from "./digest-algorithm.ts";
export * from "./limits.ts";
export { mendOf, textOf } from "./finding-text.ts";
export { type FindingDetails, makeFinding } from "./make-finding.ts";
export { shownText } from "./shown-text.ts";
export { findingOfName, type NameFault, nameFaultOf } from "./names/file-name.ts";
export { foldName } from "./names/fold-name.ts";
export { type HrefMeaning, nameOfHref } from "./names/name-of-href.ts";
export { repeatedNames } from "./names/repeated-names.ts";
export { DescriptorReader } from "./descriptor/descriptor-reader.ts";
export { chunkCountOf, chunkNameOf, parseChunkName } from "./descriptor/chunk-names.ts";
export { ManifestReader } from "./manifest/manifest-reader.ts";
export { judgePackage } from "./judge/judge-package.ts";
export { baseNameOf, type PackageRoles, rolesOf } from "./judge/package-roles.ts";
export type {
  Descriptor,
  DiskFact,
  FileReference,
  OvfVersion,
  PackageFacts,
  SystemFact,
} from "./descriptor/descriptor.ts";
export type { Manifest, ManifestLine } from "./manifest/manifest.ts";
export type {
  CertificateFacts,
  CertificateFile,
  SignerVerdict,
} from "./signature/certificate-file.ts";
export { CertificateReader } from "./signature/certificate-reader.ts";
export { type JudgedSigner, judgeSigner, type SignerJudgement } from "./signature/judge-signer.ts";
export type { ArchiveEvent } from "./archive/archive-event.ts";
export { ArchiveReader, type ArchiveUse } from "./archive/archive-reader.ts";
export type { ArchiveState } from "./archive/archive-state.ts";
export type { ImageFacts } from "./iso/image-facts.ts";
export { ImageReader } from "./iso/image-reader.ts";
export type {
  PackageContents,
  PackageFile,
  PackageVerdict,
  WantedDigest,
} from "./judge/package-contents.ts";
