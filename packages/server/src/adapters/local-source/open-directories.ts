import { join, sep } from "node:path";
import type { LocalFiles } from "./local-files.ts";

/** A directory that files may be read below. */
export interface PullDirectory {
  /** The datastore that it stands for; null for none. */
  readonly name: string | null;
  /** Absolute. */
  readonly path: string;
}

/** Whether a path is the directory's own or lies below it. Neither holds a step back. */
export const isWithin = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);

/** The directories whose files may be read, and what lies below them and may not. */
export class OpenDirectories {
  readonly #files: LocalFiles;
  readonly #directories: readonly PullDirectory[];
  readonly #closed: readonly string[];

  constructor(files: LocalFiles, directories: readonly PullDirectory[], closed: readonly string[]) {
    this.#files = files;
    this.#directories = directories;
    this.#closed = closed;
  }

  /** The path of a file on a datastore; null where no directory stands for it. */
  pathOn(volume: string, names: readonly string[]): string | null {
    const directory = this.#directories.find(({ name }) => name === volume);
    return directory === undefined ? null : join(directory.path, ...names);
  }

  /** Whether the words of a path lead below a directory, wherever its links lead. */
  names(path: string): boolean {
    return this.#directories.some((directory) => isWithin(path, directory.path));
  }

  /** Whether a path without links may be read. What a directory itself leads to is looked at each time: it may be mounted late. */
  async hold(realPath: string): Promise<boolean> {
    const roots = await this.#realPaths(this.#directories.map(({ path }) => path));
    if (!roots.some((root) => isWithin(realPath, root))) return false;
    const closed = await this.#realPaths(this.#closed);
    return ![...closed, ...this.#closed].some((path) => isWithin(realPath, path));
  }

  async #realPaths(paths: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.allSettled(
      paths.map(async (path) => await this.#files.realPathOf(path)),
    );
    return found.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  }
}
