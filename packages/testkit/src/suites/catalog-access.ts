import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ClientTokenKey } from "@contentlib/server/ports/catalog";
import { anAccessToken, anAccount, aLogin } from "../builders/accounts.ts";
import { aDigest, anAccountId, BUILT_AT } from "../builders/ids.ts";
import { anItem } from "../builders/libraries.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  storeLibrary,
  withCatalog,
} from "./catalog-subject.ts";

const describeAccounts = (subject: CatalogSubject): void => {
  test("an account is found by id and by name, guarded by its version", () =>
    withCatalog(subject, async (catalog) => {
      const account = anAccount({ name: "administrator" });
      assert.equal(await catalog.findAccount(account.id), null);
      assert.equal(await catalog.findAccountByName(account.name), null);
      await commit(catalog, { kind: "account.put", account, rev: null });
      const row = await catalog.findAccountByName("administrator");
      assert.deepEqual(row?.value, account);
      assert.deepEqual(await catalog.findAccount(account.id), row);
      const changed = { ...account, passwordHash: "$argon2id$other" };
      await commitClashing(catalog, "row", { kind: "account.put", account: changed, rev: null });
      await commit(catalog, { kind: "account.put", account: changed, rev: row?.rev ?? 0 });
      assert.deepEqual((await catalog.findAccount(account.id))?.value, changed);
      await commitClashing(catalog, "row", { kind: "account.put", account, rev: row?.rev ?? 0 });
    }));

  test("no two accounts share a name", () =>
    withCatalog(subject, async (catalog) => {
      const [one, two] = [anAccount(), anAccount()];
      await commit(catalog, { kind: "account.put", account: one, rev: null });
      await commit(catalog, { kind: "account.put", account: two, rev: null });
      const twin = anAccount({ name: one.name });
      await commitClashing(catalog, "row", { kind: "account.put", account: twin, rev: null });
      const rev = (await catalog.findAccount(two.id))?.rev ?? 0;
      await commitClashing(catalog, "row", {
        kind: "account.put",
        account: { ...two, name: one.name },
        rev,
      });
      assert.equal((await catalog.findAccountByName(one.name))?.value.id, one.id);
    }));
};

const describeLogins = (subject: CatalogSubject): void => {
  test("a login comes back as it was put, and goes when deleted", () =>
    withCatalog(subject, async (catalog) => {
      const login = aLogin({ lastAccessedAt: BUILT_AT + 3 });
      assert.equal(await catalog.findLogin(login.idHash), null);
      await commit(catalog, { kind: "login.put", login });
      assert.deepEqual(await catalog.findLogin(login.idHash), login);
      await commit(catalog, { kind: "login.delete", idHash: login.idHash });
      assert.equal(await catalog.findLogin(login.idHash), null);
      await commit(catalog, { kind: "login.delete", idHash: login.idHash });
    }));

  test("a touch moves the last access forward, never back, and makes no login", () =>
    withCatalog(subject, async (catalog) => {
      const login = aLogin();
      const { idHash } = login;
      await commit(catalog, { kind: "login.put", login });
      await commit(catalog, { kind: "login.touch", idHash, lastAccessedAt: BUILT_AT + 10 });
      await commit(catalog, { kind: "login.touch", idHash, lastAccessedAt: BUILT_AT + 5 });
      assert.deepEqual(await catalog.findLogin(idHash), {
        ...login,
        lastAccessedAt: BUILT_AT + 10,
      });
      const unknown = aDigest();
      await commit(catalog, { kind: "login.touch", idHash: unknown, lastAccessedAt: BUILT_AT });
      assert.equal(await catalog.findLogin(unknown), null);
    }));

  test("an access token comes back as it was put, and goes when deleted", () =>
    withCatalog(subject, async (catalog) => {
      const token = anAccessToken();
      assert.equal(await catalog.findToken(token.hash), null);
      await commit(catalog, { kind: "token.put", token });
      assert.deepEqual(await catalog.findToken(token.hash), token);
      await commit(catalog, { kind: "token.delete", hash: token.hash });
      assert.equal(await catalog.findToken(token.hash), null);
    }));
};

const describeClientTokens = (subject: CatalogSubject): void => {
  const keyWith = (over: Partial<ClientTokenKey> = {}): ClientTokenKey => ({
    accountId: anAccountId(),
    operation: "updateSession.create",
    token: aDigest(),
    ...over,
  });

  test("the first result of a key is remembered, and a second one clashes with its whole set", () =>
    withCatalog(subject, async (catalog) => {
      const { id: libraryId } = await storeLibrary(catalog);
      const [first, second] = [anItem({ libraryId }), anItem({ libraryId })];
      const key = keyWith();
      assert.equal(await catalog.findClientToken(key), null);
      const create = (item: typeof first): Parameters<typeof catalog.commit>[0] => [
        { kind: "item.put", item, rev: null },
        { kind: "client-token.put", key, resultId: item.id, at: BUILT_AT },
      ];
      const outcomes = await Promise.all([
        catalog.commit(create(first)),
        catalog.commit(create(second)),
      ]);
      assert.deepEqual(outcomes, [
        { kind: "committed" },
        { kind: "clash", reason: "client-token" },
      ]);
      assert.equal(await catalog.findClientToken(key), first.id);
      assert.equal(await catalog.findItem(second.id), null);
    }));

  test("a key is per account, operation and token", () =>
    withCatalog(subject, async (catalog) => {
      const key = keyWith();
      const others = [
        keyWith({ ...key, accountId: anAccountId() }),
        keyWith({ ...key, operation: "downloadSession.create" }),
        keyWith({ ...key, token: aDigest() }),
      ];
      await commit(catalog, { kind: "client-token.put", key, resultId: "first", at: BUILT_AT });
      for (const other of others) {
        assert.equal(await catalog.findClientToken(other), null);
        await commit(catalog, {
          kind: "client-token.put",
          key: other,
          resultId: "other",
          at: BUILT_AT,
        });
      }
      assert.equal(await catalog.findClientToken(key), "first");
    }));
};

/** Accounts, logins, access tokens and client tokens. */
export const describeAccess = (subject: CatalogSubject): void => {
  describe("accounts, logins and tokens", () => {
    describeAccounts(subject);
    describeLogins(subject);
    describeClientTokens(subject);
  });
};
