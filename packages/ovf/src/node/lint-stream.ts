import { ArchiveReader } from "../archive/archive-reader.ts";
import type { ArchiveEvent } from "../archive/archive-event.ts";
import type { DigestAlgorithm } from "../digest-algorithm.ts";
import { FileReading } from "./file-reading.ts";
import type { LintOptions, LintReport } from "./lint-report.ts";
import { LintedPackage } from "./linted-package.ts";
import type { TextReading } from "./package-texts.ts";

/** What a manifest may ask for, as long as it was not read. */
const ALL: readonly DigestAlgorithm[] = ["SHA1", "SHA256", "SHA512"];

/** A member whose bytes are passing. */
interface OpenMember {
  readonly reading: FileReading;
  readonly text: TextReading | null;
}

/** Takes the members of an archive while they pass. */
class PassingMembers {
  readonly #package: LintedPackage;
  #open: OpenMember | null = null;
  #hasEnd = false;

  constructor(linted: LintedPackage) {
    this.#package = linted;
  }

  get hasEnd(): boolean {
    return this.#hasEnd;
  }

  take(event: ArchiveEvent): void {
    switch (event.kind) {
      case "member":
        this.#open = this.#begin(event.name);
        return;
      case "bytes":
        this.#open?.reading.write(event.bytes);
        this.#open?.text?.write(event.bytes);
        return;
      case "member-end":
        this.#finish();
        return;
      case "end":
        this.#hasEnd = true;
    }
  }

  #begin(name: string): OpenMember {
    const { tally, texts } = this.#package;
    const algorithms = this.#algorithms();
    const text = texts.begin(name);
    return { reading: new FileReading({ name, algorithms, report: tally.take }), text };
  }

  /** Those that the manifest uses; as long as it may still come, all that it can use. */
  #algorithms(): Iterable<DigestAlgorithm> {
    const { manifest, hasManifest } = this.#package.texts;
    if (manifest !== null) return new Set(manifest.lines.map(({ algorithm }) => algorithm));
    return hasManifest ? [] : ALL;
  }

  #finish(): void {
    if (this.#open === null) return;
    this.#open.text?.end();
    this.#package.take(this.#open.reading.end());
    this.#open = null;
  }
}

/** Judges an archive of which each byte is seen once, in order. */
export const lintStream = async (
  bytes: AsyncIterable<Uint8Array>,
  options: LintOptions,
): Promise<LintReport> => {
  const file = "-";
  const linted = new LintedPackage(file);
  const members = new PassingMembers(linted);
  const reader = new ArchiveReader({
    fileName: file,
    report: linted.tally.take,
    onEvent: (event) => members.take(event),
  });
  let doneBytes = 0;
  for await (const piece of bytes) {
    options.signal?.throwIfAborted();
    reader.write(piece);
    doneBytes += piece.length;
    options.onProgress?.({ file, doneBytes, totalBytes: null });
    // What follows an error is not looked at; whoever sends it is let go.
    if (reader.isOver) break;
  }
  reader.end();
  if (!members.hasEnd) linted.breakOff();
  return await linted.conclude({ file, kind: "ova", sizeBytes: doneBytes }, options);
};
