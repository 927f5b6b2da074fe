import { fromBase64, toBase64 } from "../base64.ts";
import type { FindingCode } from "../finding-codes.ts";
import type { Report } from "../finding.ts";
import {
  ARCHIVE_HEADERS_MAX,
  EXTENSIONS_PER_MEMBER_MAX,
  LONG_NAME_BYTES_MAX,
  PAX_BYTES_MAX,
} from "../limits.ts";
import { type FindingDetails, makeFinding } from "../make-finding.ts";
import { foldName } from "../names/fold-name.ts";
import type { ArchiveEvent } from "./archive-event.ts";
import { type ArchiveState, type MemberState, START_OF_ARCHIVE } from "./archive-state.ts";
import { type PaxRecords, readPaxRecords } from "./pax-records.ts";
import { hasNonZero } from "./tail-scan.ts";
import {
  BLOCK_BYTES,
  hasItsChecksum,
  hasTarMagic,
  readHeaderBlock,
  type TarHeader,
} from "./tar-header.ts";
import { readMember } from "./tar-member.ts";
import { readTarField } from "./read-tar-field.ts";
import { wholeCompressionOf } from "./whole-compression.ts";

/** What a reader of an archive is for. */
export interface ArchiveUse {
  /** Name of the archive, for the findings. */
  readonly fileName: string;
  /** Bytes of the whole archive where they are known before: a size that lies is then found at once. */
  readonly totalBytes?: number;
  readonly report: Report;
  onEvent(event: ArchiveEvent): void;
}

/** Extension headers by their kind: how large their bodies may be, and whether they are read. */
const EXTENSIONS: ReadonlyMap<string, { readonly bytesMax: number; readonly isRead: boolean }> =
  new Map([
    ["x", { bytesMax: PAX_BYTES_MAX, isRead: true }],
    ["g", { bytesMax: PAX_BYTES_MAX, isRead: true }],
    ["L", { bytesMax: LONG_NAME_BYTES_MAX, isRead: true }],
    ["K", { bytesMax: LONG_NAME_BYTES_MAX, isRead: false }],
  ]);

const DESCRIPTOR = /\.ovf$/i;

/** What findings call a piece that is no member. */
const A_HEADER = "a header";
const AN_EXTENSION = "an extension header";
const OLD_FORM = "it is of the form of Unix V7, which is older than ustar";

