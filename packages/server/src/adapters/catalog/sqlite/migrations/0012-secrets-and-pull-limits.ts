/**
 * Logins for other servers, which hold what was sealed and never the key to it. A configuration that was stored before gets the limits
 * of fetching that went without it.
 */
export const SECRETS_AND_PULL_LIMITS = `
CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
UPDATE configuration SET body = json_set(body, '$.maximumConcurrentPulls', 8, '$.maximumConcurrentPullsPerServer', 4);
`;
