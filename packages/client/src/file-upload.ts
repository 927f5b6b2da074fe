// One file's way into a session, as states and what may happen in each. Nothing is done here: a state says what is to be
// done next, `upload-file.ts` does it and tells by an event how it went.
//
//   adding ──► asking ──► comparing ──► sending ──► looking ──► ready
//     │           ▲           │ differs    │ broke     │
//     │           │           ▼            ▼           ▼
//     └─────► sending ◄── dropping      looking ──► pausing ──► asking, or sending from 0
//
// Only a server of ours is asked how far the bytes came; elsewhere a file is sent whole, from 0, as often as may be.
import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { fileError, noEndpoint, stillWaits } from "./file-reasons.ts";
import type { FileEvent, FileProgress, FileRules, FileState } from "./file-state.ts";

type StateName = FileState["name"];
type EventName = FileEvent["name"];
type StateOf<Name extends StateName> = Extract<FileState, { readonly name: Name }>;
type EventOf<Name extends EventName> = Extract<FileEvent, { readonly name: Name }>;
type Step<S extends StateName, E extends EventName> = (
  state: StateOf<S>,
  event: EventOf<E>,
  rules: FileRules,
) => FileState;
type Row<S extends StateName> = { readonly [E in EventName]: Step<S, E> };

const FRESH: FileProgress = {
  tries: 0,
  reachedBytes: 0,
  url: "",
  isOwn: true,
  lastError: null,
};

/** The state a file begins in: as the session that is taken over shows it, or, for null, still to be added. */
export function beginFile(rules: FileRules, found: UpdateSessionFileInfo | null): FileState {
  const adding: FileState = { name: "adding", progress: FRESH };
  if (found === null || found.status === "ERROR" || !rules.canResume) return adding;
  const url = found.upload_endpoint?.uri;
  if (found.source_type !== "PUSH" || url === undefined) return adding;
  const progress: FileProgress = { ...FRESH, url, isOwn: false };
  return { name: "looking", progress, isSent: false, isGone: false };
}

/** The state after an event. */
export const stepFile = (rules: FileRules, state: FileState, event: FileEvent): FileState => {
  // The table is total: each state has a step for each event, and both names are their own discriminants.
  const step = TABLE[state.name][event.name] as Step<StateName, EventName>;
  return step(state, event, rules);
};

const fail = (progress: FileProgress, error: Error): FileState => ({
  name: "failed",
  progress,
  error,
});

/** For events that can not follow from what is being done: a bug, told as one and not swallowed. */
const impossible = (state: FileState, event: FileEvent): FileState =>
  fail(state.progress, new Error(`A file that is ${state.name} was told ${event.name}.`));
const refused = (state: FileState, { error }: { readonly error: Error }): FileState =>
  fail(state.progress, error);
const stays = (state: FileState): FileState => state;

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

const againSame = (
  state: ActiveState,
  { error }: { readonly error: Error },
  rules: FileRules,
): FileState => again(rules, state.progress, error, state);

/** A break while bytes were under way: the server may have judged them already, so it is asked first. */
const lookAfter = (state: FileState, { error }: { readonly error: Error }): FileState => ({
  name: "looking",
  progress: { ...state.progress, lastError: error },
  isSent: false,
  isGone: false,
});

const lookElsewhere = (state: FileState, { error }: { readonly error: Error }): FileState => ({
  name: "looking",
  progress: { ...state.progress, lastError: error },
  isSent: false,
  isGone: true,
});

const lookAtEnd = (progress: FileProgress): ActiveState => ({
  name: "looking",
  progress,
  isSent: true,
  isGone: false,
});

const sendFrom = (progress: FileProgress, offsetBytes: number): FileState => ({
  name: "sending",
  progress,
  offsetBytes,
});

