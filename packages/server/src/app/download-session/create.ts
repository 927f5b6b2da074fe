import { createDownloadSession as planDownload } from "../../domain/download-session/create.ts";
import type { Handler } from "../call.ts";
import { ownerOf } from "../access/owner.ts";
import { clientTokenKey, firstResult, rememberResult } from "../client-token.ts";
import type { Core } from "../core.ts";
import { loadItem } from "../item/access.ts";
import { commitDecision } from "../unit-of-work.ts";

export const createDownloadSession =
  (core: Pick<Core, "catalog" | "ids" | "time">): Handler<"downloadSession.create"> =>
  ({ client_token, create_spec }, call) =>
    commitDecision(core.catalog, async () => {
      const key = clientTokenKey("downloadSession.create", client_token, call);
      const first = await firstResult(core.catalog, key);
      if (first !== null) return { changes: [], result: first };
      const item = (await loadItem(core.catalog, create_spec.library_item_id)).value;
      const now = core.time.now();
      const session = planDownload({
        id: core.ids.downloadSessionId(),
        owner: ownerOf(call.caller),
        item,
        now,
        timeoutMs: core.time.timeoutMs,
      });
      return {
        changes: [
          { kind: "download.put", session, rev: null },
          ...rememberResult(key, session.id, now),
        ],
        result: session.id,
      };
    });
