import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Grant, GrantSubject } from "@contentlib/server/domain/access/grant";
import type { AccountId } from "@contentlib/server/domain/ids";
import type { Catalog } from "@contentlib/server/ports/catalog";
import type { Change } from "@contentlib/server/ports/change";
import { aGrant, aGroup, anAccount } from "../builders/accounts.ts";
import {
  aGrantId,
  aGroupId,
  aLibraryId,
  anAccountId,
  aTokenId,
  BUILT_AT,
} from "../builders/ids.ts";
import { aLibrary } from "../builders/libraries.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  deleteAccount,
  deleteGroup,
  deleteLibrary,
  storeAccount,
  storeGrant,
  storeGroup,
  storeLibrary,
  storeToken,
  withCatalog,
} from "./catalog-subject.ts";

/** A service of some size: its accounts, its libraries, and how many grants each account has. */
const MANY_ACCOUNTS = 1_000;
const LIBRARIES = 20;
const GRANTS_OF_EACH = 10;
/** How often a grant moves while it is read. */
const MOVES = 30;

/** A subject of each kind. */
const storeSubjects = async (catalog: Catalog): Promise<readonly GrantSubject[]> => [
  { kind: "account", id: (await storeAccount(catalog)).id },
  { kind: "group", id: (await storeGroup(catalog)).id },
  { kind: "token", id: (await storeToken(catalog)).id },
];

