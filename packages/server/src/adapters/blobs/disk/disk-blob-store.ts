/*
 * stage     open incoming (0600) -> write and sync in steps -> sync -> close -> rename into ready -> sync the folder
 * promote   make and sync folders -> read-only -> rename into blobs -> sync both folders
 *
 * A name below `blobs` or `ready` therefore always stands for complete and synced bytes. Whatever fails removes its own file.
 */
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
import { type IntakeOutcome, takeIn } from "../intake.ts";
import { blobNameOf, checksumsOf } from "../running-digests.ts";
import { Exclusive } from "./exclusive.ts";
import { errorCodeOf, orNullIfAbsent, portErrorOf } from "./file-errors.ts";
import { type FileFacts, type FileSystem, type OpenFile, realFileSystem } from "./file-system.ts";
import { Folders } from "./folders.ts";
import { type BlobLayout, layoutIn } from "./layout.ts";
import { Listing } from "./listing.ts";
import { DiskOpenBlob } from "./reading.ts";
import { type EngineChoice, StagingEngines, type StagingLoad } from "./staging-engines.ts";

const STAGING_FILE_MODE = 0o600;
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
}

/** Blobs as files of one directory. */
export class DiskBlobStore implements BlobStore {
  readonly layout: BlobLayout;
  readonly #clock: Pick<Clock, "now">;
  readonly #fileSystem: FileSystem;
  readonly #folders: Folders;
  readonly #engines: StagingEngines;
  readonly #listing: Listing;
  readonly #incoming = new Set<StagedId>();
  readonly #perBlob = new Exclusive<Sha256>();

  constructor(options: DiskBlobStoreOptions, folders: Folders) {
    this.layout = layoutIn(options.directory);
    this.#clock = options.clock;
    this.#fileSystem = options.fileSystem ?? realFileSystem;
    this.#folders = folders;
    this.#listing = new Listing(this.#fileSystem, this.layout);
    this.#engines = new StagingEngines({ ...options, choice: options.engine ?? "auto" });
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
    if (options.signal.aborted) return { kind: "cancelled", receivedBytes: 0 };
    if (this.#incoming.has(stagedId)) throw alreadyStaged(stagedId);
    this.#incoming.add(stagedId);
    try {
      return await this.#stageAlone(stagedId, source, options);
    } catch (error) {
      throw portErrorOf(error, "The bytes could not be staged.");
    } finally {
      this.#incoming.delete(stagedId);
    }
  }

  async promote(stagedId: StagedId, digest: Sha256): Promise<void> {
    const sentence = `The blob ${digest} could not be put in its place.`;
    await this.#attempt(sentence, "safe", () =>
      this.#perBlob.run(digest, () => this.#promoteAlone(stagedId, digest)),
    );
  }

