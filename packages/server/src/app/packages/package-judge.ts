import { canRejectImages, rejectsImages } from "../../domain/bad-images.ts";
import type { ArchiveContents } from "../../domain/archive.ts";
import type { Checksum } from "../../domain/checksum.ts";
import type { ItemId, Sha256 } from "../../domain/ids.ts";
import { invariant } from "../../domain/invariant.ts";
import type { PackageFile, PackageJudgement, WantedChecksum } from "../../domain/package.ts";
import { digestOfMember } from "../../domain/planned-files.ts";
import { packageFileOf } from "../../domain/session-file/judged.ts";
import type { SessionFile } from "../../domain/update-session.ts";
import type { CancelSignal, ItemType } from "../../ports/index.ts";
import { Exclusive } from "../exclusive.ts";
import { partOfBlob } from "../part-of-blob.ts";
import type { Ports } from "../ports.ts";
import { FileBytes } from "./file-bytes.ts";
import { Unforeseen } from "./foresight.ts";
import { KNOWN_MAX, KnownChecksums } from "./known-checksums.ts";
import { TypeChanges } from "./type-changes.ts";
import { bytesWanted } from "./wanted-bytes.ts";
import type { WantedBytes } from "./wanted-bytes.ts";

/** The files of a session, and what it takes to judge them. */
export interface JudgedFiles {
  readonly itemType: ItemType;
  readonly itemId: ItemId;
  readonly itemName: string;
  readonly files: readonly SessionFile[];
}

/** Files to be judged to the end. */
export interface FullyJudgedFiles extends JudgedFiles {
  /** Aborts when nobody waits for the judgement any more; null where others wait for it, so that no digest may be made. */
  readonly signal: CancelSignal | null;
}

/** Digests of files that are made for one judgement, which keeps them. */
interface Making {
  readonly files: readonly SessionFile[];
  readonly signal: CancelSignal;
  readonly made: KnownChecksums;
}

/** How often digests may be wanted before a judgement stands: those of the files, and those that only these make known. */
const ROUNDS_MAX = 3;

/**
 * What a session brings takes the place of what proved the item's files before: that counts no more, and leaves the item (S94). So does
 * all that the item has, where the session brings an archive (S123).
 */
const countingFiles = (
  files: readonly SessionFile[],
  itemType: ItemType,
): readonly SessionFile[] => {
  const brought = files.filter(({ source }) => source !== "NONE");
  if (brought.length === 0) return files;
  if (brought.some(({ name }) => itemType.isArchive(name))) return brought;
  return files.filter(({ name, source }) => source !== "NONE" || itemType.isKept(name));
};

/** What is said of an archive whose bytes passed before anybody looked into them. */
const UNREAD_ARCHIVE: ArchiveContents = {
  members: [],
  findings: [
    {
      code: "archive.unread",
      isError: true,
      text: ": It came before the server looked into archives of its item.",
      mend: "Send it again.",
    },
  ],
};

/** Lets the types of items judge the files of sessions. What bytes are hashed with besides is remembered. */
export class PackageJudge {
  readonly typeChanges = new TypeChanges();
  readonly #ports: Pick<Ports, "catalog" | "clock">;
  readonly #bytes: FileBytes;
  readonly #known: KnownChecksums;
  readonly #perBytes = new Exclusive();

  constructor(ports: Pick<Ports, "blobs" | "catalog" | "clock">, knownMax: number = KNOWN_MAX) {
    this.#ports = ports;
    this.#bytes = new FileBytes(ports.blobs);
    this.#known = new KnownChecksums(knownMax);
  }

