import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aGroup, anAccount } from "../builders/accounts.ts";
import { aGroupId, anAccountId } from "../builders/ids.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  deleteGroup,
  storeAccount,
  storeGrant,
  storeGroup,
  withCatalog,
} from "./catalog-subject.ts";

/** Members of a group that is larger than most. */
const MANY_MEMBERS = 1_000;

/** Groups of accounts. */
export const describeGroups = (subject: CatalogSubject): void => {
  describe("groups", () => {
    test("a group comes back as it was put, by id and by name, guarded by its version", () =>
      withCatalog(subject, async (catalog) => {
        const [one, two] = [await storeAccount(catalog), await storeAccount(catalog)];
        const group = aGroup({
          description: "all \u{1f319} builders",
          memberIds: [two.id, one.id],
        });
        assert.equal(await catalog.findGroup(group.id), null);
        assert.equal(await catalog.findGroupByName(group.name), null);
        await commit(catalog, { kind: "group.put", group, rev: null });
        const row = await catalog.findGroup(group.id);
        assert.deepEqual(row?.value, group);
        assert.deepEqual(await catalog.findGroupByName(group.name), row);
        const rev = row?.rev ?? 0;
        const changed = { ...group, name: `${group.name}-2`, memberIds: [one.id] };
        await commitClashing(catalog, "row", { kind: "group.put", group: changed, rev: null });
        await commit(catalog, { kind: "group.put", group: changed, rev });
        assert.deepEqual((await catalog.findGroup(group.id))?.value, changed);
        assert.equal(await catalog.findGroupByName(group.name), null);
        await commitClashing(catalog, "row", { kind: "group.put", group, rev });
        assert.deepEqual(await catalog.listGroups(two.id), []);
      }));

    test("no two groups share a name, though a group and an account may", () =>
      withCatalog(subject, async (catalog) => {
        const [one, two] = [await storeGroup(catalog), await storeGroup(catalog)];
        const twin = aGroup({ name: one.name });
        await commitClashing(catalog, "row", { kind: "group.put", group: twin, rev: null });
        const rev = (await catalog.findGroup(two.id))?.rev ?? 0;
        const renamed = { ...two, name: one.name };
        await commitClashing(catalog, "row", { kind: "group.put", group: renamed, rev });
        await storeAccount(catalog, { name: one.name });
        assert.equal((await catalog.findGroupByName(one.name))?.value.id, one.id);
      }));

    test("a member that is no account clashes, and leaves the group as it was", () =>
      withCatalog(subject, async (catalog) => {
        const { id } = await storeAccount(catalog);
        const group = await storeGroup(catalog, { memberIds: [id] });
        const rev = (await catalog.findGroup(group.id))?.rev ?? 0;
        const wrong = { ...group, memberIds: [id, anAccountId()] };
        await commitClashing(catalog, "row", { kind: "group.put", group: wrong, rev });
        const fresh = aGroup({ memberIds: [anAccountId()] });
        await commitClashing(catalog, "row", { kind: "group.put", group: fresh, rev: null });
        assert.deepEqual((await catalog.findGroup(group.id))?.value, group);
        assert.equal(await catalog.findGroup(fresh.id), null);
      }));

    test("groups are listed in order of the alphabet, all or those of a member", () =>
      withCatalog(subject, async (catalog) => {
        assert.deepEqual(await catalog.listGroups(), []);
        const { id } = await storeAccount(catalog);
        const memberIds = [(await storeAccount(catalog)).id, id];
        const m = await storeGroup(catalog, { name: "m", memberIds });
        const z = await storeGroup(catalog, { name: "z" });
        const a = await storeGroup(catalog, { name: "a", memberIds });
        assert.deepEqual(await catalog.listGroups(), [a, m, z]);
        assert.deepEqual(await catalog.listGroups(id), [a, m]);
        assert.deepEqual(await catalog.listGroups(anAccountId()), []);
      }));

    test("a group of many keeps them all, in order", () =>
      withCatalog(subject, async (catalog) => {
        const accounts = Array.from({ length: MANY_MEMBERS }, () => anAccount());
        await commit(
          catalog,
          ...accounts.map((account) => ({ kind: "account.put", account, rev: null }) as const),
        );
        const ids = accounts.map(({ id }) => id);
        const group = await storeGroup(catalog, { memberIds: ids.toReversed() });
        assert.deepEqual((await catalog.findGroup(group.id))?.value, group);
      }));

    test("a group is deleted as it was read, with its grants, and its members stay", () =>
      withCatalog(subject, async (catalog) => {
        const account = await storeAccount(catalog);
        const group = await storeGroup(catalog, { memberIds: [account.id] });
        const { id } = group;
        await storeGrant(catalog, { subject: { kind: "group", id } });
        const rev = (await catalog.findGroup(id))?.rev ?? 0;
        await commitClashing(catalog, "row", { kind: "group.delete", id, rev: rev + 1 });
        await deleteGroup(catalog, id);
        assert.equal(await catalog.findGroup(id), null);
        assert.deepEqual(await catalog.listGrants(), []);
        assert.deepEqual((await catalog.findAccount(account.id))?.value, account);
        await commitClashing(catalog, "row", { kind: "group.delete", id, rev });
        await commitClashing(catalog, "row", { kind: "group.delete", id: aGroupId(), rev: 1 });
      }));
  });
};
