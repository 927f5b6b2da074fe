/**
 * Who made a revision and when stands before its files, so that a list of revisions is read without these, however many they are.
 * What was kept before has its present content as its only revision. `revision_ranges` has the lowest and the highest content
 * version that an item keeps, so that items which keep too many are found by an index. A subscription goes with either of its
 * libraries: one that leads nowhere would be of no use to anybody.
 */
export const REVISIONS_AND_SUBSCRIPTIONS = `
CREATE TABLE item_revisions (
  item_id TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
  content_version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  user_name TEXT,
  message TEXT,
  files TEXT NOT NULL,
  PRIMARY KEY (item_id, content_version)
) STRICT;

CREATE TABLE revision_ranges (
  item_id TEXT PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
  oldest INTEGER NOT NULL,
  newest INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_ranges_by_span ON revision_ranges (newest - oldest);

INSERT INTO item_revisions (item_id, content_version, at, files)
  SELECT id, content_version, body ->> '$.modifiedAt', body -> '$.files' FROM items WHERE content_version > 1;
INSERT INTO revision_ranges (item_id, oldest, newest)
  SELECT item_id, content_version, content_version FROM item_revisions;
INSERT INTO blob_refs (holder_kind, holder_id, name, digest, size_bytes)
  SELECT 'revision', v.item_id || '@' || v.content_version, r.name, r.digest, r.size_bytes
  FROM item_revisions AS v JOIN blob_refs AS r ON r.holder_kind = 'item' AND r.holder_id = v.item_id;

CREATE TABLE subscriptions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  library_id TEXT NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
  subscribed_library_id TEXT NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX subscriptions_by_library ON subscriptions (library_id, seq);
CREATE INDEX subscriptions_by_subscriber ON subscriptions (subscribed_library_id);
CREATE TRIGGER subscriptions_gone AFTER DELETE ON subscriptions
  BEGIN UPDATE client_tokens SET result_gone = 1 WHERE result_id = OLD.id; END;

CREATE TABLE trusted_certificates (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;

CREATE TABLE configuration (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
`;
