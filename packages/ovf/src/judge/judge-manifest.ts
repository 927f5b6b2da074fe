import type { DigestAlgorithm } from "../digest-algorithm.ts";
import type { Finding } from "../finding.ts";
import type { FindingCode } from "../finding-codes.ts";
import { type FindingDetails, makeFinding } from "../make-finding.ts";
import type { Manifest, ManifestLine } from "../manifest/manifest.ts";
import { foldName } from "../names/fold-name.ts";
import type { NameIndex } from "./name-index.ts";
import type { PackageContents, WantedDigest } from "./package-contents.ts";
import type { PackageRoles } from "./package-roles.ts";
import type { RequiredFile } from "./required-files.ts";

/** What holding a manifest against the files comes to. */
export interface ManifestJudgement {
  readonly findings: readonly Finding[];
  readonly wanted: readonly WantedDigest[];
  readonly uncovered: readonly string[];
  readonly covered: readonly string[];
  readonly isCovered: boolean;
}

/** What a manifest is held against. */
export interface ManifestSurroundings {
  readonly contents: PackageContents;
  readonly manifest: Manifest;
  readonly roles: PackageRoles;
  readonly index: NameIndex;
  readonly required: readonly RequiredFile[];
}

/** Algorithms of which a digest proves something today. */
const STRONG: ReadonlySet<DigestAlgorithm> = new Set(["SHA256", "SHA512"]);

class ManifestJudging {
  readonly #around: ManifestSurroundings;
  readonly #findings: Finding[] = [];
  readonly #wanted: WantedDigest[] = [];
  readonly #named = new Set<string>();
  readonly #strong = new Set<string>();
  /** Files that hrefs mean which are not written as the files are named: manifests may call them the same. */
  readonly #byHref: ReadonlyMap<string, RequiredFile>;
  readonly #uncoverable: ReadonlySet<string>;

  constructor(around: ManifestSurroundings) {
    this.#around = around;
    this.#byHref = new Map(around.required.map((one) => [one.reference.href, one]));
    const { manifest, contents, roles } = around;
    this.#uncoverable = new Set([
      manifest.fileName,
      ...roles.manifests,
      ...roles.certificates,
      ...(contents.certificate === null ? [] : [contents.certificate.fileName]),
    ]);
  }

  judge(): ManifestJudgement {
    const { manifest, index } = this.#around;
    if (manifest.lines.length === 0)
      this.#findings.push(makeFinding("manifest.empty", manifest.fileName));
    for (const line of manifest.lines) this.#hold(line);
    const isCovered = this.#judgeCoverage();
    const uncovered = [...index.names].filter(
      (name) => !this.#named.has(name) && !this.#uncoverable.has(name),
    );
    return {
      findings: this.#findings,
      wanted: this.#wanted,
      uncovered,
      covered: [...this.#strong],
      isCovered,
    };
  }

  #hold(line: ManifestLine): void {
    const { contents } = this.#around;
    const name = this.#nameOf(line);
    if (this.#uncoverable.has(name ?? line.name)) {
      this.#tell("manifest.covers_itself", line, { subject: line.name });
      return;
    }
    if (line.algorithm === "SHA1")
      this.#tell("manifest.weak_algorithm", line, { subject: line.name });
    if (name === null) {
      this.#tell("manifest.file_unknown", line, { subject: line.name });
      return;
    }
    this.#judgeCase(line, name);
    this.#named.add(name);
    const file = contents.files.get(name);
    if (file === undefined) return;
    const digest = file.digests[line.algorithm];
    if (digest === undefined) this.#wanted.push({ name, algorithm: line.algorithm });
    else if (digest !== line.digest)
      this.#tell("manifest.digest_differs", line, {
        subject: name,
        expected: `${line.algorithm} ${line.digest}`,
        actual: `${line.algorithm} ${digest}`,
      });
    else if (STRONG.has(line.algorithm)) this.#strong.add(name);
  }

  #judgeCase(line: ManifestLine, name: string): void {
    const isOtherCase = line.name !== name && this.#around.index.find(line.name) === null;
    if (isOtherCase && foldName(line.name) === foldName(name))
      this.#tell("manifest.case_differs", line, { subject: line.name, actual: name });
  }

  /**
   * The file that a line means: one that is there, one that the descriptor needs and that is missing, or one whose name differs
   * in case only: a file must not go unchecked for that.
   */
  #nameOf({ name }: ManifestLine): string | null {
    const { index, required } = this.#around;
    const found = index.find(name);
    if (found !== null) return found;
    const meant = this.#byHref.get(name) ?? this.#required(required).get(name.normalize("NFC"));
    return meant?.name ?? index.findInOtherCase(name);
  }

  #requiredByName: ReadonlyMap<string, RequiredFile> | null = null;

  #required(required: readonly RequiredFile[]): ReadonlyMap<string, RequiredFile> {
    this.#requiredByName ??= new Map(required.map((one) => [one.name.normalize("NFC"), one]));
    return this.#requiredByName;
  }

  /** Who signs a manifest vouches for a package: what it leaves out could be exchanged under that name. */
  get #isSigned(): boolean {
    const { contents, roles } = this.#around;
    return contents.certificate !== null || roles.certificates.length > 0;
  }

  #judgeCoverage(): boolean {
    const { contents, manifest, required } = this.#around;
    const { descriptor } = contents;
    if (descriptor === null) return false;
    const needed = [descriptor.fileName, ...required.map(({ name }) => name)];
    const code = this.#isSigned ? "certificate.covers_too_little" : "manifest.file_uncovered";
    for (const name of needed)
      if (!this.#named.has(name))
        this.#findings.push(makeFinding(code, manifest.fileName, { subject: name }));
    const leadsElsewhere = descriptor.files.some(({ name }) => name === null);
    return !leadsElsewhere && needed.every((name) => this.#strong.has(name));
  }

  #tell(code: FindingCode, { line }: ManifestLine, details: FindingDetails): void {
    const { fileName } = this.#around.manifest;
    this.#findings.push(makeFinding(code, fileName, { ...details, place: { line } }));
  }
}

/** Holds a manifest against the files that are there, and tells which digests that still takes. */
export const judgeManifest = (around: ManifestSurroundings): ManifestJudgement =>
  new ManifestJudging(around).judge();