const describeGrantRows = (subject: CatalogSubject): void => {
  test("a grant of each kind comes back as it was put, and is deleted once", () =>
    withCatalog(subject, async (catalog) => {
      const { id: libraryId } = await storeLibrary(catalog);
      for (const each of await storeSubjects(catalog)) {
        for (const over of [{}, { libraryId, role: "editor" as const, createdAt: BUILT_AT + 9 }]) {
          const grant = aGrant({ subject: each, ...over });
          assert.equal(await catalog.findGrant(grant.id), null);
          await commit(catalog, { kind: "grant.put", grant });
          assert.deepEqual(await catalog.findGrant(grant.id), grant);
          await commit(catalog, { kind: "grant.delete", id: grant.id });
          assert.equal(await catalog.findGrant(grant.id), null);
          await commitClashing(catalog, "row", { kind: "grant.delete", id: grant.id });
        }
      }
    }));

  test("a grant needs its subject, as the kind it says, and its library", () =>
    withCatalog(subject, async (catalog) => {
      const subjects = await storeSubjects(catalog);
      const wrong: GrantSubject[] = [
        { kind: "account", id: anAccountId() },
        { kind: "group", id: aGroupId() },
        { kind: "token", id: aTokenId() },
        { kind: "account", id: subjects[1]!.id as string as AccountId },
      ];
      for (const each of wrong) {
        await commitClashing(catalog, "row", {
          kind: "grant.put",
          grant: aGrant({ subject: each }),
        });
      }
      for (const each of subjects) {
        const grant = aGrant({ subject: each, libraryId: aLibraryId() });
        await commitClashing(catalog, "row", { kind: "grant.put", grant });
      }
      assert.deepEqual(await catalog.listGrants(), []);
    }));

  test("a subject has one role in one place once", () =>
    withCatalog(subject, async (catalog) => {
      const { id: libraryId } = await storeLibrary(catalog);
      const { id: elsewhere } = await storeLibrary(catalog);
      for (const each of await storeSubjects(catalog)) {
        for (const place of [{}, { libraryId }]) {
          await storeGrant(catalog, { subject: each, ...place });
          const again = aGrant({ subject: each, ...place });
          await commitClashing(catalog, "row", { kind: "grant.put", grant: again });
          await storeGrant(catalog, { subject: each, ...place, role: "editor" });
        }
        await storeGrant(catalog, { subject: each, libraryId: elsewhere });
      }
      const { id } = await storeGrant(catalog);
      await commitClashing(catalog, "row", { kind: "grant.put", grant: aGrant({ id }) });
    }));

  test("a grant goes with its subject and with its library", () =>
    withCatalog(subject, async (catalog) => {
      const [account, group, token] = await storeSubjects(catalog);
      assert.ok(account?.kind === "account" && group?.kind === "group" && token?.kind === "token");
      const { id: libraryId } = await storeLibrary(catalog);
      for (const each of [account, group, token]) {
        await storeGrant(catalog, { subject: each, libraryId });
        await storeGrant(catalog, { subject: each });
      }
      const { id: other } = await storeLibrary(catalog);
      const kept = await storeGrant(catalog, { libraryId: other });
      await deleteLibrary(catalog, libraryId);
      assert.equal((await catalog.listGrants()).length, 4);
      assert.deepEqual(await catalog.listGrants({ libraryId }), []);
      await deleteAccount(catalog, account.id);
      await deleteGroup(catalog, group.id);
      await commit(catalog, { kind: "token.delete", id: token.id });
      assert.deepEqual(await catalog.listGrants(), [kept]);
    }));

  test("grants are listed in order of their making: all, those of a subject, those on a library", () =>
    withCatalog(subject, async (catalog) => {
      assert.deepEqual(await catalog.listGrants(), []);
      const [account, group, token] = await storeSubjects(catalog);
      assert.ok(account && group && token);
      const { id: libraryId } = await storeLibrary(catalog);
      const first = await storeGrant(catalog, {
        id: aGrantId(0xfffffff),
        subject: account,
        role: "viewer",
        libraryId,
      });
      const second = await storeGrant(catalog, { subject: group, libraryId });
      const third = await storeGrant(catalog, { subject: token, role: "editor" });
      const fourth = await storeGrant(catalog, {
        id: aGrantId(0xaaaaaaa),
        subject: account,
        role: "administrator",
      });
      const list = (criteria?: Parameters<Catalog["listGrants"]>[0]) =>
        catalog.listGrants(criteria);
      assert.deepEqual(await list(), [first, second, third, fourth]);
      assert.deepEqual(await list({}), [first, second, third, fourth]);
      assert.deepEqual(await list({ subject: account }), [first, fourth]);
      assert.deepEqual(await list({ subject: group }), [second]);
      assert.deepEqual(await list({ subject: token }), [third]);
      assert.deepEqual(await list({ libraryId }), [first, second]);
      assert.deepEqual(await list({ libraryId, subject: account }), [first]);
      assert.deepEqual(await list({ libraryId: aLibraryId() }), []);
      assert.deepEqual(await list({ subject: { kind: "account", id: anAccountId() } }), []);
    }));
};

const byId = (grants: readonly Grant[]): readonly Grant[] =>
  grants.toSorted((one, other) => (one.id < other.id ? -1 : 1));

