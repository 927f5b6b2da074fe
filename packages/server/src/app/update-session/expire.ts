import { expireIfLapsed } from "../../domain/expiry.ts";
import type { StagedId } from "../../domain/ids.ts";
import { stagedOf } from "../../domain/session-file/add.ts";
import type { BroughtFile, SessionFile, UpdateSession } from "../../domain/update-session.ts";
import type { CommitOutcome, Row } from "../../ports/index.ts";
import { serverDeed } from "../audit/deeds.ts";
import type { Core } from "../core.ts";
import { planKeeping } from "../kept-partials/plan-keeping.ts";
import { releaseStaged } from "../release-staged.ts";

/** What follows an end is done with. */
type SettlingCore = Pick<Core, "catalog" | "blobs" | "live" | "journal">;

/** What it takes to end a session. */
export type EndingCore = SettlingCore & Pick<Core, "clock" | "settings" | "time">;

/**
 * Ends a session whose time is up, which is the server's doing, whoever came across it. Losing the race is no error: whoever won
 * has changed the session. What had come of its files is kept for its account. (S84)
 */
export const expireSession = async (
  core: EndingCore & Pick<Core, "deeds">,
  row: Row<UpdateSession>,
): Promise<void> => {
  if (row.value.state !== "ACTIVE") return;
  const ended = expireIfLapsed(row.value, core.time.now(), core.time.timeoutMs);
  if (ended === null) return;
  const { changes, replaced } = await planKeeping(core, ended);
  core.live.spareBytes(ended.id);
  try {
    const put = { kind: "session.put", session: ended, rev: row.rev } as const;
    const outcome: CommitOutcome = await core.deeds.within(serverDeed("server.expire"), () =>
      core.catalog.commit([put, ...changes]),
    );
    if (outcome.kind !== "committed") return;
    const why = "no activity";
    if (changes.length === 0) await settleEnd(core, ended, why);
    else await settleKeptEnd(core, ended, { why, replaced });
  } finally {
    core.live.spareNoMore(ended.id);
  }
};

const announce = (core: SettlingCore, ended: UpdateSession, why: string): void => {
  core.live.cutSession(ended.id, ended.state);
  core.journal.sessionEnded({ sessionId: ended.id, itemId: ended.itemId, state: ended.state, why });
};

const filesOf = async (
  core: SettlingCore,
  { id }: UpdateSession,
): Promise<readonly SessionFile[]> =>
  (await core.catalog.findSession(id))?.files.map((file) => file.value) ?? [];

/** What follows once the end of a session is recorded: transfers are cut and received bytes go. (S34, S43, S44, S79) */
export const settleEnd = async (
  core: SettlingCore,
  ended: UpdateSession,
  why: string,
): Promise<void> => {
  announce(core, ended, why);
  const files = await filesOf(core, ended);
  const partials = await core.catalog.listPartials(ended.id);
  const pieces = partials.map(({ stagedId }) => stagedId);
  await releaseStaged(core, [...files.flatMap(stagedOf), ...pieces]);
};

const isEmpty = ({ receipt }: BroughtFile): boolean =>
  receipt.status === "READY" && receipt.sizeBytes === 0;

/** As `settleEnd`, of a session whose bytes were kept in the very set that ended it: only what had none goes, and what was pulled. */
export const settleKeptEnd = async (
  core: SettlingCore,
  ended: UpdateSession,
  { why, replaced }: { readonly why: string; readonly replaced: readonly StagedId[] },
): Promise<void> => {
  announce(core, ended, why);
  const files = await filesOf(core, ended);
  const pulled = new Set(files.flatMap((file) => (file.source === "PULL" ? [file.entryId] : [])));
  const dropped = files.filter(
    (file) => file.source === "PULL" || (file.source === "PUSH" && isEmpty(file)),
  );
  const partials = await core.catalog.listPartials(ended.id);
  const pieces = partials.filter(
    ({ entryId, durableBytes }) => durableBytes === 0 || pulled.has(entryId),
  );
  await releaseStaged(core, [
    ...replaced,
    ...dropped.flatMap(stagedOf),
    ...pieces.map(({ stagedId }) => stagedId),
  ]);
};
