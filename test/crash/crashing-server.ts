// A server that kills itself at one of its crash points, as its first arguments say: DIRECTORY POINT ENGINE PUBLIC_URL.
// It tells its parent its address, begins to count when it is told "arm", and answers "points" with those it has passed.
import { writeSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "@contentlib/server";
import { openDiskBlobStore } from "@contentlib/server/adapters/blobs/disk/disk-blob-store";
import { realFileSystem } from "@contentlib/server/adapters/blobs/disk/file-system";
import type { EngineChoice } from "@contentlib/server/adapters/blobs/disk/staging-engines";
import { SystemClock } from "@contentlib/server/adapters/clock/system-clock";
import { PinoJournal } from "@contentlib/server/adapters/journal/pino-journal";
import { CrashPoints } from "@contentlib/testkit/faults/crash-points";

const STDERR = 2;
/** Small, so that a small file is synced more than once. */
const SYNC_STEP_BYTES = 100_000;

const [directory = "", point = "0", engine = "main", publicUrl = ""] = process.argv.slice(2);

const points = new CrashPoints(Number(point), (label) => {
  // Nothing asynchronous would get out any more.
  writeSync(STDERR, `${label}\n`);
  process.kill(process.pid, "SIGKILL");
});

/** A journal with a point where an upload is about to be answered, and where a reply was handed to the system. */
class PointedJournal extends PinoJournal {
  override transferEnded(event: Parameters<PinoJournal["transferEnded"]>[0]): void {
    points.pass("before the answer of an upload");
    super.transferEnded(event);
  }

  override requestAnswered(event: Parameters<PinoJournal["requestAnswered"]>[0]): void {
    points.pass("after the answer");
    super.requestAnswered(event);
  }
}

const blobs = await openDiskBlobStore({
  directory: join(directory, "store"),
  clock: new SystemClock(),
  fileSystem: points.onDisk(realFileSystem),
  engine: engine as EngineChoice,
  syncStepBytes: SYNC_STEP_BYTES,
});
const { url } = await startServer({
  dataDirectory: directory,
  publicUrl,
  journal: new PointedJournal("silent", process.stderr),
  aroundStorage: (plain) => ({ ...plain, blobs, catalog: points.inCatalog(plain.catalog) }),
});
process.on("message", (message) => {
  if (message === "arm") points.arm();
  process.send?.(points.passed);
});
// A parent that is gone leaves no server behind.
process.on("disconnect", () => process.exit());
process.send?.(url);
