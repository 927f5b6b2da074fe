import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { parseChangeMessage } from "../../domain/change-message.ts";
import type { Item } from "../../domain/item.ts";
import type { Library } from "../../domain/library.ts";
import type { CommitEnd, CommitPlan } from "../../domain/plan-commit.ts";
import { countingWarnings, planCommit } from "../../domain/plan-commit.ts";
import type { Revision } from "../../domain/revision.ts";
import { revisionsKeptIn } from "../../domain/revision.ts";
import { hasArrived } from "../../domain/session-file/not-received.ts";
import { breakOff } from "../../domain/update-session/end.ts";
import { requireActive } from "../../domain/update-session/guard.ts";
import type { CancelSignal, Change, Rev, Row, SessionRow } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { Call, Caller, Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { expectPolicyOf, loadItem, loadLibraryOf } from "../item/access.ts";
import { inLanes } from "../in-lanes.ts";
import { orFault } from "../or-fault.ts";
import { adoptType, isOfAnotherType } from "../packages/adopt-type.ts";
import { Unforeseen, whileFilesGo, withForesight } from "../packages/foresight.ts";
import { judgeSession } from "../packages/judge-session.ts";
import type { PackageCore } from "../packages/settle-package.ts";
import { makeRoom } from "../kept-partials/drop-kept.ts";
import { releaseStaged } from "../release-staged.ts";
import { progressIn } from "../update-session-file/access.ts";
import type { Decision } from "../unit-of-work.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "./access.ts";
import { loadSession, loadSessionHead } from "./access.ts";
import { settleEnd } from "./expire.ts";

/** How long complete waits for a blob that is just being deleted, and how often it looks. */
const DOOM_WAIT_MS = 5_000;
const DOOM_LOOK_MS = 50;

type CompleteCore = SessionCore &
  PackageCore &
  Pick<Core, "access" | "clock" | "exclusive" | "settings">;

/** Pins what the plan promotes, so that the collector leaves it alone until the item refers to it. */
const pinAll = async (core: CompleteCore, plan: CommitPlan): Promise<void> => {
  for (let waitedMs = 0; ; waitedMs += DOOM_LOOK_MS) {
    const outcome = await core.catalog.pin(plan.session.id, plan.pins, core.clock.now());
    if (outcome.kind === "pinned") return;
    if (waitedMs >= DOOM_WAIT_MS)
      throw new Fault(faultOf("server.unavailable", "old content is still being deleted", "1"));
    await core.clock.sleep(DOOM_LOOK_MS);
  }
};

/** Each waits for the disk several times, and an item may have thousands of small files; more would only stand in line. */
const PROMOTIONS_AT_ONCE_MAX = 4;

const promoteAll = async (core: CompleteCore, plan: CommitPlan): Promise<void> => {
  if (plan.pins.length === 0) return;
  await pinAll(core, plan);
  await inLanes(plan.promotions, PROMOTIONS_AT_ONCE_MAX, async ({ stagedId, digest }) => {
    await core.blobs.promote(stagedId, digest);
  });
};

/** Who completes, and what is said of the change. */
interface Completer {
  readonly caller: Caller;
  /** Aborts when the caller is gone. */
  readonly signal: CancelSignal;
  readonly message?: string;
}

/** What a completed change was decided on, and who made it. */
interface ContentChange extends Completer {
  readonly itemRev: Rev;
  /** How many content versions are kept. */
  readonly kept: number;
}

const revisionOf = (
  { item, session, content }: CommitPlan,
  { caller, message }: Completer,
): Revision => ({
  itemId: item.id,
  contentVersion: item.contentVersion,
  at: session.endedAt,
  userName: caller.userName,
  ...(message === undefined ? {} : { message }),
  files: item.files,
  ...(content === undefined ? {} : { content }),
});

/** The new content of the item, who made it, and what was said of it (contract I21). (S88) */
const contentChangesOf = (plan: CommitPlan, by: ContentChange): Change[] => [
  { kind: "item.put", item: plan.item, rev: by.itemRev },
  { kind: "revision.put", revision: revisionOf(plan, by), kept: by.kept },
];

/** What the caller says of the change. What can not be kept refuses the call before anything is done. (S88) */
const messageIn = (call: Call): string | undefined =>
  orFault(parseChangeMessage(call.changeMessage() ?? undefined, "the header contentlib-message"));

const changesOf = (plan: CommitPlan, row: SessionRow, content: readonly Change[]): Change[] => [
  { kind: "session.put", session: plan.session, rev: row.rev, filesRev: row.filesRev },
  ...content,
  ...(plan.pins.length > 0
    ? [{ kind: "pins.spend", holder: plan.session.id, digests: plan.pins } as const]
    : []),
];

/** Ends the session in ERROR with that fault; false when what that was decided on has changed meanwhile. */
const endInError = async (
  core: CompleteCore,
  row: SessionRow,
  { fault, expected = [] }: { readonly fault: FaultValue; readonly expected?: readonly Change[] },
): Promise<boolean> => {
  const message = messageOf(fault);
  const active = orFault(requireActive(row.value, "complete"));
  const ended = breakOff(active, message, core.time.now());
  const outcome = await core.catalog.commit([
    ...expected,
    { kind: "session.put", session: ended, rev: row.rev, filesRev: row.filesRev },
  ]);
  if (outcome.kind !== "committed") return false;
  await settleEnd(core, ended, message.default_message);
  return true;
};

/**
 * The storage failed while the bytes were made permanent: nothing is visible, and the session ends in ERROR (contract 7.4). Null
 * when the session has changed meanwhile: then whoever changed it took the bytes away, and the storage is not to blame.
 */
const failOnStorage = async (
  core: CompleteCore,
  row: SessionRow,
  error: PortError,
): Promise<Fault | null> => {
  const reason = `The storage failed while the files were made permanent: ${error.message}`;
  const fault = faultOf("update_session.invalid_state", "complete", "ERROR", reason);
  if (!(await endInError(core, row, { fault }))) return null;
  core.journal.trouble({ where: "completing an update session", error });
  return new Fault(fault, error);
};

/** What completing comes to, decided on the session as it is now. Others wait for it: what would take long is `Unforeseen`. */
const planOn = async (
  core: CompleteCore,
  { row, item, library }: Ground,
  by: Completer,
): Promise<CommitPlan | CommitEnd> => {
  const files = row.files.map((file) => file.value);
  const isWhole = files.every(hasArrived);
  const plan = planCommit({
    session: row.value,
    files,
    item: item.value,
    library: library.value,
    findProgress: await progressIn(core, row.value.id),
    judged: isWhole ? await judgeSession(core, item.value, { files, signal: null }) : null,
    completedBy: by.caller.userName,
    now: core.time.now(),
  });
  if (plan.kind === "refused") throw new Fault(plan.faults);
  return plan;
};

/** What completing is decided on. */
interface Ground {
  readonly row: SessionRow;
  readonly item: Row<Item>;
  readonly library: Row<Library>;
}

const loadGround = async (core: CompleteCore, idText: string): Promise<Ground> => {
  const row = await loadSession(core, idText);
  const session = orFault(requireActive(row.value, "complete"));
  const item = await loadItem(core.catalog, session.itemId);
  return { row, item, library: await loadLibraryOf(core.catalog, item.value) };
};

/**
 * Warnings that only a type shows which the session was not judged by before: no preview told of them, so they refuse, and do not end
 * the session. From then on the preview has them. (S96)
 */
const adoptBeforeComplete = async (core: CompleteCore, idText: string): Promise<void> => {
  const { value: session } = await loadSessionHead(core, idText);
  const adopted = await adoptType(core, session);
  const fault = adopted === null ? null : countingWarnings(session, adopted.preview);
  if (fault !== null) throw new Fault(fault);
};

/** Reads and hashes what judging the files takes, before anybody who waits for the session has to wait for that. */
const foreseeComplete = async (
  core: CompleteCore,
  idText: string,
  { signal }: Completer,
): Promise<void> => {
  await adoptBeforeComplete(core, idText);
  const { value: session } = await loadSessionHead(core, idText);
  if (session.package === undefined) return;
  await whileFilesGo(signal, async () => {
    const { row, item } = await loadGround(core, idText);
    const files = row.files.map((file) => file.value);
    if (files.every(hasArrived)) await judgeSession(core, item.value, { files, signal });
  });
};

/** Ends the session as the plan has it, and says so; null when what that was decided on has changed meanwhile. */
const endAsPlanned = async (
  core: CompleteCore,
  { row, item, library }: Ground,
  { fault }: CommitEnd,
): Promise<null> => {
  const expected = expectPolicyOf(item.value, library);
  if (await endInError(core, row, { fault, expected })) throw new Fault(fault);
  return null;
};

const decideComplete = async (
  core: CompleteCore,
  idText: string,
  by: Completer,
): Promise<Decision<CommitPlan> | null> => {
  const ground = await loadGround(core, idText);
  const { row, item, library } = ground;
  if (isOfAnotherType(core, row.value, item.value.type))
    throw new Unforeseen("The item has got another type.");
  const plan = await planOn(core, ground, by);
  if (plan.kind === "ends") return await endAsPlanned(core, ground, plan);
  try {
    await promoteAll(core, plan);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (error.kind === "full" && (await makeRoom(core)) > 0) return null;
    const fault = await failOnStorage(core, row, error);
    if (fault !== null) throw fault;
    return null;
  }
  // It may have taken long: trust may be gone by now, and certificates out of their time.
  const last = plan.pins.length > 0 ? await planOn(core, ground, by) : plan;
  if (last.kind === "ends") return await endAsPlanned(core, ground, last);
  const content = last.contentChanged
    ? [
        ...expectPolicyOf(item.value, library),
        ...contentChangesOf(last, {
          ...by,
          itemRev: item.rev,
          kept: revisionsKeptIn(library.value, core.settings),
        }),
      ]
    : [];
  // Making the bytes permanent may have taken long: the right is asked for again when nothing but the commit is left.
  await core.access.expect("updateSession.complete", { update_session_id: idText }, by.caller);
  return { changes: changesOf(last, row, content), result: last };
};

/** Completes a session under its lock, and tells of it. */
const completeInTurn = (core: CompleteCore, idText: string, by: Completer): Promise<void> =>
  core.exclusive.run(idText.toLowerCase(), async () => {
    const plan = await commitDecision(core.catalog, () =>
      whileFilesGo(by.signal, () => decideComplete(core, idText, by)),
    );
    await releaseStaged(core, plan.release);
    const { item, session } = plan;
    core.journal.sessionEnded({
      sessionId: session.id,
      itemId: item.id,
      state: "DONE",
      why: "completed",
    });
    if (plan.contentChanged) {
      core.journal.contentChanged({
        itemId: item.id,
        contentVersion: item.contentVersion,
        sessionId: session.id,
      });
    }
  });

/** All changes of the session become visible at once, or none does; it answers only when they are safe. (S15, S70) */
export const completeUpdateSession =
  (core: CompleteCore): Handler<"updateSession.complete"> =>
  async ({ update_session_id }, call) => {
    const { caller, signal } = call;
    const by: Completer = { caller, signal, ...given({ message: messageIn(call) }) };
    await withForesight(
      () => foreseeComplete(core, update_session_id, by),
      () => completeInTurn(core, update_session_id, by),
    );
  };
