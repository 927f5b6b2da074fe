import type { PushDeed, PushQuestion, PushRemark, PushTarget, SessionEnd } from "./push-deed.ts";
import type { FailureNews, PushNews } from "./push-news.ts";
import type { PushRules, PushStage } from "./push-stage.ts";

export type StageName = PushStage["name"];
export type NewsName = PushNews["name"];
export type StageOf<Name extends StageName> = Extract<PushStage, { readonly name: Name }>;
export type NewsOf<Name extends NewsName> = Extract<PushNews, { readonly name: Name }>;

/** A stage that was reached, and what is to be done there, in this order. At most the last deed is a question. */
export interface PushStep {
  readonly stage: PushStage;
  readonly deeds: readonly PushDeed[];
}

/** What one kind of news does to one stage. */
export type Cell<S extends StageName, N extends NewsName> = (
  stage: StageOf<S>,
  news: NewsOf<N>,
  rules: PushRules,
) => PushStep;

/** A stage with the question that it stands for, after some remarks. */
export const enter = (stage: PushStage, ...remarks: readonly PushRemark[]): PushStep => ({
  stage,
  deeds: [...remarks, ...questionsOf(stage)],
});

/** The stage goes on, and so does what is being done. */
export const stay = (stage: PushStage): PushStep => ({ stage, deeds: [] });

/** What is asked in a stage; nothing once the push has ended. */
function questionsOf(stage: PushStage): readonly PushQuestion[] {
  switch (stage.name) {
    case "locating":
      return [{ name: "findLibrary" }];
    case "finding":
      return [{ name: "findItem", libraryId: stage.libraryId }];
    case "making":
      return [{ name: "makeItem", libraryId: stage.libraryId }];
    case "recalling":
      return [{ name: "recall", itemId: stage.target.itemId }];
    case "opening":
      return [{ name: "openSession", itemId: stage.target.itemId }];
    case "retrieving":
      return [{ name: "retrieveSession", itemId: stage.target.itemId }];
    case "seeking":
      return [{ name: "seekSession", itemId: stage.target.itemId }];
    case "clearing":
      return [{ name: "clearSession", sessionId: stage.sessionId }];
    case "watching":
      return [{ name: "watchSession", sessionId: stage.session.sessionId }];
    case "trimming":
      return [{ name: "removeOthers", sessionId: stage.session.sessionId }];
    case "sending":
      return [{ name: "sendFiles", session: stage.session }];
    case "reviewing":
      return [{ name: "review", sessionId: stage.session.sessionId }];
    case "completing":
      return [{ name: "complete", sessionId: stage.session.sessionId }];
    case "checking":
    case "awaiting":
      return [{ name: "askSession", sessionId: stage.session.sessionId }];
    case "resting":
    case "pausing":
      return [{ name: "rest", pauseMs: stage.pauseMs }];
    case "reading":
      return [{ name: "readItem", itemId: stage.target.itemId }];
    case "ending": {
      const { end, failure } = stage;
      return [
        { name: "endSession", sessionId: stage.session.sessionId, end, error: failure.error },
      ];
    }
    case "done":
    case "failed":
      return [];
  }
}

export const fail = ({ error }: { readonly error: Error }): PushStep =>
  enter({ name: "failed", error });

/** What becomes of a session that will not be completed. */
export function endOf(rules: PushRules, failure: FailureNews): SessionEnd {
  // Whoever sends the file now is the same account, and goes on with this session.
  if (failure.name === "superseded") return "yield";
  if (failure.name === "refused" || !rules.resumes) return "fail";
  if (failure.isOurs) return "keep";
  // Other servers keep nothing of a session that has failed. Who gives up wants the item to be free, even so.
  return rules.remembers && failure.name === "broke" ? "leave" : "fail";
}

/** Ends the push by way of its session. */
export const endSession = (
  { target, session }: Pick<StageOf<"ending">, "session" | "target">,
  failure: FailureNews,
  rules: PushRules,
): PushStep => enter({ name: "ending", target, session, failure, end: endOf(rules, failure) });

/** For news that can not follow from what is being done: a bug, told as one and not swallowed. */
export const bugOf = (stage: PushStage, news: PushNews): FailureNews => ({
  name: "refused",
  error: new Error(`A push that is ${stage.name} was told ${news.name}.`),
  isOurs: false,
});

/** Begins the part that an upload has in common with a push: the session. */
export const openWith = (rules: PushRules, target: PushTarget): PushStage =>
  rules.remembers ? { name: "recalling", target } : { name: "opening", target, isSecond: false };
