import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ConnectionError, LibraryError, ProtocolError, TimeoutError } from "./errors.ts";
import type { PushDeed, PushQuestion } from "./push-deed.ts";
import type { FailureNews, PushNews } from "./push-news.ts";
import type { PushRules, PushStage } from "./push-stage.ts";
import { beginPush, stepPush } from "./push-state.ts";
import type { PushStep } from "./push-step.ts";

const refusal = new LibraryError({ class: "error", messages: [], status: 400 });
const failure = (
  name: FailureNews["name"],
  isOurs = true,
  error: Error = new ConnectionError("It broke.", {}),
): FailureNews => ({ name, error, isOurs });
const FAILURES: readonly FailureNews[] = [
  ...[true, false].flatMap((isOurs) =>
    (["aborted", "broke", "refused", "superseded"] as const).map((name) => failure(name, isOurs)),
  ),
  failure("refused", true, refusal),
];
const found = new Map<never, never>();
const file = { name: "a", sizeBytes: 1, checksum: undefined };
const ready = (index: number): PushNews => ({ name: "ready", index, file });
const seen = (state: "ACTIVE" | "DONE" | "ERROR"): PushNews => ({
  name: "seen",
  state,
  reason: undefined,
});

/** How each question can be answered, failures aside. The compiler asks for all of them. */
const ANSWERS: { readonly [Q in PushQuestion["name"]]: readonly PushNews[] } = {
  findLibrary: [{ name: "library", libraryId: "L" }],
  findItem: [{ name: "item", itemId: "I", isNew: false }, { name: "none" }],
  makeItem: [
    { name: "item", itemId: "I", isNew: true },
    { name: "exists", failure: failure("refused") },
  ],
  recall: [
    { name: "none" },
    { name: "session", session: { sessionId: "old", found }, fits: true },
    { name: "session", session: { sessionId: "old", found }, fits: false },
  ],
  openSession: [
    { name: "opened", sessionId: "new" },
    { name: "busy", failure: failure("refused", true) },
    { name: "busy", failure: failure("refused", false) },
  ],
  retrieveSession: [{ name: "opened", sessionId: "new" }, { name: "none" }],
  seekSession: [
    { name: "none" },
    { name: "session", session: { sessionId: "old", found }, fits: true },
    { name: "session", session: { sessionId: "old", found }, fits: false },
  ],
  clearSession: [{ name: "did" }],
  watchSession: [{ name: "did" }],
  removeOthers: [{ name: "did" }],
  sendFiles: [ready(0), ready(1), ready(2)],
  review: [{ name: "did" }],
  complete: [
    { name: "completed", isOurs: true },
    { name: "completed", isOurs: false },
    { name: "unanswered", failure: failure("broke") },
  ],
  askSession: [seen("ACTIVE"), seen("DONE"), seen("ERROR")],
  rest: [{ name: "did" }],
  readItem: [{ name: "read", contentVersion: "2" }],
  endSession: [
    { name: "ended", isEnded: true },
    { name: "ended", isEnded: false },
  ],
};
const ALL_NEWS = [...Object.values(ANSWERS).flat(), ...FAILURES];

/** The stages by name. The compiler asks for all of them. */
const STAGES: { readonly [S in PushStage["name"]]: true } = {
  locating: true,
  finding: true,
  making: true,
  recalling: true,
  opening: true,
  retrieving: true,
  seeking: true,
  clearing: true,
  watching: true,
  trimming: true,
  sending: true,
  reviewing: true,
  completing: true,
  checking: true,
  resting: true,
  awaiting: true,
  pausing: true,
  reading: true,
  ending: true,
  done: true,
  failed: true,
};

const QUESTIONS: ReadonlySet<string> = new Set(Object.keys(ANSWERS));
const isQuestion = (deed: PushDeed): deed is PushQuestion => QUESTIONS.has(deed.name);

const anyRules: fc.Arbitrary<PushRules> = fc.record({
  itemId: fc.constantFrom("I", null),
  fileCount: fc.nat(3),
  removesOthers: fc.boolean(),
  resumes: fc.boolean(),
  remembers: fc.boolean(),
  reviews: fc.boolean(),
  waits: fc.boolean(),
});

/** What a push went through. */
interface Walk {
  readonly stages: readonly PushStage[];
  readonly deeds: readonly PushDeed[];
  readonly steps: readonly PushStep[];
}

/** Goes on by the news that `choose` gives for what was asked last, to the end or for so many steps. */
function walk(
  rules: PushRules,
  stepsMax: number,
  choose: (asked: PushQuestion, at: number) => PushNews,
): Walk {
  const steps = [beginPush(rules)];
  let asked: PushQuestion | undefined;
  for (let at = 0; at < stepsMax; at += 1) {
    const last = steps.at(-1) as PushStep;
    asked = last.deeds.find(isQuestion) ?? asked;
    if (last.stage.name === "done" || last.stage.name === "failed" || asked === undefined) break;
    steps.push(stepPush(rules, last.stage, choose(asked, at)));
  }
  return {
    steps,
    stages: steps.map(({ stage }) => stage),
    deeds: steps.flatMap(({ deeds }) => deeds),
  };
}

