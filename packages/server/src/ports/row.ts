import type { SessionPast } from "../domain/dead-draft.ts";
import type { Item } from "../domain/item.ts";
import type { SessionFile, UpdateSession } from "../domain/update-session.ts";

/** Row version: grows with every write of the row. A change names the one it was decided on. */
export type Rev = number;

/** A value as read, with the row version to name when changing it. */
export interface Row<Value> {
  readonly value: Value;
  readonly rev: Rev;
}

/** An item, and what has come of its update sessions, read in one snapshot. */
export interface NamedItem extends Row<Item> {
  readonly past: SessionPast;
}

/** An update session with its whole file set, read in one snapshot. */
export interface SessionRow extends Row<UpdateSession> {
  /** Grows whenever any file of the session changes; `complete` names it so that no file slips in between. */
  readonly filesRev: Rev;
  /** Sorted in the order in which the names joined the set. */
  readonly files: readonly Row<SessionFile>[];
}
