import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { shortened } from "@contentlib/contract/vocabulary/echo";
import type { StorageUrl } from "../../domain/storage-url.ts";
import { readStorageUrl } from "../../domain/storage-url.ts";
import type { Clock, LocalSource, LocalWish, RemoteFile } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { FileBody, validatorOf } from "./file-body.ts";
import type { Waiting } from "./in-time.ts";
import { inTime } from "./in-time.ts";
import type { LocalFiles } from "./local-files.ts";
import { SYSTEM_FILES } from "./local-files.ts";
import type { PullDirectory } from "./open-directories.ts";
import { OpenDirectories } from "./open-directories.ts";

/** What files of this machine are read by. */
export interface DirectorySourceOptions {
  readonly clock: Pick<Clock, "sleep">;
  readonly directories: readonly PullDirectory[];
  /** Absolute paths of what is never read, and of all that lies below: where the server keeps its keys. */
  readonly closed: readonly string[];
  readonly files?: LocalFiles;
}

const fenced = (sentence: string): RemoteError => new RemoteError("fenced", sentence);

/** What lies outside and what is not there are told alike, so that nobody finds out by trying what else is on this machine. */
const unreadable = (told: string, cause?: unknown): RemoteError =>
  new RemoteError(
    "absent",
    `There is no file ${told} that this server may read: it is not there, is no plain file, lets the server's user not read it, or a link leads out of the directories that files are pulled from.`,
    { cause },
  );

/** The same file, whatever was done to it. */
const isSame = (one: BigIntStats, other: BigIntStats): boolean =>
  one.dev === other.dev && one.ino === other.ino;

/** Reads files below the directories of the operator. */
export class DirectorySource implements LocalSource {
  readonly isOpen: boolean;
  readonly #clock: Pick<Clock, "sleep">;
  readonly #files: LocalFiles;
  readonly #directories: OpenDirectories;

  constructor({ clock, directories, closed, files = SYSTEM_FILES }: DirectorySourceOptions) {
    this.isOpen = directories.length > 0;
    this.#clock = clock;
    this.#files = files;
    this.#directories = new OpenDirectories(files, directories, closed);
  }

  async open({ url, from, signal }: LocalWish): Promise<RemoteFile> {
    const told = shortened(url);
    const path = this.#pathOf(readStorageUrl(url), told);
    const waiting = { clock: this.#clock, signal, told };
    const { handle, status } = await this.#opened(path, waiting);
    const validator = validatorOf(status);
    const sizeBytes = Number(status.size);
    const goesOn = from?.validator === validator && from.offsetBytes <= sizeBytes;
    const startsAtBytes = goesOn ? from.offsetBytes : 0;
    const body = new FileBody({ handle, sizeBytes, validator }, startsAtBytes, waiting);
    return {
      url,
      redirects: 0,
      startsAtBytes,
      sizeBytes,
      validator,
      peer: null,
      body,
      close: () => body.close(),
    };
  }

  #pathOf(address: StorageUrl, told: string): string {
    switch (address.kind) {
      case "invalid":
        throw new RemoteError("url", `${told} is no address of a file: ${address.reason}.`);
      case "file":
        return `/${address.names.join("/")}`;
      case "ds": {
        const path = this.#directories.pathOn(address.volume, address.names);
        if (path !== null) return path;
        const setting = "CONTENTLIB_PULL_DIRECTORIES";
        throw fenced(
          `No directory of this server stands for the datastore of ${told}: ${setting} names none so.`,
        );
      }
    }
  }

  /** Whoever gives up waiting gets no file, and one that opens later is closed again. */
  async #opened(path: string, waiting: Waiting) {
    const opening = this.#find(path, waiting.told);
    try {
      return await inTime(waiting, opening);
    } catch (error) {
      opening.then(
        async ({ handle }) => await handle.close().catch(() => undefined),
        () => undefined,
      );
      throw error;
    }
  }

  async #find(path: string, told: string) {
    const realPath = await this.#realPathOf(path);
    if (realPath === null || !(await this.#directories.hold(realPath)))
      throw this.#directories.names(path)
        ? unreadable(told)
        : fenced(
            `${told} lies in no directory that this server pulls files from; the setting CONTENTLIB_PULL_DIRECTORIES lists them.`,
          );
    const handle = await this.#openPlain(realPath, told);
    try {
      return { handle, status: await this.#expectInside(handle, realPath, told) };
    } catch (error) {
      await handle.close().catch(() => undefined);
      throw error instanceof RemoteError ? error : unreadable(told, error);
    }
  }

  async #realPathOf(path: string): Promise<string | null> {
    try {
      return await this.#files.realPathOf(path);
    } catch {
      // Why not is told to nobody: it would tell what is there.
      return null;
    }
  }

  /** What is no plain file is not even opened: that alone can do something to a device. */
  async #openPlain(realPath: string, told: string): Promise<FileHandle> {
    try {
      if ((await this.#files.statusOf(realPath)).isFile()) return await this.#files.open(realPath);
    } catch (error) {
      throw unreadable(told, error);
    }
    throw unreadable(told);
  }

  /** Between the look and the opening a folder of the path may have become a link: what counts is what is open now. */
  async #expectInside(handle: FileHandle, realPath: string, told: string): Promise<BigIntStats> {
    const status = await handle.stat({ bigint: true });
    if (!status.isFile()) throw unreadable(told);
    const place = (await this.#files.placeOf(handle)) ?? (await this.#placeBy(realPath, status));
    if (place === null || !(await this.#directories.hold(place))) throw unreadable(told);
    return status;
  }

  /** Where the system does not tell: the path, if it still has no links and leads to the very file. */
  async #placeBy(realPath: string, status: BigIntStats): Promise<string | null> {
    const again = await this.#files.realPathOf(realPath);
    return isSame(await this.#files.statusOf(again), status) ? again : null;
  }
}
