import {
  type FileSystem,
  realFileSystem,
} from "@contentlib/server/adapters/blobs/disk/file-system";
import { type FileCall, fileSystemAround } from "./file-system-around.ts";

/** A file system whose calls wait at one gate where `isHeld` picks them; all calls are written down when they end. */
export class GatedFileSystem {
  readonly fileSystem: FileSystem;
  readonly ended: string[] = [];
  readonly #reached = Promise.withResolvers<void>();
  readonly #gate = Promise.withResolvers<void>();

  constructor(isHeld: (call: FileCall) => boolean) {
    this.fileSystem = fileSystemAround(realFileSystem, {
      call: async (call, proceed) => {
        if (isHeld(call)) {
          this.#reached.resolve();
          await this.#gate.promise;
        }
        const result = await proceed();
        this.ended.push(call.name);
        return result;
      },
      threadWrote: () => this.ended.push("write"),
    });
  }

  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  open(): void {
    this.#gate.resolve();
  }
}