const at = <Thing>(things: readonly Thing[], index: number): Thing =>
  things[index % things.length] as Thing;
const anyChoices = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 60 });
/** Walks by anything that can be told, also by what can not follow from what was asked. */
const wild = (rules: PushRules, choices: readonly number[]): Walk =>
  walk(rules, choices.length, (_, step) => at(ALL_NEWS, choices[step] as number));
/** Walks by real answers; one in eight is a failure. */
const real = (rules: PushRules, choices: readonly number[]): Walk =>
  walk(rules, 400, (asked, step) => {
    const choice = at(choices, step) + step;
    return choice % 8 === 0
      ? at(FAILURES, choice / 8)
      : at(ANSWERS[asked.name], Math.floor(choice / 8) + choice);
  });

const count = (deeds: readonly PushDeed[], name: PushDeed["name"]): number =>
  deeds.filter((deed) => deed.name === name).length;
const told = (deeds: readonly PushDeed[], type: string): number =>
  deeds.filter((deed) => deed.name === "tell" && deed.event.type === type).length;

describe("a push, whatever happens", () => {
  const always = (check: (walked: Walk, rules: PushRules) => void): void => {
    for (const way of [wild, real])
      fc.assert(
        fc.property(anyRules, anyChoices, (rules, choices) => check(way(rules, choices), rules)),
        { numRuns: 1_000 },
      );
  };

  test("asks for complete only once every file is ready", () => {
    always(({ steps }, { fileCount }) => {
      for (const { stage, deeds } of steps) {
        if (count(deeds, "complete") === 0) continue;
        assert.ok(stage.name === "completing" && stage.files.size >= fileCount);
      }
    });
  });

  test("puts an open session in order exactly once where it fails, and leaves a completed one alone", () => {
    always(({ stages, deeds }, { waits }) => {
      const names = stages.map(({ name }) => name);
      const isCompleted = names.includes("reading") || names.includes("done");
      const isOpen = names.includes("watching") || names.includes("ending");
      const ends = count(deeds, "endSession");
      assert.ok(ends <= 1);
      if (names.at(-1) === "failed") assert.equal(ends, isOpen && !isCompleted ? 1 : 0);
      if (isCompleted) assert.equal(ends, 0);
      if (names.at(-1) === "failed") assert.equal(told(deeds, "failed"), ends);
      assert.equal(told(deeds, "done"), isCompleted && waits ? 1 : 0);
    });
  });

  test("keeps bytes and notes of what was interrupted, and forgets what has ended for certain", () => {
    always(({ stages, deeds }, rules) => {
      const last = stages.at(-1);
      const ending = stages.find((stage) => stage.name === "ending");
      const isCompleted = stages.some(({ name }) => name === "reading" || name === "done");
      if (last?.name === "failed" && ending !== undefined)
        assert.equal(
          count(deeds, "forget"),
          ending.end === "fail" || ending.failure.name === "refused" ? 1 : 0,
        );
      if (isCompleted) assert.equal(count(deeds, "forget"), 1);
      if (ending === undefined) return;
      const { failure: why, end } = ending;
      const mayGoOn = rules.resumes && (why.name === "aborted" || why.name === "broke");
      if (stages.some(({ name }) => name === "awaiting")) return;
      if (end === "keep") assert.ok(mayGoOn && why.isOurs);
      if (end === "leave") assert.ok(mayGoOn && !why.isOurs && rules.remembers);
      if (end === "leave") assert.equal(why.name, "broke");
      if (end === "yield") assert.equal(why.name, "superseded");
    });
  });

  test("looks at what became of the files before complete is asked for, where that is wanted, and once", () => {
    always(({ stages, deeds }, { reviews, fileCount }) => {
      const isCompleting = stages.some(({ name }) => name === "completing");
      if (isCompleting) assert.equal(count(deeds, "review"), reviews && fileCount > 0 ? 1 : 0);
      if (!reviews) assert.equal(count(deeds, "review"), 0);
    });
  });

  test("never fails a session whose complete was answered, and does not wait for one without end", () => {
    always(({ stages }) => {
      const ending = stages.find((stage) => stage.name === "ending");
      if (ending === undefined || !stages.some(({ name }) => name === "awaiting")) return;
      assert.ok(ending.end === "leave" || ending.end === "yield", ending.end);
    });
  });

  test("takes out other files where that is wanted, and only there, before any is sent", () => {
    always(({ stages, deeds }, { removesOthers }) => {
      const isSending = stages.some(({ name }) => name === "sending" || name === "completing");
      if (isSending) assert.equal(count(deeds, "removeOthers"), removesOthers ? 1 : 0);
      if (!removesOthers) assert.equal(count(deeds, "removeOthers"), 0);
    });
  });

  test("asks one thing at a time, and nothing once it has ended", () => {
    always(({ steps }, rules) => {
      for (const { stage, deeds } of steps) {
        const questions = deeds.filter(isQuestion);
        const isAtEnd = stage.name === "done" || stage.name === "failed";
        assert.ok(questions.length <= (isAtEnd ? 0 : 1));
        assert.ok(questions.length === 0 || deeds.at(-1) === questions[0]);
        if (isAtEnd)
          for (const news of ALL_NEWS)
            assert.deepEqual(stepPush(rules, stage, news), { stage, deeds: [] });
      }
    });
  });
});

