import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { AbortedError, isRefusal, textOf } from "./errors.ts";
import { fateOf } from "./upload-endpoint.ts";
import type { UploadContext, UploadOptions } from "./upload-options.ts";

/** How long the server may take to hear that an upload has failed, in milliseconds. */
const FAIL_TIMEOUT_MS = 10_000;
/** What asks a server of ours to keep the bytes of a session that fails, for the next one. */
const KEEP_HEADERS = { "contentlib-keep-partials": "true" } as const;

/** A session to upload into. */
export interface OpenSession {
  readonly sessionId: string;
  /** What an earlier upload left in it, by name; null for a new one. */
  readonly found: ReadonlyMap<string, UpdateSessionFileInfo> | null;
}

/**
 * Opens a session on the item. Where the same account has one open already, as a client that died left it, that one is
 * taken over; never another's. If it has other changes than these, it is failed with its bytes kept, and a new one opened.
 */
export async function openSession(
  context: UploadContext,
  options: UploadOptions,
  signal: AbortSignal,
): Promise<OpenSession> {
  if (signal.aborted) throw new AbortedError("The upload was aborted.", { operation: "upload" });
  try {
    return { sessionId: await createSession(context, options, signal), found: null };
  } catch (error) {
    const mayTakeOver = isRefusal(error, "resource_busy") && options.resume !== false;
    if (!mayTakeOver || !(await context.isOurs(signal))) throw error;
    const taken = await takeOver(context, options, signal);
    if (taken === "none") throw error;
    if (taken !== "ended") return taken;
    return { sessionId: await createSession(context, options, signal), found: null };
  }
}

/**
 * Creates the session under a token of our own, so that a lost answer is asked for again. If the abort comes in
 * between, the token finds the session that may have been made, and it is ended.
 */
async function createSession(
  context: UploadContext,
  options: UploadOptions,
  signal: AbortSignal,
): Promise<string> {
  const { updateSessions } = context.services;
  const warnings = options.warningBehavior;
  const input = {
    client_token: context.system.uuid(),
    create_spec: {
      library_item_id: options.itemId,
      ...(warnings === undefined ? {} : { warning_behavior: warnings }),
    },
  };
  try {
    return await updateSessions.create(input, { signal });
  } catch (error) {
    if (error instanceof AbortedError) {
      const sessionId = await updateSessions
        .create(input, { timeoutMs: FAIL_TIMEOUT_MS, retriesMax: 0 })
        .catch(() => undefined);
      if (sessionId !== undefined)
        await failSession(context, sessionId, { error, keepsBytes: false });
    }
    throw error;
  }
}

/** The caller's own ACTIVE session of the item; "ended" where it was in the way, "none" where it is somebody else's. */
async function takeOver(
  context: UploadContext,
  options: UploadOptions,
  signal: AbortSignal,
): Promise<OpenSession | "ended" | "none"> {
  const { updateSessions, updateSessionFiles, itemFiles } = context.services;
  for (const sessionId of await updateSessions.list(
    { library_item_id: options.itemId },
    { signal },
  )) {
    const byId = { update_session_id: sessionId };
    const session = await updateSessions.get(byId, { signal });
    if (session.state !== "ACTIVE" || !(await isOwn(context, sessionId, signal))) continue;
    const files = await updateSessionFiles.list(byId, { signal });
    const present = await itemFiles.list({ library_item_id: options.itemId }, { signal });
    const names = new Set(present.map(({ name }) => name));
    if (!fitsUpload(options, files, names)) {
      const error = new Error("The same account began another upload.");
      await failSession(context, sessionId, { error, keepsBytes: true });
      return "ended";
    }
    const warnings = options.warningBehavior;
    if (warnings !== undefined)
      await updateSessions.update(
        { ...byId, update_spec: { warning_behavior: warnings } },
        { signal },
      );
    return { sessionId, found: new Map(files.map((file) => [file.name, file])) };
  }
  return "none";
}

/** Whether a session may be gone on with: one of another account, or of another token of the same, may be seen but not touched. */
async function isOwn(
  { services }: UploadContext,
  sessionId: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await services.updateSessions.keepAlive({ update_session_id: sessionId }, { signal });
    return true;
  } catch (error) {
    if (isRefusal(error, "unauthorized", "not_found", "not_allowed_in_current_state")) return false;
    throw error;
  }
}

/**
 * Whether a session with these files can become the upload: nothing is in it that the upload does not send, and nothing
 * was taken out of it that the item is to keep.
 */
export function fitsUpload(
  {
    files,
    removeOthers = false,
    keep = [],
  }: Pick<UploadOptions, "files" | "removeOthers" | "keep">,
  found: readonly UpdateSessionFileInfo[],
  present: ReadonlySet<string>,
): boolean {
  const wanted = new Set(files.map(({ name }) => name));
  const there = new Set(found.map(({ name }) => name));
  const stays = (name: string): boolean => !removeOthers || keep.includes(name);
  const hasForeign = found.some(
    ({ name, source_type: source }) =>
      source === "PULL" || (source === "PUSH" && !wanted.has(name)),
  );
  const lacks = [...present].some((name) => stays(name) && !there.has(name) && !wanted.has(name));
  return !hasForeign && !lacks;
}

/** Why a session ends, and whether its bytes are worth something to the next one. */
export interface FailReason {
  readonly error: unknown;
  readonly keepsBytes: boolean;
}

/** Whether the same upload can do better later: it was given up, or the line or the server failed it. */
export const isInterruption = (error: unknown): boolean =>
  error instanceof AbortedError || fateOf(error) === "broke";

/** Ends the session in ERROR, whatever became of it; true when it has ended. */
export async function failSession(
  context: UploadContext,
  sessionId: string,
  { error, keepsBytes }: FailReason,
): Promise<boolean> {
  const text = error instanceof AbortedError ? "The client gave the upload up." : textOf(error);
  try {
    await context.services.updateSessions.fail(
      { update_session_id: sessionId, client_error_message: text },
      {
        timeoutMs: FAIL_TIMEOUT_MS,
        deadlineMs: FAIL_TIMEOUT_MS,
        effect: "idempotent",
        headers: keepsBytes ? KEEP_HEADERS : {},
      },
    );
    return true;
  } catch (refused) {
    return isRefusal(refused, "not_allowed_in_current_state", "not_found");
  }
}
