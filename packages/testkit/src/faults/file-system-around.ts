import type { FileSystem, OpenFile } from "@contentlib/server/adapters/blobs/disk/file-system";

/** One call to the file system, before it is made. */
export interface FileCall {
  readonly name:
    | "open"
    | "mkdir"
    | "rename"
    | "unlink"
    | "chmod"
    | "utimes"
    | "stat"
    | "readdir"
    | "statfs"
    | "write"
    | "read"
    | "truncate"
    | "fileStat"
    | "datasync"
    | "sync"
    | "close";
  readonly path: string;
  /** The new path of a rename. */
  readonly to?: string;
  /** The flags of an open, also for the later calls on what it opened. */
  readonly flags?: string;
  /** Bytes that a write is asked to write, or a truncate to leave. */
  readonly sizeBytes?: number;
}

/** Stands around each call and decides whether to go on with it, and what it ends with. */
export interface AroundCalls {
  call<Result>(call: FileCall, proceed: () => Promise<Result>): Promise<Result>;
  /** Bytes that another thread has written to an open file. */
  threadWrote?(path: string, sizeBytes: number): void;
}

/** A file system whose every call goes through `around`. */
export const fileSystemAround = (inner: FileSystem, around: AroundCalls): FileSystem => ({
  open: async (path, flags, mode) => {
    const file = await around.call({ name: "open", path, flags }, () =>
      inner.open(path, flags, mode),
    );
    return openFileAround(file, around, { path, flags });
  },
  mkdir: (path, options) => around.call({ name: "mkdir", path }, () => inner.mkdir(path, options)),
  rename: (path, to) => around.call({ name: "rename", path, to }, () => inner.rename(path, to)),
  unlink: (path) => around.call({ name: "unlink", path }, () => inner.unlink(path)),
  chmod: (path, mode) => around.call({ name: "chmod", path }, () => inner.chmod(path, mode)),
  utimes: (path, accessedAt, modifiedAt) =>
    around.call({ name: "utimes", path }, () => inner.utimes(path, accessedAt, modifiedAt)),
  stat: (path) => around.call({ name: "stat", path }, () => inner.stat(path)),
  readdir: (path) => around.call({ name: "readdir", path }, () => inner.readdir(path)),
  statfs: (path) => around.call({ name: "statfs", path }, () => inner.statfs(path)),
});

const openFileAround = (
  inner: OpenFile,
  around: AroundCalls,
  opened: { readonly path: string; readonly flags: string },
): OpenFile => ({
  fd: inner.fd,
  writev: (buffers, position) => {
    const sizeBytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
    return around.call({ ...opened, name: "write", sizeBytes }, () =>
      inner.writev(buffers, position),
    );
  },
  read: (buffer, offset, length, position) =>
    around.call({ ...opened, name: "read" }, () => inner.read(buffer, offset, length, position)),
  truncate: (sizeBytes) =>
    around.call({ ...opened, name: "truncate", sizeBytes }, () => inner.truncate(sizeBytes)),
  stat: () => around.call({ ...opened, name: "fileStat" }, () => inner.stat()),
  datasync: () => around.call({ ...opened, name: "datasync" }, () => inner.datasync()),
  sync: () => around.call({ ...opened, name: "sync" }, () => inner.sync()),
  close: () => around.call({ ...opened, name: "close" }, () => inner.close()),
  noteThreadWrite: (sizeBytes) => {
    around.threadWrote?.(opened.path, sizeBytes);
    inner.noteThreadWrite?.(sizeBytes);
  },
});

/** An error as the system would give it. */
export const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: made by a test`), { code });
