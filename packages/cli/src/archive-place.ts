import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { DownloadSink } from "@contentlib/client";
import type { VersionPlace } from "./address.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

/** Where a single file goes, and how it is called there. */
export interface ArchivePlace {
  readonly directory: string;
  /** Null where it keeps its own name. */
  readonly name: string | null;
}

/** A directory that is there, and every word that is not called as an archive, is a directory; anything else is the file. */
export async function archivePlace(path: string): Promise<ArchivePlace> {
  const isArchive = /\.ova$/i.test(path);
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isArchive && !isDirectory
    ? { directory: dirname(path), name: basename(path) }
    : { directory: path, name: null };
}

/** Where the file of the archive comes to lie. */
export const archivePath = ({ directory, name }: ArchivePlace, own: string): string =>
  join(directory, name ?? own);

/** Writes the archive under the name that was asked for. */
export const renamed = (sink: DownloadSink, { name }: ArchivePlace): DownloadSink =>
  name === null
    ? sink
    : { open: async (file, signal) => await sink.open({ ...file, name }, signal) };

/** Refuses what no server has an archive of. Throws Failure. */
export function requirePresent({ item, version }: VersionPlace): void {
  if (version === null || version === item.content_version) return;
  throw new Failure(
    EXIT_CODES.usage,
    "The archive of an earlier content version can not be had.",
    "Pull its files: leave --as out",
  );
}
