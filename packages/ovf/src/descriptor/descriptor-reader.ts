import type { Report } from "../finding.ts";
import type { FindingCode } from "../finding-codes.ts";
import { DESCRIPTOR_BYTES_MAX } from "../limits.ts";
import { type FindingDetails, makeFinding } from "../make-finding.ts";
import type { Descriptor } from "./descriptor.ts";
import { type DecodedText, DescriptorText } from "./descriptor-text.ts";
import { DoctypeWatch } from "./doctype-watch.ts";
import { emptyParts, type EnvelopeParts } from "./envelope-parts.ts";
import { documentScope } from "./envelope-scope.ts";
import { readDisks } from "./read-disks.ts";
import { readFiles } from "./read-files.ts";
import { readNvrams } from "./read-nvrams.ts";
import { readSystems } from "./read-systems.ts";
import { ReadingStopped, XmlReader } from "./xml-reader.ts";

/** Bytes are decoded in pieces of this size, so that a large write costs little memory. */
const PIECE_BYTES = 64 * 1024;

/**
 * Reads a descriptor while its bytes arrive. What makes reading pointless is reported once, and from then on bytes are passed
 * over at no cost: past a limit, in an unknown encoding, with a document type, where it is not well-formed or no envelope.
 */
export class DescriptorReader {
  readonly #fileName: string;
  readonly #report: Report;
  readonly #text = new DescriptorText();
  readonly #watch = new DoctypeWatch();
  readonly #parts: EnvelopeParts = emptyParts();
  readonly #xml: XmlReader;
  #takenBytes = 0;
  #isStopped = false;

  constructor(fileName: string, report: Report) {
    this.#fileName = fileName;
    this.#report = report;
    this.#xml = new XmlReader(
      documentScope(this.#parts, (code, details) => this.#tell(code, details)),
    );
  }

  /** Takes the bytes that follow those taken before; it does not keep them. */
  write(bytes: Uint8Array): void {
    const room = DESCRIPTOR_BYTES_MAX - this.#takenBytes;
    this.#takenBytes += bytes.length;
    const within = bytes.subarray(0, Math.max(0, room));
    for (let at = 0; at < within.length && !this.#isStopped; at += PIECE_BYTES)
      this.#guard(() => this.#take(this.#text.write(within.subarray(at, at + PIECE_BYTES))));
    if (bytes.length > room) this.#stop("descriptor.too_large", { expected: DESCRIPTOR_BYTES_MAX });
  }

  /** What was read; null where reading was stopped. Nothing may be written after it. */
  end(): Descriptor | null {
    this.#guard(() => {
      this.#take(this.#text.end());
      this.#xml.end();
    });
    return this.#isStopped ? null : this.#conclude();
  }

  #take({ text, fault }: DecodedText): void {
    const doctypeAt = this.#watch.find(text);
    if (doctypeAt !== null) {
      // The parser is left in front of the keyword's last character: the line is right, and the column is known.
      this.#xml.write(text.slice(0, Math.max(0, doctypeAt - 1)));
      const { line, column } = this.#xml.place;
      throw new ReadingStopped("descriptor.doctype", {
        place: { line, column: Math.max(1, column - "<!DOCTYP".length + 1) },
      });
    }
    this.#xml.write(text);
    if (fault !== null)
      throw new ReadingStopped("descriptor.encoding", { place: this.#xml.nextPlace, ...fault });
  }

  #guard(read: () => void): void {
    if (this.#isStopped) return;
    try {
      read();
    } catch (error) {
      if (!(error instanceof ReadingStopped)) throw error;
      this.#stop(error.code, error.details);
    }
  }

  #stop(code: FindingCode, details: FindingDetails): void {
    if (!this.#isStopped) this.#tell(code, details);
    this.#isStopped = true;
  }

  #tell(code: FindingCode, details: FindingDetails): void {
    this.#report(makeFinding(code, this.#fileName, details));
  }

  #conclude(): Descriptor | null {
    const parts = this.#parts;
    // Without an envelope reading was stopped before.
    if (parts.version === null) return null;
    const tell = (code: FindingCode, details: FindingDetails) => this.#tell(code, details);
    if (parts.references === 0) tell("descriptor.no_references", {});
    if (parts.systemCount === 0) tell("descriptor.no_system", {});
    const files = readFiles(parts.files, tell);
    const fileIds = new Set(parts.files.flatMap(({ id }) => (id === null ? [] : [id])));
    return {
      fileName: this.#fileName,
      files,
      alsoNamed: readNvrams(parts.nvrams, tell),
      facts: {
        version: parts.version,
        product: parts.product,
        annotation: parts.annotation,
        systems: readSystems(parts.systems, parts.configuration, tell),
        disks: readDisks(parts.disks, fileIds, tell),
        networks: parts.networks,
        licences: parts.licences,
        extraConfigKeys: [...parts.extraConfigKeys],
      },
    };
  }
}
