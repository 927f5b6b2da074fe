/**
 * A library may say itself how many content versions of its items are kept; a column of its own has the number, because the index
 * of one that is worked out from the body would not do without the rows. The ranges of what is kept get the library of their
 * item, so that those that keep too many are found library by library, each by its own number. The result of a rollback is
 * remembered under the item and the content version it made, and goes with the item.
 */
export const REVISIONS_OF_LIBRARIES = `
ALTER TABLE libraries ADD COLUMN revisions_kept INTEGER;
CREATE INDEX libraries_by_revisions ON libraries (revisions_kept, id);
CREATE TRIGGER libraries_made AFTER INSERT ON libraries WHEN NEW.body ->> '$.revisionsKept' IS NOT NULL
  BEGIN UPDATE libraries SET revisions_kept = NEW.body ->> '$.revisionsKept' WHERE id = NEW.id; END;
CREATE TRIGGER libraries_changed AFTER UPDATE OF body ON libraries
  WHEN NEW.body ->> '$.revisionsKept' IS NOT OLD.revisions_kept
  BEGIN UPDATE libraries SET revisions_kept = NEW.body ->> '$.revisionsKept' WHERE id = NEW.id; END;

ALTER TABLE revision_ranges ADD COLUMN library_id TEXT;
UPDATE revision_ranges SET library_id = (SELECT i.library_id FROM items AS i WHERE i.id = item_id);
DROP INDEX revision_ranges_by_span;
CREATE INDEX revision_ranges_in_library ON revision_ranges (library_id, newest - oldest);

CREATE TRIGGER item_versions_gone AFTER DELETE ON items
  BEGIN UPDATE client_tokens SET result_gone = 1 WHERE result_id > OLD.id || '@' AND result_id < OLD.id || 'A'; END;
`;
