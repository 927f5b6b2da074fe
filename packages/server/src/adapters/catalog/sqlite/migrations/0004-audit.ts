/**
 * The audit trail. A row is written with nearly every commit, so there is no index but for what the server itself looks up: the
 * row that another one is counted in, and the rows that have been kept long enough. What is asked of the trail is looked for
 * in the rows, whose filters have columns of their own; the body holds the rest. `AUTOINCREMENT` keeps the id of a row that was
 * purged from being given again.
 */
export const AUDIT = `
CREATE TABLE audit_rows (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  count INTEGER NOT NULL,
  fold_key TEXT,
  event TEXT NOT NULL,
  operation TEXT NOT NULL,
  user_key TEXT,
  token_id TEXT,
  address TEXT,
  request_id TEXT,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX audit_rows_by_last_at ON audit_rows (last_at);
CREATE INDEX audit_rows_to_fold ON audit_rows (fold_key, first_at) WHERE fold_key IS NOT NULL;
`;
