import type { FileSystem } from "@contentlib/server/adapters/blobs/disk/file-system";
import { type FileCall, fileSystemAround } from "./file-system-around.ts";

/** What a recording saw, in the order in which the calls ended. */
export type DiskEvent =
  | { readonly kind: "create" | "make-folder" | "unlink"; readonly path: string }
  | { readonly kind: "write"; readonly path: string; readonly sizeBytes: number }
  /** The file has `sizeBytes` afterwards. */
  | { readonly kind: "truncate"; readonly path: string; readonly sizeBytes: number }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
  /** `covers` counts the events that had ended when the sync began: only those are made safe by it. */
  | { readonly kind: "sync-file" | "sync-folder"; readonly path: string; readonly covers: number }
  /** Something that happened outside of the file system, such as a commit or an answer. */
  | { readonly kind: "mark"; readonly name: string };

/** A file system that goes through to another one and writes down what matters for a power cut. */
export class RecordingFileSystem {
  readonly events: DiskEvent[] = [];
  readonly fileSystem: FileSystem;

  constructor(inner: FileSystem) {
    this.fileSystem = fileSystemAround(inner, {
      call: async (call, proceed) => {
        const covers = this.events.length;
        const result = await proceed();
        const event = eventOf(call, covers, result);
        if (event !== null) this.events.push(event);
        return result;
      },
      threadWrote: (path, sizeBytes) => this.events.push({ kind: "write", path, sizeBytes }),
    });
  }

  /** Adds a mark of the caller's own to the record. */
  event(name: string): void {
    this.events.push({ kind: "mark", name });
  }
}

/** A write may have written less than it was asked to. */
const writtenBytes = (result: unknown): number =>
  (result as { readonly bytesWritten: number }).bytesWritten;

const eventOf = (call: FileCall, covers: number, result: unknown): DiskEvent | null => {
  const { path, sizeBytes = 0 } = call;
  switch (call.name) {
    case "open":
      return call.flags?.startsWith("r") === true ? null : { kind: "create", path };
    case "truncate":
      return { kind: "truncate", path, sizeBytes };
    case "write":
      return { kind: "write", path, sizeBytes: writtenBytes(result) };
    case "mkdir":
      return { kind: "make-folder", path };
    case "unlink":
      return { kind: "unlink", path };
    case "rename":
      return call.to === undefined ? null : { kind: "rename", path, to: call.to };
    case "datasync":
    case "sync":
      // Only folders are synced through a descriptor that can not write.
      return { kind: call.flags === "r" ? "sync-folder" : "sync-file", path, covers };
    default:
      return null;
  }
};
