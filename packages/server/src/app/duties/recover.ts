import { afterRestart } from "../../domain/expiry.ts";
import type { Instant, Sha256, StagedId, UpdateSessionId } from "../../domain/ids.ts";
import { awaitBytes } from "../../domain/session-file/receive.ts";
import type { Change, SessionRow } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import { keepsPartials } from "../kept-partials/plan-keeping.ts";
import { collectBlobs } from "./collect-blobs.ts";
import { sweepStaging } from "./sweep-staging.ts";

type RecoverCore = Pick<
  Core,
  "catalog" | "blobs" | "clock" | "live" | "journal" | "settings" | "server"
>;

/** How many changes of a restart go into one change set. */
const CHANGES_MAX = 500;

const commitAll = async (
  core: Pick<Core, "catalog">,
  changes: readonly Change[],
): Promise<void> => {
  for (let start = 0; start < changes.length; start += CHANGES_MAX) {
    await core.catalog.commit(changes.slice(start, start + CHANGES_MAX));
  }
};

/** Sessions that had lapsed while the server lived end; all others have a full timeout from now (contract U34). */
const restartSessions = async (core: RecoverCore, startedAt: Instant): Promise<void> => {
  const restart = {
    lastAliveAt: await core.catalog.housekeeping.lastAliveAt(),
    startedAt,
    timeoutMs: core.settings.sessionTimeoutMs,
  };
  const active = await core.catalog.housekeeping.listActive();
  const changes: Change[] = [];
  for (const { value, rev } of active.updates) {
    if (value.state !== "ACTIVE") continue;
    const session = afterRestart(value, restart);
    if (session !== value) changes.push({ kind: "session.put", session, rev });
    // What it replaces is swept in a moment.
    if (session.state === "EXPIRED" && keepsPartials(core))
      changes.push({ kind: "partials.keep", sessionId: session.id, at: startedAt });
  }
  for (const { value, rev } of active.downloads) {
    if (value.state !== "ACTIVE") continue;
    const session = afterRestart(value, restart);
    if (session !== value) changes.push({ kind: "download.put", session, rev });
  }
  await commitAll(core, changes);
};

/** Partials whose bytes are not there any more begin again; that it can happen at all is a disk's doing, too. */
const emptyPartials = async (
  core: RecoverCore,
  sessionId: UpdateSessionId,
  staged: ReadonlySet<StagedId>,
): Promise<readonly Change[]> => {
  const partials = await core.catalog.listPartials(sessionId);
  return partials
    .filter(({ stagedId, durableBytes }) => durableBytes > 0 && !staged.has(stagedId))
    .map((partial) => ({
      kind: "partial.put",
      partial: { ...partial, fence: partial.fence + 1, durableBytes: 0 },
    }));
};

/** Kept bytes that are not there any more can not be gone on with. */
const forgetLostKept = async (core: RecoverCore, staged: ReadonlySet<StagedId>): Promise<void> => {
  const kept = await core.catalog.housekeeping.listKeptBefore(Number.MAX_SAFE_INTEGER);
  const lost = kept.filter(({ stagedId }) => !staged.has(stagedId));
  await commitAll(
    core,
    lost.map(({ stagedId }) => ({ kind: "kept-partial.take", stagedId })),
  );
};

/** What a session shows of a package whose files have lost their bytes: it waits for them. */
const stillPreparing = ({ value: session, filesRev }: SessionRow): readonly Change[] =>
  session.package === undefined
    ? []
    : [
        {
          kind: "session.package",
          id: session.id,
          filesRev,
          package: { ...session.package, preview: { state: "PREPARING" } },
        },
      ];

/** A READY file whose bytes are neither staged nor stored waits for them again; that it can happen at all is a disk's doing. */
const distrustReceipts = async (
  core: RecoverCore,
  staged: ReadonlySet<StagedId>,
  stored: ReadonlySet<Sha256>,
): Promise<void> => {
  const active = await core.catalog.housekeeping.listActive();
  const changes: Change[] = [];
  for (const { value: session } of active.updates) {
    changes.push(...(await emptyPartials(core, session.id, staged)));
    const row = await core.catalog.findSession(session.id);
    const before = changes.length;
    for (const { value: file, rev } of row?.files ?? []) {
      if (file.source === "NONE" || file.receipt.status !== "READY") continue;
      if (staged.has(file.receipt.stagedId) || stored.has(file.receipt.digest)) continue;
      changes.push({
        kind: "session-file.put",
        sessionId: session.id,
        file: awaitBytes(file).file,
        rev,
      });
    }
    if (row !== null && changes.length > before) changes.splice(before, 0, ...stillPreparing(row));
  }
  if (changes.length > 0) {
    core.journal.trouble({
      where: "starting",
      error: new Error(`${changes.length} received files had lost their bytes.`),
    });
  }
  await commitAll(core, changes);
};

/**
 * Puts the catalog and the store in order after a start, graceful or not: sessions first, then staged bytes that nobody owns,
 * then blobs that nobody references. Nothing else runs yet, so no grace is needed. (S72, S73)
 */
export const recover = async (core: RecoverCore): Promise<void> => {
  core.server.guid = await core.catalog.housekeeping.serverGuid();
  const startedAt = core.clock.now();
  await restartSessions(core, startedAt);
  const staged = new Set<StagedId>();
  for await (const stagedId of core.blobs.listStaged()) staged.add(stagedId);
  const stored = new Set<Sha256>();
  for await (const { digest } of core.blobs.list()) stored.add(digest);
  await distrustReceipts(core, staged, stored);
  await forgetLostKept(core, staged);
  await core.catalog.housekeeping.noteStored([...stored], startedAt);
  await sweepStaging(core);
  await collectBlobs(core, 0);
  await core.catalog.housekeeping.noteAlive(startedAt);
};
