import { createDownloadSession as planDownload } from "../../domain/download-session/create.ts";
import { ownerOf } from "../access/owner.ts";
import type { Handler } from "../call.ts";
import { clientTokenKey, firstResult, rememberResult } from "../client-token.ts";
import type { Core } from "../core.ts";
import { loadItem } from "../item/access.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadRevision } from "./access.ts";

/**
 * As a download session on the present content: from its commit on the session itself holds the bytes, whatever is forgotten. Up to
 * there the version holds them.
 */
export const downloadItemVersion =
  (core: Pick<Core, "catalog" | "ids" | "time">): Handler<"itemVersion.download"> =>
  ({ client_token, library_item, version }, call) =>
    commitDecision(core.catalog, async () => {
      const key = clientTokenKey("itemVersion.download", client_token, call);
      const first = await firstResult(core.catalog, key);
      if (first !== null) return { changes: [], result: first };
      const item = (await loadItem(core.catalog, library_item)).value;
      const { contentVersion, files } = await loadRevision(core.catalog, item, version);
      const now = core.time.now();
      const session = planDownload({
        id: core.ids.downloadSessionId(),
        owner: ownerOf(call.caller),
        item: { id: item.id, contentVersion, files },
        now,
        timeoutMs: core.time.timeoutMs,
      });
      return {
        changes: [
          { kind: "revision.expect", itemId: item.id, contentVersion },
          { kind: "download.put", session, rev: null },
          ...rememberResult(key, session.id, now),
        ],
        result: session.id,
      };
    });
