import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { ArchiveMember } from "../archive.ts";
import type { BroughtFile, SessionFile, UpdateSession } from "../update-session.ts";

/** A file as a session lists it: an entry of its set, or part of an archive whose bytes are all here and right. */
export type ListedFile =
  | { readonly kind: "entry"; readonly file: SessionFile }
  | {
      readonly kind: "member";
      readonly member: ArchiveMember;
      /** The entry whose bytes hold it. */
      readonly archive: BroughtFile;
    };

/** Whether files of that name are archives whose members are meant. */
export type IsArchive = (name: string) => boolean;

const membersOf = (file: SessionFile, isArchive: IsArchive): readonly ListedFile[] => {
  if (file.source === "NONE" || file.receipt.status !== "READY" || !isArchive(file.name)) return [];
  const { members = [] } = file.receipt.archive ?? {};
  return members.map((member) => ({ kind: "member", member, archive: file }));
};

/**
 * The files that a session lists, in the order of the set, each archive with its members behind it. What the item has is not
 * listed beside an archive that is whole: it gives way to the members. (S122, S123)
 */
export const listedFiles = (
  files: readonly SessionFile[],
  isArchive: IsArchive,
): readonly ListedFile[] => {
  const listed = files.flatMap((file): readonly ListedFile[] => [
    { kind: "entry", file },
    ...membersOf(file, isArchive),
  ]);
  return listed.length === files.length
    ? listed
    : listed.filter((one) => one.kind === "member" || one.file.source !== "NONE");
};

/** The name by which a file is listed. */
export const nameOfListed = (listed: ListedFile): string =>
  listed.kind === "entry" ? listed.file.name : listed.member.name;

/** The listed file of that name; an unknown name is InvalidArgument, not NotFound. (S60) */
export const findListed = (
  session: UpdateSession,
  listed: readonly ListedFile[],
  name: string,
): ListedFile | FaultValue =>
  listed.find((one) => nameOfListed(one) === name) ??
  faultOf("update_session.no_such_file", session.id, name);

/** Why that file can not be removed by itself; null where it can. (S122) */
export const refuseMember = (listed: ListedFile): FaultValue | null =>
  listed.kind === "entry"
    ? null
    : faultOf("update_session.member_of_archive", listed.member.name, listed.archive.name);
