import type { Item } from "../../domain/item.ts";
import type { KeptPartial } from "../../domain/kept-partial.ts";
import { isStillKept, keptPartialKey } from "../../domain/kept-partial.ts";
import type { AddOutcome } from "../../domain/session-file/add.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Change } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import { untilWritten } from "../transfers/until-written.ts";
import { keepsPartials } from "./plan-keeping.ts";

type FindCore = Pick<Core, "catalog" | "blobs" | "clock" | "live" | "settings">;

/** Whether the bytes are there as they were kept, and nobody writes to them any more. A store that can not say so now gives none. */
const areThere = async (
  core: FindCore,
  { stagedId, durableBytes }: KeptPartial,
): Promise<boolean> => {
  const writers = [...core.live.all()].filter((each) => each.stagedId === stagedId);
  if (!(await untilWritten(core, writers))) return false;
  try {
    const sizeBytes = await core.blobs.partials.sizeOf(stagedId);
    return sizeBytes !== null && sizeBytes >= durableBytes;
  } catch (error) {
    if (error instanceof PortError) return false;
    throw error;
  }
};

/**
 * Finds the bytes that an added file goes on with: what the same account had sent for a file of that name and declared size, to an
 * item of that name, and had not ended on purpose. Null where the file begins at 0. (S84)
 */
export const findKept = async (
  core: FindCore,
  added: { readonly session: UpdateSession; readonly item: Item; readonly outcome: AddOutcome },
): Promise<KeptPartial | null> => {
  const { session, item, outcome } = added;
  const { file } = outcome;
  if (outcome.kind === "drop" || file.source !== "PUSH") return null;
  if (file.receipt.status !== "WAITING" || !keepsPartials(core)) return null;
  const kept = await core.catalog.findKeptPartial(keptPartialKey(session, item, file));
  if (kept === null) return null;
  if (!isStillKept(kept, core.clock.now(), core.settings.partialTtlMs)) return null;
  return (await areThere(core, kept)) ? kept : null;
};

/** The number of the writer that stands for those who came before the file was added: nobody of its own has come. */
const FIRST_FENCE = 1;

/** Hands kept bytes to an added file; they belong to nobody else from then on. The set clashes when somebody was faster. */
export const adoptionOf = (
  { stagedId, durableBytes, lengthBytes }: KeptPartial,
  { session, outcome }: { readonly session: UpdateSession; readonly outcome: AddOutcome },
): readonly Change[] => {
  const { file } = outcome;
  if (file.source !== "PUSH") return [];
  const isTold = lengthBytes !== undefined && file.declaredSizeBytes === undefined;
  return [
    { kind: "kept-partial.take", stagedId },
    {
      kind: "partial.put",
      partial: {
        sessionId: session.id,
        entryId: file.entryId,
        fence: FIRST_FENCE,
        stagedId,
        durableBytes,
        ...(isTold ? { lengthBytes } : {}),
      },
    },
  ];
};
