import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { anAccessToken, anAccount, aLogin } from "@contentlib/testkit/builders/accounts";
import { anAccountId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import { anUpdateSession } from "@contentlib/testkit/builders/sessions";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { allOf, commit } from "@contentlib/testkit/suites/catalog-subject";
import type { AccessToken, Account, Login } from "../../../../domain/account.ts";
import { parseGrantId, parseTokenId, type ItemId } from "../../../../domain/ids.ts";
import type { Revision } from "../../../../domain/revision.ts";
import { Connection } from "../connection.ts";
import { openSqliteCatalog, type SqliteCatalog } from "../sqlite-catalog.ts";
import { FIRST_TABLES } from "./0001-first-tables.ts";
import { REVISIONS_AND_SUBSCRIPTIONS } from "./0002-revisions-and-subscriptions.ts";

/** What the versions before could keep of an account, a token and a login. */
type OldAccount = Omit<Account, "description" | "isDisabled">;
type OldToken = Omit<AccessToken, "id">;
type OldLogin = Omit<Login, "tokenId">;

const OLDER: readonly (readonly string[])[] = [
  [FIRST_TABLES],
  [FIRST_TABLES, REVISIONS_AND_SUBSCRIPTIONS],
];

const oldAccount = (over: Partial<Account>): OldAccount => {
  const { description: _none, isDisabled: _neither, ...account } = anAccount(over);
  return account;
};

const oldToken = (over: Partial<AccessToken>): OldToken => {
  const { id: _none, ...token } = anAccessToken(over);
  return token;
};

/** A file as an older version left it, whose tables these scripts made one after the other. */
class OldFile {
  readonly #connection: Connection;

  constructor(file: string, scripts: readonly string[]) {
    this.#connection = Connection.openWriter(file);
    for (const script of scripts) this.#connection.execute(script);
    this.#connection.execute(`PRAGMA user_version = ${String(scripts.length)}`);
  }

  account(account: OldAccount): void {
    const insert = "INSERT INTO accounts (id, name, rev, body) VALUES (?, ?, 7, ?)";
    this.#connection.run(insert, account.id, account.name, JSON.stringify(account));
  }

  token(token: OldToken): void {
    const insert = "INSERT INTO access_tokens (hash, body) VALUES (?, ?)";
    this.#connection.run(insert, token.hash, JSON.stringify(token));
  }

  login({ idHash, accountId, createdAt, lastAccessedAt }: OldLogin): void {
    const insert =
      "INSERT INTO logins (id_hash, account_id, created_at, last_accessed_at) VALUES (?, ?, ?, ?)";
    this.#connection.run(insert, idHash, accountId, createdAt, lastAccessedAt);
  }

  /** An item of one file in a library of its own, with an ACTIVE session. */
  session(ownerId: Account["id"]): ReturnType<typeof anUpdateSession> {
    const library = aLibrary();
    const item = anItem({ libraryId: library.id, contentVersion: 2, files: [anItemFile()] });
    const session = anUpdateSession({ itemId: item.id, itemContentVersion: 2, ownerId });
    this.#connection.run(
      "INSERT INTO libraries (id, type, name_key, rev, body) VALUES (?, 'LOCAL', ?, 1, ?)",
      library.id,
      library.name,
      JSON.stringify(library),
    );
    this.#connection.run(
      `INSERT INTO items (id, library_id, name_key, type_key, content_version, rev, body)
        VALUES (?, ?, ?, '', 2, 1, ?)`,
      item.id,
      library.id,
      item.name,
      JSON.stringify(item),
    );
    this.#connection.run(
      `INSERT INTO update_sessions (id, owner_id, item_id, state, expires_at, rev, files_rev, body)
        VALUES (?, ?, ?, 'ACTIVE', ?, 1, 1, ?)`,
      session.id,
      ownerId,
      item.id,
      session.expiresAt,
      JSON.stringify(session),
    );
    return session;
  }

  /** A content version, as the second version keeps them. */
  revision(revision: Revision): void {
    const insert = `INSERT INTO item_revisions (item_id, content_version, at, user_name, files)
      VALUES (?, ?, ?, ?, ?)`;
    const { itemId, contentVersion, at, userName, files } = revision;
    const columns = [itemId, contentVersion, at, userName ?? null, JSON.stringify(files)] as const;
    this.#connection.run(insert, ...columns);
  }

  close(): void {
    this.#connection.close();
  }
}

/** Opens what `fill` left in a file of these tables. */
const migrated = (
  scripts: readonly string[],
  fill: (old: OldFile) => void,
  body: (catalog: SqliteCatalog) => Promise<void>,
): Promise<void> =>
  withScratchDirectory(async (directory) => {
    const file = join(directory, "catalog.db");
    const old = new OldFile(file, scripts);
    fill(old);
    old.close();
    const catalog = await openSqliteCatalog({ file, now: () => 0, newServerGuid: () => "server" });
    try {
      await body(catalog);
    } finally {
      await catalog.close();
    }
  });

