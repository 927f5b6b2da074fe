import type { StagedId } from "./ids.ts";
import { parseSha256 } from "./ids.ts";
import type { Sha256 } from "./ids.ts";
import { invariant } from "./invariant.ts";
import type { ArchiveMember } from "./archive.ts";
import { shownFiles } from "./item.ts";
import type { Item, ItemFile, MemberPlace } from "./item.ts";
import type { BroughtFile, Receipt, SessionFile } from "./update-session.ts";

/** A file that a session brings, all of whose bytes are here. */
export interface ReadyFile {
  readonly file: BroughtFile;
  readonly receipt: Extract<Receipt, { readonly status: "READY" }>;
}

/** The files of a session that are READY because it brings them. */
export const readyFiles = (files: readonly SessionFile[]): readonly ReadyFile[] =>
  files.flatMap((file) =>
    file.source !== "NONE" && file.receipt.status === "READY"
      ? [{ file, receipt: file.receipt }]
      : [],
  );

/** How the type of the item sees its files. */
export interface FileRules {
  /** False for a file that is checked, and then not kept with the item. */
  readonly isKept: (name: string) => boolean;
  /** Whether an archive stands for its members. */
  readonly opensArchives: boolean;
}

/** A file as the item will have it, but for its version. */
type NewFile = Omit<ItemFile, "version">;

/** The SHA-256 by which a member is known. */
export const digestOfMember = ({ name, checksums }: ArchiveMember): Sha256 => {
  const found = checksums.find(({ algorithm }) => algorithm === "SHA256");
  const digest = parseSha256(found?.hex ?? "");
  invariant(digest !== null, `The SHA-256 of ${name} was not made while its archive passed.`);
  return digest;
};

const memberFile = (member: ArchiveMember, place: Omit<MemberPlace, "offsetBytes">): NewFile => {
  const digest = digestOfMember(member);
  const { name, sizeBytes, offsetBytes } = member;
  const checksum = { algorithm: "SHA256", hex: digest } as const;
  return { name, digest, sizeBytes, checksum, within: { ...place, offsetBytes } };
};

/**
 * What an item gets of a file: the file itself; or of an archive its members, whose bytes stay where they are in it, and the archive as
 * their original. None of what is only checked. (S94, S125)
 */
const newFiles = ({ file, receipt }: ReadyFile, rules: FileRules): readonly NewFile[] => {
  const { digest, sizeBytes, checksum, archive } = receipt;
  const own: NewFile = { name: file.name, digest, sizeBytes, checksum };
  if (archive === undefined || !rules.opensArchives) return rules.isKept(file.name) ? [own] : [];
  const place = { archive: digest, archiveBytes: sizeBytes };
  const members = archive.members.filter(({ name }) => rules.isKept(name));
  return [...members.map((member) => memberFile(member, place)), { ...own, isOriginal: true }];
};

/** Staged bytes that are to become the blob `digest`. */
export interface Promotion {
  readonly stagedId: StagedId;
  readonly digest: Sha256;
}

/** Which staged bytes become blobs, each of which is promoted once, and which are not needed. */
export const planPromotions = (
  ready: readonly ReadyFile[],
  rules: FileRules,
): { readonly promotions: readonly Promotion[]; readonly release: readonly StagedId[] } => {
  const byDigest = new Map<Sha256, Promotion>();
  const release: StagedId[] = [];
  for (const one of ready) {
    const { stagedId, digest } = one.receipt;
    if (byDigest.has(digest) || newFiles(one, rules).length === 0) release.push(stagedId);
    else byDigest.set(digest, { stagedId, digest });
  }
  return { promotions: [...byDigest.values()], release };
};

/** Whether all files that came in the archive, and are shown, are in the list as they came. (S126) */
const isComplete = (original: ItemFile, item: Item, next: readonly ItemFile[]): boolean => {
  const came = item.files.filter(({ within }) => within?.archive === original.digest);
  const stayed = new Set(next);
  return came.length > 0 && came.every((file) => stayed.has(file));
};

/**
 * The files that an item has once the session is completed. Names it has keep their places, new names follow in the order in which they
 * joined the session (S40). An archive takes the place of all files that the item had (S123), and the archive that files came in leaves
 * with the first of them (S126).
 */
export const planFiles = (
  item: Item,
  files: readonly SessionFile[],
  rules: FileRules,
): readonly ItemFile[] => {
  const former = new Map(item.files.map((file) => [file.name, file]));
  const ready = readyFiles(files);
  const brought = new Map(
    ready
      .flatMap((one) => newFiles(one, rules))
      .map((file): [string, ItemFile] => {
        const version = (former.get(file.name)?.version ?? 0) + 1;
        return [file.name, { ...file, version }];
      }),
  );
  const replacesAll = [...brought.values()].some(({ isOriginal }) => isOriginal);
  // What proved the item's former files leaves with the first that is brought.
  const staying = new Set(
    replacesAll
      ? []
      : files
          .filter(
            ({ source, name }) => source === "NONE" && (ready.length === 0 || rules.isKept(name)),
          )
          .map(({ name }) => name),
  );
  const stays = ({ name, isOriginal }: ItemFile): boolean =>
    isOriginal === true ? !replacesAll : staying.has(name);
  const stayed = item.files
    .filter((file) => brought.has(file.name) || stays(file))
    .map((file) => brought.get(file.name) ?? file);
  const joined = [...brought.values()].filter((file) => !former.has(file.name));
  const next = [...stayed, ...joined];
  return next.filter(
    (file) => file.isOriginal !== true || brought.has(file.name) || isComplete(file, item, next),
  );
};

/** The names that a session may leave as they are: those of the files that the item shows. */
export const namesShown = (item: Item): ReadonlySet<string> =>
  new Set(shownFiles(item.files).map(({ name }) => name));
