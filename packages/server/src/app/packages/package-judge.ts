import type { Checksum, ChecksumAlgorithm } from "../../domain/checksum.ts";
import type { StagedId } from "../../domain/ids.ts";
import { invariant } from "../../domain/invariant.ts";
import type { PackageFile, PackageJudgement, WantedChecksum } from "../../domain/package.ts";
import { packageFileOf } from "../../domain/session-file/judged.ts";
import type { SessionFile } from "../../domain/update-session.ts";
import type { CancelSignal, ItemType, OpenBlob } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import { Exclusive } from "../exclusive.ts";
import type { Ports } from "../ports.ts";
import { Unforeseen } from "./foresight.ts";
import { KnownChecksums } from "./known-checksums.ts";
import { RottenBytes } from "./rotten-bytes.ts";
import { TypeChanges } from "./type-changes.ts";

/** The files of a session, and what it takes to judge them. */
export interface JudgedFiles {
  readonly itemType: ItemType;
  readonly itemName: string;
  readonly files: readonly SessionFile[];
}

/** Files to be judged to the end. */
export interface FullyJudgedFiles extends JudgedFiles {
  /** Aborts when nobody waits for the judgement any more; null where others wait for it, so that no digest may be made. */
  readonly signal: CancelSignal | null;
}

const stagedIdOf = (file: SessionFile): StagedId | null =>
  file.source !== "NONE" && file.receipt.status === "READY" ? file.receipt.stagedId : null;

/** How often digests may be wanted before a judgement stands: those of the files, and those that only these make known. */
const ROUNDS_MAX = 3;

/** Bytes that the catalog says are here are not: that is the store's matter, and no lack of what is being sent. */
const lostBytes = (error: unknown): unknown =>
  error instanceof PortError && (error.kind === "absent" || error.kind === "exists")
    ? new PortError("corrupt", "The bytes of a file are not in the store.", { cause: error })
    : error;

/** What a session brings takes the place of what proved the item's files before: that counts no more, and leaves the item. (S94) */
const countingFiles = (files: readonly SessionFile[], itemType: ItemType): readonly SessionFile[] =>
  files.some(({ source }) => source !== "NONE")
    ? files.filter(({ name, source }) => source !== "NONE" || itemType.isKept(name))
    : files;

/** How bytes are hashed. */
interface Hashing {
  readonly stagedId: StagedId | null;
  readonly algorithms: readonly ChecksumAlgorithm[];
  readonly signal: CancelSignal;
}

/** Lets the types of items judge the files of sessions. What bytes are hashed with besides is remembered. */
export class PackageJudge {
  readonly typeChanges = new TypeChanges();
  readonly #ports: Pick<Ports, "blobs" | "catalog" | "clock">;
  readonly #known = new KnownChecksums();
  readonly #perBytes = new Exclusive();

  constructor(ports: Pick<Ports, "blobs" | "catalog" | "clock">) {
    this.#ports = ports;
  }

