import type { FaultValue } from "@contentlib/contract/vocabulary";
import { draftNameTaken, isDraft } from "../../domain/dead-draft.ts";
import type { Item } from "../../domain/item.ts";
import type { Library } from "../../domain/library.ts";
import { itemNameTaken } from "../../domain/plan-item.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Change, NamedItem } from "../../ports/index.ts";
import type { Access } from "../access/access.ts";
import type { Caller } from "../call.ts";
import type { SessionCore } from "../update-session/access.ts";
import { findHolder } from "../update-session/find-holder.ts";
import { endDownloadsOf } from "./end-sessions.ts";

/** What it takes to find out who has a name. */
export type NameCore = SessionCore & { readonly access: Pick<Access, "ask"> };

/** A name that is wanted for a new item. */
interface WantedName {
  readonly name: string;
  readonly library: Library;
}

/** What is to go along with the making of an item under a name. */
export interface ClearedName {
  /** Takes away the dead draft that has the name; none where there is no such one. */
  readonly changes: readonly Change[];
  /** What the making is refused with if an item still has the name when it is committed. */
  readonly refusal: FaultValue;
  /** To be called once the changes are committed. */
  settle(): Promise<void>;
}

const mayCall = async (
  { access }: NameCore,
  operation: "item.delete" | "updateSession.get",
  { id, caller }: { readonly id: string; readonly caller: Caller },
): Promise<boolean> => (await access.ask(operation, id, caller)).fault === null;

/** Why the name of a draft is taken. Who may see the session that holds it is told which one that is. */
const refusalByHolder = async (
  core: NameCore,
  { item, library }: { readonly item: Item; readonly library: Library },
  by: { readonly holder: UpdateSession; readonly caller: Caller },
): Promise<FaultValue> =>
  (await mayCall(core, "updateSession.get", { id: by.holder.id, caller: by.caller }))
    ? draftNameTaken(item, library, by.holder)
    : itemNameTaken(item.name, library);

const replacing = async (
  core: NameCore,
  { value, rev, past }: NamedItem,
  refusal: FaultValue,
): Promise<ClearedName> => {
  const { changes, settle } = await endDownloadsOf(core, { itemId: value.id });
  const gone: Change = { kind: "item.delete", id: value.id, rev, past };
  return { changes: [...changes, gone], refusal, settle };
};

/**
 * Makes way for a new item where the name is that of a dead draft: an item without content, of whose update sessions none is
 * ACTIVE and none was completed. It goes in the commit that makes the new one, and only by somebody who may delete it. A session
 * that begins on it meanwhile makes the commit clash. (S80, S81)
 */
export const clearName = async (
  core: NameCore,
  { name, library }: WantedName,
  caller: Caller,
): Promise<ClearedName> => {
  const refusal = itemNameTaken(name, library);
  const taken = { changes: [], refusal, settle: () => Promise.resolve() };
  const present = await core.catalog.findItemByName(library.id, name);
  if (present === null || !isDraft(present.value, present.past)) return taken;
  const item = present.value;
  if (!(await mayCall(core, "item.delete", { id: item.id, caller }))) return taken;
  const holder = await findHolder(core, item.id);
  if (holder === null) return await replacing(core, present, refusal);
  return { ...taken, refusal: await refusalByHolder(core, { item, library }, { holder, caller }) };
};
