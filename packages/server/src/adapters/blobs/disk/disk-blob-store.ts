/*
 * stage     an append from 0 and a finish in one, of which whatever fails leaves nothing
 * promote   make and sync folders -> read-only -> rename into blobs -> sync both folders
 *
 * A name below `blobs` or `ready` therefore always stands for complete and synced bytes.
 */
import type { Checksum, ChecksumAlgorithm } from "../../../domain/checksum.ts";
import type { Sha256, StagedId } from "../../../domain/ids.ts";
import type {
  BlobStore,
  ByteSource,
  OpenBlob,
  StageOptions,
  StageOutcome,
  StoredBlob,
} from "../../../ports/blob-store.ts";
import type { Clock } from "../../../ports/clock.ts";
import { PortError } from "../../../ports/port-error.ts";
import { DiskPartials } from "./disk-partials.ts";
import { Exclusive } from "./exclusive.ts";
import { orNullIfAbsent, portErrorOf } from "./file-errors.ts";
import { type FileSystem, realFileSystem } from "./file-system.ts";
import { Folders } from "./folders.ts";
import { type BlobLayout, layoutIn } from "./layout.ts";
import { Listing } from "./listing.ts";
import { RangeDigests, type RangeWanted } from "./range-digests.ts";
import { DiskOpenBlob } from "./reading.ts";
import { type EngineChoice, StagingEngines, type StagingLoad } from "./staging-engines.ts";
import { StoreFiles, attempt } from "./store-files.ts";

const BLOB_FILE_MODE = 0o400;

export interface DiskBlobStoreOptions {
  /** Made, for this account only, where it is missing. One process at a time may hold it. */
  readonly directory: string;
  readonly clock: Pick<Clock, "now">;
  readonly fileSystem?: FileSystem;
  readonly engine?: EngineChoice;
  /** Bytes written between two syncs of a transfer. */
  readonly syncStepBytes?: number;
  /** Memory for the buffers of all transfers. */
  readonly budgetBytes?: number;
  /** Partials whose running digests are kept between two appends. */
  readonly partialsKnownMax?: number;
}

/** Blobs as files of one directory. */
export class DiskBlobStore implements BlobStore {
  readonly layout: BlobLayout;
  readonly partials: DiskPartials;
  readonly #clock: Pick<Clock, "now">;
  readonly #files: StoreFiles;
  readonly #engines: StagingEngines;
  readonly #listing: Listing;
  readonly #digests: RangeDigests;
  readonly #perBlob = new Exclusive<Sha256>();

