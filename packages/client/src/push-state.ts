// A push from its first question to its end, as stages and what may happen in each. Nothing is done here: a step answers the new
// stage and what is to be done, as data; `push-work.ts` does it, and tells by news how it went.
//
//   locating ──► finding ──► making               library and item, of a push by their names; an upload begins below
//                   │           │
//                   ▼           ▼
//               recalling ──► opening ──► seeking      the session: a noted one, a new one, or the one that is in the way
//                  │   │       ▲    │      │   │
//                  │   └► clearing ◄┼──────┘   │       it holds other changes: it is ended, and a new one opened
//                  ▼                ▼          ▼
//               watching ◄──────────┴──────────┘       it is kept alive from here on
//                  │
//                  ▼
//               trimming ──► sending ──► completing ───► awaiting ──► reading ──► done
//                                │        ▲ │    ▲         │  ▲
//                                ▼        │ ▼    │         ▼  │
//                            reviewing ───┘ checking ► resting  pausing
//
// A failure leads to `failed`: through `ending` where a session is open, once; through `retrieving` before, where an abort left it
// unknown whether one is. What has ended stays as it is.
import {
  afterBrokenLook,
  afterCheck,
  afterCompleted,
  afterLoss,
  afterRefusal,
  afterWait,
  completeAgain,
  leaveSession,
  lookAgain,
} from "./push-completion.ts";
import type { OpenSession, PushTarget } from "./push-deed.ts";
import type { FailureNews, PushNews } from "./push-news.ts";
import type { PushRules, PushStage } from "./push-stage.ts";
import type { Cell, NewsName, NewsOf, PushStep, StageName, StageOf } from "./push-step.ts";
import { bugOf, endSession, enter, fail, openWith, stay } from "./push-step.ts";

type Row<S extends StageName> = { readonly [N in NewsName]: Cell<S, N> };

/** The first step of a push, or of an upload into an item that is given. */
export const beginPush = (rules: PushRules): PushStep =>
  rules.itemId === null
    ? enter({ name: "locating" })
    : enter(openWith(rules, { itemId: rules.itemId, place: null }));

/** What news makes of a stage. */
export const stepPush = (rules: PushRules, stage: PushStage, news: PushNews): PushStep => {
  // The table is total: each stage has a cell for each kind of news, and both names are their own discriminants.
  const cell = TABLE[stage.name][news.name] as Cell<StageName, NewsName>;
  return cell(stage, news, rules);
};

/** Before a session is open there is nothing to put in order. */
const failWith = (_: PushStage, failure: FailureNews): PushStep => fail(failure);
const odd = (stage: PushStage, news: PushNews): PushStep => fail(bugOf(stage, news));

type InSession = Pick<StageOf<"watching">, "session" | "target">;
const oddInSession = (stage: InSession & PushStage, news: PushNews, rules: PushRules): PushStep =>
  endSession(stage, bugOf(stage, news), rules);

const found = (
  { libraryId }: { readonly libraryId: string },
  { itemId, isNew }: NewsOf<"item">,
  rules: PushRules,
): PushStep =>
  enter(openWith(rules, { itemId, place: { libraryId, isNew } }), {
    name: "tell",
    event: { type: "item", itemId, isNew },
  });

const watch = (target: PushTarget, session: OpenSession): PushStep => {
  const { sessionId } = session;
  const isTakenOver = session.found !== null;
  return enter(
    { name: "watching", target, session },
    { name: "remember", itemId: target.itemId, sessionId },
    { name: "tell", event: { type: "session", sessionId, isTakenOver } },
  );
};

const opened = (stage: StageOf<"opening">, { sessionId }: NewsOf<"opened">): PushStep =>
  watch(stage.target, { sessionId, found: null });

/** The caller's own session goes on, unless it is about something else. */
const taken =
  (isSecond: boolean) =>
  ({ target }: { readonly target: PushTarget }, { session, fits }: NewsOf<"session">): PushStep =>
    fits
      ? watch(target, session)
      : enter({ name: "clearing", target, sessionId: session.sessionId, isSecond });

const send = ({ target, session }: InSession, rules: PushRules): PushStep => {
  const files = new Map<never, never>();
  return rules.fileCount === 0
    ? complete({ target, session, files })
    : enter({ name: "sending", target, session, files });
};

type Filled = Pick<StageOf<"sending">, "files" | "session" | "target">;
const complete = ({ target, session, files }: Filled): PushStep =>
  enter(
    { name: "completing", target, session, files, attempt: 1 },
    { name: "tell", event: { type: "completing" } },
  );

const gotReady = (
  stage: StageOf<"sending">,
  { index, file }: NewsOf<"ready">,
  rules: PushRules,
): PushStep => {
  const next = { ...stage, files: new Map(stage.files).set(index, file) };
  if (next.files.size < rules.fileCount) return stay(next);
  return rules.reviews ? enter({ ...next, name: "reviewing" }) : complete(next);
};

