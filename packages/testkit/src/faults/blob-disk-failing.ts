import type { FileSystem, OpenFile } from "@contentlib/server/adapters/blobs/disk/file-system";
import { type FileCall, fileSystemAround, systemError } from "./file-system-around.ts";

/** How a call to the disk goes wrong. */
export interface DiskFault {
  readonly code: "EIO" | "ENOSPC";
  readonly times: "once" | "from then on";
  /** `late`: the call does its work and fails nevertheless. */
  readonly when: "early" | "late";
}

/** The ways in which a fault loop makes a call fail. */
export const DISK_FAULTS: readonly DiskFault[] = [
  { code: "EIO", times: "once", when: "early" },
  { code: "EIO", times: "once", when: "late" },
  { code: "EIO", times: "from then on", when: "early" },
  { code: "EIO", times: "from then on", when: "late" },
  { code: "ENOSPC", times: "once", when: "early" },
  { code: "ENOSPC", times: "from then on", when: "early" },
];

/** A file system whose n-th call fails, counted from one. */
export class FailingFileSystem {
  readonly fileSystem: FileSystem;
  readonly #fault: DiskFault;
  readonly #at: number;
  #calls = 0;
  #met = false;

  constructor(inner: FileSystem, fault: DiskFault, at: number) {
    this.#fault = fault;
    this.#at = at;
    this.fileSystem = fileSystemAround(inner, {
      call: (call, proceed) => this.#call(call, proceed),
    });
  }

  /** Whether a call has failed. */
  get met(): boolean {
    return this.#met;
  }

  async #call<Result>(call: FileCall, proceed: () => Promise<Result>): Promise<Result> {
    this.#calls += 1;
    const fails = this.#fault.times === "once" ? this.#calls === this.#at : this.#calls >= this.#at;
    if (!fails) return await proceed();
    this.#met = true;
    // A close that fails has closed nevertheless.
    if (this.#fault.when === "late" || call.name === "close")
      await this.#undoable(call, await proceed());
    throw systemError(this.#fault.code);
  }

  /** Nobody will ever close a file whose open is said to have failed. */
  async #undoable(call: FileCall, result: unknown): Promise<void> {
    if (call.name === "open") await (result as OpenFile).close();
  }
}

/** More calls than any scenario makes: a loop that gets here would never end. */
const CALLS_MAX = 1000;

/**
 * Makes call 1, 2, 3, ... fail, each in a run of its own, until a run meets no fault. Gives the number of runs that met one.
 */
export const diskFaultLoop = async (
  inner: FileSystem,
  fault: DiskFault,
  run: (failing: FailingFileSystem) => Promise<void>,
): Promise<number> => {
  for (let at = 1; at <= CALLS_MAX; at += 1) {
    const failing = new FailingFileSystem(inner, fault, at);
    await run(failing);
    if (!failing.met) return at - 1;
  }
  throw new Error(`After ${CALLS_MAX} runs there was still a call to fail.`);
};
