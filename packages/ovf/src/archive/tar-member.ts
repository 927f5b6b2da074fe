import type { FindingCode } from "../finding-codes.ts";
import type { Finding, Place } from "../finding.ts";
import { type FindingDetails, makeFinding } from "../make-finding.ts";
import { findingOfName, nameFaultOf } from "../names/file-name.ts";
import type { ArchiveState, MemberState } from "./archive-state.ts";
import type { TarHeader } from "./tar-header.ts";
import { readPaxNumber, type TarNumber } from "./tar-number.ts";

/** What a header and the extensions before it come to. */
export type MemberReading =
  | { readonly is: "member"; readonly member: MemberState }
  /** Nothing that belongs to the package, and nothing that hurts. */
  | { readonly is: "nothing" }
  /** A member of macOS beside the one that is meant. */
  | { readonly is: "passed over"; readonly member: MemberState }
  | { readonly is: "refused"; readonly finding: Finding };

const REFUSED_KINDS: ReadonlyMap<string, FindingCode> = new Map([
  ["1", "archive.link"],
  ["2", "archive.link"],
  ["3", "archive.device"],
  ["4", "archive.device"],
  ["5", "archive.directory"],
  ["6", "archive.device"],
  ["S", "archive.sparse"],
]);

/** `tar c .` writes the directory itself first, and puts `./` before each name. */
const HERE = "./";

/** The tar of macOS puts attributes of a file into a member before it (AppleDouble). No file of a package has such a name. */
const APPLE_DOUBLE = "._";

/** What follows is a component of a path; it may begin and end as no name may, as in `._.` for the directory. */
const isAppleDouble = (name: string): boolean =>
  name.startsWith(APPLE_DOUBLE) && nameFaultOf(`_${name.slice(APPLE_DOUBLE.length)}_`) === null;

const findingOfKind = (kind: string, name: string): FindingCode | null => {
  if (kind === "0" || kind === "7") return name.endsWith("/") ? "archive.directory" : null;
  return REFUSED_KINDS.get(kind) ?? "archive.kind_unknown";
};

const isHere = (kind: string, name: string, size: TarNumber): boolean =>
  kind === "5" && (name === "." || name === HERE) && size === 0;

/** Where a header stands: in which archive, at which place. */
export interface HeaderPlace {
  readonly file: string;
  readonly place: Place;
}

/** Reads what stands at a header, after what the extensions before it say: pax before GNU before the header itself. */
export const readMember = (
  header: TarHeader,
  next: ArchiveState["next"],
  { file, place }: HeaderPlace,
): MemberReading => {
  const refused = (code: FindingCode, details: FindingDetails): MemberReading => ({
    is: "refused",
    finding: makeFinding(code, file, { ...details, place }),
  });
  const written = next.paxName ?? next.longName ?? header.name;
  const size = next.paxSize === null ? header.size : readPaxNumber(next.paxSize);
  if (isHere(header.kind, written, size)) return { is: "nothing" };
  const name = written.startsWith(HERE) ? written.slice(HERE.length) : written;
  const ofKind = findingOfKind(header.kind, name);
  if (ofKind !== null) return refused(ofKind, { subject: name, actual: header.kind });
  const isPassedOver = isAppleDouble(name);
  const ofName = isPassedOver ? null : findingOfName(name, file);
  if (ofName !== null) return { is: "refused", finding: { ...ofName, place } };
  if (typeof size !== "number")
    return refused("archive.size_refused", { subject: name, actual: size.refused });
  return { is: isPassedOver ? "passed over" : "member", member: { name, sizeBytes: size } };
};
