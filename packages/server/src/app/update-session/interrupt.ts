import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant } from "../../domain/ids.ts";
import type { FailedUpdateSession } from "../../domain/update-session/end.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Core } from "../core.ts";
import { planKeeping } from "../kept-partials/plan-keeping.ts";
import { orFault } from "../or-fault.ts";
import { untilWritten } from "../transfers/until-written.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "./access.ts";
import { loadSessionHead } from "./access.ts";
import { settleKeptEnd } from "./expire.ts";

/** What an interrupted session ends as, or why it can not. */
type Decide = (session: UpdateSession, now: Instant) => FailedUpdateSession | FaultValue;

const endKeeping = async (
  core: SessionCore & Pick<Core, "clock">,
  idText: string,
  decide: Decide,
): Promise<void> => {
  const { session, replaced } = await commitDecision(core.catalog, async () => {
    const row = await loadSessionHead(core, idText);
    const session = orFault(decide(row.value, core.time.now()));
    const keeping = await planKeeping(core, session);
    const put = { kind: "session.put", session, rev: row.rev } as const;
    return {
      changes: [put, ...keeping.changes],
      result: { session, replaced: keeping.replaced },
    };
  });
  await settleKeptEnd(core, session, { why: "interrupted at the client", replaced });
};

/**
 * Ends a session whose client was interrupted and comes back in another one: its transfers are cut first, so that all they have
 * brought is safe and counts, and is kept. (S84)
 */
export const interruptSession = (
  core: SessionCore & Pick<Core, "clock" | "exclusive">,
  idText: string,
  decide: Decide,
): Promise<void> =>
  core.exclusive.run(idText.toLowerCase(), async () => {
    const { value: session } = await loadSessionHead(core, idText);
    const { state } = orFault(decide(session, core.time.now()));
    core.live.spareBytes(session.id);
    try {
      await untilWritten(core, core.live.interruptSession(session.id, state));
      await endKeeping(core, idText, decide);
    } finally {
      core.live.spareNoMore(session.id);
    }
  });
