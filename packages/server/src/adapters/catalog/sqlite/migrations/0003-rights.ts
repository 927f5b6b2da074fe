/** A random UUID of version 4. */
const NEW_ID = `lower(format('%s-%s-4%s-%s%s-%s', hex(randomblob(4)), hex(randomblob(2)), substr(hex(randomblob(2)), 2),
    substr('89ab', 1 + (random() & 3), 1), substr(hex(randomblob(2)), 2), hex(randomblob(6))))`;

/**
 * Until now there was one account, and it could do everything: it still can, by a grant as old as itself. Tokens get ids, and
 * those of one account that were labeled alike get a number. A grant, a token, a membership and a login go with what they
 * depend on by foreign keys; only the older logins have none to their account. A grant has one subject, in the column of its
 * kind, and each of the indexes by subject sees to it that no subject has one role twice in one place.
 */
export const RIGHTS = `
ALTER TABLE accounts ADD COLUMN is_disabled INTEGER NOT NULL DEFAULT 0;
UPDATE accounts SET body = json_set(body, '$.description', '', '$.isDisabled', json('false'));

CREATE TABLE tokens (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  label TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX tokens_label_in_account ON tokens (account_id, label);
INSERT INTO tokens (id, account_id, label, hash, body)
  SELECT ${NEW_ID}, account_id, label || iif(nth = 1, '', ' ' || nth), hash, body
  FROM (
    SELECT t.hash, t.body, a.id AS account_id, t.body ->> '$.label' AS label, t.body ->> '$.createdAt' AS created_at,
      row_number() OVER (PARTITION BY a.id, t.body ->> '$.label' ORDER BY t.body ->> '$.createdAt', t.hash) AS nth
    FROM access_tokens AS t JOIN accounts AS a ON a.id = t.body ->> '$.accountId'
  )
  ORDER BY created_at, hash;
UPDATE tokens SET body = json_set(body, '$.id', id, '$.label', label);
DROP TABLE access_tokens;

ALTER TABLE logins ADD COLUMN token_id TEXT REFERENCES tokens (id) ON DELETE CASCADE;
CREATE INDEX logins_by_account ON logins (account_id);
CREATE INDEX logins_by_token ON logins (token_id);

CREATE TABLE account_groups (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE group_members (
  group_id TEXT NOT NULL REFERENCES account_groups (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX group_members_by_account ON group_members (account_id, group_id);

CREATE TABLE grants (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
  group_id TEXT REFERENCES account_groups (id) ON DELETE CASCADE,
  token_id TEXT REFERENCES tokens (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  library_id TEXT REFERENCES libraries (id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  CHECK ((account_id IS NOT NULL) + (group_id IS NOT NULL) + (token_id IS NOT NULL) = 1)
) STRICT;
CREATE UNIQUE INDEX grants_of_account ON grants (account_id, role, ifnull(library_id, ''));
CREATE UNIQUE INDEX grants_of_group ON grants (group_id, role, ifnull(library_id, ''));
CREATE UNIQUE INDEX grants_of_token ON grants (token_id, role, ifnull(library_id, ''));
CREATE INDEX grants_on_library ON grants (library_id, seq);
CREATE INDEX grants_on_everything ON grants (role, account_id, group_id) WHERE library_id IS NULL;
INSERT INTO grants (id, account_id, role, body)
  SELECT ${NEW_ID}, id, 'administrator', body FROM accounts WHERE name = 'administrator';
UPDATE grants SET body = json_object('id', id, 'subject', json_object('kind', 'account', 'id', account_id),
  'role', role, 'createdAt', body -> '$.createdAt');

CREATE INDEX update_sessions_by_state ON update_sessions (state, seq);
`;
