import type { AuditCriteria, AuditPage, AuditRow } from "../../../domain/audit-entry.ts";
import type { Instant } from "../../../domain/ids.ts";
import type { CatalogReader } from "../../../ports/catalog-reader.ts";
import type { AuditBody } from "./change-audit.ts";
import type { ListSource } from "./list-source.ts";
import { findAuditSql, READ_AUDIT_SQL } from "./read-audit-sql.ts";
import { valueOf, type ValueRow } from "./rows.ts";

/** Most ids that one statement goes through, so that lists of others get their turn in between: about ten milliseconds. */
export const AUDIT_IDS_PER_STEP = 20_000;
/** Most rows since an instant among which the lowest id is looked for; where there are more, the trail is gone through. */
export const RECENT_ROWS_MAX = 100_000;

/** Ids from `from` on and below `below`. */
interface IdRange {
  readonly from: number;
  readonly below: number;
}

interface Edges {
  readonly lowest: number | null;
  readonly highest: number | null;
}

interface RecentRows {
  readonly lowest: number | null;
  readonly count: number;
}

/** A row as the statements give it. */
interface AuditColumns
  extends ValueRow, Pick<AuditRow, "id" | "at" | "lastAt" | "count" | "event" | "operation"> {
  readonly address: string | null;
  readonly requestId: string | null;
}

const NOWHERE: IdRange = { from: 0, below: 0 };

const auditRowOf = ({ body, address, requestId, ...columns }: AuditColumns): AuditRow => ({
  ...columns,
  ...valueOf<AuditBody>({ body }),
  ...(address === null ? {} : { address }),
  ...(requestId === null ? {} : { requestId }),
});

/** Looks through the audit trail step by step, where long lists are read. */
export class AuditTrail {
  readonly #source: Pick<ListSource, "read">;

  constructor(source: Pick<ListSource, "read">) {
    this.#source = source;
  }

  /** One row more than wanted is looked for: it tells that there is a next page. */
  async list(
    criteria: AuditCriteria,
    { before, limit }: Parameters<CatalogReader["listAudit"]>[1],
  ): Promise<AuditPage> {
    const range = await this.#range(criteria.since, before);
    const { sql, values } = findAuditSql(criteria);
    const found: AuditColumns[] = [];
    let { below } = range;
    while (below > range.from && found.length <= limit) {
      const from = Math.max(range.from, below - AUDIT_IDS_PER_STEP);
      const wanted = limit + 1 - found.length;
      const step = { sql, values: [from, below, ...values, wanted] };
      found.push(...(await this.#source.read<AuditColumns>(step)));
      below = from;
    }
    const rows = found.slice(0, limit).map(auditRowOf);
    return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
  }

  /** Where rows that are wanted can be: ids are given without gaps, so this bounds how many rows are gone through. */
  async #range(since: Instant | undefined, before: number | null): Promise<IdRange> {
    const edges = { sql: READ_AUDIT_SQL.edges, values: [] };
    const [{ lowest, highest } = { lowest: null, highest: null }] =
      await this.#source.read<Edges>(edges);
    if (lowest === null || highest === null) return NOWHERE;
    const below = before === null ? highest + 1 : Math.min(before, highest + 1);
    const from = since === undefined ? lowest : await this.#lowestSince(since, lowest);
    return from === null ? NOWHERE : { from, below };
  }

  /** The lowest id of the rows since then, or of all where these are many; null where there is none. */
  async #lowestSince(since: Instant, lowest: number): Promise<number | null> {
    const query = { sql: READ_AUDIT_SQL.lowestSince, values: [since, RECENT_ROWS_MAX] };
    const [recent = { lowest: null, count: 0 }] = await this.#source.read<RecentRows>(query);
    return recent.count === RECENT_ROWS_MAX ? lowest : recent.lowest;
  }
}
