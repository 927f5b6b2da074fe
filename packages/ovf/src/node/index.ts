export { startDigest } from "./start-digest.ts";
export { lintFile, lintFiles, STANDARD_INPUT } from "./lint-files.ts";
export type {
  LintedFile,
  LintedSigner,
  LintKind,
  LintOptions,
  LintProgress,
  LintReport,
} from "./lint-report.ts";
export { type PackageBeside, packageBeside } from "./package-beside.ts";
export { FileChangedError, NoPlainFileError } from "./plain-file.ts";
export { standardInput } from "./standard-input.ts";
export { readTrustedCertificates, systemCertificates } from "./trusted-certificates.ts";
