import type { Client, DownloadEvent } from "@contentlib/client";
import { resolveVersion } from "../address.ts";
import type { VersionPlace } from "../address.ts";
import { itemAddress } from "../address-form.ts";
import { archivePath, archivePlace, renamed, requirePresent } from "../archive-place.ts";
import type { CommandContext } from "../command-context.ts";
import { watchEnding } from "../ending-notice.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure, Retold } from "../failure.ts";
import { filesOfVersion } from "../files-of-version.ts";
import { MovedBytes } from "../moved-bytes.ts";
import { namingPlace } from "../named-refusal.ts";
import { hasSign, namePattern } from "../name-pattern.ts";
import { countOf, formatBytes, formatDuration, shellWord } from "../output.ts";
import { startProgress } from "../progress.ts";
import type { Progress } from "../progress.ts";

/** Options of `contentlib pull`. */
export interface PullOptions {
  /** Names of files, and patterns of them. */
  readonly file?: readonly string[];
  /** In which form: as the archive that the files came in, in place of the files. */
  readonly as?: "ova";
  readonly force?: boolean;
  /** For how long it goes on where nothing moves, in milliseconds. */
  readonly retryFor?: number;
}

/**
 * `contentlib pull LIBRARY/ITEM[@VERSION] [DIR]`: fetches the files of an item, all of one content version. Each gets its name
 * only once its digest is right, and a different file of that name is replaced only with --force. What came before an interruption
 * is kept, and gone on with.
 */
export async function pull(
  context: CommandContext,
  address: string,
  directory: string,
  options: PullOptions,
): Promise<void> {
  const { retryFor } = options;
  const isOriginal = options.as !== undefined;
  const client = await context.connect(retryFor === undefined ? {} : { retryForMs: retryFor });
  const found = await resolveVersion(client, address, context.signal);
  const { library, item, version } = found;
  if (isOriginal) await requireArchives(client, found, context.signal);
  const fileNames = await wantedNames(client, found, { ...options, signal: context.signal });
  const target = isOriginal ? await archivePlace(directory) : { directory, name: null };
  const { directorySink } = await import("@contentlib/client/node");
  const progress = await startProgress(context.output, context.streams.stderr, () =>
    performance.now(),
  );
  const startedAt = Date.now();
  const story = new PullStory(progress);
  const download = client.download({
    itemId: item.id,
    ...(version === null || isOriginal ? {} : { version }),
    ...(fileNames === undefined ? {} : { fileNames }),
    ...(isOriginal ? { original: true } : {}),
    sink: renamed(directorySink(target.directory, { isForced: options.force ?? false }), target),
    signal: context.signal,
    onEvent: (event) => story.show(event),
  });
  const stopWatching = watchEnding(context, () => INTERRUPTED_PULL);
  const result = await namingPlace(found, async () => await download.result)
    .catch((error: unknown) => {
      if (isOriginal && isMissing(error)) throw noArchive(found);
      throw story.receivedBytes > 0 && isInterruption(error)
        ? new Retold(error, "What has arrived is kept. Go on: run the same line again")
        : error;
    })
    .finally(() => {
      progress.stop();
      stopWatching();
    });
  const files = result.files.map(({ name, sizeBytes, isSkipped }) => ({
    name,
    path: archivePath(target, name),
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
  const cost = { elapsedMs: Date.now() - startedAt, receivedBytes: story.receivedBytes };
  context.output.result(report, linesOf(shellWord(place), files, cost));
}

/** Whether the server keeps archives at all, and of what is asked for. Throws Failure. */
async function requireArchives(
  client: Client,
  place: VersionPlace,
  signal: AbortSignal,
): Promise<void> {
  requirePresent(place);
  if ((await client.serverVersion(signal)) !== null) return;
  throw new Failure(
    EXIT_CODES.refused,
    "This server is of another make, and keeps no archives.",
    "Pull the files: leave --as out",
  );
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === "MissingFileError";

function noArchive({ library, item }: VersionPlace): Failure {
  const place = shellWord(itemAddress(library.name, item.name));
  return new Failure(
    EXIT_CODES.notFound,
    `${place} was not pushed as an OVA, or has changed since: there is no archive of it.`,
    `Pull its files instead: contentlib pull ${place}`,
  );
}

const INTERRUPTED_PULL = new Failure(
  EXIT_CODES.interrupted,
  "Interrupted.",
  "Go on: run the same line again",
);

/** Whether the same pull can do better later. */
const isInterruption = (error: unknown): boolean =>
  error instanceof Error &&
  "kind" in error &&
  (error.kind === "connection" || error.kind === "timeout") &&
  !("untrustedOrigin" in error && error.untrustedOrigin !== undefined);

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

/** What has happened in a pull so far, told as it happens. */
class PullStory {
  readonly #progress: Progress;
  readonly #moved = new MovedBytes();

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** How many bytes this pull has received. */
  get receivedBytes(): number {
    return this.#moved.total;
  }

  show(event: DownloadEvent): void {
    const progress = this.#progress;
    switch (event.type) {
      case "file":
        return progress.begin(event.fileName);
      case "progress":
        this.#moved.note(event.fileName, event.receivedBytes);
        return progress.update(event.totalReceivedBytes, event.totalBytes, this.#moved.total);
      case "continuing": {
        const { fileName, offsetBytes, reason } = event;
        this.#moved.begin(fileName, offsetBytes);
        const there = formatBytes(offsetBytes);
        if (reason === undefined) return progress.tell(`Going on behind ${there} of ${fileName}.`);
        return progress.note(`${fileName}: ${reason} Going on behind ${there}.`);
      }
      case "session":
        return progress.note(`Download session ${event.sessionId}.`);
      case "verified":
      case "skipped":
      case "done":
        return undefined;
    }
  }
}

function linesOf(
  place: string,
  files: readonly { readonly path: string; readonly size: number; readonly changed: boolean }[],
  { elapsedMs, receivedBytes }: { readonly elapsedMs: number; readonly receivedBytes: number },
): readonly string[] {
  if (files.length === 0) return [`${place} has no files yet.`];
  const fetched = files.filter(({ changed }) => changed);
  const skipped = files.length - fetched.length;
  const sizeBytes = fetched.reduce((sum, { size }) => sum + size, 0);
  const here = skipped === 0 ? "" : `${countOf(skipped, "file")} here already`;
  const now =
    receivedBytes === sizeBytes ? "" : `, ${formatBytes(receivedBytes)} of it fetched now`;
  const got =
    fetched.length === 0
      ? ""
      : `${countOf(fetched.length, "file")} (${formatBytes(sizeBytes)}${now}) in ${formatDuration(elapsedMs)}`;
  const deeds = [got, here].filter((deed) => deed !== "").join(", ");
  return [`${place}: ${deeds}, verified.`, ...fetched.map(({ path }) => `  ${path}`)];
}
