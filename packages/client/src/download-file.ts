import type { ChecksumInfo } from "@contentlib/contract";
import type { OpenBody } from "./download-body.ts";
import { digestOf, openBody } from "./download-body.ts";
import type {
  DownloadContext,
  DownloadEvent,
  DownloadSink,
  IncomingFile,
} from "./download-options.ts";
import { AbortedError, ProtocolError } from "./errors.ts";
import { Patience, RESUMED_TRIES } from "./patience.ts";
import { persistently } from "./persistently.ts";
import { Pourer } from "./pourer.ts";
import type { TransferControl } from "./transfer.ts";
import { fateOf } from "./upload-endpoint.ts";

/** Pause between two looks at a file the server still prepares, in milliseconds. */
const PREPARE_PAUSE_MS = 500;

/** A file of the session, with what the item says of it. */
export interface WantedFile {
  readonly name: string;
  readonly sizeBytes: number | undefined;
  readonly checksum: ChecksumInfo | undefined;
  /** Whether the checksum is that of the very content version which the session reads. */
  readonly isCertain: boolean;
}

/** A file on its way, and what it is fetched with. */
export interface FileToFetch {
  readonly sessionId: string;
  readonly file: WantedFile;
  readonly sink: DownloadSink;
  readonly onProgress: (receivedBytes: number) => void;
}

/** Fetches one file into its sink and answers how many bytes it has; null when the sink has it already. */
export async function fetchFile(
  context: DownloadContext,
  { sessionId, file, sink, onProgress }: FileToFetch,
  control: TransferControl<DownloadEvent>,
): Promise<number | null> {
  const { signal } = control;
  const { system, retriesMax, retryForMs } = context;
  const patience = new Patience({ system, retryForMs, triesMax: retriesMax * RESUMED_TRIES });
  // A sink that is told for certain what to expect may have it already, and then no byte is asked for.
  const early = certainOf(file);
  const url = await persistently(
    patience,
    async () => await prepare(context, sessionId, file.name, signal),
    signal,
  );
  const opened =
    early === undefined
      ? await persistently(
          patience,
          async () => await openBody(context, { url, start: 0, etag: undefined }, signal),
          signal,
        )
      : undefined;
  const incoming = early ?? incomingOf(file, opened);
  const target = await sink.open(incoming, signal);
  if (target === null) {
    await opened?.body.cancel();
    return null;
  }
  try {
    const isCertain = early !== undefined;
    const pouring = { context, url, incoming, isCertain, target, patience, onProgress };
    const receivedBytes = await new Pourer(pouring, control).pour(opened);
    await target.finish();
    return receivedBytes;
  } catch (error) {
    await (target.keep !== undefined && canGoOn(error) ? target.keep() : target.discard());
    throw error;
  }
}

/** Whether another download of the file can go on with what came. */
const canGoOn = (error: unknown): boolean =>
  error instanceof AbortedError || ["broke", "gone"].includes(fateOf(error));

function certainOf({ name, sizeBytes, checksum, isCertain }: WantedFile): IncomingFile | undefined {
  if (!isCertain || checksum === undefined || sizeBytes === undefined) return undefined;
  return { name, sizeBytes, checksums: [checksum] };
}

/** What the answer with the bytes tells counts before what was told of the item. */
function incomingOf(file: WantedFile, opened: OpenBody | undefined): IncomingFile {
  const checksum = digestOf(opened?.etag) ?? file.checksum;
  return {
    name: file.name,
    sizeBytes: file.sizeBytes ?? opened?.sizeBytes,
    checksums: checksum === undefined ? [] : [checksum],
  };
}

async function prepare(
  context: DownloadContext,
  sessionId: string,
  fileName: string,
  signal: AbortSignal,
): Promise<string> {
  const { downloadSessionFile } = context.services;
  const input = { download_session_id: sessionId, file_name: fileName };
  let info = await downloadSessionFile.prepare(input, { signal });
  while (info.status === "PREPARE_REQUESTED" || info.status === "PREPARING") {
    await context.system.sleep(PREPARE_PAUSE_MS, signal);
    info = await downloadSessionFile.get(input, { signal });
  }
  const url = info.download_endpoint?.uri;
  if (url !== undefined) return url;
  const reason = info.error_message?.default_message ?? `the status is ${info.status}`;
  throw new ProtocolError(`The server can not hand out ${fileName}: ${reason}.`, {
    operation: "download",
  });
}
