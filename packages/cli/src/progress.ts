import type { Output } from "./output.ts";
import { formatBytes, formatDuration, oneLine } from "./output.ts";
import type { OutputStream } from "./streams.ts";

/** Shows how far a transfer is; silent where nobody looks. */
export interface Progress {
  /** The file whose bytes come next. */
  begin(fileName: string): void;
  /** How far it is. What was there before this try is done, and was not moved; absent, all that is done was. */
  update(doneBytes: number, totalBytes: number | undefined, movedBytes?: number): void;
  /** A remark above the bar, for everybody. */
  tell(line: string): void;
  /** A remark above the bar, for those who want to know everything. */
  note(line: string): void;
  stop(): void;
}

/** How long no byte may move before the bar says so, in milliseconds. */
const STALLED_AFTER_MS = 10_000;
/** How often the bar is drawn, in times a second. */
const FRAMES_PER_SECOND = 10;
const NAME_WIDTH_MAX = 32;

/**
 * A progress bar on a terminal; elsewhere a line for each file, and one now and then while it moves, without any control
 * characters; for programs nothing.
 */
export async function startProgress(
  output: Output,
  stream: OutputStream,
  now: () => number,
): Promise<Progress> {
  const note = (line: string): void => {
    if (output.isVerbose) output.note(line);
  };
  if (output.isJson) return { begin: nothing, update: nothing, tell: nothing, note, stop: nothing };
  if (!stream.isTTY) return { ...startLines(output, now), note, tell: (line) => output.note(line) };
  const { default: cliProgress } = await import("cli-progress");
  const meter = startMeter(now);
  const state: State = { fileName: "", doneBytes: 0, totalBytes: undefined };
  const bar = new cliProgress.SingleBar({
    stream: stream as unknown as NodeJS.WritableStream,
    fps: FRAMES_PER_SECOND,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    format: () => barLine(state, meter, stream.columns ?? COLUMNS),
  });
  bar.start(1, 0);
  const tell = (line: string): void => {
    bar.stop();
    output.note(line);
    bar.start(1, 0);
  };
  return {
    begin(fileName) {
      state.fileName = fileName;
    },
    update(doneBytes, totalBytes, movedBytes = doneBytes) {
      state.doneBytes = doneBytes;
      state.totalBytes = totalBytes;
      meter.note(movedBytes);
    },
    tell,
    note(line) {
      if (output.isVerbose) tell(line);
    },
    stop: () => bar.stop(),
  };
}

const nothing = (): void => undefined;

/** How often a transfer that goes on has a line of its own in a log, in milliseconds. */
const LINE_PERIOD_MS = 30_000;

function startLines(output: Output, now: () => number): Omit<Progress, "note" | "tell"> {
  const meter = startMeter(now);
  const state: State = { fileName: "", doneBytes: 0, totalBytes: undefined };
  let lineAt = now();
  return {
    begin(fileName) {
      state.fileName = fileName;
      lineAt = now();
      output.note(`${oneLine(fileName)} ...`);
    },
    update(doneBytes, totalBytes, movedBytes = doneBytes) {
      state.doneBytes = doneBytes;
      state.totalBytes = totalBytes;
      meter.note(movedBytes);
      if (now() - lineAt < LINE_PERIOD_MS) return;
      lineAt = now();
      output.note(figuresLine(state, meter));
    },
    stop: () => undefined,
  };
}

/** Width of a terminal that does not tell its own. */
const COLUMNS = 80;

interface State {
  fileName: string;
  doneBytes: number;
  totalBytes: number | undefined;
}

interface Meter {
  note(movedBytes: number): void;
  /** Bytes a second over the last seconds; undefined in the first moment. */
  rate(): number | undefined;
  /** Time since the last byte moved, in milliseconds. */
  idleMs(): number;
}

/** The window the rate is taken over, in milliseconds. */
const RATE_WINDOW_MS = 5_000;
const RATE_AFTER_MS = 500;

function startMeter(now: () => number): Meter {
  const samples: { readonly atMs: number; readonly movedBytes: number }[] = [
    { atMs: now(), movedBytes: 0 },
  ];
  return {
    note(movedBytes) {
      const last = samples.at(-1);
      if (last === undefined || movedBytes === last.movedBytes) return;
      const atMs = now();
      if (atMs - last.atMs < 1_000 / FRAMES_PER_SECOND && samples.length > 1) samples.pop();
      samples.push({ atMs, movedBytes });
      while (samples.length > 2 && atMs - (samples[1]?.atMs ?? atMs) > RATE_WINDOW_MS)
        samples.shift();
    },
    rate() {
      const [first] = samples;
      const last = samples.at(-1);
      if (first === undefined || last === undefined) return undefined;
      const spanMs = now() - first.atMs;
      if (spanMs < RATE_AFTER_MS) return undefined;
      return Math.max(0, ((last.movedBytes - first.movedBytes) * 1_000) / spanMs);
    },
    idleMs: () => now() - (samples.at(-1)?.atMs ?? now()),
  };
}

/** One line: name, bar, percent, bytes, pace. The bar takes the room the words leave. */
export function barLine(
  state: Readonly<State>,
  meter: Pick<Meter, "rate" | "idleMs">,
  columns: number,
): string {
  const name = shortened(state.fileName);
  const words = figuresOf(state, meter);
  const width = Math.min(BAR_WIDTH_MAX, columns - name.length - words.length - 5);
  const full = Math.round(shareOf(state) * width);
  const hasBar = state.totalBytes !== undefined && width >= BAR_WIDTH_MIN;
  const bar = hasBar ? `${"█".repeat(full)}${"░".repeat(width - full)}` : "";
  return [name, bar, words]
    .filter(Boolean)
    .join("  ")
    .slice(0, columns - 1);
}

/** The same for a log: no bar, and no name is shortened. */
export const figuresLine = (
  state: Readonly<State>,
  meter: Pick<Meter, "rate" | "idleMs">,
): string => `${oneLine(state.fileName)}  ${figuresOf(state, meter).trimStart()}`;

function figuresOf(state: Readonly<State>, meter: Pick<Meter, "rate" | "idleMs">): string {
  const { doneBytes, totalBytes } = state;
  if (totalBytes === undefined)
    return [formatBytes(doneBytes), paceOf(meter, undefined)].filter(Boolean).join("  ");
  const percent = `${String(Math.floor(shareOf(state) * 100)).padStart(3)}%`;
  const counts = `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`;
  return [percent, counts, paceOf(meter, totalBytes - doneBytes)].filter(Boolean).join("  ");
}

/** How much of it is done, from 0 to 1; an empty file is complete at once. */
const shareOf = ({ doneBytes, totalBytes }: Readonly<State>): number =>
  totalBytes === undefined || totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);

const BAR_WIDTH_MAX = 30;
const BAR_WIDTH_MIN = 6;

function paceOf(meter: Pick<Meter, "rate" | "idleMs">, leftBytes: number | undefined): string {
  const idleMs = meter.idleMs();
  if (idleMs >= STALLED_AFTER_MS && leftBytes !== 0) return `stalled for ${formatDuration(idleMs)}`;
  const rate = meter.rate();
  if (rate === undefined || rate === 0) return "";
  const left =
    leftBytes === undefined || leftBytes === 0
      ? ""
      : `, ${formatDuration((leftBytes * 1_000) / rate)} left`;
  return `${formatBytes(Math.round(rate))}/s${left}`;
}

/** The name as it goes on a terminal, whoever gave it. */
const shortened = (name: string): string =>
  oneLine(name.length <= NAME_WIDTH_MAX ? name : `${name.slice(0, NAME_WIDTH_MAX - 1)}…`);
