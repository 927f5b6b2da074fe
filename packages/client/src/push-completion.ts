// How an update session is completed for certain. When the answer is lost, get tells: DONE is success, ACTIVE is tried again,
// anything else is the error. A repeat can not make a second version, because complete is refused after DONE.
import { LibraryError, ProtocolError, TimeoutError, isRefusal } from "./errors.ts";
import type { SessionEnd } from "./push-deed.ts";
import type { FailureNews } from "./push-news.ts";
import type { PushRules } from "./push-stage.ts";
import type { NewsOf, PushStep, StageOf } from "./push-step.ts";
import { endSession, enter } from "./push-step.ts";
import { RETRY_PAUSE_FIRST_MS } from "./retry.ts";

/** How often complete is sent when its answers are lost and the session is still ACTIVE. */
const COMPLETES_MAX = 4;
/** How long a server may take from the answer of complete to the end of the session, in milliseconds: some copy gigabytes then. */
const END_TIMEOUT_MS = 30 * 60_000;
const LOOK_PAUSE_FIRST_MS = 100;
const LOOK_PAUSE_MAX_MS = 2_000;
/** The longest pause while looks break, in milliseconds: each has taken its time, and its own repeats, already. */
const BREAK_PAUSE_MAX_MS = 60_000;

type Filled = Pick<StageOf<"completing">, "files" | "session" | "target">;

const filledOf = ({ target, session, files }: Filled): Filled => ({ target, session, files });

/** The session is DONE, or nobody waits until it is: an upload has ended, and a push asks what the item is now. */
function finish(stage: Filled, { waits }: PushRules): PushStep {
  const { target, session } = stage;
  const { itemId } = target;
  const done = { name: "tell", event: { type: "done", sessionId: session.sessionId } } as const;
  const remarks = [...(waits ? [done] : []), { name: "forget", itemId } as const];
  return target.place === null
    ? enter({ name: "done", contentVersion: null, ...filledOf(stage) }, ...remarks)
    : enter({ name: "reading", ...filledOf(stage) }, ...remarks);
}

/** Only a server of ours answers once the session is DONE, if it has not something to fetch still. */
export const afterCompleted = (
  stage: StageOf<"completing">,
  { isOurs }: NewsOf<"completed">,
  rules: PushRules,
): PushStep => (isOurs ? finish(stage, rules) : awaitEnd(stage, rules));

const awaitEnd = (stage: Filled, rules: PushRules): PushStep =>
  rules.waits
    ? enter({ name: "awaiting", waitedMs: 0, looks: 0, breaks: 0, ...filledOf(stage) })
    : finish(stage, rules);

export function afterLoss(
  stage: StageOf<"completing">,
  { failure }: NewsOf<"unanswered">,
): PushStep {
  const { attempt } = stage;
  const isLast = attempt >= COMPLETES_MAX;
  return enter({ name: "checking", attempt, failure, isLast, ...filledOf(stage) });
}

/** A repeat may be refused because the first one has come through. */
export function afterRefusal(
  stage: StageOf<"completing">,
  failure: FailureNews,
  rules: PushRules,
): PushStep {
  const { attempt } = stage;
  if (attempt === 1 || !(failure.error instanceof LibraryError))
    return endSession(stage, failure, rules);
  return enter({ name: "checking", attempt, failure, isLast: true, ...filledOf(stage) });
}

export function afterCheck(
  stage: StageOf<"checking">,
  { state, reason }: NewsOf<"seen">,
  rules: PushRules,
): PushStep {
  const { attempt, failure, isLast } = stage;
  if (state === "DONE") return finish(stage, rules);
  if (state !== "ACTIVE") return endSession(stage, endedOtherwise(state, reason), rules);
  if (isLast)
    return isAtWork(failure, rules) ? awaitEnd(stage, rules) : endSession(stage, failure, rules);
  const pauseMs = RETRY_PAUSE_FIRST_MS * 2 ** attempt;
  return enter({ name: "resting", attempt, pauseMs, ...filledOf(stage) });
}

/** A server of another make, or one that fetches still, refuses a repeat because it is at what was asked first. */
const isAtWork = ({ error, isOurs }: FailureNews, { waits }: PushRules): boolean =>
  !(isOurs && waits) && isRefusal(error, "not_allowed_in_current_state", "resource_busy");

export const completeAgain = (stage: StageOf<"resting">): PushStep =>
  enter({ name: "completing", attempt: stage.attempt + 1, ...filledOf(stage) });

export function afterWait(
  stage: StageOf<"awaiting">,
  { state, reason }: NewsOf<"seen">,
  rules: PushRules,
): PushStep {
  const { looks } = stage;
  if (state === "DONE") return finish(stage, rules);
  // It has ended by itself: nothing is left to be put in order.
  if (state !== "ACTIVE") return endAs("yield", stage, endedOtherwise(state, reason));
  const pauseMs = Math.min(LOOK_PAUSE_FIRST_MS * 2 ** looks, LOOK_PAUSE_MAX_MS);
  return pause({ ...stage, breaks: 0 }, pauseMs, notInTime());
}

/** A look that broke tells nothing of the session, which may be DONE by now. */
export function afterBrokenLook(stage: StageOf<"awaiting">, failure: FailureNews): PushStep {
  const breaks = stage.breaks + 1;
  const pauseMs = Math.min(LOOK_PAUSE_FIRST_MS * 2 ** breaks, BREAK_PAUSE_MAX_MS);
  return pause({ ...stage, breaks }, pauseMs, failure);
}

const pause = (stage: StageOf<"awaiting">, pauseMs: number, failure: FailureNews): PushStep =>
  stage.waitedMs >= END_TIMEOUT_MS
    ? leaveSession(stage, failure)
    : enter({ ...stage, name: "pausing", pauseMs });

export const lookAgain = ({ pauseMs, ...stage }: StageOf<"pausing">): PushStep =>
  enter({
    ...stage,
    name: "awaiting",
    looks: stage.looks + 1,
    waitedMs: stage.waitedMs + pauseMs,
  });

/** Ends a push whose complete was answered. Its session is not failed: what the server makes of it may be the new version. */
export const leaveSession = (stage: Filled, failure: FailureNews): PushStep =>
  endAs(failure.name === "superseded" ? "yield" : "leave", stage, failure);

const endAs = (end: SessionEnd, { target, session }: Filled, failure: FailureNews): PushStep =>
  enter({ name: "ending", target, session, failure, end });

const endedOtherwise = (state: string, reason: string | undefined): FailureNews => ({
  name: "refused",
  error: new ProtocolError(
    `The update session ended as ${state}${reason === undefined ? "." : `: ${reason}`}`,
    { operation: "updateSession.complete" },
  ),
  isOurs: false,
});

const notInTime = (): FailureNews => ({
  name: "broke",
  error: new TimeoutError("The update session was completed, but did not end in time.", {
    operation: "updateSession.complete",
  }),
  isOurs: false,
});
