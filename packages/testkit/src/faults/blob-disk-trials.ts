import assert from "node:assert/strict";
import { it } from "node:test";
import {
  type DiskBlobStore,
  openDiskBlobStore,
} from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import {
  type FileSystem,
  realFileSystem,
} from "@contentlib/server/adapters/blobs/disk/file-system";
import type { EngineChoice } from "@contentlib/server/adapters/blobs/disk/staging-engines";
import { PortError } from "@contentlib/server/ports/port-error";
import { BUILT_AT } from "../builders/ids.ts";
import { withScratchDirectory } from "../disk/scratch-directory.ts";
import { DISK_FAULTS, type DiskFault, diskFaultLoop } from "./blob-disk-failing.ts";

/** Small enough for several syncs in a trial. */
const SYNC_STEP_BYTES = 256 * 1024;

/** The stores of one trial: they follow each other on one directory. */
export interface DiskTrial {
  readonly fault: DiskFault;
  /** The store on the disk that fails; null where it could not even be opened. */
  openFaulty(): Promise<DiskBlobStore | null>;
  /** The one that comes afterwards, on a disk that does not fail. */
  openSound(): Promise<DiskBlobStore>;
}

/** Null where the call failed; only a `PortError` is allowed to be why. */
export const orFailed = async <Result>(call: Promise<Result>): Promise<Result | null> => {
  try {
    return await call;
  } catch (error) {
    assert.ok(error instanceof PortError, `${String(error)} is not a PortError`);
    return null;
  }
};

const openStore = (
  directory: string,
  fileSystem: FileSystem,
  engine: EngineChoice,
): Promise<DiskBlobStore> =>
  openDiskBlobStore({
    directory,
    fileSystem,
    engine,
    clock: { now: () => BUILT_AT },
    syncStepBytes: SYNC_STEP_BYTES,
  });

/** Makes each call to the disk fail once, in a trial of its own, with each of the faults and on both engines. */
export const itOnFailingDisks = (
  sentence: string,
  faultsMin: number,
  runOnce: (trial: DiskTrial) => Promise<void>,
): void => {
  const runAll = async (fault: DiskFault, engine: EngineChoice): Promise<void> => {
    const faults = await diskFaultLoop(realFileSystem, fault, ({ fileSystem }) =>
      withScratchDirectory((directory) =>
        runOnce({
          fault,
          openFaulty: () => orFailed(openStore(directory, fileSystem, engine)),
          openSound: () => openStore(directory, realFileSystem, "main"),
        }),
      ),
    );
    assert.ok(faults > faultsMin, `only ${faults} calls were made to fail`);
  };
  for (const fault of DISK_FAULTS)
    it(`${sentence}: ${fault.code}, ${fault.times}, ${fault.when}`, () => runAll(fault, "main"));
  it(`${sentence}, on the worker engine either`, () =>
    runAll({ code: "EIO", times: "once", when: "early" }, "worker"));
};
