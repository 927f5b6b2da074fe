/** Statements of the reading side. A list of ids ends in `LIMIT ?`, its last value. */
export const READ_SQL = {
  library: "SELECT body, rev FROM libraries WHERE id = ?",
  item: "SELECT body, rev FROM items WHERE id = ?",
  itemOfName:
    "SELECT body, rev, session_past AS past FROM items WHERE library_id = ? AND name_key = ?",
  blobHolder: `SELECT i.id AS itemId, i.rev FROM blob_refs AS r CROSS JOIN items AS i ON i.id = r.holder_id
    WHERE r.digest = ? AND r.size_bytes = ? AND r.holder_kind = 'item' LIMIT 1`,
  blobHolderInLibraries: `SELECT i.id AS itemId, i.rev FROM json_each(?3) AS l
    CROSS JOIN blob_refs AS r INDEXED BY blob_refs_in_library ON r.digest = ?1 AND r.library_id = l.value
    CROSS JOIN items AS i ON i.id = r.holder_id WHERE r.size_bytes = ?2 LIMIT 1`,
  itemsOfLibrary: "SELECT id FROM items WHERE library_id = ? ORDER BY seq LIMIT ?",
  revisionHeads: `SELECT item_id AS itemId, content_version AS contentVersion, at, user_name AS userName, message
    FROM item_revisions WHERE item_id = ? ORDER BY content_version DESC`,
  revisionHead: `SELECT item_id AS itemId, content_version AS contentVersion, at, user_name AS userName, message
    FROM item_revisions WHERE item_id = ? AND content_version = ?`,
  revisionFiles:
    "SELECT files AS body FROM item_revisions WHERE item_id = ? AND content_version = ?",
  verifiedContent: `SELECT content AS body FROM item_revisions
    WHERE item_id = ? AND content_version = ? AND content IS NOT NULL`,
  session: "SELECT body, package, rev, expires_at, files_rev FROM update_sessions WHERE id = ?",
  sessionHead: "SELECT body, package, rev, expires_at FROM update_sessions WHERE id = ?",
  sessionFiles: "SELECT body, rev FROM session_files WHERE session_id = ? ORDER BY position",
  sessionFileOfEntry: "SELECT body, rev FROM session_files WHERE session_id = ? AND entry_id = ?",
  sessionFileNamed: "SELECT body, rev FROM session_files WHERE session_id = ? AND name = ?",
  sessionFileCount: "SELECT count(*) AS count FROM session_files WHERE session_id = ?",
  partial: `SELECT fence, staged_id, durable_bytes, length_bytes, validator, entry_id FROM partials
    WHERE session_id = ? AND entry_id = ?`,
  partialsOfSession: `SELECT fence, staged_id, durable_bytes, length_bytes, validator, entry_id FROM partials
    WHERE session_id = ? AND staged_id IS NOT NULL ORDER BY entry_id`,
  activeSession: `SELECT body, rev, expires_at FROM update_sessions WHERE item_id = ? AND state = 'ACTIVE'`,
  activeSessionsOfOwner: `SELECT body, rev, expires_at FROM update_sessions WHERE owner_id = ? AND +state = 'ACTIVE'
    ORDER BY seq`,
  sessionsFrom: `SELECT seq, body, rev, expires_at FROM update_sessions AS s WHERE seq > ? AND state <> 'EXPIRED'
    AND EXISTS (SELECT 1 FROM items WHERE items.id = s.item_id) ORDER BY seq LIMIT ?`,
  sessionsOfStateFrom: `SELECT seq, body, rev, expires_at FROM update_sessions AS s INDEXED BY update_sessions_by_state
    WHERE seq > ? AND state = ? AND EXISTS (SELECT 1 FROM items WHERE items.id = s.item_id) ORDER BY seq LIMIT ?`,
  sessionsOfOwner: `SELECT id FROM update_sessions AS s WHERE owner_id = ? AND state <> 'EXPIRED'
    AND EXISTS (SELECT 1 FROM items WHERE items.id = s.item_id) ORDER BY seq LIMIT ?`,
  sessionsOfOwnerAndItem: `SELECT id FROM update_sessions AS s WHERE owner_id = ? AND item_id = ? AND state <> 'EXPIRED'
    AND EXISTS (SELECT 1 FROM items WHERE items.id = s.item_id) ORDER BY seq LIMIT ?`,
  download: "SELECT body, rev, expires_at FROM download_sessions WHERE id = ?",
  downloadsOfOwner: `SELECT id FROM download_sessions AS s WHERE owner_id = ? AND state <> 'EXPIRED'
    AND EXISTS (SELECT 1 FROM items WHERE items.id = s.item_id) ORDER BY seq LIMIT ?`,
  downloadsOfOwnerAndItem: `SELECT id FROM download_sessions AS s WHERE owner_id = ? AND item_id = ? AND state <> 'EXPIRED'
    AND EXISTS (SELECT 1 FROM items WHERE items.id = s.item_id) ORDER BY seq LIMIT ?`,
  activeDownloadsOfItem: `SELECT body, rev, expires_at FROM download_sessions WHERE item_id = ? AND state = 'ACTIVE'
    ORDER BY seq`,
  activeDownloadsOfOwner: `SELECT body, rev, expires_at FROM download_sessions WHERE owner_id = ? AND +state = 'ACTIVE'
    ORDER BY seq`,
  subscription: "SELECT body, rev FROM subscriptions WHERE id = ?",
  subscriptionsOfLibrary: "SELECT body, rev FROM subscriptions WHERE library_id = ? ORDER BY seq",
  certificate: "SELECT body FROM trusted_certificates WHERE id = ?",
  secret: "SELECT body FROM secrets WHERE name = ?",
  configuration: "SELECT body, rev FROM configuration WHERE only_row = 1",
  lapsedSessions: `SELECT body, rev, expires_at FROM update_sessions
    WHERE state = 'ACTIVE' AND expires_at <= ? ORDER BY expires_at`,
  lapsedDownloads: `SELECT body, rev, expires_at FROM download_sessions
    WHERE state = 'ACTIVE' AND expires_at <= ? ORDER BY expires_at`,
  unreferenced: `SELECT digest FROM idle_blobs WHERE doomed = 0 AND unreferenced_since <= ?
    AND NOT EXISTS (SELECT 1 FROM pins WHERE pins.digest = idle_blobs.digest) ORDER BY unreferenced_since LIMIT ?`,
  meta: "SELECT value FROM meta WHERE name = ?",
} as const;

