/**
 * What was found out about the files of a content version is kept with it; where nobody looked into them there is nothing. What is
 * known of a session's files has a column of its own beside the session, since each of the two is written without the other.
 */
export const VERIFIED_CONTENT = `
ALTER TABLE item_revisions ADD COLUMN content TEXT;
ALTER TABLE update_sessions ADD COLUMN package TEXT;
`;
