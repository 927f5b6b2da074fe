import type { OperationInput } from "@contentlib/contract";
import type { AddOutcome } from "../../domain/session-file/add.ts";
import { addFile } from "../../domain/session-file/add.ts";
import type { EntryProgress } from "../../domain/session-file/view.ts";
import type { FileWish } from "../../domain/session-file/wish.ts";
import type { UpdateSessionId } from "../../domain/ids.ts";
import type { SessionFile } from "../../domain/update-session.ts";
import { requireActive } from "../../domain/update-session/guard.ts";
import type { Change, Row } from "../../ports/index.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { loadItem } from "../item/access.ts";
import { adoptionOf, findKept } from "../kept-partials/find-kept.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSessionHead } from "../update-session/access.ts";
import { presentSessionFile } from "./access.ts";
import { bytesOf, dropEntry, extendedBy } from "./change.ts";
import { findHere } from "./find-here.ts";

const wishOf = (spec: OperationInput<"updateSessionFile.add">["file_spec"]): FileWish =>
  given({
    name: spec.name,
    sourceType: spec.source_type,
    sourceUri: spec.source_endpoint?.uri,
    sizeBytes: spec.size,
    checksum:
      spec.checksum_info === undefined
        ? undefined
        : given({ algorithm: spec.checksum_info.algorithm, hex: spec.checksum_info.checksum }),
  });

/** Where a file is put, and what stands there. */
interface Place {
  readonly sessionId: UpdateSessionId;
  readonly present: Row<SessionFile> | null;
}

const changesOf = (
  core: Pick<Core, "time">,
  { sessionId, present }: Place,
  outcome: AddOutcome,
): readonly Change[] => {
  if (outcome.kind === "put") {
    const put: Change = {
      kind: "session-file.put",
      sessionId,
      file: outcome.file,
      rev: present?.rev ?? null,
    };
    return [put, extendedBy(core, sessionId)];
  }
  if (present === null) return [];
  return [
    { kind: "session-file.delete", sessionId, name: outcome.file.name, rev: present.rev },
    extendedBy(core, sessionId),
  ];
};

const waitingWith = (receivedBytes: number): EntryProgress => ({
  phase: "WAITING_FOR_TRANSFER",
  receivedBytes,
});

export const addUpdateSessionFile =
  (core: SessionCore & Pick<Core, "access" | "ids" | "signer">): Handler<"updateSessionFile.add"> =>
  async ({ update_session_id, file_spec }, call) => {
    const entryId = core.ids.entryId();
    const added = await commitDecision(core.catalog, async () => {
      const head = await loadSessionHead(core, update_session_id);
      const session = orFault(requireActive(head.value, "add"));
      const sessionId = session.id;
      const present = await core.catalog.findNamedFile(sessionId, file_spec.name);
      const replaced = present?.value ?? null;
      const set = { present: replaced, count: await core.catalog.countSessionFiles(sessionId) };
      const item = (await loadItem(core.catalog, session.itemId)).value;
      const wish = wishOf(file_spec);
      const { outcome, expected } = await findHere(
        core,
        orFault(addFile(session, set, item, { wish, entryId })),
        call.caller,
      );
      const bytes = await bytesOf(core, sessionId, replaced);
      const kept = await findKept(core, { session, item, outcome });
      const adoption = kept === null ? [] : adoptionOf(kept, { session, outcome });
      return {
        changes: [...expected, ...changesOf(core, { sessionId, present }, outcome), ...adoption],
        result: { outcome, replaced, bytes, sessionId, kept },
      };
    });
    if (added.replaced !== null)
      await dropEntry(core, added.sessionId, { file: added.replaced, bytes: added.bytes });
    const { sessionId, outcome, kept } = added;
    const find = () => (kept === null ? null : waitingWith(kept.durableBytes));
    return presentSessionFile(core, { sessionId, file: outcome.file, find }, call);
  };
