import { join } from "node:path";
import type { Client, DownloadEvent } from "@contentlib/client";
import { resolveVersion } from "../address.ts";
import type { VersionPlace } from "../address.ts";
import { itemAddress } from "../address-form.ts";
import type { CommandContext } from "../command-context.ts";
import { filesOfVersion } from "../files-of-version.ts";
import { hasSign, namePattern } from "../name-pattern.ts";
import { countOf, formatBytes, formatDuration, shellWord } from "../output.ts";
import { startProgress } from "../progress.ts";
import type { Progress } from "../progress.ts";

/** Options of `contentlib pull`. */
export interface PullOptions {
  /** Names of files, and patterns of them. */
  readonly file?: readonly string[];
  readonly force?: boolean;
}

/**
 * `contentlib pull LIBRARY/ITEM[@VERSION] [DIR]`: fetches the files of an item, all of one content version. Each gets its name
 * only once its digest is right, and a different file of that name is replaced only with --force.
 */
export async function pull(
  context: CommandContext,
  address: string,
  directory: string,
  options: PullOptions,
): Promise<void> {
  const client = await context.connect();
  const found = await resolveVersion(client, address, context.signal);
  const { library, item, version } = found;
  const fileNames = await wantedNames(client, found, { ...options, signal: context.signal });
  const { directorySink } = await import("@contentlib/client/node");
  const progress = await startProgress(context.output, context.streams.stderr, () =>
    performance.now(),
  );
  const startedAt = Date.now();
  const download = client.download({
    itemId: item.id,
    ...(version === null ? {} : { version }),
    ...(fileNames === undefined ? {} : { fileNames }),
    sink: directorySink(directory, { isForced: options.force ?? false }),
    signal: context.signal,
    onEvent: (event) => show(progress, event),
  });
  const result = await download.result.finally(() => progress.stop());
  const files = result.files.map(({ name, sizeBytes, isSkipped }) => ({
    name,
    path: join(directory, name),
    size: sizeBytes,
    changed: !isSkipped,
  }));
  const place = itemAddress(library.name, item.name, version ?? undefined);
  const report = {
    changed: files.some(({ changed }) => changed),
    address: place,
    library: { id: library.id, name: library.name },
    item: { id: item.id, name: item.name, content_version: result.contentVersion },
    files,
  };
  context.output.result(report, linesOf(shellWord(place), files, Date.now() - startedAt));
}

/** The names of the files that are wanted; undefined for all. A pattern that matches none is told as a name that is missing. */
async function wantedNames(
  client: Client,
  place: VersionPlace,
  { file: words, signal }: PullOptions & { readonly signal: AbortSignal },
): Promise<readonly string[] | undefined> {
  if (words?.some(hasSign) !== true) return words;
  const names = (await filesOfVersion(client, place, signal)).map(({ name }) => name);
  const wanted = words.flatMap((word) => {
    const matched = names.includes(word) ? [] : names.filter(namePattern(word));
    return matched.length === 0 ? [word] : matched;
  });
  return [...new Set(wanted)];
}

function show(progress: Progress, event: DownloadEvent): void {
  switch (event.type) {
    case "file":
      return progress.begin(event.fileName);
    case "progress":
      return progress.update(event.totalReceivedBytes, event.totalBytes);
    case "continuing":
      return progress.note(`${event.fileName}: ${event.reason} Going on where it broke.`);
    case "session":
      return progress.note(`Download session ${event.sessionId}.`);
    case "verified":
    case "skipped":
    case "done":
      return undefined;
  }
}

function linesOf(
  place: string,
  files: readonly { readonly path: string; readonly size: number; readonly changed: boolean }[],
  elapsedMs: number,
): readonly string[] {
  if (files.length === 0) return [`${place} has no files yet.`];
  const fetched = files.filter(({ changed }) => changed);
  const skipped = files.length - fetched.length;
  const sizeBytes = fetched.reduce((sum, { size }) => sum + size, 0);
  const here = skipped === 0 ? "" : `${countOf(skipped, "file")} here already`;
  const got =
    fetched.length === 0
      ? ""
      : `${countOf(fetched.length, "file")} (${formatBytes(sizeBytes)}) in ${formatDuration(elapsedMs)}`;
  const deeds = [got, here].filter((deed) => deed !== "").join(", ");
  return [`${place}: ${deeds}, verified.`, ...fetched.map(({ path }) => `  ${path}`)];
}