/**
 * Statements that go through a whole table of few rows, or through all ACTIVE sessions. `INDEXED BY` is said where the wish
 * for an order would otherwise take the planner through the ended sessions as well.
 */
export const WHOLE_TABLE_SQL = {
  libraries: "SELECT id FROM libraries ORDER BY seq LIMIT ?",
  librariesOfType: "SELECT id FROM libraries WHERE type = ? ORDER BY seq LIMIT ?",
  allItems: "SELECT id FROM items ORDER BY seq LIMIT ?",
  certificates: "SELECT body FROM trusted_certificates ORDER BY seq",
  secrets: "SELECT body FROM secrets ORDER BY name",
  activeSessionsOfLibrary: `SELECT s.body, s.rev, s.expires_at FROM update_sessions AS s INDEXED BY update_sessions_active
    CROSS JOIN items AS i ON i.id = s.item_id WHERE s.state = 'ACTIVE' AND i.library_id = ? ORDER BY s.seq`,
  activeDownloadsOfLibrary: `SELECT s.body, s.rev, s.expires_at FROM download_sessions AS s INDEXED BY download_sessions_active
    CROSS JOIN items AS i ON i.id = s.item_id WHERE s.state = 'ACTIVE' AND i.library_id = ? ORDER BY s.seq`,
  activeSessions: `SELECT body, rev, expires_at FROM update_sessions INDEXED BY update_sessions_active
    WHERE state = 'ACTIVE' ORDER BY seq`,
  activeDownloads: `SELECT body, rev, expires_at FROM download_sessions INDEXED BY download_sessions_active
    WHERE state = 'ACTIVE' ORDER BY seq`,
  liveStagedIds: `SELECT f.staged_id AS id FROM update_sessions AS s INDEXED BY update_sessions_active
    CROSS JOIN session_files AS f ON f.session_id = s.id WHERE s.state = 'ACTIVE' AND f.staged_id IS NOT NULL
    UNION ALL SELECT p.staged_id AS id FROM update_sessions AS s INDEXED BY update_sessions_active
      CROSS JOIN partials AS p ON p.session_id = s.id WHERE s.state = 'ACTIVE' AND p.staged_id IS NOT NULL
    UNION ALL SELECT staged_id AS id FROM kept_partials LIMIT ?`,
  doomed: "SELECT digest FROM idle_blobs WHERE doomed = 1",
  storedReferences: `SELECT digest, max(size_bytes) AS sizeBytes, min(holder_kind || ' ' || holder_id) AS holder
    FROM blob_refs WHERE digest > ? AND holder_kind <> 'update-session' GROUP BY digest ORDER BY digest LIMIT ?`,
} as const;

/** Which criteria of a search were given. */
interface Given {
  readonly name: boolean;
  readonly library: boolean;
  readonly type: boolean;
  readonly libraries: boolean;
  readonly libraryType: boolean;
}

/** A search, and whether an index leads to hardly more rows than it finds. */
interface Search {
  readonly sql: string;
  readonly isNarrow: boolean;
}

/**
 * Finds items by the criteria given, their values in the order name, library, type, libraries, type of library; the libraries are
 * a text of JSON, so that any number of them is one value. A plus sign keeps the planner from the index of a criterion that
 * picks out less than another one: a name is rare, a type is not, and what somebody may see is less than all there is.
 */
export const findItemsSql = ({ name, library, type, libraries, libraryType }: Given): Search => {
  const conditions = [
    ...(name ? ["name_key = ?"] : []),
    ...(library ? ["library_id = ?"] : []),
    ...(type ? [name || library || libraries ? "+type_key = ?" : "type_key = ?"] : []),
    ...(libraries
      ? [`${name || library ? "+" : ""}library_id IN (SELECT value FROM json_each(?))`]
      : []),
    ...(libraryType
      ? ["EXISTS (SELECT 1 FROM libraries AS l WHERE l.id = items.library_id AND l.type = ?)"]
      : []),
  ];
  if (conditions.length === 0) return { sql: WHOLE_TABLE_SQL.allItems, isNarrow: true };
  return {
    sql: `SELECT id FROM items WHERE ${conditions.join(" AND ")} ORDER BY seq LIMIT ?`,
    isNarrow: name || (conditions.length === 1 && !libraryType && !libraries),
  };
};

/** Finds libraries by the criteria given, their values in the order name, type. */
export const findLibrariesSql = ({ name, type }: Pick<Given, "name" | "type">): string => {
  if (!name) return type ? WHOLE_TABLE_SQL.librariesOfType : WHOLE_TABLE_SQL.libraries;
  return `SELECT id FROM libraries WHERE name_key = ?${type ? " AND type = ?" : ""} ORDER BY seq LIMIT ?`;
};
