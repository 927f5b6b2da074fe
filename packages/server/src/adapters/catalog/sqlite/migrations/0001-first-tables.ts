/**
 * `seq` keeps the order of creation. `body` is the entity as JSON; columns beside it are what statements search by, and
 * `expires_at` is the one that changes without the body. Instants are milliseconds since 1970. The triggers mark the client
 * tokens whose result is gone, so that purging need not look for the results of all others.
 */
export const FIRST_TABLES = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE libraries (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  name_key TEXT NOT NULL,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX libraries_by_name ON libraries (name_key, id);

CREATE TABLE items (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  library_id TEXT NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
  name_key TEXT NOT NULL,
  type_key TEXT NOT NULL,
  content_version INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX items_name_in_library ON items (library_id, name_key);
CREATE INDEX items_by_library ON items (library_id, seq, id);
CREATE INDEX items_by_name ON items (name_key, seq, id);
CREATE INDEX items_by_type ON items (type_key, seq, id);

CREATE TABLE update_sessions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  owner_id TEXT NOT NULL,
  item_id TEXT NOT NULL,
  state TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  rev INTEGER NOT NULL,
  files_rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX update_sessions_active ON update_sessions (item_id) WHERE state = 'ACTIVE';
CREATE INDEX update_sessions_lapse ON update_sessions (expires_at) WHERE state = 'ACTIVE';
CREATE INDEX update_sessions_ended ON update_sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX update_sessions_by_owner ON update_sessions (owner_id);
CREATE INDEX update_sessions_by_item ON update_sessions (item_id, owner_id);

CREATE TABLE session_files (
  session_id TEXT NOT NULL REFERENCES update_sessions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  rev INTEGER NOT NULL,
  staged_id TEXT,
  body TEXT NOT NULL,
  PRIMARY KEY (session_id, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX session_files_by_name ON session_files (session_id, name);
CREATE INDEX session_files_staged ON session_files (session_id, staged_id) WHERE staged_id IS NOT NULL;

CREATE TABLE download_sessions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  owner_id TEXT NOT NULL,
  item_id TEXT NOT NULL,
  state TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX download_sessions_active ON download_sessions (item_id) WHERE state = 'ACTIVE';
CREATE INDEX download_sessions_lapse ON download_sessions (expires_at) WHERE state = 'ACTIVE';
CREATE INDEX download_sessions_ended ON download_sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX download_sessions_by_owner ON download_sessions (owner_id);
CREATE INDEX download_sessions_by_item ON download_sessions (item_id, owner_id);

CREATE TABLE client_tokens (
  account_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  token TEXT NOT NULL,
  result_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  result_gone INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, operation, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_tokens_by_result ON client_tokens (result_id);
CREATE INDEX client_tokens_gone ON client_tokens (created_at) WHERE result_gone = 1;
CREATE TRIGGER libraries_gone AFTER DELETE ON libraries
  BEGIN UPDATE client_tokens SET result_gone = 1 WHERE result_id = OLD.id; END;
CREATE TRIGGER items_gone AFTER DELETE ON items
  BEGIN UPDATE client_tokens SET result_gone = 1 WHERE result_id = OLD.id; END;
CREATE TRIGGER update_sessions_gone AFTER DELETE ON update_sessions
  BEGIN UPDATE client_tokens SET result_gone = 1 WHERE result_id = OLD.id; END;
CREATE TRIGGER download_sessions_gone AFTER DELETE ON download_sessions
  BEGIN UPDATE client_tokens SET result_gone = 1 WHERE result_id = OLD.id; END;

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE logins (
  id_hash TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_accessed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX logins_by_access ON logins (last_accessed_at);
CREATE INDEX logins_by_age ON logins (created_at);

CREATE TABLE access_tokens (hash TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE blob_refs (
  holder_kind TEXT NOT NULL,
  holder_id TEXT NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY (holder_kind, holder_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_refs_by_digest ON blob_refs (digest, holder_kind, holder_id, size_bytes);

CREATE TABLE idle_blobs (
  digest TEXT PRIMARY KEY,
  unreferenced_since INTEGER NOT NULL,
  doomed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idle_blobs_by_age ON idle_blobs (unreferenced_since) WHERE doomed = 0;
CREATE INDEX idle_blobs_doomed ON idle_blobs (digest) WHERE doomed = 1;

CREATE TABLE pins (
  holder_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (holder_id, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX pins_by_digest ON pins (digest);
`;
