// What each event does to a file on its way; `file-upload.ts` says by its table when.
import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { fileError, noEndpoint, stillWaits } from "./file-reasons.ts";
import type { FileEvent, FileProgress, FileRules, FileState } from "./file-state.ts";

export type StateName = FileState["name"];
export type EventName = FileEvent["name"];
export type StateOf<Name extends StateName> = Extract<FileState, { readonly name: Name }>;
export type EventOf<Name extends EventName> = Extract<FileEvent, { readonly name: Name }>;
export type Step<S extends StateName, E extends EventName> = (
  state: StateOf<S>,
  event: EventOf<E>,
  rules: FileRules,
) => FileState;
const fail = (progress: FileProgress, error: Error): FileState => ({
  name: "failed",
  progress,
  error,
});

/** For events that can not follow from what is being done: a bug, told as one and not swallowed. */
export const impossible = (state: FileState, event: FileEvent): FileState =>
  fail(state.progress, new Error(`A file that is ${state.name} was told ${event.name}.`));
export const refused = (state: FileState, { error }: { readonly error: Error }): FileState =>
  fail(state.progress, error);
export const stays = (state: FileState): FileState => state;

type ActiveState = Exclude<FileState, { readonly name: "pausing" | "ready" | "failed" }>;

/** One more try after a pause, unless there were too many in a row. */
function again(
  rules: FileRules,
  progress: FileProgress,
  error: Error,
  next: ActiveState,
): FileState {
  if (progress.tries >= rules.triesMax) return fail(progress, error);
  const later = { ...progress, tries: progress.tries + 1, lastError: error };
  return { name: "pausing", progress: later, next: { ...next, progress: later } };
}

export const againSame = (
  state: ActiveState,
  { error }: { readonly error: Error },
  rules: FileRules,
): FileState => again(rules, state.progress, error, state);

/** A break while bytes were under way: the server may have judged them already, so it is asked first. */
export const lookAfter = (state: FileState, { error }: { readonly error: Error }): FileState => ({
  name: "looking",
  progress: { ...state.progress, lastError: error },
  isSent: false,
  isGone: false,
});

export const lookElsewhere = (
  state: FileState,
  { error }: { readonly error: Error },
): FileState => ({
  name: "looking",
  progress: { ...state.progress, lastError: error },
  isSent: false,
  isGone: true,
});

export const lookAtEnd = (progress: FileProgress): ActiveState => ({
  name: "looking",
  progress,
  isSent: true,
  isGone: false,
});

export const sendFrom = (progress: FileProgress, offsetBytes: number): FileState => ({
  name: "sending",
  progress,
  offsetBytes,
});

export function afterAdd(
  state: StateOf<"adding">,
  { info }: EventOf<"shown">,
  rules: FileRules,
): FileState {
  if (info.status === "READY") return { name: "ready", progress: state.progress, info };
  const url = info.upload_endpoint?.uri;
  if (url === undefined) return fail(state.progress, noEndpoint(rules.fileName));
  const isKept = rules.canResume && info.bytes_transferred > 0;
  const progress = { ...state.progress, url, isOwn: !isKept, tries: 0, lastError: null };
  // What was kept is of a file that is known to be another one by now: nothing needs to be compared.
  if (isKept && rules.known === "changed") return { name: "dropping", progress };
  return isKept ? { name: "asking", progress } : sendFrom(progress, 0);
}

export function afterTold(
  state: StateOf<"asking">,
  event: EventOf<"told">,
  rules: FileRules,
): FileState {
  const { offsetBytes, lengthBytes, digest } = event;
  const { sizeBytes } = rules;
  const isNews = offsetBytes > state.progress.reachedBytes;
  const progress: FileProgress = {
    ...state.progress,
    reachedBytes: Math.max(offsetBytes, state.progress.reachedBytes),
    tries: isNews ? 0 : state.progress.tries,
  };
  const isOther = lengthBytes !== undefined && sizeBytes !== undefined && lengthBytes !== sizeBytes;
  // Declared with another length: adding the file again declares the right one, and drops what is there.
  if (isOther) return { name: "adding", progress: { ...progress, isOwn: true } };
  if (sizeBytes !== undefined && offsetBytes > sizeBytes) return { name: "dropping", progress };
  if (offsetBytes === 0) return sendFrom({ ...progress, isOwn: true }, 0);
  if (!progress.isOwn && digest !== undefined)
    return { name: "comparing", progress, offsetBytes, digest, whole: null };
  if (offsetBytes === sizeBytes) return lookAtEnd(progress);
  return progress.isOwn ? sendFrom(progress, offsetBytes) : { name: "dropping", progress };
}

