import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import { parseChangeMessage } from "../../domain/change-message.ts";
import type { CommitPlan } from "../../domain/plan-commit.ts";
import { planCommit } from "../../domain/plan-commit.ts";
import type { Revision } from "../../domain/revision.ts";
import { revisionsKeptIn } from "../../domain/revision.ts";
import { breakOff } from "../../domain/update-session/end.ts";
import { requireActive } from "../../domain/update-session/guard.ts";
import type { Change, Rev, SessionRow } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { Call, Caller, Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { expectPolicyOf, loadItem, loadLibraryOf } from "../item/access.ts";
import { inLanes } from "../in-lanes.ts";
import { orFault } from "../or-fault.ts";
import { makeRoom } from "../kept-partials/drop-kept.ts";
import { releaseStaged } from "../release-staged.ts";
import { progressIn } from "../update-session-file/access.ts";
import type { Decision } from "../unit-of-work.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "./access.ts";
import { loadSession } from "./access.ts";
import { settleEnd } from "./expire.ts";

/** How long complete waits for a blob that is just being deleted, and how often it looks. */
const DOOM_WAIT_MS = 5_000;
const DOOM_LOOK_MS = 50;

type CompleteCore = SessionCore & Pick<Core, "access" | "clock" | "exclusive" | "settings">;

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
  readonly message?: string;
}

/** What a completed change was decided on, and who made it. */
interface ContentChange extends Completer {
  readonly itemRev: Rev;
  /** How many content versions are kept. */
  readonly kept: number;
}

const revisionOf = ({ item, session }: CommitPlan, { caller, message }: Completer): Revision => ({
  itemId: item.id,
  contentVersion: item.contentVersion,
  at: session.endedAt,
  userName: caller.userName,
  ...(message === undefined ? {} : { message }),
  files: item.files,
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
  const value = faultOf("update_session.invalid_state", "complete", "ERROR", reason);
  const ended = breakOff(
    orFault(requireActive(row.value, "complete")),
    messageOf(value),
    core.time.now(),
  );
  const outcome = await core.catalog.commit([
    { kind: "session.put", session: ended, rev: row.rev, filesRev: row.filesRev },
  ]);
  if (outcome.kind !== "committed") return null;
  core.journal.trouble({ where: "completing an update session", error });
  await settleEnd(core, ended, reason);
  return new Fault(value, error);
};

const decideComplete = async (
  core: CompleteCore,
  idText: string,
  by: Completer,
): Promise<Decision<CommitPlan> | null> => {
  const row = await loadSession(core, idText);
  const session = orFault(requireActive(row.value, "complete"));
  const item = await loadItem(core.catalog, session.itemId);
  const library = await loadLibraryOf(core.catalog, item.value);
  const plan = planCommit({
    session,
    files: row.files.map((file) => file.value),
    item: item.value,
    library: library.value,
    findProgress: await progressIn(core, row.value.id),
    now: core.time.now(),
  });
  if (plan.kind === "refused") throw new Fault(plan.faults);
  try {
    await promoteAll(core, plan);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (error.kind === "full" && (await makeRoom(core)) > 0) return null;
    const fault = await failOnStorage(core, row, error);
    if (fault !== null) throw fault;
    return null;
  }
  const content = plan.contentChanged
    ? [
        ...expectPolicyOf(item.value, library),
        ...contentChangesOf(plan, {
          ...by,
          itemRev: item.rev,
          kept: revisionsKeptIn(library.value, core.settings),
        }),
      ]
    : [];
  // Making the bytes permanent may have taken long: the right is asked for again when nothing but the commit is left.
  await core.access.expect("updateSession.complete", { update_session_id: idText }, by.caller);
  return { changes: changesOf(plan, row, content), result: plan };
};

/** All changes of the session become visible at once, or none does; it answers only when they are safe. (S15, S70) */
export const completeUpdateSession =
  (core: CompleteCore): Handler<"updateSession.complete"> =>
  ({ update_session_id }, call) =>
    core.exclusive.run(update_session_id.toLowerCase(), async () => {
      const by: Completer = { caller: call.caller, ...given({ message: messageIn(call) }) };
      const plan = await commitDecision(core.catalog, () =>
        decideComplete(core, update_session_id, by),
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
