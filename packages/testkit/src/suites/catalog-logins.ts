import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anAccessToken, aLogin } from "../builders/accounts.ts";
import { aDigest, anAccountId, aTokenId, BUILT_AT } from "../builders/ids.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  storeAccount,
  storeGrant,
  storeLogin,
  storeToken,
  withCatalog,
} from "./catalog-subject.ts";

const describeLoginRows = (subject: CatalogSubject): void => {
  test("a login comes back as it was put, with its token or without, and goes when deleted", () =>
    withCatalog(subject, async (catalog) => {
      const { id: tokenId, accountId } = await storeToken(catalog);
      for (const over of [{ accountId }, { accountId, tokenId }]) {
        const login = aLogin({ ...over, lastAccessedAt: BUILT_AT + 3 });
        const { idHash } = login;
        assert.equal(await catalog.findLogin(idHash), null);
        await commit(catalog, { kind: "login.put", login });
        assert.deepEqual(await catalog.findLogin(idHash), login);
        await commit(catalog, { kind: "login.delete", idHash });
        assert.equal(await catalog.findLogin(idHash), null);
        await commit(catalog, { kind: "login.delete", idHash });
      }
    }));

  test("a touch moves the last access forward, never back, and makes no login", () =>
    withCatalog(subject, async (catalog) => {
      const login = await storeLogin(catalog);
      const { idHash } = login;
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

  test("a login needs an account that is not disabled, and its token where it has one", () =>
    withCatalog(subject, async (catalog) => {
      const account = await storeAccount(catalog);
      const { id: accountId } = account;
      const put = (over: Parameters<typeof aLogin>[0]) =>
        ({ kind: "login.put", login: aLogin({ accountId, ...over }) }) as const;
      await commitClashing(catalog, "row", put({ accountId: anAccountId() }));
      await commitClashing(catalog, "row", put({ tokenId: aTokenId() }));
      const { id: tokenId } = await storeToken(catalog, { accountId });
      await commit(catalog, put({ tokenId }));
      const rev = (await catalog.findAccount(accountId))?.rev ?? 0;
      const disabling = { ...account, isDisabled: true };
      await commit(catalog, { kind: "account.put", account: disabling, rev });
      await commitClashing(catalog, "row", put({}));
      await commitClashing(catalog, "row", put({ tokenId }));
      const enabling = { kind: "account.put", account, rev: rev + 1 } as const;
      await commit(catalog, enabling, put({}));
      await commitClashing(catalog, "row", { kind: "token.delete", id: tokenId }, put({ tokenId }));
      assert.ok(await catalog.findTokenById(tokenId));
    }));

  test("all logins of an account end together, or those made with one token", () =>
    withCatalog(subject, async (catalog) => {
      const { id: tokenId, accountId } = await storeToken(catalog);
      const { id: otherId } = await storeToken(catalog, { accountId });
      const byPassword = await storeLogin(catalog, { accountId });
      const byToken = await storeLogin(catalog, { accountId, tokenId });
      const byOther = await storeLogin(catalog, { accountId, tokenId: otherId });
      const stranger = await storeLogin(catalog);
      const left = async (): Promise<readonly unknown[]> => {
        const all = [byPassword, byToken, byOther, stranger];
        const found = await Promise.all(all.map(({ idHash }) => catalog.findLogin(idHash)));
        return found.filter((login) => login !== null);
      };
      await commit(catalog, { kind: "logins.delete", of: { tokenId } });
      assert.deepEqual(await left(), [byPassword, byOther, stranger]);
      await commit(catalog, { kind: "logins.delete", of: { accountId } });
      assert.deepEqual(await left(), [stranger]);
      await commit(catalog, { kind: "logins.delete", of: { accountId } });
      assert.ok(await catalog.findTokenById(tokenId), "a token outlives the logins made with it");
    }));
};

const describeTokens = (subject: CatalogSubject): void => {
  test("an access token comes back as it was put, by its hash and by its id", () =>
    withCatalog(subject, async (catalog) => {
      const { id: accountId } = await storeAccount(catalog);
      for (const over of [{}, { expiresAt: BUILT_AT + 5, label: "nightly \u{1f319} images" }]) {
        const token = anAccessToken({ accountId, ...over });
        assert.equal(await catalog.findToken(token.hash), null);
        assert.equal(await catalog.findTokenById(token.id), null);
        await commit(catalog, { kind: "token.put", token });
        assert.deepEqual(await catalog.findToken(token.hash), token);
        assert.deepEqual(await catalog.findTokenById(token.id), token);
      }
    }));

  test("a token that is put again is replaced", () =>
    withCatalog(subject, async (catalog) => {
      const token = await storeToken(catalog);
      const changed = { ...token, hash: aDigest(), expiresAt: BUILT_AT };
      await commit(catalog, { kind: "token.put", token: changed });
      assert.equal(await catalog.findToken(token.hash), null);
      assert.deepEqual(await catalog.listTokens(), [changed]);
    }));

  test("a token needs its account, which has one token of a label", () =>
    withCatalog(subject, async (catalog) => {
      await commitClashing(catalog, "row", { kind: "token.put", token: anAccessToken() });
      const { accountId, label } = await storeToken(catalog);
      const twin = anAccessToken({ accountId, label });
      await commitClashing(catalog, "row", { kind: "token.put", token: twin });
      const other = await storeToken(catalog, { accountId });
      await commitClashing(catalog, "row", { kind: "token.put", token: { ...other, label } });
      assert.deepEqual(await catalog.findTokenById(other.id), other);
      await storeToken(catalog, { label });
    }));

  test("tokens are listed in order of their making, all or those of an account", () =>
    withCatalog(subject, async (catalog) => {
      assert.deepEqual(await catalog.listTokens(), []);
      const first = await storeToken(catalog, { id: aTokenId(0xfffffff), label: "z" });
      const other = await storeToken(catalog);
      const { accountId } = first;
      const second = await storeToken(catalog, { accountId, id: aTokenId(0xaaaaaaa), label: "a" });
      assert.deepEqual(await catalog.listTokens(), [first, other, second]);
      assert.deepEqual(await catalog.listTokens(accountId), [first, second]);
      assert.deepEqual(await catalog.listTokens(anAccountId()), []);
    }));

  test("a token is deleted once, with its grants and logins", () =>
    withCatalog(subject, async (catalog) => {
      const { id, hash, accountId } = await storeToken(catalog);
      const { idHash } = await storeLogin(catalog, { accountId, tokenId: id });
      const kept = await storeLogin(catalog, { accountId });
      await storeGrant(catalog, { subject: { kind: "token", id } });
      const ofAccount = await storeGrant(catalog, { subject: { kind: "account", id: accountId } });
      await commit(catalog, { kind: "token.delete", id });
      assert.equal(await catalog.findToken(hash), null);
      assert.equal(await catalog.findTokenById(id), null);
      assert.equal(await catalog.findLogin(idHash), null);
      assert.deepEqual(await catalog.findLogin(kept.idHash), kept);
      assert.deepEqual(await catalog.listGrants(), [ofAccount]);
      await commitClashing(catalog, "row", { kind: "token.delete", id });
    }));
};

/** Logins, and the tokens they can be made with. */
export const describeLogins = (subject: CatalogSubject): void => {
  describe("logins and access tokens", () => {
    describeLoginRows(subject);
    describeTokens(subject);
  });
};
