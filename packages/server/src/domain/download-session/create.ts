import type { DownloadSession } from "../download-session.ts";
import type { DownloadSessionId, Instant } from "../ids.ts";
import type { Item } from "../item.ts";
import { ownerFacts } from "../session-owner.ts";
import type { SessionOwner } from "../session-owner.ts";

export type ActiveDownloadSession = Extract<DownloadSession, { readonly state: "ACTIVE" }>;

/**
 * A new download session: it reads the files of that content version to its end, whatever completes meanwhile (contract D1 to
 * D5). An item without files is fine.
 */
export const createDownloadSession = (input: {
  readonly id: DownloadSessionId;
  readonly owner: SessionOwner;
  /** The item, with the content version that is to be read. */
  readonly item: Pick<Item, "id" | "contentVersion" | "files">;
  readonly now: Instant;
  readonly timeoutMs: number;
}): ActiveDownloadSession => ({
  id: input.id,
  ...ownerFacts(input.owner),
  itemId: input.item.id,
  itemContentVersion: input.item.contentVersion,
  createdAt: input.now,
  clientProgress: 0,
  expiresAt: input.now + input.timeoutMs,
  files: input.item.files.map((file) => ({ file, prepared: false, delivered: false })),
  state: "ACTIVE",
});