  /**
   * What the files come to now, with every digest that takes. Bytes of which a digest is wanted are read off the main thread; where
   * others wait it is `Unforeseen` instead.
   */
  async judge(given: FullyJudgedFiles): Promise<PackageJudgement> {
    // What others make meanwhile may take the place of what is remembered.
    const made = new KnownChecksums(Number.POSITIVE_INFINITY);
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const judgement = await this.#look(given, made);
      if (judgement.wanted.length === 0) return judgement;
      const { signal } = given;
      if (signal === null) throw new Unforeseen("A digest of a file has to be made.");
      await this.#make(judgement.wanted, { files: given.files, signal, made });
    }
    invariant(false, "A judgement wants digests again that were made for it.");
  }

  /** What the files come to as far as digests are at hand. */
  async look(given: JudgedFiles): Promise<PackageJudgement> {
    return await this.#look(given, this.#known);
  }

  async #look(
    { itemType, itemId, itemName, files: all }: JudgedFiles,
    made: KnownChecksums,
  ): Promise<PackageJudgement> {
    const { catalog, clock } = this.#ports;
    const files = countingFiles(all, itemType);
    const byName = new Map(files.map((file) => [file.name, file]));
    const certificates = await catalog.listCertificates();
    return await itemType.judge({
      itemName,
      files: files.flatMap((file) => this.#wholeFile(file, { itemType, made })),
      awaited: files.flatMap((file) => (packageFileOf(file) === null ? [file.name] : [])),
      open: async ({ name }, range) => {
        const file = byName.get(name);
        invariant(file !== undefined, `${name} is not among the files that are judged.`);
        const blob = await this.#bytes.open(file);
        return range === undefined ? blob : partOfBlob(blob, range);
      },
      rejectsBadImages: await this.#rejectsImages(itemType, itemId),
      trusted: certificates.map(({ certText }) => certText),
      now: clock.now(),
    });
  }

  /** The library is asked each time, so that its setting counts as it is; and only for a type that it has a say in. */
  async #rejectsImages({ type }: ItemType, itemId: ItemId): Promise<boolean> {
    if (!canRejectImages(type)) return false;
    const { catalog } = this.#ports;
    const item = await catalog.findItem(itemId);
    const library = item === null ? null : await catalog.findLibrary(item.value.libraryId);
    return library !== null && rejectsImages(library.value, type);
  }

  #wholeFile(
    file: SessionFile,
    { itemType, made }: { readonly itemType: ItemType; readonly made: KnownChecksums },
  ): readonly PackageFile[] {
    const whole = packageFileOf(file);
    if (whole === null) return [];
    const withKnown = (digest: Sha256, own: readonly Checksum[]): readonly Checksum[] =>
      withOthers(withOthers(own, made.of(digest)), this.#known.of(digest));
    const checksums = withKnown(whole.digest, whole.checksums);
    if (file.source === "NONE" || !itemType.isArchive(file.name)) return [{ ...whole, checksums }];
    const archive = whole.archive ?? UNREAD_ARCHIVE;
    const members = archive.members.map((member) => ({
      ...member,
      checksums: withKnown(digestOfMember(member), member.checksums),
    }));
    return [{ ...whole, checksums, archive: { ...archive, members } }];
  }

  async #make(wanted: readonly WantedChecksum[], { files, ...making }: Making): Promise<void> {
    for (const [key, bytes] of bytesWanted(wanted, files))
      // Of two who want the same, one reads.
      await this.#perBytes.run(key, () => this.#hash(bytes, making));
  }

  async #hash(bytes: WantedBytes, { signal, made }: Omit<Making, "files">): Promise<void> {
    const { digest } = bytes;
    const known = new Set(this.#known.of(digest).map(({ algorithm }) => algorithm));
    const algorithms = bytes.algorithms.filter((algorithm) => !known.has(algorithm));
    if (algorithms.length > 0)
      this.#known.learn(digest, await this.#bytes.checksumsOf({ ...bytes, algorithms }, signal));
    made.learn(digest, this.#known.of(digest));
  }
}

/** Digests, and those of others that are made in other ways. */
const withOthers = (own: readonly Checksum[], others: readonly Checksum[]): readonly Checksum[] => {
  if (others.length === 0) return own;
  const algorithms = new Set(own.map(({ algorithm }) => algorithm));
  return [...own, ...others.filter(({ algorithm }) => !algorithms.has(algorithm))];
};
