/**
 * What came of files whose sessions are over, for the account to go on with. A declared size of -1 stands for none, so that the key
 * has no nulls, which would all be different. A row outlives its session, and goes with its account and its library.
 */
export const KEPT_PARTIALS = `
CREATE TABLE kept_partials (
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  library_id TEXT NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
  item_key TEXT NOT NULL,
  file_name TEXT NOT NULL,
  declared_bytes INTEGER NOT NULL,
  staged_id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL,
  durable_bytes INTEGER NOT NULL,
  length_bytes INTEGER,
  kept_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, library_id, item_key, file_name, declared_bytes)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_partials_by_library ON kept_partials (library_id);
CREATE INDEX kept_partials_by_session ON kept_partials (session_id);
CREATE INDEX kept_partials_by_age ON kept_partials (kept_at);
`;