  /**
   * What the files come to now, with every digest that takes. Bytes of which a digest is wanted are read off the main thread; where
   * others wait it is `Unforeseen` instead.
   */
  async judge(given: FullyJudgedFiles): Promise<PackageJudgement> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const judgement = await this.look(given);
      if (judgement.wanted.length === 0) return judgement;
      const { signal } = given;
      if (signal === null) throw new Unforeseen("A digest of a file has to be made.");
      await this.#make(judgement.wanted, { files: given.files, signal });
    }
    invariant(false, "A judgement wants digests again that were made for it.");
  }

  /** What the files come to as far as digests are at hand. */
  async look({ itemType, itemName, files: all }: JudgedFiles): Promise<PackageJudgement> {
    const { catalog, clock } = this.#ports;
    const files = countingFiles(all, itemType);
    const byName = new Map(files.map((file) => [file.name, file]));
    const certificates = await catalog.listCertificates();
    return await itemType.judge({
      itemName,
      files: files.flatMap((file) => this.#wholeFile(file)),
      awaited: files.flatMap((file) => (packageFileOf(file) === null ? [file.name] : [])),
      open: (file) => this.#open(file, byName.get(file.name)),
      trusted: certificates.map(({ certText }) => certText),
      now: clock.now(),
    });
  }

  #wholeFile(file: SessionFile): readonly PackageFile[] {
    const whole = packageFileOf(file);
    if (whole === null) return [];
    const own = new Set(whole.checksums.map(({ algorithm }) => algorithm));
    const known = this.#known.of(whole.digest).filter(({ algorithm }) => !own.has(algorithm));
    return [{ ...whole, checksums: [...whole.checksums, ...known] }];
  }

  /** Bytes that were staged may have become a blob by now, and some were one from the start. */
  async #open({ digest }: PackageFile, file: SessionFile | undefined): Promise<OpenBlob> {
    const { blobs } = this.#ports;
    const stagedId = file === undefined ? null : stagedIdOf(file);
    try {
      return (await this.#openStaged(stagedId)) ?? (await blobs.open(digest));
    } catch (error) {
      throw lostBytes(error);
    }
  }

  /** Null where nothing is staged under that id. */
  async #openStaged(stagedId: StagedId | null): Promise<OpenBlob | null> {
    if (stagedId === null) return null;
    try {
      return await this.#ports.blobs.openStaged(stagedId);
    } catch (error) {
      if (error instanceof PortError && error.kind === "absent") return null;
      throw error;
    }
  }

  async #make(
    wanted: readonly WantedChecksum[],
    { files, signal }: { readonly files: readonly SessionFile[]; readonly signal: CancelSignal },
  ): Promise<void> {
    const algorithms = new Map<string, ChecksumAlgorithm[]>();
    for (const { name, algorithm } of wanted)
      algorithms.set(name, [...(algorithms.get(name) ?? []), algorithm]);
    for (const file of files) {
      const missing = algorithms.get(file.name);
      const whole = packageFileOf(file);
      if (missing === undefined || whole === null) continue;
      const how = { stagedId: stagedIdOf(file), algorithms: missing, signal };
      // Of two who want the same, one reads.
      await this.#perBytes.run(whole.digest, () => this.#hash(whole, how));
    }
  }

  async #hash(file: PackageFile, how: Hashing): Promise<void> {
    const { digest } = file;
    const known = new Set(this.#known.of(digest).map(({ algorithm }) => algorithm));
    const algorithms = how.algorithms.filter((algorithm) => !known.has(algorithm));
    if (algorithms.length === 0) return;
    const asked = { ...how, algorithms };
    try {
      const staged = await this.#hashStaged(file, asked);
      this.#known.learn(digest, staged ?? (await this.#hashStored(file, asked)));
    } catch (error) {
      throw lostBytes(error);
    }
  }

  /** The SHA-256 is made again as well: it says whether the bytes are those that the file is known by. */
  async #hashStored(
    { name, digest }: PackageFile,
    { algorithms, signal }: Hashing,
  ): Promise<readonly Checksum[]> {
    const others = algorithms.filter((algorithm) => algorithm !== "SHA256");
    const asked: readonly ChecksumAlgorithm[] = ["SHA256", ...others];
    const checksums = await this.#ports.blobs.checksumsOf(digest, asked, signal);
    const made = checksums.find(({ algorithm }) => algorithm === "SHA256");
    if (made?.hex !== digest) throw new RottenBytes(name);
    return checksums;
  }

  /** Null where nothing is staged under that id. */
  async #hashStaged(
    { name, digest, sizeBytes }: PackageFile,
    { stagedId, algorithms, signal }: Hashing,
  ): Promise<readonly Checksum[] | null> {
    if (stagedId === null) return null;
    try {
      const finished = { sizeBytes, algorithms, signal };
      const blob = await this.#ports.blobs.partials.finish(stagedId, finished);
      if (blob.digest !== digest) throw new RottenBytes(name);
      return blob.checksums;
    } catch (error) {
      if (error instanceof PortError && error.kind === "absent") return null;
      throw error;
    }
  }
}
