import type { FindingCode } from "../finding-codes.ts";
import type { Report } from "../finding.ts";
import { MANIFEST_BYTES_MAX, MANIFEST_LINE_BYTES_MAX, MANIFEST_LINES_MAX } from "../limits.ts";
import { type FindingDetails, makeFinding } from "../make-finding.ts";
import type { Manifest, ManifestLine } from "./manifest.ts";
import { textOfBytes } from "../text-of-bytes.ts";
import { parseManifestLine } from "./parse-manifest-line.ts";

const LF = 0x0a;
const CR = 0x0d;

/**
 * Reads a manifest while its bytes arrive. A line that can not be read is reported and passed over; past the limits of the
 * whole reading stops, and bytes cost nothing any more.
 */
export class ManifestReader {
  readonly #fileName: string;
  readonly #report: Report;
  readonly #lines: ManifestLine[] = [];
  readonly #names = new Set<string>();
  /** The beginning of a line whose end is not here yet, with room for a CR at its end. */
  readonly #held = new Uint8Array(MANIFEST_LINE_BYTES_MAX + 1);
  #heldBytes = 0;
  /** The line is too long, which was reported: the rest of it is passed over. */
  #isPassingOver = false;
  #takenBytes = 0;
  #line = 0;
  #isStopped = false;

  constructor(fileName: string, report: Report) {
    this.#fileName = fileName;
    this.#report = report;
  }

  /** Takes the bytes that follow those taken before; it does not keep them. */
  write(bytes: Uint8Array): void {
    const room = Math.max(0, MANIFEST_BYTES_MAX - this.#takenBytes);
    this.#takenBytes += bytes.length;
    this.#split(bytes.subarray(0, room));
    if (bytes.length > room) this.#stop("manifest.too_large", { expected: MANIFEST_BYTES_MAX });
  }

  /** What was read; null where reading was stopped. Nothing may be written after it. */
  end(): Manifest | null {
    if (this.#heldBytes > 0 && !this.#isStopped) this.#endLine();
    return this.#isStopped ? null : { fileName: this.#fileName, lines: this.#lines };
  }

  #split(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.#isStopped) {
      const found = bytes.indexOf(LF, at);
      const end = found === -1 ? bytes.length : found;
      this.#hold(bytes.subarray(at, end));
      if (found !== -1) this.#endLine();
      at = end + 1;
    }
  }

  #hold(bytes: Uint8Array): void {
    if (this.#isPassingOver) return;
    const kept = bytes.subarray(0, this.#held.length - this.#heldBytes);
    this.#held.set(kept, this.#heldBytes);
    this.#heldBytes += kept.length;
    const isFull = this.#heldBytes === this.#held.length;
    const mayEndWithin = kept.length === bytes.length && this.#held.at(-1) === CR;
    if (!isFull || mayEndWithin) return;
    this.#tell("manifest.line_too_long", {
      place: { line: this.#line + 1 },
      expected: MANIFEST_LINE_BYTES_MAX,
    });
    this.#isPassingOver = true;
  }

  #endLine(): void {
    this.#line += 1;
    const bytes = this.#held.subarray(0, this.#heldBytes);
    const isRead = !this.#isPassingOver;
    this.#heldBytes = 0;
    this.#isPassingOver = false;
    if (this.#line > MANIFEST_LINES_MAX)
      this.#stop("manifest.too_many_lines", {
        place: { line: this.#line },
        expected: MANIFEST_LINES_MAX,
      });
    else if (isRead) this.#read(textOfBytes(bytes));
  }

  #read(text: string): void {
    const parsed = parseManifestLine(text);
    if (parsed === null) return;
    const place = { line: this.#line };
    if ("code" in parsed) {
      this.#tell(parsed.code, { ...parsed.details, place });
      return;
    }
    const name = parsed.name.normalize("NFC");
    if (this.#names.has(name)) this.#tell("manifest.file_twice", { place, subject: parsed.name });
    else this.#lines.push({ ...parsed, ...place });
    this.#names.add(name);
  }

  #stop(code: FindingCode, details: FindingDetails): void {
    if (!this.#isStopped) this.#tell(code, details);
    this.#isStopped = true;
  }

  #tell(code: FindingCode, details: FindingDetails): void {
    this.#report(makeFinding(code, this.#fileName, details));
  }
}
