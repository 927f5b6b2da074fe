import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant } from "../../domain/ids.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Core } from "../core.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "./access.ts";
import { loadSessionHead } from "./access.ts";
import { settleEnd } from "./expire.ts";

/** Ends a session at its client's wish, as `decide` has it; its item is free once that is recorded. (S2, S45) */
export const endSession = (
  core: SessionCore & Pick<Core, "exclusive">,
  idText: string,
  why: string,
  decide: (session: UpdateSession, now: Instant) => UpdateSession | FaultValue,
): Promise<void> =>
  core.exclusive.run(idText.toLowerCase(), async () => {
    const ended = await commitDecision(core.catalog, async () => {
      const row = await loadSessionHead(core, idText);
      const session = orFault(decide(row.value, core.time.now()));
      return { changes: [{ kind: "session.put", session, rev: row.rev }], result: session };
    });
    await settleEnd(core, ended, why);
  });
