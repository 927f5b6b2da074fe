import type { UpdateSessionFileInfo, WarningBehavior } from "@contentlib/contract";
import { withoutMembers } from "./archive-members.ts";
import type { CallOptions } from "./client-options.ts";
import { AbortedError, isRefusal, textOf } from "./errors.ts";
import type { OpenSession } from "./push-deed.ts";
import { fateOf } from "./upload-endpoint.ts";
import type { UploadContext, UploadOptions } from "./upload-options.ts";

/** How long the server may take to hear that an upload has failed, in milliseconds. */
const FAIL_TIMEOUT_MS = 10_000;
/** The same where somebody has given it up and waits, in milliseconds. */
const ABORT_TIMEOUT_MS = 4_500;
/** What asks a server of ours to keep the bytes of a session that fails, for the next one. */
const KEEP_HEADERS = { "contentlib-keep-partials": "true" } as const;

/** A session of the caller's own that is open, and whether it can become the upload. */
export interface OwnSession {
  readonly session: OpenSession;
  readonly fits: boolean;
}

/**
 * Creates a session on the item under a token of the caller's own, so that a lost answer is asked for again, and the session that may
 * have been made is found by it. Throws what `create` throws.
 */
export const createSession = async (
  { services }: UploadContext,
  upload: UploadOptions,
  { token, ...options }: CallOptions & { readonly token: string },
): Promise<string> => {
  const behavior = behaviorOf(upload);
  return await services.updateSession.create(
    {
      client_token: token,
      create_spec: {
        library_item_id: upload.itemId,
        ...(behavior === undefined ? {} : { warning_behavior: behavior }),
      },
    },
    options,
  );
};

/** One entry for each kind of warning, as servers want it; undefined where nothing is said of any. */
const behaviorOf = ({
  accept,
  warningBehavior,
}: Pick<UploadOptions, "accept" | "warningBehavior">): WarningBehavior[] | undefined =>
  accept === undefined && warningBehavior === undefined
    ? undefined
    : [
        ...(warningBehavior ?? []).filter(({ type }) => accept?.includes(type) !== true),
        ...[...new Set(accept)].map((type) => ({ type, ignored: true })),
      ];

/** The session that may have been made under the token by a call that nobody waited for; undefined where it can not be learned. */
export const retrieveSession = async (
  context: UploadContext,
  options: UploadOptions,
  token: string,
): Promise<string | undefined> =>
  await createSession(context, options, {
    token,
    timeoutMs: ABORT_TIMEOUT_MS,
    retriesMax: 0,
  }).catch(() => undefined);

/** The caller's own ACTIVE session of the item, as a client that died left it; never another's. Null where there is none. */
export async function seekSession(
  context: UploadContext,
  options: UploadOptions,
  signal: AbortSignal,
): Promise<OwnSession | null> {
  const { updateSession } = context.services;
  for (const sessionId of await updateSession.list(
    { library_item_id: options.itemId },
    { signal },
  )) {
    const own = await takeSession(context, options, { sessionId, signal });
    if (own !== null) return own;
  }
  return null;
}

/** Which session is looked at. */
export interface SessionLook {
  readonly sessionId: string;
  readonly signal: AbortSignal;
  /** Judges whether the session can become the upload; by default what is in it is held against the item. */
  readonly fits?: (files: readonly UpdateSessionFileInfo[]) => boolean;
}

/** A session that is known by its id, where it is ACTIVE, of this item and the caller's own; else null. */
export async function takeSession(
  context: UploadContext,
  options: UploadOptions,
  { sessionId, signal, fits }: SessionLook,
): Promise<OwnSession | null> {
  const { updateSession, updateSessionFile } = context.services;
  const { itemId } = options;
  const byId = { update_session_id: sessionId };
  const model = await updateSession.get(byId, { signal });
  const isOpen = model.state === "ACTIVE" && (model.library_item_id ?? itemId) === itemId;
  if (!isOpen || !(await isOwn(context, sessionId, signal))) return null;
  const files = await updateSessionFile.list(byId, { signal });
  const session = { sessionId, found: new Map(files.map((file) => [file.name, file])) };
  const isFit =
    fits === undefined ? await fitsItem(context, options, { files, signal }) : fits(files);
  // What an earlier upload accepted, this one need not.
  const hasAccepted = model.warning_behavior?.some(({ ignored }) => ignored) === true;
  const behavior = behaviorOf(options) ?? (hasAccepted ? [] : undefined);
  if (isFit && behavior !== undefined)
    await updateSession.update(
      { ...byId, update_spec: { warning_behavior: behavior } },
      { signal },
    );
  return { session, fits: isFit };
}

async function fitsItem(
  { services }: UploadContext,
  options: UploadOptions,
  {
    files,
    signal,
  }: { readonly files: readonly UpdateSessionFileInfo[]; readonly signal: AbortSignal },
): Promise<boolean> {
  const present = await services.itemFile.list({ library_item_id: options.itemId }, { signal });
  return fitsUpload(options, files, new Set(present.map(({ name }) => name)));
}

/** Whether a session may be gone on with: one of another account, or of another token of the same, may be seen but not touched. */
async function isOwn(
  { services }: UploadContext,
  sessionId: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await services.updateSession.keepAlive({ update_session_id: sessionId }, { signal });
    return true;
  } catch (error) {
    if (isRefusal(error, "unauthorized", "not_found", "not_allowed_in_current_state")) return false;
    throw error;
  }
}

/**
 * Whether a session with these files can become the upload: nothing is in it that the upload does not send, and nothing
 * was taken out of it that the item is to keep. An archive that is there brings all that the item will have.
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
  const isUnpacked = withoutMembers(wanted, found).length < found.length;
  const lacks =
    !isUnpacked &&
    [...present].some((name) => stays(name) && !there.has(name) && !wanted.has(name));
  return !lacks && holdsOnly(wanted, found);
}

/** Whether nothing changes in a session but files of these names, and none of them is fetched from elsewhere. */
export const holdsOnly = (
  names: ReadonlySet<string>,
  found: readonly UpdateSessionFileInfo[],
): boolean =>
  !withoutMembers(names, found).some(
    ({ name, source_type: source }) => source === "PULL" || (source === "PUSH" && !names.has(name)),
  );

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
  const isAborted = error instanceof AbortedError;
  const text = isAborted ? "The client gave the upload up." : textOf(error);
  const timeoutMs = isAborted ? ABORT_TIMEOUT_MS : FAIL_TIMEOUT_MS;
  try {
    await context.services.updateSession.fail(
      { update_session_id: sessionId, client_error_message: text },
      {
        timeoutMs,
        deadlineMs: timeoutMs,
        effect: "idempotent",
        headers: keepsBytes ? KEEP_HEADERS : {},
      },
    );
    return true;
  } catch (refused) {
    return isRefusal(refused, "not_allowed_in_current_state", "not_found");
  }
}