describe("a push that is answered as it can be", () => {
  test("comes to an end, and never by what could not happen", () => {
    fc.assert(
      fc.property(anyRules, anyChoices, (rules, choices) => {
        // From some point on every answer is a failure.
        const patient = walk(rules, 3_000, (asked, step) =>
          step > 100
            ? at(FAILURES, choices[0] as number)
            : at(ANSWERS[asked.name], at(choices, step) + step),
        );
        const last = patient.stages.at(-1);
        assert.ok(last?.name === "done" || last?.name === "failed", last?.name);
        for (const { stages } of [patient, real(rules, choices)])
          for (const stage of stages)
            if (stage.name === "failed") assert.doesNotMatch(stage.error.message, / was told /);
      }),
    );
  });

  test("can come to every stage", () => {
    const reached = new Set<string>();
    const rules = fc.sample(anyRules, { numRuns: 300, seed: 7 });
    const choices = fc.sample(anyChoices, { numRuns: 300, seed: 8 });
    rules.forEach((each, index) => {
      for (const { name } of real(each, at(choices, index)).stages) reached.add(name);
    });
    assert.deepEqual([...reached].toSorted(), Object.keys(STAGES).toSorted());
  });
});

describe("a push by the table", () => {
  const rules: PushRules = {
    itemId: "I",
    fileCount: 1,
    removesOthers: false,
    resumes: true,
    remembers: false,
    reviews: false,
    waits: true,
  };
  const follow = (given: PushRules, ...news: readonly PushNews[]): PushStep =>
    news.reduce((step, each) => stepPush(given, step.stage, each), beginPush(given));
  const opened: PushNews = { name: "opened", sessionId: "new" };
  const did: PushNews = { name: "did" };
  const lost: PushNews = { name: "unanswered", failure: failure("broke") };
  const toComplete = [opened, did, ready(0)] as const;

  test("what can not be is told as the bug it is, by way of the session where one is open", () => {
    const early = follow(rules, did);
    assert.ok(early.stage.name === "failed");
    assert.equal(early.stage.error.message, "A push that is opening was told did.");
    const late = follow(rules, opened, opened);
    assert.ok(late.stage.name === "ending" && late.stage.end === "fail");
    assert.equal(late.stage.failure.error.message, "A push that is watching was told opened.");
  });

  test("a session in the way is sought once, at a server of ours, and by a push that may go on", () => {
    const busy = (isOurs: boolean): PushNews => ({
      name: "busy",
      failure: failure("refused", isOurs),
    });
    const other: PushNews = { name: "session", session: { sessionId: "old", found }, fits: false };
    assert.equal(follow(rules, busy(true)).stage.name, "seeking");
    assert.equal(follow(rules, busy(false)).stage.name, "failed");
    assert.equal(follow({ ...rules, resumes: false }, busy(true)).stage.name, "failed");
    assert.equal(follow(rules, busy(true), other).stage.name, "clearing");
    assert.equal(follow(rules, busy(true), other, did).stage.name, "opening");
    assert.equal(follow(rules, busy(true), other, did, busy(true)).stage.name, "failed");
  });

  test("complete is sent four times where its answers are lost, and then it is the error", () => {
    const again = [lost, seen("ACTIVE"), did] as const;
    const third = follow(rules, ...toComplete, ...again, ...again);
    assert.ok(third.stage.name === "completing" && third.stage.attempt === 3);
    const end = follow(rules, ...toComplete, ...again, ...again, ...again, lost, seen("ACTIVE"));
    assert.ok(end.stage.name === "ending" && end.stage.end === "keep");
  });

  test("complete that is refused the second time is looked up, and the first time is the error", () => {
    const refused = failure("refused", true, refusal);
    assert.equal(follow(rules, ...toComplete, refused).stage.name, "ending");
    const second = follow(rules, ...toComplete, lost, seen("ACTIVE"), did, refused);
    assert.equal(second.stage.name, "checking");
    assert.equal(stepPush(rules, second.stage, seen("DONE")).stage.name, "done");
    const end = stepPush(rules, second.stage, seen("ERROR")).stage;
    assert.ok(end.name === "ending" && end.failure.error instanceof ProtocolError);
  });

  test("a server that answers before it is done is waited for, for half an hour", () => {
    let step = follow(rules, ...toComplete, { name: "completed", isOurs: false });
    let waitedMs = 0;
    while (step.stage.name === "awaiting") {
      const pausing = stepPush(rules, step.stage, seen("ACTIVE"));
      if (pausing.stage.name !== "pausing") {
        step = pausing;
        break;
      }
      waitedMs += pausing.stage.pauseMs;
      step = stepPush(rules, pausing.stage, did);
    }
    assert.ok(step.stage.name === "ending" && step.stage.failure.error instanceof TimeoutError);
    assert.ok(waitedMs >= 30 * 60_000 && waitedMs < 31 * 60_000, String(waitedMs));
  });

  test("a look that breaks after complete was answered is repeated, and then leaves the session alone", () => {
    let step = follow(rules, ...toComplete, { name: "completed", isOurs: false });
    const pauses: number[] = [];
    while (step.stage.name === "awaiting") {
      const pausing = stepPush(rules, step.stage, failure("broke", false));
      step = pausing.stage.name === "pausing" ? stepPush(rules, pausing.stage, did) : pausing;
      if (pausing.stage.name === "pausing") pauses.push(pausing.stage.pauseMs);
    }
    assert.ok(step.stage.name === "ending" && step.stage.end === "leave");
    assert.equal(step.stage.failure.error.message, "It broke.");
    const waitedMs = pauses.reduce((sum, each) => sum + each, 0);
    assert.ok(waitedMs >= 30 * 60_000 && waitedMs < 31 * 60_000, String(waitedMs));
    // Each look has its own repeats and timeouts, so there are few.
    assert.ok(pauses.length < 50, String(pauses.length));
    const told = (remembers: boolean) =>
      stepPush({ ...rules, remembers }, step.stage, { name: "ended", isEnded: false }).deeds;
    for (const remembers of [true, false])
      assert.deepEqual(told(remembers), [
        {
          name: "tell",
          event: { type: "failed", sessionId: "new", isEnded: false, isKept: remembers },
        },
      ]);
  });

  test("another make of server that refuses the repeat of complete, for it is at it, is waited for", () => {
    const busy = new LibraryError({
      class: "not_allowed_in_current_state",
      messages: [],
      status: 400,
    });
    const repeated = [...toComplete, lost, seen("ACTIVE"), did] as const;
    const after = (refused: FailureNews) => follow(rules, ...repeated, refused, seen("ACTIVE"));
    assert.equal(after(failure("refused", false, busy)).stage.name, "awaiting");
    for (const refused of [failure("refused", true, busy), failure("refused", false, refusal)])
      assert.equal(after(refused).stage.name, "ending");
  });

  test("a push tells what its item is, and an upload does not ask", () => {
    const end = { name: "completed", isOurs: true } as const;
    assert.equal(follow(rules, ...toComplete, end).stage.name, "done");
    const item: PushNews = { name: "item", itemId: "I", isNew: true };
    const library: PushNews = { name: "library", libraryId: "L" };
    const named = { ...rules, itemId: null };
    const none: PushNews = { name: "none" };
    const read = follow(named, library, none, item, ...toComplete, end);
    assert.equal(read.stage.name, "reading");
    const done = stepPush(named, read.stage, { name: "read", contentVersion: "2" }).stage;
    assert.ok(done.name === "done" && done.contentVersion === "2");
    assert.deepEqual(done.target, { itemId: "I", place: { libraryId: "L", isNew: true } });
  });

  test("a session whose end nobody waits for is left to the server once complete is taken", () => {
    const left = { ...rules, waits: false };
    for (const isOurs of [true, false]) {
      const { stage, deeds } = follow(left, ...toComplete, { name: "completed", isOurs });
      assert.equal(stage.name, "done");
      assert.deepEqual(
        deeds.map(({ name }) => name),
        ["forget"],
      );
    }
    const pending = new LibraryError({
      class: "not_allowed_in_current_state",
      messages: [],
      status: 400,
    });
    const repeated = [lost, seen("ACTIVE"), did, failure("refused", true, pending)] as const;
    const after = follow(left, ...toComplete, ...repeated, seen("ACTIVE"));
    assert.equal(after.stage.name, "done");
    const waiting = follow(rules, ...toComplete, ...repeated, seen("ACTIVE"));
    assert.equal(waiting.stage.name, "ending");
  });

  test("what is noted is noted before anybody is told of the session", () => {
    const names = follow(rules, opened).deeds.map(({ name }) => name);
    assert.deepEqual(names, ["remember", "tell", "watchSession"]);
  });
});
