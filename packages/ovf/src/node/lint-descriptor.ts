import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFinding } from "../make-finding.ts";
import { BytePump } from "./byte-pump.ts";
import { FileReading, HEAD_BYTES, isImageName } from "./file-reading.ts";
import type { LintOptions, LintReport } from "./lint-report.ts";
import { LintedPackage } from "./linted-package.ts";
import { findNamedFiles, findTexts } from "./neighbours.ts";
import { TEXT_BYTES_READ, type TextRole, textRoleOf } from "./package-texts.ts";
import { NoPlainFileError, PlainFile } from "./plain-file.ts";

const ROLES: readonly TextRole[] = ["descriptor", "manifest", "certificate"];

/** A descriptor and the files that lie beside it. */
class PackageInDirectory {
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

/**
 * Judges a descriptor with the files beside it that it or its manifest names, or its manifest or certificate with the descriptor
 * they belong to. Only files of the same directory count.
 */
export const lintDescriptor = async (path: string, options: LintOptions): Promise<LintReport> => {
  const directory = dirname(path);
  const given = basename(path);
  const names = await findTexts(directory, given);
  const role = textRoleOf(given);
  // A descriptor that is named counts, whatever else is called the same.
  const texts = role === "descriptor" ? { ...names, descriptor: [given] } : names;
  const name = texts.descriptor[0] ?? given;
  const found = new PackageInDirectory(path, name, new BytePump(options.signal));
  await found.readTexts(texts);
  await found.findFiles();
  let doneBytes = 0;
  await found.readFiles((bytes) => {
    doneBytes += bytes;
    options.onProgress?.({ file: path, doneBytes, totalBytes: found.totalBytes });
  });
  return await found.conclude(path, options);
};
