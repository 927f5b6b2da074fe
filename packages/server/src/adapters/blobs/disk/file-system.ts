import * as nodeFileSystem from "node:fs/promises";

/** What is known of a file; sizes in bytes, times in milliseconds since 1970. */
export interface FileFacts {
  readonly size: number;
  readonly mtimeMs: number;
}

/** An open file or folder; the part of Node's `FileHandle` that the store uses. */
export interface OpenFile {
  readonly fd: number;
  /** May write less than was asked for. The position is in bytes from the start of the file. */
  writev(
    buffers: readonly Uint8Array[],
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  truncate(sizeBytes: number): Promise<void>;
  stat(): Promise<FileFacts>;
  datasync(): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
  /** Told of bytes that a thread has written through `fd`, for wrappers that watch the order of writes and syncs. */
  noteThreadWrite?(sizeBytes: number): void;
}

/**
 * Every touch of the disk goes through this, so that tests can record the calls and make any of them fail. It is a structural
 * part of `node:fs/promises`.
 */
export interface FileSystem {
  open(path: string, flags: string, mode?: number): Promise<OpenFile>;
  mkdir(
    path: string,
    options: { readonly mode: number; readonly recursive: boolean },
  ): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  /** Times in seconds since 1970. */
  utimes(path: string, accessedAtSeconds: number, modifiedAtSeconds: number): Promise<void>;
  stat(path: string): Promise<FileFacts>;
  readdir(path: string): Promise<string[]>;
  statfs(path: string): Promise<{ readonly bavail: number; readonly bsize: number }>;
}

/** The machine's own file system. */
export const realFileSystem: FileSystem = nodeFileSystem;