export function afterSame(
  state: StateOf<"comparing">,
  _: EventOf<"same">,
  rules: FileRules,
): FileState {
  const progress = { ...state.progress, isOwn: true };
  if (state.whole !== null) return { name: "ready", progress, info: state.whole };
  if (state.offsetBytes === rules.sizeBytes) return lookAtEnd(progress);
  return sendFrom(progress, state.offsetBytes);
}

export function afterLook(
  state: StateOf<"looking">,
  { info }: EventOf<"shown">,
  rules: FileRules,
): FileState {
  const { status, upload_endpoint: endpoint } = info;
  const url = endpoint?.uri ?? state.progress.url;
  const progress = { ...state.progress, url };
  if (status === "READY") return afterReady(progress, info, rules);
  if (!rules.canResume && !progress.isOwn) return addAnew(progress);
  if (status === "ERROR") return fail(progress, fileError(info));
  if (state.isSent) {
    const isChecked = status === "TRANSFERRING" || status === "VALIDATING";
    return isChecked ? pausedLook(progress) : fail(progress, stillWaits(rules.fileName));
  }
  const { lastError } = progress;
  if (state.isGone && url === state.progress.url && lastError !== null)
    return fail(progress, lastError);
  return onwards(progress, rules);
}

function afterReady(
  progress: FileProgress,
  info: UpdateSessionFileInfo,
  rules: FileRules,
): FileState {
  if (progress.isOwn) return { name: "ready", progress, info };
  const sum = info.checksum_info;
  const isSized = info.size === rules.sizeBytes;
  if (!isSized || info.size === undefined || sum?.algorithm !== "SHA256") {
    // Where no digest is told, the file's time has to do: it is what it was when the server was seen to have it.
    const isTrusted = isSized && !rules.canResume && rules.known === "same";
    return isTrusted ? { name: "ready", progress, info } : discard(progress, rules);
  }
  const digest = sum.checksum.toLowerCase();
  return { name: "comparing", progress, offsetBytes: info.size, digest, whole: info };
}

/** What the server has of another file goes: dropped where that can be asked for, else it is replaced by adding the file again. */
const discard = (progress: FileProgress, rules: FileRules): FileState =>
  rules.canResume ? { name: "dropping", progress } : addAnew(progress);

const addAnew = (progress: FileProgress): FileState => ({
  name: "adding",
  progress: { ...progress, url: "", isOwn: true },
});

export const afterDiffers = (
  { progress }: StateOf<"comparing">,
  _: EventOf<"differs">,
  rules: FileRules,
): FileState => discard(progress, rules);

/** What follows a break that the server has no reason for: the offset is asked where it can be told, else all is sent again. */
function onwards(progress: FileProgress, rules: FileRules): FileState {
  if (!rules.canResume) return resend(progress, rules);
  const { lastError } = progress;
  // A file that is taken over has not broken yet.
  if (lastError === null) return { name: "asking", progress };
  return again(rules, progress, lastError, { name: "asking", progress });
}

function resend(progress: FileProgress, rules: FileRules): FileState {
  const error = progress.lastError ?? new Error("The bytes are wanted again.");
  if (!rules.isReplayable) return fail(progress, error);
  return again(rules, progress, error, { name: "sending", progress, offsetBytes: 0 });
}

const pausedLook = (progress: FileProgress): FileState => ({
  name: "pausing",
  progress,
  next: lookAtEnd(progress),
});

/** The file can not even be looked at: what is not there any more is the end, and its reason. */
export const lookGone = (state: StateOf<"looking">, { error }: EventOf<"gone">): FileState =>
  fail(state.progress, error);
