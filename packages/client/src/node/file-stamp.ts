import { open } from "node:fs/promises";

/** What shows that a file is as it was. Times are in nanoseconds since the epoch. */
export interface FileStamp {
  readonly sizeBytes: bigint;
  readonly modifiedNs: bigint;
  /** Any program can set back the time of the last change, but not this one. */
  readonly changedNs: bigint;
}

/** The file as it is now. It is opened for that: what a network file system says without is seconds old. */
export async function fileStamp(path: string): Promise<FileStamp> {
  await using file = await open(path, "r");
  const { size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  return { sizeBytes: size, modifiedNs: mtimeNs, changedNs: ctimeNs };
}

/** Whether nobody has written to the file between two stamps. */
export const isSameStamp = (one: FileStamp, other: FileStamp): boolean =>
  one.sizeBytes === other.sizeBytes &&
  one.modifiedNs === other.modifiedNs &&
  one.changedNs === other.changedNs;

const NS_PER_MS = 1_000_000n;
const NS_PER_SECOND = 1_000_000_000n;
/** Longest step of the clock that systems take file times from, in milliseconds, with some room. */
const TICK_MS = 20;
/** Longest step of the times of a file system that keeps whole seconds, in milliseconds: of FAT. */
const COARSE_STEP_MS = 2_000;

/**
 * How long a file must be left alone before another change is sure to show in its times, in milliseconds: two changes within one
 * step of the clock leave the same stamp. Zero for a file that has rested, and where the clocks of file system and program differ.
 */
export function unsettledMs({ changedNs }: FileStamp, nowMs: number): number {
  const stepMs = changedNs % NS_PER_SECOND === 0n ? COARSE_STEP_MS : TICK_MS;
  const ageMs = nowMs - Number(changedNs / NS_PER_MS);
  return Math.abs(ageMs) < stepMs ? stepMs - ageMs : 0;
}
