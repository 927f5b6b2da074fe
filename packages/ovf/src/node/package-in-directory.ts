import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { FindingCode } from "../finding-codes.ts";
import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import type { BytePump } from "./byte-pump.ts";
import { FileReading, HEAD_BYTES, isImageName } from "./file-reading.ts";
import type { LintOptions, LintReport } from "./lint-report.ts";
import { LintedPackage } from "./linted-package.ts";
import { findNamedFiles } from "./neighbours.ts";
import { TEXT_BYTES_READ, type TextRole, textRoleOf } from "./package-texts.ts";
import { NoPlainFileError, PlainFile } from "./plain-file.ts";

const ROLES: readonly TextRole[] = ["descriptor", "manifest", "certificate"];

/** Findings that say that a file which is named is not there, or is none that is read. */
const NOT_HERE: ReadonlySet<FindingCode> = new Set<FindingCode>([
  "file.case_differs",
  "file.chunk_gap",
  "file.missing",
  "file.not_plain",
]);

/** A descriptor and the files that lie beside it. */
export class PackageInDirectory {
  readonly #directory: string;
  readonly #given: string;
  readonly #pump: BytePump;
  readonly #package: LintedPackage;
  /** Of each file, as it was when it was found. */
  readonly #found = new Map<string, PlainFile>();

  constructor(path: string, name: string, pump: BytePump) {
    this.#directory = dirname(path);
    this.#given = basename(path);
    this.#pump = pump;
    this.#package = new LintedPackage(name);
  }

  get totalBytes(): number {
    return [...this.#found.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** Reads descriptor, manifest and certificate, each the first of its role, and knows of the others. */
  async readTexts(names: Readonly<Record<TextRole, readonly string[]>>): Promise<void> {
    for (const role of ROLES) for (const name of names[role]) await this.#readText(name, role);
  }

  async #readText(name: string, role: TextRole): Promise<void> {
    await using file = await this.#open(name);
    if (file === null) return;
    const reading = this.#package.texts.begin(name);
    if (reading === null) return;
    const sizeBytes = Math.min(file.sizeBytes, TEXT_BYTES_READ[role]);
    await this.#pump.pump(file, { offset: 0, sizeBytes }, (bytes) => reading.write(bytes));
    reading.end();
  }

  /** Finds the files that are meant, and how large they are. */
  async findFiles(): Promise<void> {
    const { descriptor, manifest } = this.#package.texts;
    for (const name of await findNamedFiles(this.#directory, descriptor, manifest)) {
      // The texts of the package are known; those of another are none of this one's files.
      if (textRoleOf(name) !== null) continue;
      await using _file = await this.#open(name);
    }
  }

  /** Reads each file as far as it takes: all of it where the manifest wants a digest of it. */
  async readFiles(onBytes: (bytes: number) => void): Promise<void> {
    const algorithmsOf = this.#package.wantedDigests();
    const report = this.#package.tally.take;
    for (const [name, found] of this.#found) {
      const algorithms = algorithmsOf(name);
      const reading = new FileReading({ name, algorithms, report });
      await using file = await PlainFile.open(join(this.#directory, name));
      file.checkSame(found);
      const isWhole = algorithms.length > 0 || isImageName(name);
      const sizeBytes = isWhole ? file.sizeBytes : Math.min(HEAD_BYTES, file.sizeBytes);
      await this.#pump.pump(file, { offset: 0, sizeBytes }, (bytes) => {
        reading.write(bytes);
        onBytes(bytes.length);
      });
      await file.checkUnchanged();
      this.#package.take(reading.end(file.sizeBytes));
    }
  }

  /** What the descriptor names, as far as it is there, and what is wrong with the rest. */
  named(): { readonly files: readonly string[]; readonly findings: readonly Finding[] } {
    const { required, findings } = this.#package.judge();
    const meant = new Set(
      [...required, ...(this.#package.texts.descriptor?.alsoNamed ?? [])].map((name) =>
        name.normalize("NFC"),
      ),
    );
    return {
      files: [...this.#found.keys()].filter((name) => meant.has(name.normalize("NFC"))),
      findings: [...this.#package.tally.told.findings, ...findings].filter(({ code }) =>
        NOT_HERE.has(code),
      ),
    };
  }

  async conclude(file: string, options: LintOptions): Promise<LintReport> {
    const sizeBytes = this.totalBytes;
    return await this.#package.conclude({ file, kind: "ovf", sizeBytes }, options);
  }

  /** Opens a file of the directory; null, and a finding, where it is none that is read. */
  async #open(name: string): Promise<PlainFile | null> {
    const actual = await this.#refusal(name);
    if (actual !== null) return this.#refuse(name, actual);
    try {
      const file = await PlainFile.open(join(this.#directory, name));
      this.#found.set(name, file);
      this.#package.expect(name, file.sizeBytes);
      return file;
    } catch (error) {
      if (!(error instanceof NoPlainFileError)) throw error;
      return this.#refuse(name, "a directory, a pipe or a device");
    }
  }

  #refuse(name: string, actual: string): null {
    this.#package.tally.take(makeFinding("file.not_plain", name, { actual }));
    this.#package.passOver(name);
    return null;
  }

  /** A package must not reach what lies elsewhere, as a link could; but what the caller named is what the caller means. */
  async #refusal(name: string): Promise<string | null> {
    if (name === this.#given) return null;
    try {
      const target = await realpath(join(this.#directory, name));
      const isHere = dirname(target) === (await realpath(this.#directory));
      return isHere ? null : "a symbolic link that leads elsewhere";
    } catch {
      return "a symbolic link that leads nowhere";
    }
  }
}
