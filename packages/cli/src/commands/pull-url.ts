import type { Client, ItemModel, UploadResult, WarningType } from "@contentlib/client";
import { unaccepted } from "../accepted-warnings.ts";
import { itemAddress } from "../address-form.ts";
import { resolveTarget } from "../address.ts";
import { busyItem } from "../busy-item.ts";
import type { CommandContext } from "../command-context.ts";
import { watchEnding } from "../ending-notice.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { makeItem, takeBackItem } from "../made-item.ts";
import { countOf, formatBytes, formatDuration, shellWord } from "../output.ts";
import { startProgress } from "../progress.ts";
import { namesLine, othersIn } from "../push-report.ts";
import { PushStory } from "../push-story.ts";
import { remoteFiles } from "../remote-files.ts";
import type { RemoteFile, RemoteWish } from "../remote-files.ts";
import { commandLine } from "../push-line.ts";
import { runningPushes } from "../running-pushes.ts";

/** Options of `contentlib pull-url`. */
export interface PullUrlOptions extends RemoteWish {
  readonly type?: string;
  readonly message?: string;
  /** Warnings of signed content that the user takes on himself. */
  readonly accept?: readonly WarningType[];
  /** False where the server is left alone with it. */
  readonly wait: boolean;
}

/**
 * `contentlib pull-url LIBRARY/ITEM URL...`: has the server fetch files into an item, as one change. The item is made if it is
 * missing. Without waiting it is told which session fetches.
 */
export async function pullUrl(
  context: CommandContext,
  address: string,
  urls: readonly string[],
  options: PullUrlOptions,
): Promise<void> {
  const files = await remoteFiles(urls, options);
  if (files.some(({ hasLogin }) => hasLogin)) context.output.note(LOGIN_NOTE);
  const client = await context.connect();
  const target = await resolveTarget(client, address, context.signal);
  const { type } = options;
  const wish = { files, type, signal: context.signal };
  const item = target.item ?? (await makeItem(client, target, wish));
  const place = itemAddress(target.library.name, item.name);
  const pulling = { item, place, isNew: target.item === null, files, options };
  const startedAt = Date.now();
  const { sessionId, fetched, warnings } = await fetchTidily(context, client, pulling);
  const byItem = { library_item_id: item.id };
  const after = await client.item.get(byItem, { signal: context.signal });
  const stored = await client.itemFile.list(byItem, { signal: context.signal });
  const report: PullUrlReport = {
    changed: true,
    address: place,
    library: { id: target.library.id, name: target.library.name },
    item: {
      id: item.id,
      name: item.name,
      created: target.item === null,
      content_version: after.content_version,
    },
    session_id: sessionId,
    done: options.wait,
    files: files.map(({ name, url }) => {
      // An archive, and what is only checked, is in no list of the item.
      const info = options.wait ? fetched.find((file) => file.name === name) : undefined;
      return { name, url, size: info?.sizeBytes ?? null, checksum_info: info?.checksum ?? null };
    }),
    unpacked: options.wait ? othersIn(stored, files).unpacked : [],
    warnings,
  };
  context.output.result(report, linesOf(report, Date.now() - startedAt));
}

const LOGIN_NOTE =
  "The login in the address is seen by whoever lists the processes of this machine, and stays in the history of your shell. Keep it at the server instead: contentlib secret set";

/** What `pull-url --json` prints. */
interface PullUrlReport {
  readonly changed: true;
  readonly address: string;
  readonly library: { readonly id: string; readonly name: string };
  readonly item: {
    readonly id: string;
    readonly name: string;
    readonly created: boolean;
    readonly content_version: string;
  };
  readonly session_id: string;
  /** False where the session goes on. */
  readonly done: boolean;
  readonly files: readonly {
    readonly name: string;
    readonly url: string;
    readonly size: number | null;
    readonly checksum_info: object | null;
  }[];
  /** Names of the files that came in an archive. */
  readonly unpacked: readonly string[];
  readonly warnings: readonly { readonly type: string; readonly message: string }[];
}

