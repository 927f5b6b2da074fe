import { findListed, listedFiles } from "../../domain/session-file/listed.ts";
import type { SessionFile, UpdateSession } from "../../domain/update-session.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { orFault } from "../or-fault.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession, loadSessionHead } from "../update-session/access.ts";
import { archivesIn, presentListedFile, progressOf, UploadEndpoints } from "./access.ts";

type GetCore = SessionCore & Pick<Core, "itemTypes" | "signer">;

/** The files among which the name is looked for: that one alone, unless an archive may have brought it, or taken its place. */
const filesAround = async (
  core: GetCore,
  session: UpdateSession,
  name: string,
): Promise<readonly SessionFile[]> => {
  const row = await core.catalog.findNamedFile(session.id, name);
  const isEntry = row !== null && row.value.source !== "NONE";
  if (session.package === undefined || isEntry) return row === null ? [] : [row.value];
  const whole = await loadSession(core, session.id);
  return whole.files.map(({ value }) => value);
};

export const getUpdateSessionFile =
  (core: GetCore): Handler<"updateSessionFile.get"> =>
  async ({ update_session_id, file_name }, call) => {
    const { value: session } = await loadSessionHead(core, update_session_id);
    const { id: sessionId, package: packaged } = session;
    const files = await filesAround(core, session, file_name);
    const found = listedFiles(files, archivesIn(core, packaged));
    const listed = orFault(findListed(session, found, file_name));
    const entry = listed.kind === "entry" ? listed.file : listed.archive;
    const find = await progressOf(core, sessionId, entry);
    const endpoints = new UploadEndpoints(core, sessionId, call);
    return presentListedFile(core, listed, { packaged, find, endpoints });
  };
