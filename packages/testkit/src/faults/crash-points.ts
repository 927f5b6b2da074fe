import type { FileSystem } from "@contentlib/server/adapters/blobs/disk/file-system";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { catalogAround } from "./catalog-around.ts";
import { type FileCall, fileSystemAround } from "./file-system-around.ts";

/** Moments at which a process may die, counted from one as they are passed once `arm` was called. */
export class CrashPoints {
  /** What was passed so far. */
  readonly passed: string[] = [];
  readonly #dieAt: number;
  readonly #die: (label: string) => void;
  #isArmed = false;

  /** `die` is called at the point `dieAt`, and does not come back; 0 passes all of them. */
  constructor(dieAt: number, die: (label: string) => void) {
    this.#dieAt = dieAt;
    this.#die = die;
  }

  arm(): void {
    this.#isArmed = true;
  }

  pass(label: string): void {
    if (!this.#isArmed) return;
    this.passed.push(label);
    if (this.passed.length === this.#dieAt) this.#die(label);
  }

  /** A file system with a point before each call that changes something; the moment after it comes before the next one. */
  onDisk(inner: FileSystem): FileSystem {
    return fileSystemAround(inner, {
      call: async (call, proceed) => {
        const name = nameOf(call);
        if (name !== null) this.pass(`before ${name}`);
        return await proceed();
      },
      threadWrote: () => this.pass("after write by the thread"),
    });
  }

  /** A catalog with a point before and after each write. */
  inCatalog(inner: Catalog): Catalog {
    return catalogAround(inner, async (name, proceed) => {
      this.pass(`before ${name}`);
      const result = await proceed();
      this.pass(`after ${name}`);
      return result;
    });
  }
}

/** Null for calls that change nothing. */
const nameOf = ({ name, flags }: FileCall): string | null => {
  switch (name) {
    case "write":
    case "truncate":
    case "datasync":
    case "rename":
    case "unlink":
    case "mkdir":
    case "chmod":
      return name;
    case "sync":
      return "sync of the folder";
    case "open":
      return flags?.startsWith("r") === true ? null : "create";
    default:
      return null;
  }
};
