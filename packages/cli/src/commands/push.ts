import type { Client, ItemModel, WarningType } from "@contentlib/client";
import { itemAddress } from "../address-form.ts";
import { resolveTarget } from "../address.ts";
import { unaccepted } from "../accepted-warnings.ts";
import { busyItem } from "../busy-item.ts";
import type { CommandContext } from "../command-context.ts";
import { watchEnding } from "../ending-notice.ts";
import { makeItem, takeBackItem } from "../made-item.ts";
import { openOutgoing } from "../outgoing-files.ts";
import type { OutgoingFile } from "../outgoing-files.ts";
import { shellWord } from "../output.ts";
import { startProgress } from "../progress.ts";
import type { Progress } from "../progress.ts";
import { isReplacing, lineOf } from "../push-line.ts";
import { interruptedPush, mayLive, remarksOn } from "../push-remains.ts";
import { fileReport, linesOf, othersIn } from "../push-report.ts";
import type { PushReport } from "../push-report.ts";
import { PushStory } from "../push-story.ts";
import { resumableSession, resumeStoreIn } from "../resume-store-in.ts";
import { runningPushes } from "../running-pushes.ts";
import { isArchive, unchangedFiles } from "../unchanged-files.ts";

/** Options of `contentlib push`. */
export interface PushOptions {
  readonly type?: string;
  readonly replace?: boolean;
  readonly replaceAll?: boolean;
  readonly message?: string;
  readonly name?: string;
  readonly sha256?: string;
  /** Warnings of signed content that the user takes on himself. */
  readonly accept?: readonly WarningType[];
  /** Sends what is known to be wrong, too. */
  readonly force?: boolean;
  /** False where all is to be sent from the first byte. */
  readonly resume?: boolean;
  /** For how long it goes on where nothing moves, in milliseconds. */
  readonly retryFor?: number;
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
  const wish = { paths, signal: context.signal, ...options };
  const files = await openOutgoing(wish, context.streams.stdin, pinned);
  const client = await context.connect(patienceOf(options));
  const target = await resolveTarget(client, address, context.signal);
  const isNew = target.item === null;
  const { type } = options;
  const item =
    target.item ?? (await makeItem(client, target, { files, type, signal: context.signal }));
  const place = itemAddress(target.library.name, item.name);
  if (!isNew && type !== undefined && type !== item.type)
    context.output.note(
      `${shellWord(place)} stays of the type ${item.type || "(none)"}: --type is for an item that is made.`,
    );
  const progress = await startProgress(context.output, context.streams.stderr, () =>
    performance.now(),
  );
  const pushing = { story: new PushStory(progress), place, isNew, progress };
  const lineWith = (accepted: readonly WarningType[]): string =>
    lineOf(context, paths, address, {
      ...options,
      accept: [...(options.accept ?? []), ...accepted],
    });
  const pushContext = { ...context, line: lineWith([]), lineWith };
  const startedAt = Date.now();
  const done = await tidily(pushContext, client, { ...pushing, item, files, options });
  const after = await client.item.get({ library_item_id: item.id }, { signal: context.signal });
  const stored = await client.itemFile.list(
    { library_item_id: item.id },
    { signal: context.signal },
  );
  const report: PushReport = {
    changed: done.sessionId !== null || isNew,
    address: place,
    library: { id: target.library.id, name: target.library.name },
    item: {
      id: item.id,
      name: item.name,
      created: isNew,
      content_version: after.content_version,
    },
    session_id: done.sessionId,
    files: files.map((file) => fileReport(file, stored, !done.unchanged.has(file.name))),
    ...othersIn(stored, files),
    removed: done.present.filter((name) => !stored.some((file) => file.name === name)),
    warnings: pushing.story.warnings.map(({ type, message }) => ({
      type,
      message: message.default_message,
    })),
  };
  const cost = { elapsedMs: Date.now() - startedAt, sentBytes: pushing.story.sentBytes };
  context.output.result(report, linesOf(report, cost));
}

const patienceOf = ({ retryFor }: PushOptions): { readonly retryForMs?: number } =>
  retryFor === undefined ? {} : { retryForMs: retryFor };

/** The context of a push, with the line that goes on with it, and the one that accepts warnings besides. */
type PushContext = CommandContext & {
  readonly line: string;
  readonly lineWith: (accepted: readonly WarningType[]) => string;
};

/** A push into an item that is there. */
interface Pushing {
  readonly item: ItemModel;
  /** The item's address. */
  readonly place: string;
  /** Whether this push has made it. */
  readonly isNew: boolean;
  readonly files: readonly OutgoingFile[];
  readonly options: PushOptions;
  readonly story: PushStory;
  readonly progress: Progress;
}

