import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ClientTokenKey } from "@contentlib/server/ports/change";
import { anAccount } from "../builders/accounts.ts";
import { aDigest, anAccountId, BUILT_AT } from "../builders/ids.ts";
import { anItem } from "../builders/libraries.ts";
import { aDownloadSession } from "../builders/sessions.ts";
import {
  allOf,
  type CatalogSubject,
  commit,
  commitClashing,
  deleteAccount,
  storeAccount,
  storeGrant,
  storeGroup,
  storeItem,
  storeLibrary,
  storeLogin,
  storeSession,
  storeToken,
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

  test("an account without a password, described and disabled, comes back as it was put", () =>
    withCatalog(subject, async (catalog) => {
      const { passwordHash: _none, ...plain } = anAccount();
      const account = { ...plain, description: "nightly \u{1f319} images", isDisabled: true };
      await commit(catalog, { kind: "account.put", account, rev: null });
      const row = await catalog.findAccount(account.id);
      assert.deepEqual(row?.value, account);
      const enabled = { ...account, isDisabled: false };
      await commit(catalog, { kind: "account.put", account: enabled, rev: row?.rev ?? 0 });
      assert.deepEqual((await catalog.findAccountByName(account.name))?.value, enabled);
    }));

  test("accounts are listed in order of the alphabet", () =>
    withCatalog(subject, async (catalog) => {
      assert.deepEqual(await catalog.listAccounts(), []);
      const made = [];
      for (const name of ["m", "z", "a"]) made.push(await storeAccount(catalog, { name }));
      assert.deepEqual(await catalog.listAccounts(), [made[2], made[0], made[1]]);
      const renamed = { ...made[0]!, name: "zz" };
      const rev = (await catalog.findAccount(renamed.id))?.rev ?? 0;
      await commit(catalog, { kind: "account.put", account: renamed, rev });
      assert.deepEqual(await catalog.listAccounts(), [made[2], made[1], renamed]);
    }));
};

const describeDeletedAccounts = (subject: CatalogSubject): void => {
  test("an account is deleted as it was read, once", () =>
    withCatalog(subject, async (catalog) => {
      const account = await storeAccount(catalog);
      const { id } = account;
      const rev = (await catalog.findAccount(id))?.rev ?? 0;
      await commit(catalog, { kind: "account.put", account, rev });
      await commitClashing(catalog, "row", { kind: "account.delete", id, rev });
      await deleteAccount(catalog, id);
      assert.equal(await catalog.findAccount(id), null);
      assert.equal(await catalog.findAccountByName(account.name), null);
      await commitClashing(catalog, "row", { kind: "account.delete", id, rev: rev + 1 });
      await commit(catalog, { kind: "account.put", account, rev: null });
    }));

  test("with an account go its logins, tokens, memberships and grants, and the grants of its tokens", () =>
    withCatalog(subject, async (catalog) => {
      const [{ id: accountId }, other] = [await storeAccount(catalog), await storeAccount(catalog)];
      const token = await storeToken(catalog, { accountId });
      const logins = [
        await storeLogin(catalog, { accountId }),
        await storeLogin(catalog, { accountId, tokenId: token.id }),
      ];
      const kept = await storeLogin(catalog, { accountId: other.id });
      const group = await storeGroup(catalog, { memberIds: [other.id, accountId] });
      await storeGrant(catalog, { subject: { kind: "account", id: accountId } });
      await storeGrant(catalog, { subject: { kind: "token", id: token.id } });
      const ofGroup = await storeGrant(catalog, { subject: { kind: "group", id: group.id } });
      await deleteAccount(catalog, accountId);
      for (const { idHash } of logins) assert.equal(await catalog.findLogin(idHash), null);
      assert.deepEqual(await catalog.findLogin(kept.idHash), kept);
      assert.deepEqual(await catalog.listTokens(), []);
      assert.equal(await catalog.findToken(token.hash), null);
      assert.deepEqual(await catalog.listGroups(), [{ ...group, memberIds: [other.id] }]);
      assert.deepEqual(await catalog.listGroups(accountId), []);
      assert.deepEqual(await catalog.listGrants(), [ofGroup]);
      assert.deepEqual(await catalog.grantsFor(accountId, token.id), { account: [], token: [] });
    }));

  test("a group that lost a member so is another one than was read", () =>
    withCatalog(subject, async (catalog) => {
      const { id } = await storeAccount(catalog);
      const group = await storeGroup(catalog, { memberIds: [id] });
      const rev = (await catalog.findGroup(group.id))?.rev ?? 0;
      await deleteAccount(catalog, id);
      const emptied = { ...group, memberIds: [] };
      await commitClashing(catalog, "row", { kind: "group.put", group: emptied, rev });
    }));

  test("the sessions of an account stay when it goes", () =>
    withCatalog(subject, async (catalog) => {
      const { id: ownerId } = await storeAccount(catalog);
      const item = await storeItem(catalog);
      const session = await storeSession(catalog, item, [], { ownerId });
      const download = aDownloadSession({ itemId: item.id, ownerId });
      await commit(catalog, { kind: "download.put", session: download, rev: null });
      await deleteAccount(catalog, ownerId);
      assert.deepEqual((await catalog.findSession(session.id))?.value, session);
      assert.deepEqual((await catalog.findDownload(download.id))?.value, download);
      assert.deepEqual(await allOf(catalog.listSessionIds(ownerId)), [session.id]);
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

/** Accounts, all that goes with them, and client tokens. */
export const describeAccess = (subject: CatalogSubject): void => {
  describe("accounts and client tokens", () => {
    describeAccounts(subject);
    describeDeletedAccounts(subject);
    describeClientTokens(subject);
  });
};
