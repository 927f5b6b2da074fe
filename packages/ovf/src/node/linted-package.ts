import type { DigestAlgorithm } from "../digest-algorithm.ts";
import type { Finding } from "../finding.ts";
import type { FindingCode } from "../finding-codes.ts";
import type { ImageFacts } from "../iso/image-facts.ts";
import { judgePackage } from "../judge/judge-package.ts";
import type { PackageContents, PackageFile, PackageVerdict } from "../judge/package-contents.ts";
import type { SignerVerdict } from "../signature/certificate-file.ts";
import { judgeSigner } from "../signature/judge-signer.ts";
import type { ReadFile } from "./file-reading.ts";
import { FindingTally } from "./finding-tally.ts";
import type { LintedSigner, LintKind, LintOptions, LintReport } from "./lint-report.ts";
import { PackageTexts } from "./package-texts.ts";
import { systemCertificates } from "./trusted-certificates.ts";

/** Findings that say that something is not there: where the reading broke off, nobody knows. */
const ABSENCES: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "certificate.without_manifest",
  "descriptor.missing",
  "file.case_differs",
  "file.chunk_gap",
  "file.missing",
  "manifest.file_unknown",
]);

/** A package that is being read: what is known of it so far, and in the end what it comes to. */
export class LintedPackage {
  readonly tally = new FindingTally();
  readonly texts = new PackageTexts(this.tally.take);
  readonly #name: string;
  readonly #files = new Map<string, PackageFile>();
  readonly #awaited = new Set<string>();
  readonly #images: { readonly file: string; readonly facts: ImageFacts }[] = [];
  #isBroken = false;

  /** Of the archive, or of the descriptor. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Says that the reading broke off, so that what was not seen is not known to be missing. */
  breakOff(): void {
    this.#isBroken = true;
  }

  /** Knows a file that is there, before it was read. */
  expect(name: string, sizeBytes: number): void {
    this.#files.set(name, { name, sizeBytes, digests: {} });
  }

  /** Knows a name that is there and is not read, which was told already. */
  passOver(name: string): void {
    this.#awaited.add(name);
  }

  /** Takes a file that was read. */
  take({ file, image }: ReadFile): void {
    this.#files.set(file.name, file);
    if (image !== null) this.#images.push({ file: file.name, facts: image });
  }

  /** What the package comes to by what is known of it now. */
  judge(): PackageVerdict {
    const { descriptor, manifest, certificate } = this.texts;
    const contents: PackageContents = {
      name: this.#name,
      files: this.#files,
      awaited: this.#awaited,
      descriptor,
      manifest,
      certificate,
      signer: null,
    };
    return judgePackage(contents);
  }

  /**
   * Digests that are to be made of each file: those that the manifest asks for, SHA-256 where it asks for none. Where no
   * descriptor can be read a file is not worth reading for that.
   */
  wantedDigests(): (name: string) => readonly DigestAlgorithm[] {
    const wanted = new Map<string, DigestAlgorithm[]>();
    for (const { name, algorithm } of this.judge().wanted) {
      const algorithms = wanted.get(name);
      if (algorithms === undefined) wanted.set(name, [algorithm]);
      else algorithms.push(algorithm);
    }
    const others = this.texts.descriptor === null ? [] : (["SHA256"] as const);
    return (name) => wanted.get(name) ?? others;
  }

  /** Judges the whole once everything was read. */
  async conclude(
    told: { readonly file: string; readonly kind: LintKind; readonly sizeBytes: number },
    options: LintOptions,
  ): Promise<LintReport> {
    const judged = await this.#judgeSigner(options);
    const verdict = this.judge();
    for (const finding of verdict.findings) if (this.#isKnown(finding)) this.tally.take(finding);
    return {
      ...told,
      ...this.tally.told,
      facts: this.texts.descriptor?.facts ?? null,
      images: this.#images,
      signer: judged === null ? null : signerOf(judged, verdict.uncovered),
      isCovered: verdict.isCovered,
      files: [...this.#files.values()].map(({ name, sizeBytes, digests }) => ({
        name,
        sizeBytes,
        digests,
      })),
    };
  }

  #isKnown({ code }: Finding): boolean {
    return !this.#isBroken || !ABSENCES.has(code);
  }

  async #judgeSigner(options: LintOptions): Promise<SignerVerdict | null> {
    const { certificate, manifest, manifestBytes } = this.texts;
    if (certificate === null || manifestBytes === null) return null;
    const own = options.trusted ?? [];
    const trusted = options.trustsSystem === false ? own : [...own, ...systemCertificates()];
    const { verdict, findings } = await judgeSigner(certificate, manifestBytes, {
      ...(manifest === null ? {} : { manifestName: manifest.fileName }),
      now: options.now ?? new Date(),
      trusted,
    });
    for (const finding of findings) this.tally.take(finding);
    return verdict;
  }
}

const signerOf = (
  { signer, fits, anchor }: SignerVerdict,
  uncovered: readonly string[],
): LintedSigner => ({
  subject: signer.subject,
  issuer: signer.issuer,
  notBefore: signer.notBefore.toISOString(),
  notAfter: signer.notAfter.toISOString(),
  isSelfSigned: signer.selfSigned,
  fits,
  trustedBy: anchor?.subject ?? null,
  uncovered,
});