function afterAdd(
  state: StateOf<"adding">,
  { info }: EventOf<"shown">,
  rules: FileRules,
): FileState {
  if (info.status === "READY") return { name: "ready", progress: state.progress, info };
  const url = info.upload_endpoint?.uri;
  if (url === undefined) return fail(state.progress, noEndpoint(rules.fileName));
  const isKept = rules.canResume && info.bytes_transferred > 0;
  const progress = { ...state.progress, url, isOwn: !isKept, tries: 0, lastError: null };
  return isKept ? { name: "asking", progress } : sendFrom(progress, 0);
}

function afterTold(state: StateOf<"asking">, event: EventOf<"told">, rules: FileRules): FileState {
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

function afterSame(state: StateOf<"comparing">, _: EventOf<"same">, rules: FileRules): FileState {
  const progress = { ...state.progress, isOwn: true };
  if (state.whole !== null) return { name: "ready", progress, info: state.whole };
  if (state.offsetBytes === rules.sizeBytes) return lookAtEnd(progress);
  return sendFrom(progress, state.offsetBytes);
}

function afterLook(
  state: StateOf<"looking">,
  { info }: EventOf<"shown">,
  rules: FileRules,
): FileState {
  const { status, upload_endpoint: endpoint } = info;
  const url = endpoint?.uri ?? state.progress.url;
  const progress = { ...state.progress, url };
  if (status === "READY") return afterReady(progress, info, rules);
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
  const isComparable = info.size === rules.sizeBytes && sum?.algorithm === "SHA256";
  if (!isComparable || info.size === undefined) return { name: "dropping", progress };
  const digest = sum.checksum.toLowerCase();
  return { name: "comparing", progress, offsetBytes: info.size, digest, whole: info };
}

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
const lookGone = (state: StateOf<"looking">, { error }: EventOf<"gone">): FileState =>
  fail(state.progress, error);

const broken = {
  told: impossible,
  same: impossible,
  differs: impossible,
  dropped: impossible,
  taken: impossible,
  rested: impossible,
  refused,
} as const;

const TABLE: { readonly [S in StateName]: Row<S> } = {
  adding: {
    ...broken,
    shown: afterAdd,
    broke: againSame,
    moved: refused,
    gone: refused,
    superseded: refused,
  },
  asking: {
    ...broken,
    shown: impossible,
    told: afterTold,
    broke: againSame,
    moved: againSame,
    gone: lookElsewhere,
    superseded: refused,
  },
  comparing: {
    ...broken,
    shown: impossible,
    same: afterSame,
    differs: ({ progress }) => ({ name: "dropping", progress }),
    broke: refused,
    moved: refused,
    gone: refused,
    superseded: refused,
  },
  dropping: {
    ...broken,
    shown: impossible,
    dropped: ({ progress }) => sendFrom({ ...progress, isOwn: true, reachedBytes: 0 }, 0),
    broke: againSame,
    moved: againSame,
    gone: lookElsewhere,
    superseded: refused,
  },
  sending: {
    ...broken,
    shown: impossible,
    taken: ({ progress }) => lookAtEnd({ ...progress, tries: 0 }),
    broke: lookAfter,
    moved: lookAfter,
    gone: lookElsewhere,
    superseded: refused,
  },
  looking: {
    ...broken,
    shown: afterLook,
    broke: againSame,
    moved: refused,
    gone: lookGone,
    superseded: refused,
  },
  pausing: {
    ...broken,
    shown: impossible,
    rested: ({ next }) => next,
    broke: impossible,
    moved: impossible,
    gone: impossible,
    superseded: impossible,
  },
  ready: {
    ...allStay(),
  },
  failed: {
    ...allStay(),
  },
};

/** What has ended stays as it is. */
function allStay(): { readonly [E in EventName]: typeof stays } {
  return {
    shown: stays,
    told: stays,
    same: stays,
    differs: stays,
    dropped: stays,
    taken: stays,
    broke: stays,
    moved: stays,
    gone: stays,
    superseded: stays,
    refused: stays,
    rested: stays,
  };
}