/** Changes the item; where that fails, it takes back what it has made, and tells what is left. */
async function tidily(context: PushContext, client: Client, pushing: Pushing): Promise<Changed> {
  const { item, place, isNew, files, story } = pushing;
  const last = () => interruptedPush(context.line, files, story);
  const stopWatching = watchEnding(context, last);
  try {
    return await change(context, client, pushing);
  } catch (error) {
    const failed = { itemId: item.id, address: place, files, end: story.end, error };
    if (isNew) await takeBackItem(client, context, failed);
    if (context.signal.aborted) throw last();
    const named = { id: item.id, place: shellWord(place) };
    const told = unaccepted(error, context.lineWith) ?? error;
    throw await busyItem(told, named, { client, pushes: runningPushes(context.env) });
  } finally {
    pushing.progress.stop();
    stopWatching();
  }
}

/** What has become of the item. */
interface Changed {
  /** Null where nothing was to be done. */
  readonly sessionId: string | null;
  readonly unchanged: ReadonlySet<string>;
  /** Names of the files that it had before. */
  readonly present: readonly string[];
}

async function change(context: PushContext, client: Client, pushing: Pushing): Promise<Changed> {
  const { item, isNew, files, options } = pushing;
  const { signal } = context;
  const present = isNew ? [] : await client.itemFile.list({ library_item_id: item.id }, { signal });
  const unchanged = await unchangedFiles(client, { itemId: item.id, present, files }, signal);
  const outgoing = files.filter(({ name }) => !unchanged.has(name));
  // An archive that is in no list and has not changed is all that the item has.
  const isListed = ({ name }: OutgoingFile): boolean => present.some((file) => file.name === name);
  const isWhole = outgoing.length === 0 && files.some((file) => isArchive(file) && !isListed(file));
  const names = present.map(({ name }) => name);
  const hasOthers = names.some((name) => !files.some((file) => file.name === name));
  const isNeeded = outgoing.length > 0 || (isReplacing(options) && !isWhole && hasOthers);
  const sessionId = isNeeded
    ? await send(context, client, { ...pushing, files: outgoing, unchanged })
    : null;
  return { sessionId, unchanged, present: names };
}

/** What is sent, and where to. */
interface Sending extends Pushing {
  readonly unchanged: ReadonlySet<string>;
}

/** Sends what has changed, and answers the id of the session that did it. */
async function send(
  { connection, env, output, signal, line }: PushContext,
  client: Client,
  { item, files, unchanged, options, story, progress }: Sending,
): Promise<string> {
  const pushes = runningPushes(env);
  // On a server of ours the upload takes over what a push that died has left, unless that push lives on.
  const isOurs = (await client.serverVersion(signal)) !== null;
  const resume = options.resume !== false && !(await pushes.isRunning(item.id));
  const resumeStore = await resumeStoreIn(env);
  if (resume && isOurs) await pushes.forgetAbandoned(item.id);
  else {
    // At any other, it takes up the one session that was noted.
    const sparedId = resume
      ? await resumableSession(resumeStore, await connection(), item.id)
      : null;
    for (const sessionId of await pushes.endAbandoned(client, {
      itemId: item.id,
      sparedId,
      signal,
    })) {
      progress.note(`Update session ${sessionId} of a push that died was ended.`);
    }
  }
  let sessionId: string | undefined;
  const upload = client.upload({
    itemId: item.id,
    files,
    signal,
    resume,
    resumeStore,
    ...(options.message === undefined ? {} : { message: options.message }),
    ...(options.accept === undefined ? {} : { accept: options.accept }),
    ...(isReplacing(options) ? { removeOthers: true, keep: [...unchanged] } : {}),
    onEvent: (event) => {
      if (event.type === "session") {
        sessionId = event.sessionId;
        pushes.begin(sessionId, item.id);
      }
      story.show(event);
    },
  });
  try {
    return (await upload.result).sessionId;
  } finally {
    progress.stop();
    const { end } = story;
    if (sessionId !== undefined && end?.isEnded !== false) await pushes.end(sessionId);
    const isInterrupted = signal.aborted;
    // Whoever has given up does not wait for another answer.
    const isOpen =
      end?.isEnded === false && (isInterrupted || (await mayLive(client, end.sessionId)));
    for (const remark of remarksOn(end, files, { line, isOpen, isInterrupted }))
      output.note(remark);
  }
}
