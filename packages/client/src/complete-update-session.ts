import { isOutcomeUnknown } from "./errors.ts";
import type { PushQuestion } from "./push-deed.ts";
import { failureOf } from "./push-failure.ts";
import type { PushNews } from "./push-news.ts";
import type { PushStage } from "./push-stage.ts";
import { stepPush } from "./push-state.ts";
import { enter } from "./push-step.ts";
import type { Services } from "./services/services.ts";
import type { System } from "./system.ts";

/** What completing uses of its client. */
export interface CompleteContext {
  readonly services: Pick<Services, "updateSession">;
  readonly system: System;
  /** Headers of complete, such as the message of the change. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the server is one of ours, which answers once the session is DONE. Any other is asked until it says so. */
  readonly isOurs?: (signal: AbortSignal) => Promise<boolean>;
}

/** What is asked on the way from complete to the end of the session. */
export type CompletionQuestion = Extract<
  PushQuestion,
  { readonly name: "askSession" | "complete" | "rest" }
>;

const RULES = {
  itemId: null,
  fileCount: 0,
  removesOthers: false,
  resumes: false,
  remembers: false,
  reviews: false,
  waits: true,
};

/**
 * Completes an update session for certain, and returns once it is DONE. When the answer is lost, get tells: DONE is success,
 * ACTIVE is tried again, anything else is the error. A repeat can not make a second version, because complete is refused after DONE.
 * Throws what `complete` and `get` throw, ProtocolError for a session that ended otherwise, and TimeoutError after half an hour.
 */
export async function completeUpdateSession(
  context: CompleteContext,
  sessionId: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const target = { itemId: "", place: null };
  const session = { sessionId, found: null };
  const completing: PushStage = {
    name: "completing",
    target,
    session,
    files: new Map(),
    attempt: 1,
  };
  // The part of a push that begins here; what a push does besides is not this one's.
  for (let step = enter(completing); ;) {
    const question = step.deeds.find(isCompletion);
    if (question === undefined) {
      if (step.stage.name === "ending") throw step.stage.failure.error;
      return;
    }
    step = stepPush(RULES, step.stage, await newsOf(context, question, signal));
  }
}

const isCompletion = (deed: { readonly name: string }): deed is CompletionQuestion =>
  deed.name === "complete" || deed.name === "askSession" || deed.name === "rest";

async function newsOf(
  context: CompleteContext,
  question: CompletionQuestion,
  signal: AbortSignal,
): Promise<PushNews> {
  try {
    return await answerCompletion(context, question, signal);
  } catch (error) {
    return failureOf(error, false);
  }
}

/** Asks one of these questions. Throws what `get` throws, and what `complete` does where it says what became of it. */
export async function answerCompletion(
  context: CompleteContext,
  question: CompletionQuestion,
  signal: AbortSignal,
): Promise<PushNews> {
  const { services, system, headers = {} } = context;
  switch (question.name) {
    case "complete":
      try {
        const byId = { update_session_id: question.sessionId };
        await services.updateSession.complete(byId, { signal, headers });
      } catch (error) {
        if (!isOutcomeUnknown(error)) throw error;
        const isOurs = await context.isOurs?.(AbortSignal.abort()).catch(() => false);
        return { name: "unanswered", failure: failureOf(error, isOurs ?? false) };
      }
      return { name: "completed", isOurs: (await context.isOurs?.(signal)) ?? false };
    case "askSession": {
      const byId = { update_session_id: question.sessionId };
      const { state, error_message: text } = await services.updateSession.get(byId, { signal });
      return { name: "seen", state, reason: text?.default_message };
    }
    case "rest":
      // An abort shows in what is asked next.
      await system.sleep(question.pauseMs, signal);
      return { name: "did" };
  }
}
