import { boundedText } from "../bounded-text.ts";
import type { FindingCode } from "../finding-codes.ts";
import { FACT_CHARACTERS_MAX } from "../limits.ts";
import type { FindingDetails } from "../make-finding.ts";
import type { DiskFact } from "./descriptor.ts";
import type { WrittenDisk } from "./envelope-parts.ts";
import { isProperty, parseByteUnit, parseWholeNumber } from "./numbers.ts";

type Tell = (code: FindingCode, details: FindingDetails) => void;

const capacityOf = (disk: WrittenDisk, tell: Tell): string | null => {
  const { capacity, units, place } = disk;
  const written = capacity ?? "";
  if (isProperty(written)) return null;
  const number = parseWholeNumber(written);
  const unit = units === null || units.trim() === "" ? 1n : parseByteUnit(units);
  if (number !== null && number > 0n && unit !== null) return String(number * unit);
  tell("descriptor.capacity_refused", {
    place,
    subject: disk.id ?? "",
    ...(capacity === null ? {} : { actual: `${written} ${units ?? ""}`.trim() }),
  });
  return null;
};

const checkPopulatedSize = ({ id, place, populatedSize }: WrittenDisk, tell: Tell): void => {
  if (populatedSize === null || parseWholeNumber(populatedSize) !== null) return;
  tell("descriptor.number_refused", {
    place,
    subject: `populatedSize of the Disk ${id ?? ""}`,
    actual: populatedSize,
  });
};

/** Tells of each ring of parents once, by the first disk that is met on it. Every disk is visited once. */
const checkParents = (disks: readonly WrittenDisk[], tell: Tell): void => {
  const byId = new Map(disks.map((disk) => [disk.id, disk]));
  const done = new Set<WrittenDisk>();
  for (const disk of disks) {
    const path = new Set<WrittenDisk>();
    let at: WrittenDisk | undefined = disk;
    while (at !== undefined && !done.has(at) && !path.has(at)) {
      path.add(at);
      at = at.parentRef === null ? undefined : byId.get(at.parentRef);
    }
    if (at !== undefined && path.has(at))
      tell("descriptor.disk_cycle", { place: at.place, subject: at.id ?? "" });
    for (const one of path) done.add(one);
  }
};

const checkReferences = (
  disks: readonly WrittenDisk[],
  fileIds: ReadonlySet<string>,
  tell: Tell,
): void => {
  const ids = new Set(disks.map(({ id }) => id));
  const seen = new Set<string>();
  for (const { id, place, fileRef, parentRef } of disks) {
    if (id === null) tell("descriptor.disk_without_id", { place });
    else if (seen.has(id)) tell("descriptor.disk_id_twice", { place, subject: id });
    const subject = id ?? "";
    seen.add(subject);
    if (fileRef !== null && fileRef !== "" && !fileIds.has(fileRef))
      tell("descriptor.disk_file_unknown", { place, subject, actual: fileRef });
    if (parentRef !== null && !ids.has(parentRef))
      tell("descriptor.disk_parent_unknown", { place, subject, actual: parentRef });
  }
};

/** The disks as far as they can be told, and what is wrong with them. */
export const readDisks = (
  disks: readonly WrittenDisk[],
  fileIds: ReadonlySet<string>,
  tell: Tell,
): readonly DiskFact[] => {
  checkReferences(disks, fileIds, tell);
  checkParents(disks, tell);
  return disks.map((disk) => {
    checkPopulatedSize(disk, tell);
    return {
      id: disk.id ?? "",
      fileId: disk.fileRef === "" ? null : disk.fileRef,
      parentId: disk.parentRef,
      capacityBytes: capacityOf(disk, tell),
      format: disk.format === null ? null : boundedText(disk.format, FACT_CHARACTERS_MAX),
    };
  });
};
