import type { FileSystem } from "@contentlib/server/adapters/blobs/disk/file-system";
import { type FileCall, fileSystemAround } from "./file-system-around.ts";

/** What a recording saw, in the order in which the calls ended. */
export type DiskEvent =
  | { readonly kind: "create" | "write" | "make-folder" | "unlink"; readonly path: string }
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
        const event = eventOf(call, covers);
        if (event !== null) this.events.push(event);
        return result;
      },
      threadWrote: (path) => this.events.push({ kind: "write", path }),
    });
  }

  /** Adds a mark of the caller's own to the record. */
  event(name: string): void {
    this.events.push({ kind: "mark", name });
  }
}

const eventOf = (call: FileCall, covers: number): DiskEvent | null => {
  const { path } = call;
  switch (call.name) {
    case "open":
      return call.flags === "r" ? null : { kind: "create", path };
    case "write":
      return { kind: "write", path };
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
