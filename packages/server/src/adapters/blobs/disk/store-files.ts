import type { Sha256, StagedId } from "../../../domain/ids.ts";
import { PortError } from "../../../ports/port-error.ts";
import { orNullIfAbsent, portErrorOf } from "./file-errors.ts";
import type { FileFacts, FileSystem } from "./file-system.ts";
import type { Folders } from "./folders.ts";
import type { BlobLayout } from "./layout.ts";

/** The files of a store, and how their absence is told. */
export class StoreFiles {
  readonly fileSystem: FileSystem;
  readonly layout: BlobLayout;
  readonly folders: Folders;

  constructor(fileSystem: FileSystem, layout: BlobLayout, folders: Folders) {
    this.fileSystem = fileSystem;
    this.layout = layout;
    this.folders = folders;
  }

  async find(path: string): Promise<FileFacts | null> {
    return await orNullIfAbsent(this.fileSystem.stat(path));
  }

  findReady(stagedId: StagedId): Promise<FileFacts | null> {
    return this.find(this.layout.readyFile(stagedId));
  }

  findBlob(digest: Sha256): Promise<FileFacts | null> {
    return this.find(this.layout.blobFile(digest));
  }

  async remove(path: string): Promise<void> {
    await orNullIfAbsent(this.fileSystem.unlink(path));
  }

  /** A name that is missing because the whole store is (a disk that is not mounted) is not known to be absent. */
  async absent(sentence: string): Promise<PortError> {
    const store = await this.find(this.layout.sha256);
    return store === null
      ? new PortError("unavailable", "The directory of the store is missing.", { retry: "safe" })
      : new PortError("absent", sentence);
  }
}

/** Runs a call whose failures leave as `PortError`s. */
export const attempt = async <Result>(
  sentence: string,
  retry: "never" | "safe",
  call: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await call();
  } catch (error) {
    throw portErrorOf(error, sentence, retry);
  }
};
