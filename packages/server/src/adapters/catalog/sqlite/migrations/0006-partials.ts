/**
 * Files of sessions get the id of their entry as a column, to be found by what their upload endpoint stands for. `partials` has
 * what came of an entry so far: no staged bytes where the file waits no more, and then the row only remembers the fence. A row
 * goes with its entry by the triggers, and with its session.
 */
export const PARTIALS = `
ALTER TABLE session_files ADD COLUMN entry_id TEXT;
UPDATE session_files SET entry_id = body ->> '$.entryId';
CREATE UNIQUE INDEX session_files_by_entry ON session_files (session_id, entry_id) WHERE entry_id IS NOT NULL;

CREATE TABLE partials (
  session_id TEXT NOT NULL REFERENCES update_sessions (id) ON DELETE CASCADE,
  entry_id TEXT NOT NULL,
  fence INTEGER NOT NULL,
  staged_id TEXT,
  durable_bytes INTEGER NOT NULL,
  length_bytes INTEGER,
  PRIMARY KEY (session_id, entry_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER session_files_gone AFTER DELETE ON session_files WHEN OLD.entry_id IS NOT NULL
  BEGIN DELETE FROM partials WHERE session_id = OLD.session_id AND entry_id = OLD.entry_id; END;
CREATE TRIGGER session_files_added_again AFTER UPDATE OF entry_id ON session_files
  WHEN OLD.entry_id IS NOT NULL AND OLD.entry_id IS NOT NEW.entry_id
  BEGIN DELETE FROM partials WHERE session_id = OLD.session_id AND entry_id = OLD.entry_id; END;
`;