/** What is fetched, and where to. */
interface Pulling {
  readonly item: ItemModel;
  /** The item's address. */
  readonly place: string;
  readonly isNew: boolean;
  readonly files: readonly RemoteFile[];
  readonly options: PullUrlOptions;
}

const INTERRUPTED = new Failure(
  EXIT_CODES.interrupted,
  "Interrupted.",
  "The server fetches no more. Begin again: run the same line again",
);

/** What has come; of a file that nobody waits for little is known. */
interface Fetched extends Pick<PullUrlReport, "warnings"> {
  readonly sessionId: string;
  readonly fetched: UploadResult["files"];
}

/** Has the files fetched; where that fails, it takes back the item that it has made. */
async function fetchTidily(
  context: CommandContext,
  client: Client,
  pulling: Pulling,
): Promise<Fetched> {
  const { output, streams, signal, env } = context;
  const { item, place, isNew, files, options } = pulling;
  const progress = await startProgress(output, streams.stderr, () => performance.now());
  const story = new PushStory(progress);
  const pushes = runningPushes(env);
  const upload = client.upload({
    itemId: item.id,
    files,
    waits: options.wait,
    signal,
    ...(options.message === undefined ? {} : { message: options.message }),
    ...(options.accept === undefined ? {} : { accept: options.accept }),
    onEvent: (event) => {
      if (event.type === "session") pushes.begin(event.sessionId, item.id);
      story.show(event);
    },
  });
  const stopWatching = watchEnding(context, () => INTERRUPTED);
  try {
    const { sessionId, files: fetched } = await upload.result;
    await pushes.end(sessionId);
    const warnings = story.warnings.map(({ type, message }) => ({
      type,
      message: message.default_message,
    }));
    return { sessionId, fetched, warnings };
  } catch (error) {
    const { end } = story;
    if (end?.isEnded === true) await pushes.end(end.sessionId);
    if (isNew)
      await takeBackItem(client, context, {
        itemId: item.id,
        address: place,
        files: [],
        end,
        error,
      });
    if (signal.aborted) throw INTERRUPTED;
    const told = unaccepted(error, (types) => acceptLine(context, pulling, types)) ?? error;
    throw await busyItem(told, { id: item.id, place: shellWord(place) }, { client, pushes });
  } finally {
    progress.stop();
    stopWatching();
  }
}

/** The line that accepts warnings; a login that was typed stays out of it. */
const acceptLine = (
  context: CommandContext,
  { place, files, options }: Pulling,
  types: readonly WarningType[],
): string =>
  commandLine(context, {
    command: "pull-url",
    switches: options.wait ? [] : ["--no-wait"],
    values: [
      ...[...(options.accept ?? []), ...types].map((type) => ["--accept", type] as const),
      ["--as", options.as],
      ["--sha256", options.sha256],
      ["--type", options.type],
      ["--message", options.message],
      ["--secret", options.secret],
      ["--pin-cert", options.pinCert],
      ["--thumbprint", options.thumbprint],
      ["--pin-key", options.pinKey],
      ["--pin-ca", options.pinCa],
    ],
    words: [place, ...files.map(({ url }) => url)],
  });

function linesOf(report: PullUrlReport, elapsedMs: number): readonly string[] {
  const { address, item, files, session_id: sessionId, done } = report;
  const place = shellWord(address);
  if (!done)
    return [
      `${place}: the server fetches ${countOf(files.length, "file")} in update session ${sessionId}.`,
      `  Wait for it: contentlib wait session ${sessionId} --timeout 1h`,
    ];
  const sizeBytes = files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const what = files.length === 1 ? (files[0]?.name ?? "") : countOf(files.length, "file");
  return [
    `${place}: ${what} (${formatBytes(sizeBytes)}) in ${formatDuration(elapsedMs)}; now content version ${item.content_version}.`,
    ...namesLine("unpacked", report.unpacked),
  ];
}
