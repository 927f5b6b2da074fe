import type {
  ChecksumInfo,
  Client,
  ItemFileInfo,
  ItemModel,
  UploadEvent,
} from "@contentlib/client";
import { resolveTarget } from "../address.ts";
import type { ItemTarget } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { openOutgoing } from "../outgoing-files.ts";
import type { OutgoingFile } from "../outgoing-files.ts";
import { countOf, formatBytes, formatDuration } from "../output.ts";
import { startProgress } from "../progress.ts";
import type { Progress } from "../progress.ts";
import { isReplacing, lineOf } from "../push-line.ts";
import { canGoOn, interruptedPush, mayLive, remarksOn } from "../push-remains.ts";
import type { PushEnd } from "../push-remains.ts";
import { isPushNoted, resumeStoreIn } from "../resume-store-in.ts";
import { runningPushes } from "../running-pushes.ts";

/** Options of `contentlib push`. */
export interface PushOptions {
  readonly type?: string;
  readonly replace?: boolean;
  readonly replaceAll?: boolean;
  readonly message?: string;
  readonly name?: string;
  readonly sha256?: string;
  /** False where all is to be sent from the first byte. */
  readonly resume?: boolean;
}

/** What `push --json` prints. */
interface PushReport {
  readonly changed: boolean;
  readonly library: { readonly id: string; readonly name: string };
  readonly item: {
    readonly id: string;
    readonly name: string;
    readonly created: boolean;
    readonly content_version: string;
  };
  readonly session_id: string | null;
  readonly files: readonly {
    readonly name: string;
    readonly size: number;
    readonly checksum_info: ChecksumInfo | null;
    readonly changed: boolean;
  }[];
  readonly removed: readonly string[];
}

/**
 * `contentlib push FILE... LIBRARY/ITEM`: sends files into an item as one change. The item is made if it is missing;
 * files that are there already with the same content are not sent again.
 */
export async function push(
  context: CommandContext,
  paths: readonly string[],
  address: string,
  options: PushOptions,
): Promise<void> {
  const { pinned } = await context.connection();
  const files = await openOutgoing({ paths, ...options }, context.streams.stdin, pinned);
  const client = await context.connect();
  const target = await resolveTarget(client, address, context.signal);
  const item = target.item ?? (await createItem(client, target, files, options, context.signal));
  const present =
    target.item === null
      ? []
      : await client.itemFiles.list({ library_item_id: item.id }, { signal: context.signal });
  const unchanged = await unchangedFiles(files, present, context.signal);
  const outgoing = files.filter(({ name }) => !unchanged.has(name));
  const removed = isReplacing(options)
    ? present.map(({ name }) => name).filter((name) => !files.some((file) => file.name === name))
    : [];
  const isNeeded = outgoing.length > 0 || removed.length > 0;
  const startedAt = Date.now();
  const sessionId = isNeeded
    ? await send({ ...context, line: lineOf(context, paths, address, options) }, client, {
        item,
        files: outgoing,
        unchanged,
        options,
      })
    : null;
  const after = await client.items.get({ library_item_id: item.id }, { signal: context.signal });
  const stored = await client.itemFiles.list(
    { library_item_id: item.id },
    { signal: context.signal },
  );
  const report: PushReport = {
    changed: isNeeded || target.item === null,
    library: { id: target.library.id, name: target.library.name },
    item: {
      id: item.id,
      name: item.name,
      created: target.item === null,
      content_version: after.content_version,
    },
    session_id: sessionId,
    files: files.map((file) => fileReport(file, stored, !unchanged.has(file.name))),
    removed,
  };
  context.output.result(report, linesOf(report, Date.now() - startedAt));
}

async function createItem(
  client: Client,
  { library, itemName }: ItemTarget,
  files: readonly OutgoingFile[],
  { type }: PushOptions,
  signal: AbortSignal,
): Promise<ItemModel> {
  const itemType = type ?? guessType(files);
  const id = await client.items.create(
    {
      client_token: crypto.randomUUID(),
      create_spec: {
        library_id: library.id,
        name: itemName,
        ...(itemType === undefined ? {} : { type: itemType }),
      },
    },
    { signal },
  );
  return await client.items.get({ library_item_id: id }, { signal });
}

/** Clients that mount images look for items of the type `iso`. */
const guessType = (files: readonly OutgoingFile[]): string | undefined =>
  files.length > 0 && files.every(({ name }) => /\.iso$/i.test(name)) ? "iso" : undefined;

