import { existsSync, readFileSync, writeFileSync } from "node:fs";

const SAMPLE_MS = 50;
const RESET_PEAK = "5";
/** Linux counts processor time in hundredths of a second, whatever its own clock does. */
const TICKS_PER_SECOND = 100;

/** False where the system does not show what a process takes. */
export const hasProcessFigures = existsSync("/proc/self/status");

const statusBytes = (pid: number, name: "VmRSS" | "VmHWM" | "RssAnon"): number => {
  const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
  return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) * 1024;
};

/** Bytes of memory that the process has now. */
export function residentBytes(pid: number): number {
  return statusBytes(pid, "VmRSS");
}

/** The same without what is mapped from files, which the system takes back when it likes. */
export function ownBytes(pid: number): number {
  return statusBytes(pid, "RssAnon");
}

/** The most of it, by samples, while `work` runs. */
export async function peakOwnBytes(pid: number, work: () => Promise<void>): Promise<number> {
  let peakBytes = ownBytes(pid);
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, ownBytes(pid));
  }, SAMPLE_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return peakBytes;
}

/** Seconds of processor time that the process has used, with all its threads. */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The most memory that the process has while `work` runs: by the kernel's own mark, and by samples in case it has none. */
export async function peakResidentBytes(pid: number, work: () => Promise<void>): Promise<number> {
  let peakBytes = residentBytes(pid);
  const hasMark = resetPeak(pid);
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(pid));
  }, SAMPLE_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return hasMark ? Math.max(peakBytes, statusBytes(pid, "VmHWM")) : peakBytes;
}

/** The most memory that a process has had, by the kernel's own mark: looked at until the process has ended. */
export async function peakUntilEnd(pid: number, ended: Promise<unknown>): Promise<number> {
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, markOf(pid));
  }, SAMPLE_MS);
  try {
    await ended;
  } finally {
    clearInterval(timer);
  }
  return peakBytes;
}

/** 0 for a process that is ending, or has ended. */
function markOf(pid: number): number {
  try {
    return statusBytes(pid, "VmHWM") || 0;
  } catch {
    return 0;
  }
}

function resetPeak(pid: number): boolean {
  try {
    writeFileSync(`/proc/${String(pid)}/clear_refs`, RESET_PEAK);
    return true;
  } catch {
    return false;
  }
}
