import type { DownloadSessionState } from "../../../domain/download-session.ts";
import type { Instant } from "../../../domain/ids.ts";
import type { UpdateSessionState } from "../../../domain/update-session.ts";
import type { CatalogCounts, StagedBytes } from "../../../ports/catalog-housekeeping.ts";
import type { ListSource } from "./list-source.ts";

/** Each goes through one index. */
export const COUNT_SQL = {
  libraries: "SELECT count(*) AS count FROM libraries",
  items: "SELECT count(*) AS count FROM items",
  updateSessions: "SELECT state, count(*) AS count FROM update_sessions GROUP BY state",
  downloadSessions: "SELECT state, count(*) AS count FROM download_sessions GROUP BY state",
} as const;

/** Sessions are numbered in the order of their creation, so that the first one in the index is the oldest. */
export const OLDEST_ACTIVE_SQL =
  "SELECT body ->> '$.createdAt' AS createdAt FROM update_sessions WHERE state = 'ACTIVE' ORDER BY seq LIMIT 1";

/** The few sessions that are ACTIVE lead to what they have; bytes that are READY may lie among the blobs already. */
export const STAGED_BYTES_SQL = `SELECT
  (SELECT coalesce(sum(p.durable_bytes), 0) FROM update_sessions AS s INDEXED BY update_sessions_active
    CROSS JOIN partials AS p ON p.session_id = s.id WHERE s.state = 'ACTIVE') AS partial,
  (SELECT coalesce(sum(r.size_bytes), 0) FROM update_sessions AS s INDEXED BY update_sessions_active
    CROSS JOIN blob_refs AS r ON r.holder_kind = 'update-session' AND r.holder_id = s.id WHERE s.state = 'ACTIVE'
    AND NOT EXISTS (SELECT 1 FROM blob_refs AS o WHERE o.digest = r.digest AND o.holder_kind <> 'update-session')) AS ready,
  (SELECT coalesce(sum(durable_bytes), 0) FROM kept_partials) AS kept`;

const UPDATE_STATES: Readonly<Record<UpdateSessionState, true>> = {
  ACTIVE: true,
  DONE: true,
  ERROR: true,
  CANCELED: true,
  EXPIRED: true,
};
const DOWNLOAD_STATES: Readonly<Record<DownloadSessionState, true>> = {
  ACTIVE: true,
  ERROR: true,
  CANCELED: true,
  EXPIRED: true,
};

interface StateRow {
  readonly state: string;
  readonly count: number;
}

interface OldestRow {
  readonly createdAt: Instant;
}

const NOTHING_STAGED: StagedBytes = { partial: 0, ready: 0, kept: 0 };

/** The keys of a table of states, which has no others. */
const statesOf = <State extends string>(table: Readonly<Record<State, true>>): readonly State[] =>
  Object.keys(table) as State[];

const filled = <State extends string, Kind extends "update" | "download">(
  kind: Kind,
  states: readonly State[],
  rows: readonly StateRow[],
) => {
  const counts = new Map(rows.map(({ state, count }) => [state, count]));
  return states.map((state) => ({ kind, state, count: counts.get(state) ?? 0 }));
};

/** Counts where long lists are read, so that nobody waits for it however much there is. */
export class RowCounts {
  readonly #source: Pick<ListSource, "read">;

  constructor(source: Pick<ListSource, "read">) {
    this.#source = source;
  }

  async counts(): Promise<CatalogCounts> {
    const [libraries, items, updates, downloads, oldest, staged] = await Promise.all([
      this.#count(COUNT_SQL.libraries),
      this.#count(COUNT_SQL.items),
      this.#source.read<StateRow>({ sql: COUNT_SQL.updateSessions, values: [] }),
      this.#source.read<StateRow>({ sql: COUNT_SQL.downloadSessions, values: [] }),
      this.#source.read<OldestRow>({ sql: OLDEST_ACTIVE_SQL, values: [] }),
      this.#source.read<StagedBytes>({ sql: STAGED_BYTES_SQL, values: [] }),
    ]);
    return {
      libraries,
      items,
      oldestActiveUpdateAt: oldest[0]?.createdAt ?? null,
      sessions: [
        ...filled("update", statesOf(UPDATE_STATES), updates),
        ...filled("download", statesOf(DOWNLOAD_STATES), downloads),
      ],
      stagedBytes: { ...NOTHING_STAGED, ...staged[0] },
    };
  }

  async #count(sql: string): Promise<number> {
    const [row] = await this.#source.read<Pick<StateRow, "count">>({ sql, values: [] });
    return row?.count ?? 0;
  }
}
