import { basename } from "node:path";
import { ArchiveReader } from "../archive/archive-reader.ts";
import { BytePump, type ByteRange } from "./byte-pump.ts";
import { FileReading, HEAD_BYTES, isImageName } from "./file-reading.ts";
import type { LintOptions, LintReport } from "./lint-report.ts";
import { LintedPackage } from "./linted-package.ts";
import { TEXT_BYTES_READ, textRoleOf } from "./package-texts.ts";
import { PlainFile } from "./plain-file.ts";

/** A member of an archive, and where its bytes lie. */
interface Member extends ByteRange {
  readonly name: string;
}

/** What is read in one go where there should be headers: most of it is thrown away. */
const HEADER_READ_BYTES = 16 * 1024;

/** An archive that is open, and what is known of it. */
class OpenArchive {
  readonly #file: PlainFile;
  readonly #pump: BytePump;
  readonly #package: LintedPackage;
  readonly #members: Member[] = [];

  constructor(file: PlainFile, pump: BytePump) {
    this.#file = file;
    this.#pump = pump;
    this.#package = new LintedPackage(basename(file.path));
  }

  /** Finds the members by their headers, going from one to the next. */
  async index(): Promise<void> {
    const { sizeBytes, path } = this.#file;
    let hasEnd = false;
    const reader = new ArchiveReader({
      fileName: basename(path),
      totalBytes: sizeBytes,
      report: this.#package.tally.take,
      onEvent: (event) => {
        if (event.kind === "member") this.#members.push(event);
        else if (event.kind === "end") hasEnd = true;
      },
    });
    let offset = 0;
    while (offset < sizeBytes && !reader.isOver) {
      // Behind the end all is looked at, in large pieces.
      const bytes = hasEnd ? sizeBytes : HEADER_READ_BYTES;
      const range = { offset, sizeBytes: Math.min(bytes, sizeBytes - offset) };
      const piece = await this.#pump.readOnce(this.#file, range);
      if (piece.length === 0) break;
      reader.write(piece);
      offset += piece.length + reader.skipMember();
    }
    reader.end();
    if (!hasEnd) this.#package.breakOff();
    for (const { name, sizeBytes: bytes } of this.#members) this.#package.expect(name, bytes);
  }

  /** Reads descriptor, manifest and certificate. */
  async readTexts(): Promise<void> {
    for (const { name, offset, sizeBytes } of this.#members) {
      const reading = this.#package.texts.begin(name);
      const role = textRoleOf(name);
      if (reading === null || role === null) continue;
      const range = { offset, sizeBytes: Math.min(sizeBytes, TEXT_BYTES_READ[role]) };
      await this.#pump.pump(this.#file, range, (bytes) => reading.write(bytes));
      reading.end();
    }
  }

  /** Reads each member once, in as many algorithms as the manifest wants, and SHA-256 where it wants none. */
  async readMembers(onBytes: (bytes: number) => void): Promise<void> {
    const algorithmsOf = this.#package.wantedDigests();
    for (const { name, offset, sizeBytes } of this.#members) {
      const algorithms = algorithmsOf(name);
      const report = this.#package.tally.take;
      const reading = new FileReading({ name, algorithms, report });
      const isWhole = algorithms.length > 0 || isImageName(name);
      const range = { offset, sizeBytes: isWhole ? sizeBytes : Math.min(HEAD_BYTES, sizeBytes) };
      await this.#pump.pump(this.#file, range, (bytes) => {
        reading.write(bytes);
        onBytes(bytes.length);
      });
      this.#package.take(reading.end(sizeBytes));
    }
  }

  async conclude(file: string, options: LintOptions): Promise<LintReport> {
    await this.#file.checkUnchanged();
    const { sizeBytes } = this.#file;
    return await this.#package.conclude({ file, kind: "ova", sizeBytes }, options);
  }
}

/** Judges an archive that can be read anywhere: its headers first, then what says something, then each member once. */
export const lintArchive = async (path: string, options: LintOptions): Promise<LintReport> => {
  await using file = await PlainFile.open(path);
  const archive = new OpenArchive(file, new BytePump(options.signal));
  await archive.index();
  await archive.readTexts();
  let doneBytes = 0;
  await archive.readMembers((bytes) => {
    doneBytes += bytes;
    options.onProgress?.({ file: path, doneBytes, totalBytes: file.sizeBytes });
  });
  return await archive.conclude(path, options);
};
