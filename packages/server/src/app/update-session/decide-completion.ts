import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import type { Item } from "../../domain/item.ts";
import type { Library } from "../../domain/library.ts";
import type {
  CommitEnd,
  CommitPlan,
  CommitWait,
  PendingFailure,
} from "../../domain/plan-commit.ts";
import { planCommit, planPendingCommit } from "../../domain/plan-commit.ts";
import type { Revision } from "../../domain/revision.ts";
import { revisionsKeptIn } from "../../domain/revision.ts";
import { hasArrived } from "../../domain/session-file/not-received.ts";
import { isToFollow } from "../../domain/session-file/named-files.ts";
import { beginCompletion } from "../../domain/update-session/begin-completion.ts";
import { isCompleting, requireActive } from "../../domain/update-session/guard.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Change, Row, SessionRow } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { expectPolicyOf, loadItem, loadLibraryOf } from "../item/access.ts";
import { makeRoom } from "../kept-partials/drop-kept.ts";
import { orFault } from "../or-fault.ts";
import { Unforeseen, whileFilesGo } from "../packages/foresight.ts";
import { isLookedInto, judgeSession } from "../packages/judge-session.ts";
import { isOfAnotherType } from "../packages/session-type.ts";
import type { PackageCore } from "../packages/settle-package.ts";
import type { Decision } from "../unit-of-work.ts";
import { progressIn } from "../update-session-file/access.ts";
import type { SessionCore } from "./access.ts";
import { loadSession, loadSessionHead } from "./access.ts";
import type { Completer } from "./completer.ts";
import { pendingBy } from "./completer.ts";
import { endInError } from "./end-in-error.ts";
import { promoteAll } from "./promote-all.ts";

/** What completing works with. */
export type CompletionCore = SessionCore &
  PackageCore &
  Pick<Core, "access" | "clock" | "exclusive" | "settings">;

/** One way to complete: who it is, and what it comes to when nothing stands in the way of a decision. */
export interface Completion {
  readonly by: Completer;
  /** Whether that was begun before and is pending: nobody is there to be refused. */
  readonly isPending: boolean;
}

/** What completing is decided on. */
interface Ground {
  readonly row: SessionRow;
  readonly item: Row<Item>;
  readonly library: Row<Library>;
}

/** What completing comes to; null where a pending completion waits on. */
type Outcome = CommitPlan | CommitEnd | CommitWait | PendingFailure | null;

/** Nothing is to be written, and nothing to be told. */
const NOTHING: Decision<null> = { changes: [], result: null };

/** Null where the completion is not pending any more. */
const loadGround = async (
  core: CompletionCore,
  idText: string,
  { isPending }: Completion,
): Promise<Ground | null> => {
  const row = await loadSession(core, idText);
  if (isPending && !isCompleting(row.value)) return null;
  const session = isPending ? row.value : orFault(requireActive(row.value, "complete"));
  const item = await loadItem(core.catalog, session.itemId);
  return { row, item, library: await loadLibraryOf(core.catalog, item.value) };
};

/** Whether a descriptor names files that are still to be pulled, and to be added before. (S116) */
const namesMore = (session: UpdateSession, { files }: SessionRow): boolean =>
  session.package !== undefined && files.some(({ value }) => isToFollow(value));

/** Reads and hashes what judging the files takes, before anybody who waits for the session has to wait for that. */
export const foreseeFiles = async (
  core: CompletionCore,
  idText: string,
  completion: Completion,
): Promise<void> => {
  const { signal } = completion.by;
  const { value: session } = await loadSessionHead(core, idText);
  if (!(await isLookedInto(core, session))) return;
  await whileFilesGo(signal, async () => {
    const ground = await loadGround(core, idText, completion);
    if (ground === null) return;
    const files = ground.row.files.map((file) => file.value);
    if (files.every(hasArrived)) await judgeSession(core, ground.item.value, { files, signal });
  });
};

/** What completing comes to, decided on the session as it is now. Others wait for it: what would take long is `Unforeseen`. */
const planOn = async (
  core: CompletionCore,
  { row, item, library }: Ground,
  { by, isPending }: Completion,
): Promise<Outcome> => {
  const files = row.files.map((file) => file.value);
  const isWhole = files.every(hasArrived);
  const input = {
    session: row.value,
    files,
    item: item.value,
    library: library.value,
    findProgress: await progressIn(core, row.value.id),
    judged: isWhole ? await judgeSession(core, item.value, { files, signal: null }) : null,
    completedBy: by.caller.userName,
    now: core.time.now(),
  };
  if (isPending) return planPendingCommit(input);
  const plan = planCommit(input);
  if (plan.kind === "refused") throw new Fault(plan.faults);
  return plan;
};

