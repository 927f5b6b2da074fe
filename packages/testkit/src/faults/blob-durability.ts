/*
 * A model of what a power cut takes away. It replays a record and knows of each file and each name whether it is safe:
 *
 *   bytes of a file    safe when a sync of the file began after the last write
 *   name of a file     safe when a sync of its folder began after the create or the rename, and the folder's own name is safe
 */
import { dirname } from "node:path";
import type { DiskEvent } from "./blob-disk-recording.ts";

/** The file at `path` must survive a power cut from the mark `before` on. */
export interface DurabilityDemand {
  readonly path: string;
  readonly before: string;
  /** How many of its first bytes must survive, whatever is being written behind them; all of them where absent. */
  readonly firstBytes?: number;
}

/** Index of the last write, and how far the syncs reach; the size after each change, with its index. */
interface FileState {
  writtenAt: number;
  syncedTo: number;
  readonly sizes: { readonly at: number; readonly sizeBytes: number }[];
}

class PowerCutModel {
  readonly problems: string[] = [];
  readonly #files = new Map<string, FileState>();
  /** Files by the name under which they were opened: a descriptor follows its file through a rename. */
  readonly #opened = new Map<string, FileState>();
  /** Index at which each name appeared. */
  readonly #names = new Map<string, number>();
  readonly #foldersSyncedTo = new Map<string, number>();

  replay(event: DiskEvent, index: number): void {
    switch (event.kind) {
      case "create":
        return this.#create(event.path, index);
      case "write":
        return this.#write(event.path, index, (sizeBytes) => sizeBytes + event.sizeBytes);
      case "truncate":
        return this.#write(event.path, index, () => event.sizeBytes);
      case "make-folder":
        this.#names.set(event.path, index);
        return;
      case "unlink":
        this.#files.delete(event.path);
        this.#names.delete(event.path);
        return;
      case "rename":
        return this.#rename(event.path, event.to, index);
      case "sync-file":
        return this.#syncFile(event.path, event.covers);
      case "sync-folder":
        this.#foldersSyncedTo.set(event.path, event.covers);
        return;
      case "mark":
        return;
    }
  }

  /** Why the file, or its first bytes, could be lost now. */
  dangers({ path, firstBytes }: Omit<DurabilityDemand, "before">): string[] {
    if (!this.#names.has(path)) return [`${path} is not there`];
    const bytes =
      firstBytes === undefined
        ? this.#unsyncedBytes(path)
        : this.#unsyncedFirstBytes(path, firstBytes);
    return [...bytes, ...this.#unsyncedNames(path)];
  }

  #create(path: string, index: number): void {
    const file = { writtenAt: index, syncedTo: 0, sizes: [] };
    this.#files.set(path, file);
    this.#opened.set(path, file);
    this.#names.set(path, index);
  }

  /** Files grow at their end. */
  #write(path: string, index: number, sizeAfter: (sizeBytes: number) => number): void {
    const file = this.#opened.get(path);
    if (file === undefined) return;
    file.writtenAt = index;
    file.sizes.push({ at: index, sizeBytes: sizeAfter(file.sizes.at(-1)?.sizeBytes ?? 0) });
  }

  #rename(from: string, to: string, index: number): void {
    if (this.#unsyncedBytes(from).length > 0)
      this.problems.push(`${from} was renamed before its bytes were synced`);
    const file = this.#files.get(from);
    if (file !== undefined) this.#files.set(to, file);
    this.#files.delete(from);
    this.#names.delete(from);
    this.#names.set(to, index);
  }

  #syncFile(path: string, covers: number): void {
    const file = this.#opened.get(path);
    if (file !== undefined) file.syncedTo = Math.max(file.syncedTo, covers);
  }

  #unsyncedBytes(path: string): string[] {
    const file = this.#files.get(path);
    return file === undefined || file.writtenAt < file.syncedTo
      ? []
      : [`the last bytes of ${path} were not synced`];
  }

  /** Bytes are safe that were there when a sync began and were not cut off since. */
  #unsyncedFirstBytes(path: string, firstBytes: number): string[] {
    const { sizes = [], syncedTo = 0 } = this.#files.get(path) ?? {};
    const synced = sizes.findLast(({ at }) => at < syncedTo)?.sizeBytes ?? 0;
    const since = sizes.filter(({ at }) => at >= syncedTo).map(({ sizeBytes }) => sizeBytes);
    const safeBytes = Math.min(synced, ...since);
    return safeBytes >= firstBytes ? [] : [`only ${safeBytes} bytes of ${path} were synced`];
  }

  /** A folder that the record did not see appear was safe before. */
  #unsyncedNames(path: string): string[] {
    const appearedAt = this.#names.get(path);
    if (appearedAt === undefined) return [];
    const folder = dirname(path);
    const safe = appearedAt < (this.#foldersSyncedTo.get(folder) ?? 0);
    return [
      ...(safe ? [] : [`${folder} was not synced after ${path} appeared in it`]),
      ...this.#unsyncedNames(folder),
    ];
  }
}

/**
 * What is wrong with a record, in plain sentences; empty when the file of each demand would have survived a power cut at its
 * mark, and no file was renamed before its bytes were synced.
 */
export const durabilityProblems = (
  events: readonly DiskEvent[],
  demands: readonly DurabilityDemand[],
): string[] => {
  const model = new PowerCutModel();
  const open = new Set(demands);
  for (const [index, event] of events.entries()) {
    model.replay(event, index);
    if (event.kind !== "mark") continue;
    for (const demand of open) {
      if (demand.before !== event.name) continue;
      open.delete(demand);
      model.problems.push(...model.dangers(demand).map((danger) => `at ${event.name}: ${danger}`));
    }
  }
  return [...model.problems, ...[...open].map((demand) => `the mark ${demand.before} never came`)];
};

/** That the marks came, each once and in this order; in plain sentences what is wrong with that. */
export const orderProblems = (events: readonly DiskEvent[], names: readonly string[]): string[] => {
  const came = events.flatMap((event) =>
    event.kind === "mark" && names.includes(event.name) ? [event.name] : [],
  );
  return came.join() === names.join()
    ? []
    : [`the order was to be ${names.join(", ")} but was ${came.join(", ") || "nothing"}`];
};
