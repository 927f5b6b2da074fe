import { visibleLibraries } from "../../domain/access/rights.ts";
import type { AddOutcome } from "../../domain/session-file/add.ts";
import type { DeclaredBytes } from "../../domain/session-file/instant.ts";
import { declaredBytes, readyAtOnce } from "../../domain/session-file/instant.ts";
import type { Change } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { Caller } from "../call.ts";
import type { Core } from "../core.ts";

type FindCore = Pick<Core, "access" | "blobs" | "catalog" | "ids">;

/** What an add does, and what must still be so when it is committed. */
export interface FoundAdd {
  readonly outcome: AddOutcome;
  readonly expected: readonly Change[];
}

/** Whether the store has the blob in that size. A store that can not say so now is sent the bytes. */
const isStored = async (
  { blobs }: FindCore,
  { digest, sizeBytes }: DeclaredBytes,
): Promise<boolean> => {
  try {
    const blob = await blobs.open(digest);
    blob.close();
    return blob.sizeBytes === sizeBytes;
  } catch (error) {
    if (error instanceof PortError) return false;
    throw error;
  }
};

/**
 * Makes an added file READY at once when its bytes are here, as the present content of an item that the caller may read; else it
 * waits like any other, and nothing shows whether somebody else has such bytes. The item must hold them in the very commit that
 * makes the file hold them too, so none can be collected in between. (S82, S83)
 */
export const findHere = async (
  core: FindCore,
  outcome: AddOutcome,
  caller: Caller,
): Promise<FoundAdd> => {
  const waits = { outcome, expected: [] };
  if (outcome.kind === "drop" || outcome.file.source !== "PUSH") return waits;
  const bytes = declaredBytes(outcome.file);
  if (bytes === null) return waits;
  const visible = visibleLibraries(await core.access.rightsOf(caller));
  const holder = await core.catalog.findBlobHolder(bytes, visible);
  // The store is asked only for what the caller may know of: nobody can tell by the time that takes.
  if (holder === null || !(await isStored(core, bytes))) return waits;
  return {
    outcome: { ...outcome, file: readyAtOnce(outcome.file, bytes, core.ids.stagedId()) },
    expected: [{ kind: "item.expect", id: holder.itemId, rev: holder.rev }],
  };
};