/** The completion is pending from now on: the answer is success, and the server goes on when all files have come. (S110) */
const becomePending = (
  core: CompletionCore,
  { row }: Ground,
  { session, by }: CommitWait & { readonly by: Completer },
): Decision<null> => {
  const { rev, filesRev } = row;
  const now = core.time.now();
  const completing = beginCompletion(session, pendingBy(by, now), core.time.timeoutMs);
  return { changes: [{ kind: "session.put", session: completing, rev, filesRev }], result: null };
};

/** Ends the session as was decided; whoever calls is told. Null when what that was decided on has changed meanwhile. */
const endAsPlanned = async (
  core: CompletionCore,
  { row, item, library }: Ground,
  end: CommitEnd | PendingFailure,
): Promise<Decision<null> | null> => {
  const expected = expectPolicyOf(item.value, library);
  const message = end.kind === "ends" ? messageOf(end.fault) : end.message;
  if (!(await endInError(core, row, { message, expected }))) return null;
  if (end.kind === "ends") throw new Fault(end.fault);
  return NOTHING;
};

/**
 * The storage failed while the bytes were made permanent: nothing is visible, and the session ends in ERROR (contract 7.4). Null
 * when the session has changed meanwhile: then whoever changed it took the bytes away, and the storage is not to blame.
 */
const failOnStorage = async (
  core: CompletionCore,
  row: SessionRow,
  error: PortError,
): Promise<null> => {
  const reason = `The storage failed while the files were made permanent: ${error.message}`;
  const fault = faultOf("update_session.invalid_state", "complete", "ERROR", reason);
  if (!(await endInError(core, row, { message: messageOf(fault) }))) return null;
  core.journal.trouble({ where: "completing an update session", error });
  throw new Fault(fault, error);
};

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
const contentChangesOf = (
  core: CompletionCore,
  { item, library }: Ground,
  { plan, by }: { readonly plan: CommitPlan; readonly by: Completer },
): readonly Change[] =>
  plan.contentChanged
    ? [
        ...expectPolicyOf(item.value, library),
        { kind: "item.put", item: plan.item, rev: item.rev },
        {
          kind: "revision.put",
          revision: revisionOf(plan, by),
          kept: revisionsKeptIn(library.value, core.settings),
        },
      ]
    : [];

const changesOf = (plan: CommitPlan, row: SessionRow, content: readonly Change[]): Change[] => [
  { kind: "session.put", session: plan.session, rev: row.rev, filesRev: row.filesRev },
  ...content,
  ...(plan.pins.length > 0
    ? [{ kind: "pins.spend", holder: plan.session.id, digests: plan.pins } as const]
    : []),
];

/** What an outcome that brings nothing to the item comes to. */
const withoutContent = async (
  core: CompletionCore,
  ground: Ground,
  { outcome, by }: { readonly outcome: Exclude<Outcome, CommitPlan>; readonly by: Completer },
): Promise<Decision<null> | null> => {
  if (outcome === null) return NOTHING;
  return outcome.kind === "waits"
    ? becomePending(core, ground, { ...outcome, by })
    : await endAsPlanned(core, ground, outcome);
};

/**
 * Decides on completing, and makes the bytes permanent that it brings. The result is the plan once it is done; null where the
 * completion is, or stays, pending, and where it was pending and has failed.
 */
export const decideCompletion = async (
  core: CompletionCore,
  idText: string,
  completion: Completion,
): Promise<Decision<CommitPlan | null> | null> => {
  const ground = await loadGround(core, idText, completion);
  if (ground === null) return NOTHING;
  const { row, item } = ground;
  const { by } = completion;
  if (await isOfAnotherType(core, row.value, item.value))
    throw new Unforeseen("The item has got another type.");
  if (namesMore(row.value, row)) throw new Unforeseen("A descriptor names files to be pulled.");
  const outcome = await planOn(core, ground, completion);
  if (outcome?.kind !== "plan") return await withoutContent(core, ground, { outcome, by });
  try {
    await promoteAll(core, outcome);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (error.kind === "full" && (await makeRoom(core)) > 0) return null;
    return await failOnStorage(core, row, error);
  }
  // It may have taken long: trust may be gone by now, and certificates out of their time.
  const last = outcome.pins.length > 0 ? await planOn(core, ground, completion) : outcome;
  if (last?.kind !== "plan") return await withoutContent(core, ground, { outcome: last, by });
  // The right is asked for again when nothing but the commit is left, long after a pending completion has begun.
  await core.access.expect("updateSession.complete", { update_session_id: idText }, by.caller);
  const content = contentChangesOf(core, ground, { plan: last, by });
  return { changes: changesOf(last, row, content), result: last };
};
