import type { SessionPackage } from "../../domain/package.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { ItemType, Row, SessionRow } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession, loadSessionHead } from "../update-session/access.ts";
import { isOfAnotherType, sessionTypeOf } from "./session-type.ts";
import type { PackageCore } from "./settle-package.ts";

type AdoptCore = SessionCore & PackageCore;

/** What is known of the files under a type that they were not judged by before. Bytes that are not there now are waited for. */
const knownBy = async (
  { packages }: PackageCore,
  itemType: ItemType,
  { row, itemName }: { readonly row: SessionRow; readonly itemName: string },
): Promise<SessionPackage> => {
  const { type } = itemType;
  const files = row.files.map(({ value }) => value);
  if (!itemType.isPackage) return { type, preview: itemType.previewBefore([]), algorithms: [] };
  try {
    const { preview, algorithms } = await packages.look({
      itemType,
      itemId: row.value.itemId,
      itemName,
      files,
    });
    return { type, preview, algorithms };
  } catch (error) {
    if (!(error instanceof PortError) || error.kind !== "corrupt") throw error;
    return { type, preview: { state: "PREPARING" }, algorithms: [] };
  }
};

/**
 * Lets an ACTIVE session judge its files by the type that its item has now, which may have been given since the session was made,
 * as may the server's knowledge of the type, or the setting of its library. What is known of them from then on; null where it was the same type all the time. (S98)
 */
export const adoptType = async (
  core: AdoptCore,
  session: UpdateSession,
): Promise<SessionPackage | null> => {
  const { typeChanges } = core.packages;
  if (session.state !== "ACTIVE" || typeChanges.isSettled(session)) return null;
  const { count } = typeChanges;
  const item = (await core.catalog.findItem(session.itemId))?.value;
  if (item === undefined) return null;
  if (!(await isOfAnotherType(core, session, item))) {
    typeChanges.settle(session, count);
    return null;
  }
  const itemType = await sessionTypeOf(core, item);
  return await commitDecision(core.catalog, async () => {
    const row = await loadSession(core, session.id);
    if (row.value.state !== "ACTIVE") return { changes: [], result: null };
    const known = await knownBy(core, itemType, { row, itemName: item.name });
    const { id } = session;
    const { filesRev } = row;
    return {
      changes: [{ kind: "session.package", id, filesRev, package: known }],
      result: known,
    };
  });
};

/** As `loadSessionHead`, of a session that judges its files by the present type of its item. */
export const loadTypedHead = async (
  core: AdoptCore,
  idText: string,
): Promise<Row<UpdateSession>> => {
  const head = await loadSessionHead(core, idText);
  const adopted = await adoptType(core, head.value);
  return adopted === null ? head : await loadSessionHead(core, idText);
};