const describeCallers = (subject: CatalogSubject): void => {
  test("for a caller count the grants of the account, of its groups, and of the token that is given", () =>
    withCatalog(subject, async (catalog) => {
      const { id: tokenId, accountId } = await storeToken(catalog);
      const other = await storeToken(catalog, { accountId });
      const mine = await storeGroup(catalog, { memberIds: [accountId] });
      const ours = await storeGroup(catalog, {
        memberIds: [(await storeAccount(catalog)).id, accountId],
      });
      const theirs = await storeGroup(catalog);
      const { id: libraryId } = await storeLibrary(catalog);
      const counting: Grant[] = [];
      for (const { id } of [mine, ours]) {
        counting.push(await storeGrant(catalog, { subject: { kind: "group", id }, libraryId }));
      }
      const own: GrantSubject = { kind: "account", id: accountId };
      counting.push(await storeGrant(catalog, { subject: own }));
      counting.push(await storeGrant(catalog, { subject: own, role: "editor", libraryId }));
      const ofToken = await storeGrant(catalog, { subject: { kind: "token", id: tokenId } });
      await storeGrant(catalog, { subject: { kind: "token", id: other.id } });
      await storeGrant(catalog, { subject: { kind: "group", id: theirs.id } });
      await storeGrant(catalog);
      const byToken = await catalog.grantsFor(accountId, tokenId);
      assert.deepEqual(byId(byToken.account), byId(counting));
      assert.deepEqual(byToken.token, [ofToken]);
      const byPassword = await catalog.grantsFor(accountId, null);
      assert.deepEqual(byId(byPassword.account), byId(counting));
      assert.deepEqual(byPassword.token, []);
      assert.deepEqual(await catalog.grantsFor(anAccountId(), null), { account: [], token: [] });
    }));

  test("what counts for a caller is read in one state", () =>
    withCatalog(subject, async (catalog) => {
      const { id: tokenId, accountId } = await storeToken(catalog);
      const subjects: readonly GrantSubject[] = [
        { kind: "account", id: accountId },
        { kind: "token", id: tokenId },
      ];
      let grant = await storeGrant(catalog, { subject: subjects[0]! });
      const moving = async (): Promise<void> => {
        for (let move = 1; move <= MOVES; move += 1) {
          const next = aGrant({ subject: subjects[move % 2]! });
          const { id } = grant;
          await commit(catalog, { kind: "grant.delete", id }, { kind: "grant.put", grant: next });
          grant = next;
        }
      };
      let isMoving = true;
      const over = moving().finally(() => (isMoving = false));
      let reads = 0;
      while (isMoving) {
        const { account, token } = await catalog.grantsFor(accountId, tokenId);
        assert.equal(account.length + token.length, 1);
        reads += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
      await over;
      assert.ok(reads > 0);
    }));

  test("among a thousand accounts and ten thousand grants each caller has its own", () =>
    withCatalog(subject, async (catalog) => {
      const libraries = Array.from({ length: LIBRARIES }, () => aLibrary());
      const accounts = Array.from({ length: MANY_ACCOUNTS }, () => anAccount());
      const group = aGroup({ memberIds: accounts.slice(500).map(({ id }) => id) });
      const grantsOf = new Map<AccountId, readonly Grant[]>(
        accounts.map(({ id }, at) => [
          id,
          Array.from({ length: GRANTS_OF_EACH }, (_, nth) => {
            const libraryId = libraries[(at + nth) % LIBRARIES]!.id;
            return aGrant({ subject: { kind: "account", id }, libraryId });
          }),
        ]),
      );
      const ofGroup = aGrant({ subject: { kind: "group", id: group.id }, role: "editor" });
      const changes: readonly Change[] = [
        ...libraries.map((library) => ({ kind: "library.put", library, rev: null }) as const),
        ...accounts.map((account) => ({ kind: "account.put", account, rev: null }) as const),
        { kind: "group.put", group, rev: null },
        ...[...grantsOf.values()].flat().map((grant) => ({ kind: "grant.put", grant }) as const),
        { kind: "grant.put", grant: ofGroup },
      ];
      await commit(catalog, ...changes);
      assert.equal((await catalog.listGrants()).length, MANY_ACCOUNTS * GRANTS_OF_EACH + 1);
      for (const [at, { id }] of accounts.entries()) {
        const own = grantsOf.get(id) ?? [];
        const { account } = await catalog.grantsFor(id, null);
        assert.deepEqual(byId(account), byId(at < 500 ? own : [...own, ofGroup]));
      }
      const { id: libraryId } = libraries[0]!;
      const onLibrary = await catalog.listGrants({ libraryId });
      assert.equal(onLibrary.length, (MANY_ACCOUNTS * GRANTS_OF_EACH) / LIBRARIES);
    }));
};

/** Grants, and what counts for a caller. */
export const describeGrants = (subject: CatalogSubject): void => {
  describe("grants", () => {
    describeGrantRows(subject);
    describeCallers(subject);
  });
};