const afterEnd = (
  { target, session, end, failure }: StageOf<"ending">,
  { isEnded }: NewsOf<"ended">,
  rules: PushRules,
): PushStep => {
  const isOver = end === "fail" || failure.name === "refused";
  // A session that stays open is of use to the next push only where that one hears of it.
  const isKept = !isOver && (end === "keep" || (end === "leave" && rules.remembers));
  const { sessionId } = session;
  const told = { name: "tell", event: { type: "failed", sessionId, isEnded, isKept } } as const;
  const forget = { name: "forget", itemId: target.itemId } as const;
  const failed = { name: "failed", error: failure.error } as const;
  return isOver ? enter(failed, forget, told) : enter(failed, told);
};

/** The same for every kind of news. */
const forAll = <C>(cell: C): { readonly [N in NewsName]: C } => ({
  library: cell,
  item: cell,
  none: cell,
  exists: cell,
  opened: cell,
  busy: cell,
  session: cell,
  did: cell,
  ready: cell,
  completed: cell,
  unanswered: cell,
  seen: cell,
  read: cell,
  ended: cell,
  ...forFailures(cell),
});

const forFailures = <C>(cell: C): { readonly [N in FailureNews["name"]]: C } => ({
  aborted: cell,
  broke: cell,
  refused: cell,
  superseded: cell,
});

/** The push has failed, and what goes wrong after that changes nothing. */
const failAnyway = ({ failure }: { readonly failure: FailureNews }): PushStep => fail(failure);
const notTold = (stage: StageOf<"ending">, _: PushNews, rules: PushRules): PushStep =>
  afterEnd(stage, { name: "ended", isEnded: false }, rules);

const before = { ...forAll(odd), ...forFailures(failWith) };
/** Complete was answered: bugs and failures leave the session alone. */
const answered = {
  ...forAll((stage: StageOf<"awaiting" | "pausing">, news: PushNews) =>
    leaveSession(stage, bugOf(stage, news)),
  ),
  ...forFailures(leaveSession),
};
const within = { ...forAll(oddInSession), ...forFailures(endSession) };

const TABLE: { readonly [S in StageName]: Row<S> } = {
  locating: {
    ...before,
    library: (_, { libraryId }) => enter({ name: "finding", libraryId, failure: null }),
  },
  finding: {
    ...before,
    item: found,
    none: ({ libraryId, failure }) =>
      failure === null ? enter({ name: "making", libraryId }) : fail(failure),
  },
  making: {
    ...before,
    item: found,
    exists: ({ libraryId }, { failure }) => enter({ name: "finding", libraryId, failure }),
  },
  recalling: {
    ...before,
    none: ({ target }) => enter({ name: "opening", target, isSecond: false }),
    session: taken(false),
  },
  opening: {
    ...before,
    opened,
    busy: ({ target, isSecond }, { failure }, rules) =>
      rules.resumes && failure.isOurs && !isSecond
        ? enter({ name: "seeking", target, failure })
        : fail(failure),
    aborted: ({ target }, failure) => enter({ name: "retrieving", target, failure }),
  },
  retrieving: {
    ...before,
    opened: ({ target, failure }, { sessionId }) => {
      const session = { sessionId, found: null };
      return enter({ name: "ending", target, session, failure, end: "fail" });
    },
    none: failAnyway,
    ...forFailures(failAnyway),
  },
  seeking: {
    ...before,
    session: taken(true),
    none: failAnyway,
  },
  clearing: {
    ...before,
    did: ({ target, isSecond }) => enter({ name: "opening", target, isSecond }),
  },
  watching: {
    ...within,
    did: ({ target, session }, _, rules) =>
      rules.removesOthers
        ? enter({ name: "trimming", target, session })
        : send({ target, session }, rules),
  },
  trimming: {
    ...within,
    did: (stage, _, rules) => send(stage, rules),
  },
  sending: { ...within, ready: gotReady },
  reviewing: { ...within, did: complete },
  completing: {
    ...within,
    completed: afterCompleted,
    unanswered: afterLoss,
    broke: afterRefusal,
    refused: afterRefusal,
  },
  checking: { ...within, seen: afterCheck },
  resting: { ...within, did: completeAgain },
  awaiting: { ...answered, seen: afterWait, broke: afterBrokenLook },
  pausing: { ...answered, did: lookAgain },
  reading: {
    ...before,
    read: ({ target, session, files }, { contentVersion }) =>
      enter({ name: "done", target, session, files, contentVersion }),
  },
  ending: {
    ...forAll(notTold),
    ended: afterEnd,
  },
  done: forAll(stay),
  failed: forAll(stay),
};