/** Files the item has already: of the same name and size, and then of the same digest, which is worth one reading. */
async function unchangedFiles(
  files: readonly OutgoingFile[],
  present: readonly ItemFileInfo[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { fileDigest } = await import("@contentlib/client/node");
  const unchanged = new Set<string>();
  for (const file of files) {
    const there = present.find(
      ({ name, size }) => name === file.name && size === file.source.sizeBytes,
    );
    const checksum = there?.checksum_info;
    if (checksum === undefined || file.path === null) continue;
    const digest = await fileDigest(file.path, checksum.algorithm ?? "SHA1", signal);
    if (digest === checksum.checksum.toLowerCase()) unchanged.add(file.name);
  }
  return unchanged;
}

/** What is sent, and where to. */
interface Sending {
  readonly item: ItemModel;
  readonly files: readonly OutgoingFile[];
  readonly unchanged: ReadonlySet<string>;
  readonly options: PushOptions;
}

/** Sends what has changed, and answers the id of the session that did it. */
async function send(
  { connection, env, output, streams, signal, line }: CommandContext & { readonly line: string },
  client: Client,
  { item, files, unchanged, options }: Sending,
): Promise<string> {
  const pushes = runningPushes(env);
  const progress = await startProgress(output, streams.stderr, () => performance.now());
  // On a server of ours the upload takes over what a push that died has left, unless that push lives on.
  const isOurs = (await client.serverVersion(signal)) !== null;
  const resume = options.resume !== false && !(await pushes.isRunning(item.id));
  const resumeStore = await resumeStoreIn(env);
  // At any other, it takes up the one session that was noted.
  const isNoted = async () => await isPushNoted(resumeStore, await connection(), item.id);
  if (resume && (isOurs || (await isNoted()))) await pushes.forgetAbandoned(item.id);
  else
    for (const sessionId of await pushes.endAbandoned(client, item.id, signal)) {
      progress.note(`Update session ${sessionId} of a push that died was ended.`);
    }
  let sessionId: string | undefined;
  let end: PushEnd | undefined;
  const upload = client.upload({
    itemId: item.id,
    files,
    signal,
    resume,
    resumeStore,
    ...(options.message === undefined ? {} : { message: options.message }),
    ...(isReplacing(options) ? { removeOthers: true, keep: [...unchanged] } : {}),
    onEvent: (event) => {
      if (event.type === "session") {
        sessionId = event.sessionId;
        pushes.begin(sessionId, item.id);
      }
      if (event.type === "failed") end = event;
      show(progress, event);
    },
  });
  try {
    return (await upload.result).sessionId;
  } catch (error) {
    throw signal.aborted && canGoOn(end, files) ? interruptedPush(line) : error;
  } finally {
    progress.stop();
    if (sessionId !== undefined && end?.isEnded !== false) await pushes.end(sessionId);
    const isOpen = end?.isEnded === false && (await mayLive(client, end.sessionId));
    const remains = { line, isOpen, isInterrupted: signal.aborted };
    for (const remark of remarksOn(end, files, remains)) output.note(remark);
  }
}

function show(progress: Progress, event: UploadEvent): void {
  switch (event.type) {
    case "file":
      return progress.begin(event.fileName);
    case "progress":
      return progress.update(event.totalSentBytes, event.totalBytes);
    case "resending":
      return progress.note(`${event.fileName}: ${event.reason} Sending it again.`);
    case "resuming":
      return progress.note(
        `${event.fileName}: ${event.reason ?? "An earlier push was interrupted."} Going on behind ${formatBytes(event.offsetBytes)}.`,
      );
    case "session":
      return progress.note(
        `Update session ${event.sessionId}${event.isTakenOver ? " of an earlier push, taken over" : ""}.`,
      );
    case "failed":
      return event.isEnded
        ? progress.note("The push has failed; the item is as it was.")
        : undefined;
    case "verified":
    case "completing":
    case "done":
      return undefined;
  }
}

function fileReport(
  file: OutgoingFile,
  stored: readonly ItemFileInfo[],
  changed: boolean,
): PushReport["files"][number] {
  const info = stored.find(({ name }) => name === file.name);
  return {
    name: file.name,
    size: info?.size ?? 0,
    checksum_info: info?.checksum_info ?? null,
    changed,
  };
}

function linesOf(
  { changed, library, item, files, removed, session_id: sessionId }: PushReport,
  elapsedMs: number,
): readonly string[] {
  const place = `${library.name}/${item.name}`;
  if (!changed || sessionId === null)
    return [`${place} is up to date: content version ${item.content_version}.`];
  const sent = files.filter((file) => file.changed);
  const sizeBytes = sent.reduce((sum, { size }) => sum + size, 0);
  const what = sent.length === 1 ? sent[0]?.name : countOf(sent.length, "file");
  const pushed =
    sent.length === 0 ? "" : `${what} (${formatBytes(sizeBytes)}) in ${formatDuration(elapsedMs)}`;
  const gone = removed.length === 0 ? "" : `${countOf(removed.length, "file")} removed`;
  const deeds = [pushed, gone].filter((deed) => deed !== "").join(", ");
  const head = `${place}: ${deeds}; now content version ${item.content_version}.`;
  return [
    head,
    ...sent.map(
      ({ name, checksum_info: sum }) =>
        `  ${name}  ${(sum?.algorithm ?? "").toLowerCase()}:${sum?.checksum ?? "-"}`,
    ),
  ];
}