  async release(stagedId: StagedId): Promise<void> {
    await this.#attempt(`The staged bytes ${stagedId} could not be removed.`, "safe", async () => {
      // In this order, since a transfer that ends meanwhile moves its file from the one to the other.
      await this.#unlink(this.layout.incomingFile(stagedId));
      await this.#unlink(this.layout.readyFile(stagedId));
    });
  }

  async open(digest: Sha256): Promise<OpenBlob> {
    return await this.#attempt(`The blob ${digest} could not be opened.`, "safe", async () => {
      const file = await orNullIfAbsent(this.#fileSystem.open(this.layout.blobFile(digest), "r"));
      if (file === null) throw await this.#absent(`There is no blob ${digest}.`);
      try {
        return new DiskOpenBlob(file, (await file.stat()).size);
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  async delete(digest: Sha256): Promise<void> {
    const sentence = `The blob ${digest} could not be deleted.`;
    const path = this.layout.blobFile(digest);
    await this.#attempt(sentence, "safe", () =>
      this.#perBlob.run(digest, () => this.#unlink(path)),
    );
  }

  listStaged(): AsyncIterable<StagedId> {
    return this.#listing.staged();
  }

  list(): AsyncIterable<StoredBlob> {
    return this.#listing.blobs();
  }

  async freeBytes(): Promise<number> {
    const facts = await this.#attempt(
      "The room left on the disk could not be found out.",
      "safe",
      () => this.#fileSystem.statfs(this.layout.root),
    );
    return facts.bavail * facts.bsize;
  }

  /** Ends the staging threads; transfers that they serve fail as `unavailable`. Closing twice is harmless. */
  async close(): Promise<void> {
    await this.#engines.close();
  }

  async #stageAlone(
    stagedId: StagedId,
    source: ByteSource,
    options: StageOptions,
  ): Promise<StageOutcome> {
    if ((await this.#find(this.layout.readyFile(stagedId))) !== null) throw alreadyStaged(stagedId);
    let outcome: IntakeOutcome;
    try {
      const file = await this.#fileSystem.open(
        this.layout.incomingFile(stagedId),
        "wx",
        STAGING_FILE_MODE,
      );
      outcome = await this.#receive(file, source, options);
      if (outcome.kind === "received") await this.#makeReady(stagedId);
    } catch (error) {
      if (errorCodeOf(error) !== "EEXIST") await this.#forgetFailed(stagedId);
      throw error;
    }
    if (outcome.kind !== "received") {
      await this.release(stagedId);
      return outcome;
    }
    const { digests, sizeBytes } = outcome;
    const checksums = checksumsOf(digests, options.algorithms);
    return {
      kind: "staged",
      blob: { stagedId, digest: blobNameOf(digests), sizeBytes, checksums },
    };
  }

  /** Closes the file in every case. */
  async #receive(
    file: OpenFile,
    source: ByteSource,
    options: StageOptions,
  ): Promise<IntakeOutcome> {
    const plan = { algorithms: options.algorithms, expectedSizeBytes: options.expectedSizeBytes };
    let outcome: IntakeOutcome;
    try {
      outcome = await takeIn(source, (events) => this.#engines.open(file, plan, events), options);
    } catch (error) {
      // The first failure is the one to tell; the file is removed in any case.
      await file.close().catch(() => undefined);
      throw error;
    }
    await file.close();
    return outcome;
  }

  async #makeReady(stagedId: StagedId): Promise<void> {
    await this.#fileSystem.rename(
      this.layout.incomingFile(stagedId),
      this.layout.readyFile(stagedId),
    );
    await this.#folders.sync(this.layout.ready);
  }

  /** The failure is what the caller learns, also where removing its traces fails too; the sweeper finds those. */
  async #forgetFailed(stagedId: StagedId): Promise<void> {
    await this.release(stagedId).catch(() => undefined);
  }

  async #promoteAlone(stagedId: StagedId, digest: Sha256): Promise<void> {
    const staged = await this.#find(this.layout.readyFile(stagedId));
    const stored = await this.#find(this.layout.blobFile(digest));
    if (stored === null && staged === null) {
      throw await this.#absent(`There is neither a blob ${digest} nor staged bytes ${stagedId}.`);
    }
    const folders = this.layout.blobFolders(digest);
    await this.#folders.make(folders);
    if (stored === null) return await this.#moveIntoPlace(stagedId, digest);
    if (staged !== null && staged.size !== stored.size) {
      throw new PortError(
        "corrupt",
        `The stored blob ${digest} has ${stored.size} bytes instead of ${staged.size}.`,
      );
    }
    // An earlier promote may have failed, or the process died, between the rename and the sync.
    await this.#folders.sync(folders[1]);
    await this.#unlink(this.layout.readyFile(stagedId));
  }

  async #moveIntoPlace(stagedId: StagedId, digest: Sha256): Promise<void> {
    const from = this.layout.readyFile(stagedId);
    const storedAtSeconds = this.#clock.now() / 1000;
    await this.#fileSystem.utimes(from, storedAtSeconds, storedAtSeconds);
    await this.#fileSystem.chmod(from, BLOB_FILE_MODE);
    await this.#fileSystem.rename(from, this.layout.blobFile(digest));
    await this.#folders.sync(this.layout.blobFolders(digest)[1]);
    await this.#folders.sync(this.layout.ready);
  }

  async #find(path: string): Promise<FileFacts | null> {
    return await orNullIfAbsent(this.#fileSystem.stat(path));
  }

  async #unlink(path: string): Promise<void> {
    await orNullIfAbsent(this.#fileSystem.unlink(path));
  }

  /** A name that is missing because the whole store is (a disk that is not mounted) is not known to be absent. */
  async #absent(sentence: string): Promise<PortError> {
    const store = await this.#find(this.layout.sha256);
    return store === null
      ? new PortError("unavailable", "The directory of the store is missing.", { retry: "safe" })
      : new PortError("absent", sentence);
  }

  async #attempt<Result>(
    sentence: string,
    retry: "never" | "safe",
    call: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      throw portErrorOf(error, sentence, retry);
    }
  }
}

const alreadyStaged = (stagedId: StagedId): PortError =>
  new PortError("exists", `Staged bytes ${stagedId} are already there.`);

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
