import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { DownloadSession } from "../../domain/download-session.ts";
import type { Instant } from "../../domain/ids.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { DownloadCore } from "./access.ts";
import { loadDownload } from "./access.ts";

/** Changes a download session as `decide` has it, and answers the session as it is then. */
export const changeDownload = (
  core: DownloadCore,
  idText: string,
  decide: (session: DownloadSession, now: Instant) => DownloadSession | FaultValue,
): Promise<DownloadSession> =>
  commitDecision(core.catalog, async () => {
    const row = await loadDownload(core, idText);
    const session = orFault(decide(row.value, core.time.now()));
    const changes =
      session === row.value ? [] : [{ kind: "download.put", session, rev: row.rev } as const];
    return { changes, result: session };
  });
