import type { OperationInput } from "@contentlib/contract";
import { removeFile } from "../../domain/session-file/add.ts";
import { findListed, listedFiles, refuseMember } from "../../domain/session-file/listed.ts";
import { requireActive } from "../../domain/update-session/guard.ts";
import type { Change } from "../../ports/index.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { orFault } from "../or-fault.ts";
import { whileFilesGo } from "../packages/foresight.ts";
import { inLine } from "../packages/in-line.ts";
import type { PackageCore } from "../packages/settle-package.ts";
import { settlePackage } from "../packages/settle-package.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession } from "../update-session/access.ts";
import { archivesIn } from "./access.ts";
import { bytesOf, dropEntry, extendedBy } from "./change.ts";

type RemoveCore = SessionCore & PackageCore & Pick<Core, "exclusive">;

const decideRemove = async (
  core: RemoveCore,
  { update_session_id, file_name }: OperationInput<"updateSessionFile.remove">,
) => {
  const row = await loadSession(core, update_session_id);
  const files = row.files.map((each) => each.value);
  const { id: sessionId, package: packaged } = row.value;
  const session = orFault(requireActive(row.value, "remove"));
  const listed = listedFiles(files, archivesIn(core, packaged));
  const refused = refuseMember(orFault(findListed(session, listed, file_name)));
  if (refused !== null) throw new Fault(refused);
  const { file } = orFault(removeFile(session, files, file_name));
  const deletions = row.files
    .filter((each) => each.value.name === file_name)
    .map((each): Change => ({
      kind: "session-file.delete",
      sessionId,
      name: file_name,
      rev: each.rev,
    }));
  // A completion that became pending meanwhile lets nothing be removed. (S111)
  const expected: Change = { kind: "session.expect", id: sessionId, rev: row.rev };
  const bytes = await bytesOf(core, sessionId, file);
  const rest = files.filter(({ name }) => name !== file_name);
  const settled = await settlePackage(core, { row, files: rest, newest: null, signal: null });
  return {
    changes: [expected, ...settled.changes, ...deletions, extendedBy(core, sessionId)],
    result: { sessionId, file, bytes },
  };
};

export const removeUpdateSessionFile =
  (core: RemoveCore): Handler<"updateSessionFile.remove"> =>
  async (input, { signal }) => {
    const { sessionId, file, bytes } = await inLine(core, input.update_session_id, {
      change: () =>
        commitDecision(core.catalog, () => whileFilesGo(signal, () => decideRemove(core, input))),
    });
    await dropEntry(core, sessionId, { file, bytes });
  };