/** Bytes between the end of a body and the next block. */
const paddingAfter = (sizeBytes: number): number =>
  (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;

/**
 * Reads a tar archive (POSIX ustar and pax, GNU) while its bytes pass, in constant memory but for the names of its members, and
 * tells of it by events. Only plain files of one level are members; anything else is an error. The first error ends the reading:
 * what follows is not looked at, and no event comes any more.
 */
export class ArchiveReader {
  readonly #use: ArchiveUse;
  readonly #names: Set<string>;
  #state: Omit<ArchiveState, "gathered" | "names">;
  /** Room for a header or an extension that comes in pieces, used again for the next, and how much of it is here. */
  #room: Uint8Array<ArrayBuffer>;
  #gatheredBytes: number;

  constructor(use: ArchiveUse, from: ArchiveState = START_OF_ARCHIVE) {
    const { gathered, names, ...state } = from;
    this.#use = use;
    this.#state = state;
    this.#names = new Set(names);
    const bytes = fromBase64(gathered) ?? new Uint8Array();
    this.#gatheredBytes = bytes.length;
    this.#room = new Uint8Array(bytes.length + (this.#isGathering() ? state.remaining : 0));
    this.#room.set(bytes);
  }

  /** A reader that goes on where another was when it gave its state; findings and events of before are not repeated. */
  static from(state: ArchiveState, use: ArchiveUse): ArchiveReader {
    return new ArchiveReader(use, state);
  }

  /** Where the reader stands now, between two writes: plain data, for `from`. */
  state(): ArchiveState {
    const gathered = toBase64(this.#room.subarray(0, this.#gatheredBytes));
    return { ...this.#state, gathered, names: [...this.#names] };
  }

  /** Whether the reading is over, by an error or by `end`: more bytes are not looked at. */
  get isOver(): boolean {
    return this.#state.phase === "over";
  }

  /** How much memory it has for a header or an extension that comes in pieces, in bytes. */
  get roomBytes(): number {
    return this.#room.length;
  }

  /** Takes the next bytes of the archive; they may be cut anywhere. */
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.isOver;) at += this.#take(bytes.subarray(at));
  }

  /**
   * Passes over what is still to come of the member that began last, for those who can seek: they leave out so many bytes, and
   * go on writing behind them. None where no member is open.
   */
  skipMember(): number {
    const { phase, remaining } = this.#state;
    if (phase !== "member") return 0;
    this.#advance(remaining);
    this.#finish(new Uint8Array());
    return remaining;
  }

  /** Says that there are no more bytes. */
  end(): void {
    this.#judgeEnd();
    this.#to("over", 0);
  }

  #isGathering(): boolean {
    return this.#state.phase === "header" || this.#state.phase === "extension";
  }

  /** Takes bytes of what the phase is about, and answers how many; never none. */
  #take(bytes: Uint8Array): number {
    const { phase, remaining } = this.#state;
    if (phase === "tail") return this.#takeTail(bytes);
    const piece = bytes.subarray(0, remaining);
    if (phase === "mark" && hasNonZero(piece)) {
      this.#endAt(this.#state.position - (BLOCK_BYTES - remaining));
      return this.#takeTail(bytes);
    }
    const whole = this.#isGathering() ? this.#gather(piece) : piece;
    this.#advance(piece.length);
    if (phase === "member") this.#use.onEvent({ kind: "bytes", bytes: piece });
    if (piece.length === remaining) this.#finish(whole);
    return piece.length;
  }

  #advance(bytes: number): void {
    const { position, remaining } = this.#state;
    this.#state = { ...this.#state, position: position + bytes, remaining: remaining - bytes };
  }

  /** What arrives in one piece is not copied. */
  #gather(piece: Uint8Array): Uint8Array {
    const whole = this.#gatheredBytes + this.#state.remaining;
    if (piece.length === whole) return piece;
    if (this.#room.length < whole) this.#room = new Uint8Array(whole);
    this.#room.set(piece, this.#gatheredBytes);
    this.#gatheredBytes += piece.length;
    return this.#room.subarray(0, whole);
  }

  /** Goes on with another phase, of so many bytes; with the one after it where there are none. */
  #to(phase: ArchiveState["phase"], bytes: number): void {
    this.#state = { ...this.#state, phase, remaining: bytes };
    this.#gatheredBytes = 0;
    if (bytes === 0 && phase !== "over" && phase !== "tail") this.#finish(new Uint8Array());
  }

  /** What follows when the last byte of a phase is here. */
  #finish(whole: Uint8Array): void {
    switch (this.#state.phase) {
      case "header":
        return this.#takeHeader(whole);
      case "extension":
        return this.#takeExtension(whole);
      case "member":
        return this.#finishMember();
      case "padding":
        return this.#to("header", BLOCK_BYTES);
      case "ignored":
        return this.#finishIgnored();
      case "mark":
        return this.#endAt(this.#state.position);
      case "tail":
      case "over":
        return undefined;
    }
  }

  #takeHeader(block: Uint8Array): void {
    const { headers, position } = this.#state;
    this.#state = { ...this.#state, headerAt: position - BLOCK_BYTES, bodyBytes: 0 };
    const reading = readHeaderBlock(block);
    if (headers === 0 && !hasTarMagic(block))
      return hasItsChecksum(block) ? this.#refuseHeader(OLD_FORM) : this.#refuseWhole(block);
    if (reading.is === "damaged") return this.#refuseHeader(reading.why);
    if (reading.is === "zeros") return this.#takeMark();
    if (headers === ARCHIVE_HEADERS_MAX)
      return this.#refuse("archive.too_many_headers", { expected: ARCHIVE_HEADERS_MAX });
    this.#state = { ...this.#state, headers: headers + 1 };
    return EXTENSIONS.has(reading.header.kind)
      ? this.#startExtension(reading.header)
      : this.#startMember(reading.header);
  }

  #refuseWhole(head: Uint8Array): void {
    const compression = wholeCompressionOf(head);
    const code = compression === null ? "archive.not_tar" : "archive.compressed";
    this.#refuse(code, compression === null ? {} : { actual: compression });
  }

  #refuseHeader(why: string): void {
    this.#refuse("archive.header_refused", { actual: why });
  }

  #takeMark(): void {
    if (this.#state.extensions > 0)
      return this.#refuseHeader("the archive ends between an extension header and its member");
    return this.#to("mark", BLOCK_BYTES);
  }

  #startExtension({ kind, size }: TarHeader): void {
    const { bytesMax, isRead } = EXTENSIONS.get(kind) ?? { bytesMax: 0, isRead: false };
    const extensions = this.#state.extensions + 1;
    if (extensions > EXTENSIONS_PER_MEMBER_MAX)
      return this.#refuse("archive.too_many_extensions", { expected: EXTENSIONS_PER_MEMBER_MAX });
    if (typeof size !== "number")
      return this.#refuse("archive.size_refused", { subject: AN_EXTENSION, actual: size.refused });
    if (size > bytesMax)
      return this.#refuse("archive.extension_too_long", { expected: bytesMax, actual: size });
    if (!this.#fits(AN_EXTENSION, size)) return undefined;
    this.#state = { ...this.#state, extensions, extension: kind, bodyBytes: size };
    return this.#to(isRead ? "extension" : "ignored", size);
  }

  #takeExtension(body: Uint8Array): void {
    const { extension, next } = this.#state;
    if (extension === "L") {
      this.#state = { ...this.#state, next: { ...next, longName: readTarField(body) } };
      return this.#pad();
    }
    const records = readPaxRecords(body);
    if (records === null) return this.#refuseHeader("its pax records can not be read");
    if (extension === "g") return this.#takeGlobal(records);
    if (next.hasPax) return this.#refuseHeader("a second pax header stands before one member");
    if (records.isSparse)
      return this.#refuse("archive.sparse", { subject: records.name ?? "a member" });
    const { name: paxName, size: paxSize } = records;
    this.#state = { ...this.#state, next: { ...next, paxName, paxSize, hasPax: true } };
    return this.#pad();
  }

  /** Of all members at once nothing can be said that matters here: tools differ in whether they heed it. */
  #takeGlobal({ saysAnything }: PaxRecords): void {
    if (saysAnything)
      return this.#refuseHeader(
        "a pax header for all members gives a name, a size or a sparse form",
      );
    return this.#pad();
  }

  #startMember(header: TarHeader): void {
    const { next, headerAt } = this.#state;
    const here = { file: this.#use.fileName, place: { offset: headerAt } };
    const reading = readMember(header, next, here);
    if (reading.is === "refused") {
      this.#use.report(reading.finding);
      return this.#to("over", 0);
    }
    this.#state = { ...this.#state, extensions: 0, next: START_OF_ARCHIVE.next };
    if (reading.is === "nothing") return this.#to("header", BLOCK_BYTES);
    if (reading.is === "passed over") return this.#passOver(reading.member);
    return this.#announce(reading.member);
  }

  #passOver(member: MemberState): void {
    const { name, sizeBytes } = member;
    if (!this.#fits(name, sizeBytes)) return undefined;
    this.#state = { ...this.#state, member, bodyBytes: sizeBytes };
    return this.#to("ignored", sizeBytes);
  }

  #announce(member: MemberState): void {
    const { name, sizeBytes } = member;
    const folded = foldName(name);
    if (this.#names.has(folded)) return this.#refuse("archive.member_twice", { subject: name });
    if (!this.#fits(name, sizeBytes)) return undefined;
    this.#names.add(folded);
    this.#watchOrder(name);
    this.#state = { ...this.#state, member, bodyBytes: sizeBytes };
    this.#use.onEvent({ kind: "member", name, offset: this.#state.position, sizeBytes });
    return this.#to("member", sizeBytes);
  }

  /** The descriptor should be the first member (DSP0243 5.3): who reads a stream knows by it what will come. */
  #watchOrder(name: string): void {
    const { firstName, hasDescriptor, headerAt } = this.#state;
    const isFirstDescriptor = !hasDescriptor && DESCRIPTOR.test(name);
    if (isFirstDescriptor && firstName !== null) {
      const details = { place: { offset: headerAt }, subject: name, actual: firstName };
      const { fileName, report } = this.#use;
      report(makeFinding("archive.descriptor_not_first", fileName, details));
    }
    this.#state = {
      ...this.#state,
      firstName: firstName ?? name,
      hasDescriptor: hasDescriptor || isFirstDescriptor,
    };
  }

  #finishMember(): void {
    this.#use.onEvent({ kind: "member-end" });
    this.#state = { ...this.#state, member: null };
    this.#pad();
  }

  #finishIgnored(): void {
    const { member, headerAt } = this.#state;
    if (member !== null) {
      const details = { place: { offset: headerAt }, subject: member.name };
      this.#use.report(makeFinding("archive.apple_double", this.#use.fileName, details));
    }
    this.#state = { ...this.#state, member: null };
    this.#pad();
  }

  #pad(): void {
    this.#to("padding", paddingAfter(this.#state.bodyBytes));
  }

  /** Whether a body can be within the archive, as far as its length is known. */
  #fits(subject: string, sizeBytes: number): boolean {
    const left = (this.#use.totalBytes ?? Number.POSITIVE_INFINITY) - this.#state.position;
    if (sizeBytes <= left) return true;
    this.#truncated(subject, sizeBytes, Math.max(0, left));
    return false;
  }

  #truncated(subject: string, expected: number, actual: number): void {
    this.#refuse("archive.truncated", { subject, expected, actual });
  }

  #endAt(endedAt: number): void {
    this.#state = { ...this.#state, endedAt };
    this.#use.onEvent({ kind: "end", sizeBytes: endedAt });
    this.#to("tail", 0);
  }

  #takeTail(bytes: Uint8Array): number {
    const hasTrailing = this.#state.hasTrailing || hasNonZero(bytes);
    const position = this.#state.position + bytes.length;
    this.#state = { ...this.#state, position, hasTrailing };
    return bytes.length;
  }

  #judgeEnd(): void {
    const { phase, remaining, member, bodyBytes } = this.#state;
    switch (phase) {
      case "header":
        return this.#judgeEndAtHeader();
      case "extension":
      case "ignored":
        return this.#truncated(member?.name ?? AN_EXTENSION, bodyBytes, bodyBytes - remaining);
      case "member":
        return this.#truncated(member?.name ?? "", bodyBytes, bodyBytes - remaining);
      case "padding":
        return this.#endWithoutMark(this.#state.position);
      case "mark":
        return this.#endWithoutMark(this.#state.position - (BLOCK_BYTES - remaining));
      case "tail":
        return this.#judgeTail();
      case "over":
        return undefined;
    }
  }

  #judgeEndAtHeader(): void {
    const { headers, position } = this.#state;
    const bytes = this.#gatheredBytes;
    if (headers === 0) return this.#refuseWhole(this.#room.subarray(0, bytes));
    if (bytes === 0) return this.#endWithoutMark(position);
    this.#state = { ...this.#state, headerAt: position - bytes };
    return this.#truncated(A_HEADER, BLOCK_BYTES, bytes);
  }

  #endWithoutMark(endedAt: number): void {
    if (this.#state.extensions > 0) return this.#truncated(A_HEADER, BLOCK_BYTES, 0);
    const place = { offset: endedAt };
    this.#use.report(makeFinding("archive.no_end", this.#use.fileName, { place }));
    return this.#endAt(endedAt);
  }

  #judgeTail(): void {
    const { position, endedAt, hasTrailing } = this.#state;
    if (!hasTrailing || endedAt === null) return;
    const details = { place: { offset: endedAt }, actual: position - endedAt };
    this.#use.report(makeFinding("archive.trailing", this.#use.fileName, details));
  }

  /** Reports an error about the header that was read last, and looks at nothing more. */
  #refuse(code: FindingCode, details: FindingDetails): void {
    const place = { offset: this.#state.headerAt };
    this.#use.report(makeFinding(code, this.#use.fileName, { place, ...details }));
    this.#to("over", 0);
  }
}
