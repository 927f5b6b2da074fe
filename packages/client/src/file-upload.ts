// One file's way into a session, as states and what may happen in each. Nothing is done here: a state says what is to be
// done next, `upload-file.ts` does it and tells by an event how it went.
//
//   adding ──► asking ──► comparing ──► sending ──► looking ──► ready
//     │           ▲           │ differs    │ broke     │
//     │           │           ▼            ▼           ▼
//     └─────► sending ◄── dropping      looking ──► pausing ──► asking, or sending from 0
//
// Only a server of ours is asked how far the bytes came; elsewhere a file is sent whole, from 0, as often as may be, unless the
// session of an earlier upload, which was noted, has it READY.
import type { UpdateSessionFileInfo } from "@contentlib/contract";
import type { FileEvent, FileProgress, FileRules, FileState } from "./file-state.ts";
import {
  afterAdd,
  afterDiffers,
  afterLook,
  afterSame,
  afterTold,
  againSame,
  impossible,
  lookAfter,
  lookAtEnd,
  lookElsewhere,
  lookGone,
  refused,
  sendFrom,
  stays,
} from "./file-steps.ts";
import type { EventName, StateName, Step } from "./file-steps.ts";

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
  if (found === null || found.status === "ERROR" || found.source_type !== "PUSH") return adding;
  if (rules.known === "changed") return adding;
  const isDone = rules.known === "same" && found.status === "READY";
  const url = found.upload_endpoint?.uri ?? (rules.canResume ? undefined : "");
  if (url === undefined || !(rules.canResume || isDone)) return adding;
  const progress: FileProgress = { ...FRESH, url, isOwn: false };
  return { name: "looking", progress, isSent: false, isGone: false };
}

/** The state after an event. */
export const stepFile = (rules: FileRules, state: FileState, event: FileEvent): FileState => {
  // The table is total: each state has a step for each event, and both names are their own discriminants.
  const step = TABLE[state.name][event.name] as Step<StateName, EventName>;
  return step(state, event, rules);
};

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
    differs: afterDiffers,
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
