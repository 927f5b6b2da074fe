import { expireIfLapsed } from "../../domain/expiry.ts";
import { stagedOf } from "../../domain/session-file/add.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Row } from "../../ports/index.ts";
import { serverDeed } from "../audit/deeds.ts";
import type { Core } from "../core.ts";
import { releaseStaged } from "../release-staged.ts";

/** What it takes to end a session. */
export type EndingCore = Pick<Core, "catalog" | "blobs" | "live" | "time" | "journal">;

/**
 * Ends a session whose time is up, which is the server's doing, whoever came across it. Losing the race is no error: whoever won
 * has changed the session.
 */
export const expireSession = async (
  core: EndingCore & Pick<Core, "deeds">,
  row: Row<UpdateSession>,
): Promise<void> => {
  if (row.value.state !== "ACTIVE") return;
  const ended = expireIfLapsed(row.value, core.time.now(), core.time.timeoutMs);
  if (ended === null) return;
  const changes = [{ kind: "session.put", session: ended, rev: row.rev }] as const;
  const outcome = await core.deeds.within(serverDeed("server.expire"), () =>
    core.catalog.commit(changes),
  );
  if (outcome.kind === "committed") await settleEnd(core, ended, "no activity");
};

/** What follows once the end of a session is recorded: transfers are cut and received bytes go. (S34, S43, S44, S79) */
export const settleEnd = async (
  core: EndingCore,
  ended: UpdateSession,
  why: string,
): Promise<void> => {
  core.live.cutSession(ended.id, ended.state);
  core.journal.sessionEnded({ sessionId: ended.id, itemId: ended.itemId, state: ended.state, why });
  const row = await core.catalog.findSession(ended.id);
  const files = row === null ? [] : row.files.map((file) => file.value);
  const partials = await core.catalog.listPartials(ended.id);
  const kept = partials.map(({ stagedId }) => stagedId);
  await releaseStaged(core, [...files.flatMap(stagedOf), ...kept]);
};
