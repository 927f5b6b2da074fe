import type { StagedId } from "../../domain/ids.ts";
import { keptPartialKey } from "../../domain/kept-partial.ts";
import type { PushedFile, SessionFile, UpdateSession } from "../../domain/update-session.ts";
import type { Change } from "../../ports/index.ts";
import type { Core } from "../core.ts";

/** How the bytes of a session are kept when it ends: what goes into the very set that ends it, and what is to be released then. */
export interface Keeping {
  readonly changes: readonly Change[];
  /** Older bytes for the same files, which go. */
  readonly replaced: readonly StagedId[];
}

/** Where nothing is kept. */
const NOTHING: Keeping = { changes: [], replaced: [] };

/** What was pulled can be pulled again, and nobody would go on with it: only pushed bytes are kept. */
const hasBytes = (file: SessionFile, withPieces: ReadonlySet<string>): file is PushedFile =>
  file.source === "PUSH" && (file.receipt.status === "READY" || withPieces.has(file.entryId));

/** Whether bytes outlive their sessions on this server. */
export const keepsPartials = ({ settings }: Pick<Core, "settings">): boolean =>
  settings.partialTtlMs > 0;

/**
 * Plans to keep what came of the files of a session that is about to end. Older bytes for the same files are taken by name, so
 * that the set clashes when somebody goes on with them at that moment. (S84, S85)
 */
export const planKeeping = async (
  core: Pick<Core, "catalog" | "settings" | "clock">,
  session: UpdateSession,
): Promise<Keeping> => {
  if (!keepsPartials(core)) return NOTHING;
  const row = await core.catalog.findSession(session.id);
  const item = await core.catalog.findItem(session.itemId);
  if (row === null || item === null) return NOTHING;
  const partials = await core.catalog.listPartials(session.id);
  const pieces = partials.filter(({ durableBytes }) => durableBytes > 0);
  const withPieces = new Set(pieces.map(({ entryId }) => entryId));
  const replaced: StagedId[] = [];
  for (const { value: file } of row.files) {
    if (!hasBytes(file, withPieces)) continue;
    const older = await core.catalog.findKeptPartial(keptPartialKey(session, item.value, file));
    if (older !== null) replaced.push(older.stagedId);
  }
  const taken = replaced.map((stagedId) => ({ kind: "kept-partial.take" as const, stagedId }));
  const keep = { kind: "partials.keep", sessionId: session.id, at: core.clock.now() } as const;
  return { changes: [...taken, keep], replaced };
};
