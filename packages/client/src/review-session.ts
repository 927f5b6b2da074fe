import { WarningsError } from "./errors.ts";
import { pause, settled } from "./pull-file.ts";
import type { TransferControl } from "./transfer.ts";
import type { UploadContext, UploadEvent, UploadOptions } from "./upload-options.ts";

/** How often is looked for the files that a descriptor names, and at a preview that is being prepared. */
const LOOKS_MAX = 60;

/** A file that may be signed, and one that leads a server to others. */
const SIGNED = /\.(cert|ova)$/i;
const DESCRIPTOR = /\.ovf$/i;

/** What was uploaded, and into which session. */
interface Uploaded {
  readonly sessionId: string;
  readonly options: Pick<UploadOptions, "files" | "waits">;
}

/** Whether the server is to fetch some of the files. */
export const isPulling = ({ files }: Uploaded["options"]): boolean =>
  files.some(({ source }) => source.pulledFrom !== undefined);

/** Whether there is anything to look at once all files are there: a signature, or what the server fetches. */
export const needsReview = (options: Uploaded["options"]): boolean =>
  options.waits !== false &&
  (isPulling(options) || options.files.some(({ name }) => SIGNED.test(name)));

/**
 * Looks at what a server has made of the files before the session is completed: whether all that it fetches has come, and what the
 * signature raises. Throws WarningsError for warnings that are not accepted, and what `settled` throws.
 */
export async function reviewSession(
  context: UploadContext,
  uploaded: Uploaded,
  control: TransferControl<UploadEvent>,
): Promise<void> {
  const { options } = uploaded;
  if (isPulling(options)) await awaitPulls(context, uploaded, control);
  if (options.files.some(({ name }) => SIGNED.test(name)))
    await judgeSignature(context, uploaded, control);
}

/** A descriptor that was fetched brings others along, which the server finds out a moment after it has come. */
async function awaitPulls(
  context: UploadContext,
  { sessionId, options }: Uploaded,
  { signal, emit }: TransferControl<UploadEvent>,
): Promise<void> {
  const { updateSessionFile } = context.services;
  const byId = { update_session_id: sessionId };
  const told = new Set(options.files.map(({ name }) => name));
  const look = async () => {
    const files = await updateSessionFile.list(byId, { signal });
    const pulled = files.filter(({ source_type: source }) => source === "PULL");
    const totalSentBytes = pulled.reduce((sum, file) => sum + file.bytes_transferred, 0);
    for (const { name: fileName, size, bytes_transferred: sentBytes } of pulled) {
      if (options.files.some(({ name }) => name === fileName)) continue;
      if (!told.has(fileName)) emit({ type: "file", fileName, sizeBytes: size });
      told.add(fileName);
      emit({ type: "progress", fileName, sentBytes, totalSentBytes, totalBytes: undefined });
    }
    return pulled;
  };
  await settled(context, look, signal);
  if (!options.files.some(({ name, source }) => source.pulledFrom && DESCRIPTOR.test(name))) return;
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const found = await updateSessionFile.validate(byId, { signal });
    if (found.missing_files.length === 0) return;
    await pause(context, signal);
    await settled(context, look, signal);
  }
}

/** Servers that show no preview judge when the session is completed. */
async function judgeSignature(
  context: UploadContext,
  { sessionId }: Uploaded,
  { signal, emit }: TransferControl<UploadEvent>,
): Promise<void> {
  const { updateSession } = context.services;
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const model = await updateSession.get({ update_session_id: sessionId }, { signal });
    const { state, warnings = [], certificate_info: signer } = model.preview_info ?? {};
    if (state !== "PREPARING") {
      const counting = warnings.filter(({ ignored }) => !ignored);
      if (counting.length > 0) throw new WarningsError(counting, signer);
      if (warnings.length > 0) emit({ type: "warnings", warnings, signer });
      return;
    }
    await pause(context, signal);
  }
}
