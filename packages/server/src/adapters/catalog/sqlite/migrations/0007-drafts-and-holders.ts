/**
 * `session_past` remembers what came of an item's update sessions, also of those that are not kept any more. The past of items
 * that are there already is that of the sessions that are still kept: of those whose sessions are gone nothing is known, and they
 * count as items on which none was opened. References of items get the library, so that what some libraries hold is found without
 * looking at the others.
 */
export const DRAFTS_AND_HOLDERS = `
ALTER TABLE items ADD COLUMN session_past TEXT NOT NULL DEFAULT 'none';
UPDATE items SET session_past = 'unfinished'
  WHERE EXISTS (SELECT 1 FROM update_sessions AS s WHERE s.item_id = items.id);
UPDATE items SET session_past = 'completed' WHERE content_version > 1
  OR EXISTS (SELECT 1 FROM update_sessions AS s WHERE s.item_id = items.id AND s.state = 'DONE');

CREATE TRIGGER update_sessions_opened AFTER INSERT ON update_sessions
  BEGIN UPDATE items SET session_past = iif(NEW.state = 'DONE', 'completed', 'unfinished')
    WHERE id = NEW.item_id AND session_past = 'none'; END;
CREATE TRIGGER update_sessions_completed AFTER UPDATE OF state ON update_sessions WHEN NEW.state = 'DONE'
  BEGIN UPDATE items SET session_past = 'completed' WHERE id = NEW.item_id AND session_past = 'unfinished'; END;

ALTER TABLE blob_refs ADD COLUMN library_id TEXT;
UPDATE blob_refs SET library_id = (SELECT i.library_id FROM items AS i WHERE i.id = holder_id)
  WHERE holder_kind = 'item';
CREATE INDEX blob_refs_in_library ON blob_refs (digest, library_id) WHERE library_id IS NOT NULL;
`;