  constructor(options: DiskBlobStoreOptions, folders: Folders) {
    this.layout = layoutIn(options.directory);
    this.#clock = options.clock;
    this.#files = new StoreFiles(options.fileSystem ?? realFileSystem, this.layout, folders);
    this.#listing = new Listing(this.#files.fileSystem, this.layout);
    this.#engines = new StagingEngines({ ...options, choice: options.engine ?? "auto" });
    this.#digests = new RangeDigests(this.#files, this.#engines);
    this.partials = new DiskPartials(
      { files: this.#files, engines: this.#engines, ranges: this.#digests },
      options.partialsKnownMax,
    );
  }

  /** How much staging has to do at this moment. */
  get load(): StagingLoad {
    return this.#engines.load;
  }

  async stage(
    stagedId: StagedId,
    source: ByteSource,
    options: StageOptions,
  ): Promise<StageOutcome> {
    return await attempt("The bytes could not be staged.", "never", async () => {
      let outcome: StageOutcome;
      try {
        outcome = await this.#stageWhole(stagedId, source, options);
      } catch (error) {
        if (!(error instanceof PortError) || error.kind !== "exists")
          await this.#forgetFailed(stagedId);
        throw error;
      }
      if (outcome.kind !== "staged") await this.release(stagedId);
      return outcome;
    });
  }

  async promote(stagedId: StagedId, digest: Sha256): Promise<void> {
    const sentence = `The blob ${digest} could not be put in its place.`;
    await attempt(sentence, "safe", () =>
      this.#perBlob.run(digest, () => this.#promoteAlone(stagedId, digest)),
    );
    this.partials.forget(stagedId);
  }

  async release(stagedId: StagedId): Promise<void> {
    await attempt(`The staged bytes ${stagedId} could not be removed.`, "safe", async () => {
      await this.partials.release(stagedId);
    });
  }

  async open(digest: Sha256): Promise<OpenBlob> {
    return await attempt(`The blob ${digest} could not be opened.`, "safe", () =>
      this.#open(this.layout.blobFile(digest), `There is no blob ${digest}.`),
    );
  }

  async openStaged(stagedId: StagedId): Promise<OpenBlob> {
    return await attempt(`The staged bytes ${stagedId} could not be opened.`, "safe", () =>
      this.#open(this.layout.readyFile(stagedId), `There are no staged bytes ${stagedId}.`),
    );
  }

  async checksumsOf(
    digest: Sha256,
    algorithms: readonly ChecksumAlgorithm[],
    wanted: RangeWanted,
  ): Promise<readonly Checksum[]> {
    return await attempt(`The blob ${digest} could not be read.`, "safe", async () => {
      const facts = await this.#files.findBlob(digest);
      if (facts === null) throw await this.#files.absent(`There is no blob ${digest}.`);
      const path = this.layout.blobFile(digest);
      return await this.#digests.of({ path, facts }, algorithms, wanted);
    });
  }

  async delete(digest: Sha256): Promise<void> {
    const sentence = `The blob ${digest} could not be deleted.`;
    const path = this.layout.blobFile(digest);
    await attempt(sentence, "safe", () =>
      this.#perBlob.run(digest, () => this.#files.remove(path)),
    );
  }

  listStaged(): AsyncIterable<StagedId> {
    return this.#listing.staged();
  }

  list(): AsyncIterable<StoredBlob> {
    return this.#listing.blobs();
  }

  async freeBytes(): Promise<number> {
    const facts = await attempt("The room left on the disk could not be found out.", "safe", () =>
      this.#files.fileSystem.statfs(this.layout.root),
    );
    return facts.bavail * facts.bsize;
  }

  /** Ends the staging threads; transfers that they serve fail as `unavailable`. Closing twice is harmless. */
  async close(): Promise<void> {
    await this.#engines.close();
    await this.partials.close();
    await this.#digests.close();
  }

  async #open(path: string, absence: string): Promise<OpenBlob> {
    const file = await orNullIfAbsent(this.#files.fileSystem.open(path, "r"));
    if (file === null) throw await this.#files.absent(absence);
    try {
      return new DiskOpenBlob(file, (await file.stat()).size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async #stageWhole(
    stagedId: StagedId,
    source: ByteSource,
    options: StageOptions,
  ): Promise<StageOutcome> {
    const { algorithms } = options;
    let receivedBytes = 0;
    const outcome = await this.partials.take(stagedId, source, {
      ...options,
      offsetBytes: 0,
      finishes: true,
      keepsPieces: false,
      onProgress: (bytes) => options.onProgress((receivedBytes = bytes)),
      onDurable: () => undefined,
    });
    if (outcome.kind === "interrupted")
      return { kind: "interrupted", receivedBytes, reason: outcome.reason };
    if (outcome.kind === "too-long")
      return { kind: "too-long", receivedBytes: outcome.receivedBytes };
    if (outcome.kind !== "appended") return { kind: "cancelled", receivedBytes };
    const { sizeBytes } = outcome;
    // To its end, since a staged blob has to be released either way.
    const signal = new AbortController().signal;
    const blob = await this.partials.finish(stagedId, { sizeBytes, algorithms, signal });
    return options.signal.aborted ? { kind: "cancelled", receivedBytes } : { kind: "staged", blob };
  }

  /** The failure is what the caller learns, also where removing its traces fails too; the sweeper finds those. */
  async #forgetFailed(stagedId: StagedId): Promise<void> {
    await this.release(stagedId).catch(() => undefined);
  }

  async #promoteAlone(stagedId: StagedId, digest: Sha256): Promise<void> {
    const staged = await this.#files.findReady(stagedId);
    const stored = await this.#files.findBlob(digest);
    if (stored === null && staged === null) {
      throw await this.#files.absent(
        `There is neither a blob ${digest} nor staged bytes ${stagedId}.`,
      );
    }
    const folders = this.layout.blobFolders(digest);
    await this.#files.folders.make(folders);
    if (stored === null) return await this.#moveIntoPlace(stagedId, digest);
    if (staged !== null && staged.size !== stored.size) {
      throw new PortError(
        "corrupt",
        `The stored blob ${digest} has ${stored.size} bytes instead of ${staged.size}.`,
      );
    }
    // An earlier promote may have failed, or the process died, between the rename and the sync.
    await this.#files.folders.sync(folders[1]);
    await this.#files.remove(this.layout.readyFile(stagedId));
  }

  async #moveIntoPlace(stagedId: StagedId, digest: Sha256): Promise<void> {
    const from = this.layout.readyFile(stagedId);
    const storedAtSeconds = this.#clock.now() / 1000;
    await this.#files.fileSystem.utimes(from, storedAtSeconds, storedAtSeconds);
    await this.#files.fileSystem.chmod(from, BLOB_FILE_MODE);
    await this.#files.fileSystem.rename(from, this.layout.blobFile(digest));
    await this.#files.folders.sync(this.layout.blobFolders(digest)[1]);
    await this.#files.folders.sync(this.layout.ready);
  }
}

/** Opens the store in a directory and makes what is missing there. Throws a `PortError` where the directory can not be used. */
export const openDiskBlobStore = async (options: DiskBlobStoreOptions): Promise<DiskBlobStore> => {
  const layout = layoutIn(options.directory);
  const folders = new Folders(options.fileSystem ?? realFileSystem, process.platform !== "win32");
  try {
    await folders.makeRoot(layout.root);
    await folders.make([
      layout.staging,
      layout.incoming,
      layout.ready,
      layout.blobs,
      layout.sha256,
    ]);
  } catch (error) {
    throw portErrorOf(error, `The blob store in ${options.directory} could not be opened.`);
  }
  return new DiskBlobStore(options, folders);
};