for (const scripts of OLDER) {
  describe(`a file of version ${String(scripts.length)}`, () => {
    test("its account administrator may do everything, and is the last that may", async () => {
      const administrator = oldAccount({ name: "administrator", createdAt: BUILT_AT + 5 });
      const other = oldAccount({});
      const fill = (old: OldFile): void =>
        [other, administrator].forEach((each) => old.account(each));
      await migrated(scripts, fill, async (catalog) => {
        for (const each of [administrator, other]) {
          const value = { ...each, description: "", isDisabled: false };
          assert.deepEqual(await catalog.findAccountByName(each.name), { value, rev: 7 });
        }
        const grants = await catalog.listGrants();
        const id = grants[0]?.id ?? "";
        assert.equal(parseGrantId(id), id);
        const subject = { kind: "account", id: administrator.id };
        const createdAt = BUILT_AT + 5;
        assert.deepEqual(grants, [{ id, subject, role: "administrator", createdAt }]);
        assert.deepEqual(await catalog.grantsFor(administrator.id, null), {
          account: grants,
          token: [],
        });
        await commit(catalog, { kind: "administrator.expect" });
        const disabled = { ...administrator, description: "", isDisabled: true };
        const outcome = await catalog.commit([
          { kind: "account.put", account: disabled, rev: 7 },
          { kind: "administrator.expect" },
        ]);
        assert.deepEqual(outcome, { kind: "clash", reason: "last-administrator" });
      });
    });

    test("its tokens get ids, and labels of their own where they shared one", async () => {
      const { id: accountId } = oldAccount({});
      const [oldest, later, other] = [
        oldToken({ accountId, label: "profile", createdAt: BUILT_AT }),
        oldToken({ accountId, label: "profile", createdAt: BUILT_AT + 2 }),
        oldToken({ accountId, label: 'a "quoted" \u{1f319} one', createdAt: BUILT_AT + 1 }),
      ];
      const fill = (old: OldFile): void => {
        old.account(oldAccount({ id: accountId, name: "administrator" }));
        for (const token of [later, other, oldest]) old.token(token);
        old.token(oldToken({ accountId: anAccountId() }));
      };
      await migrated(scripts, fill, async (catalog) => {
        const tokens = await catalog.listTokens();
        assert.deepEqual(
          tokens.map(({ id: _id, ...token }) => token),
          [oldest, other, { ...later, label: "profile 2" }],
        );
        assert.equal(new Set(tokens.map(({ id }) => id)).size, tokens.length);
        for (const token of tokens) {
          assert.equal(parseTokenId(token.id), token.id);
          assert.match(token.id, /^.{14}4.{4}[89ab]/);
          assert.deepEqual(await catalog.findToken(token.hash), token);
          assert.deepEqual(await catalog.findTokenById(token.id), token);
        }
        const [first] = tokens;
        assert.ok(first);
        await commit(catalog, {
          kind: "login.put",
          login: aLogin({ accountId, tokenId: first.id }),
        });
        await commit(catalog, { kind: "token.delete", id: first.id });
        assert.equal(await catalog.findToken(first.hash), null);
      });
    });

    test("its logins go on, and end with their account", async () => {
      const account = oldAccount({ name: "administrator" });
      const login = aLogin({ accountId: account.id, lastAccessedAt: BUILT_AT + 9 });
      const fill = (old: OldFile): void => {
        old.account(account);
        old.login(login);
      };
      await migrated(scripts, fill, async (catalog) => {
        assert.deepEqual(await catalog.findLogin(login.idHash), login);
        await commit(catalog, { kind: "account.delete", id: account.id, rev: 7 });
        assert.equal(await catalog.findLogin(login.idHash), null);
        assert.deepEqual(await catalog.listGrants(), []);
      });
    });

    test("its sessions are found by owner and among those of everybody", async () => {
      const account = oldAccount({ name: "administrator" });
      let session = anUpdateSession();
      const fill = (old: OldFile): void => {
        old.account(account);
        session = old.session(account.id);
      };
      await migrated(scripts, fill, async (catalog) => {
        const [row] = await catalog.listActiveSessions({ ownerId: account.id });
        assert.deepEqual(row?.value, session);
        assert.deepEqual(await allOf(catalog.listAllSessions("ACTIVE")), [session]);
      });
    });
  });
}

test("the revisions of a file of version 2 stay as they are", async () => {
  const ids: ItemId[] = [];
  const fill = (old: OldFile): void => {
    const { itemId } = old.session(anAccountId());
    ids.push(itemId);
    old.revision({ itemId, contentVersion: 2, at: BUILT_AT, userName: "somebody", files: [] });
  };
  await migrated(OLDER[1] ?? [], fill, async (catalog) => {
    const [itemId] = ids;
    assert.ok(itemId);
    assert.deepEqual(await catalog.listRevisions(itemId), [
      { itemId, contentVersion: 2, at: BUILT_AT, userName: "somebody" },
    ]);
    assert.deepEqual(await catalog.findRevisionFiles(itemId, 2), []);
  });
});

test("a file without accounts gets no grant: the first start makes both", async () => {
  await migrated(
    OLDER[1] ?? [],
    () => undefined,
    async (catalog) => {
      assert.deepEqual(await catalog.listAccounts(), []);
      assert.deepEqual(await catalog.listGrants(), []);
    },
  );
});
