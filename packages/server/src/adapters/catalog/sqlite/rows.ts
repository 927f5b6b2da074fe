import type { Group } from "../../../domain/access/group.ts";
import type { SessionPast } from "../../../domain/dead-draft.ts";
import type { DownloadSession } from "../../../domain/download-session.ts";
import type {
  AccountId,
  EntryId,
  Instant,
  ItemId,
  StagedId,
  UpdateSessionId,
} from "../../../domain/ids.ts";
import type { SessionPackage } from "../../../domain/package.ts";
import type { PartialUpload } from "../../../domain/partial-upload.ts";
import type { RevisionHead } from "../../../domain/revision.ts";
import type { SessionFile, UpdateSession } from "../../../domain/update-session.ts";
import type { Rev, Row } from "../../../ports/row.ts";

/** The row of what is never changed, as the statements give it. */
export interface ValueRow {
  readonly body: string;
}

/** An entity's row as the statements give it. */
export interface BodyRow extends ValueRow {
  readonly rev: Rev;
}

/** An item's row with what came of its update sessions. */
export interface NamedItemRow extends BodyRow {
  readonly past: SessionPast;
}

/** A group's row with the ids of its members, as a text of JSON. */
export interface GroupBodyRow extends BodyRow {
  readonly members: string;
}

export interface SessionBodyRow extends BodyRow {
  readonly expires_at: Instant;
}

export interface UpdateSessionBodyRow extends SessionBodyRow {
  /** What is known of its files as a package; left out of lists. */
  readonly package?: string | null;
}

export interface SessionWithFilesRow extends UpdateSessionBodyRow {
  readonly files_rev: Rev;
}

/** Who made a content version, as the statements give it. */
export interface RevisionHeadRow {
  readonly itemId: ItemId;
  readonly contentVersion: number;
  readonly at: Instant;
  readonly userName: string | null;
  readonly message: string | null;
}

/** Bodies are written by this program only, from the very type that is read back. */
const parsed = <Value>(body: string): Value => JSON.parse(body) as Value;

export const valueOf = <Value>({ body }: ValueRow): Value => parsed<Value>(body);

export const valueOrNull = <Value>(row: ValueRow | undefined): Value | null =>
  row === undefined ? null : valueOf<Value>(row);

export const rowOf = <Value>({ body, rev }: BodyRow): Row<Value> => ({
  value: parsed<Value>(body),
  rev,
});

export const rowOrNull = <Value>(row: BodyRow | undefined): Row<Value> | null =>
  row === undefined ? null : rowOf<Value>(row);

export const groupRowOf = ({ body, rev, members }: GroupBodyRow): Row<Group> => ({
  value: {
    ...parsed<Omit<Group, "memberIds">>(body),
    memberIds: parsed<readonly AccountId[]>(members),
  },
  rev,
});

/** The expiry in the column may have moved on since the body was written. */
const withExpiry = <Session extends { expiresAt: Instant }>({
  body,
  rev,
  expires_at,
}: SessionBodyRow): Row<Session> => {
  const value = parsed<Session>(body);
  value.expiresAt = expires_at;
  return { value, rev };
};

type Writable<Value> = { -readonly [Name in keyof Value]: Value[Name] };

export const updateSessionRowOf = (row: UpdateSessionBodyRow): Row<UpdateSession> => {
  const read = withExpiry<Writable<UpdateSession>>(row);
  const known = row.package ?? null;
  if (known !== null) read.value.package = parsed<SessionPackage>(known);
  return read;
};

export const downloadRowOf = (row: SessionBodyRow): Row<DownloadSession> =>
  withExpiry<Writable<DownloadSession>>(row);

export const fileRowOf = (row: BodyRow): Row<SessionFile> => rowOf<SessionFile>(row);

/** What came of an entry, as the statements give it. */
export interface PartialRow {
  readonly entry_id: EntryId;
  readonly fence: number;
  readonly staged_id: StagedId | null;
  readonly durable_bytes: number;
  readonly length_bytes: number | null;
  readonly validator: string | null;
}

/** Null of a file that waits no more. */
export const partialOf = (sessionId: UpdateSessionId, row: PartialRow): PartialUpload | null =>
  row.staged_id === null
    ? null
    : {
        sessionId,
        entryId: row.entry_id,
        fence: row.fence,
        stagedId: row.staged_id,
        durableBytes: row.durable_bytes,
        ...(row.length_bytes === null ? {} : { lengthBytes: row.length_bytes }),
        ...(row.validator === null ? {} : { validator: row.validator }),
      };

export const revisionHeadOf = (row: RevisionHeadRow): RevisionHead => {
  const { itemId, contentVersion, at, userName, message } = row;
  return {
    itemId,
    contentVersion,
    at,
    ...(userName === null ? {} : { userName }),
    ...(message === null ? {} : { message }),
  };
};
