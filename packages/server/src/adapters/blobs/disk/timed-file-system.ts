import type { FileSystem, OpenFile } from "./file-system.ts";

/** Told of a sync that was done: of a file's bytes, or of the names in a folder. */
export type OnSync = (object: "file" | "folder", durationMs: number) => void;

const timed = async (sync: () => Promise<void>, done: (durationMs: number) => void) => {
  const begunMs = performance.now();
  await sync();
  done(performance.now() - begunMs);
};

/** The store syncs the bytes of files and the names in folders, each by the call that is made for it. */
class TimedFile implements OpenFile {
  readonly #file: OpenFile;
  readonly #onSync: OnSync;

  constructor(file: OpenFile, onSync: OnSync) {
    this.#file = file;
    this.#onSync = onSync;
  }

  get fd(): number {
    return this.#file.fd;
  }

  writev(...what: Parameters<OpenFile["writev"]>): ReturnType<OpenFile["writev"]> {
    return this.#file.writev(...what);
  }

  truncate(sizeBytes: number): Promise<void> {
    return this.#file.truncate(sizeBytes);
  }

  read(...place: Parameters<OpenFile["read"]>): ReturnType<OpenFile["read"]> {
    return this.#file.read(...place);
  }

  stat(): ReturnType<OpenFile["stat"]> {
    return this.#file.stat();
  }

  datasync(): Promise<void> {
    return timed(
      () => this.#file.datasync(),
      (durationMs) => this.#onSync("file", durationMs),
    );
  }

  sync(): Promise<void> {
    return timed(
      () => this.#file.sync(),
      (durationMs) => this.#onSync("folder", durationMs),
    );
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  noteThreadWrite(sizeBytes: number): void {
    this.#file.noteThreadWrite?.(sizeBytes);
  }
}

/** A file system that tells how long its syncs take; a sync that fails is told of by nobody but its error. */
export const timedFileSystem = (fileSystem: FileSystem, onSync: OnSync): FileSystem => ({
  mkdir: (path, options) => fileSystem.mkdir(path, options),
  rename: (from, to) => fileSystem.rename(from, to),
  unlink: (path) => fileSystem.unlink(path),
  chmod: (path, mode) => fileSystem.chmod(path, mode),
  utimes: (path, accessedAtSeconds, modifiedAtSeconds) =>
    fileSystem.utimes(path, accessedAtSeconds, modifiedAtSeconds),
  stat: (path) => fileSystem.stat(path),
  readdir: (path) => fileSystem.readdir(path),
  statfs: (path) => fileSystem.statfs(path),
  open: async (path, flags, mode) =>
    new TimedFile(await fileSystem.open(path, flags, mode), onSync),
});
