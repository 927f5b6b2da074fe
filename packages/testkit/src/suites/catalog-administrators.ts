import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Grant, GrantSubject } from "@contentlib/server/domain/access/grant";
import type { Account } from "@contentlib/server/domain/account";
import type { Catalog } from "@contentlib/server/ports/catalog";
import type { Change } from "@contentlib/server/ports/change";
import { aGrant } from "../builders/accounts.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  storeAccount,
  storeGrant,
  storeGroup,
  storeLibrary,
  storeToken,
  withCatalog,
} from "./catalog-subject.ts";

const EXPECTED: Change = { kind: "administrator.expect" };

const disabling = async (catalog: Catalog, { id }: Account, isDisabled = true): Promise<Change> => {
  const row = await catalog.findAccount(id);
  assert.ok(row);
  return { kind: "account.put", account: { ...row.value, isDisabled }, rev: row.rev };
};

/** That there always is somebody who may do everything. */
export const describeAdministrators = (subject: CatalogSubject): void => {
  describe("administrators", () => {
    test("an administrator is an account with that role on everything, by no token and on no library", () =>
      withCatalog(subject, async (catalog) => {
        const clash = () => commitClashing(catalog, "last-administrator", EXPECTED);
        await clash();
        const { id: tokenId, accountId } = await storeToken(catalog);
        const own: GrantSubject = { kind: "account", id: accountId };
        const { id: libraryId } = await storeLibrary(catalog);
        const role = "administrator";
        await storeGrant(catalog, { subject: own, role: "editor" });
        await storeGrant(catalog, { subject: own, role, libraryId });
        await storeGrant(catalog, { subject: { kind: "token", id: tokenId }, role });
        await clash();
        await storeGrant(catalog, { subject: own, role });
        await commit(catalog, EXPECTED);
      }));

    test("an administrator that is disabled, deleted or deprived is none after that very change", () =>
      withCatalog(subject, async (catalog) => {
        const account = await storeAccount(catalog);
        const { id } = account;
        const grant = await storeGrant(catalog, {
          subject: { kind: "account", id },
          role: "administrator",
        });
        await commit(catalog, EXPECTED);
        const rev = (await catalog.findAccount(id))?.rev ?? 0;
        const disable = await disabling(catalog, account);
        const ends: readonly Change[] = [
          disable,
          { kind: "account.delete", id, rev },
          { kind: "grant.delete", id: grant.id },
        ];
        for (const end of ends) {
          await commitClashing(catalog, "last-administrator", end, EXPECTED);
          await commit(catalog, EXPECTED);
          await commit(
            catalog,
            EXPECTED,
            { kind: "grant.delete", id: grant.id },
            {
              kind: "grant.put",
              grant,
            },
          );
        }
        assert.deepEqual((await catalog.findAccount(id))?.value, account);
        await commit(catalog, disable);
        await commitClashing(catalog, "last-administrator", EXPECTED);
        await commit(catalog, await disabling(catalog, account, false), EXPECTED);
      }));

    test("a group makes administrators of its members, as long as it has one that is not disabled", () =>
      withCatalog(subject, async (catalog) => {
        const [one, two] = [await storeAccount(catalog), await storeAccount(catalog)];
        const group = await storeGroup(catalog);
        const { id } = group;
        await storeGrant(catalog, { subject: { kind: "group", id }, role: "administrator" });
        const members = async (...accounts: readonly Account[]): Promise<Change> => ({
          kind: "group.put",
          group: { ...group, memberIds: accounts.map((account) => account.id) },
          rev: (await catalog.findGroup(id))?.rev ?? 0,
        });
        await commitClashing(catalog, "last-administrator", EXPECTED);
        await commit(catalog, await members(one, two), EXPECTED);
        await commit(catalog, await disabling(catalog, one), EXPECTED);
        const last = [await members(one), await disabling(catalog, two)] as const;
        for (const end of last) await commitClashing(catalog, "last-administrator", end, EXPECTED);
        const rev = (await catalog.findGroup(id))?.rev ?? 0;
        await commitClashing(
          catalog,
          "last-administrator",
          { kind: "group.delete", id, rev },
          EXPECTED,
        );
        const grant = aGrant({ subject: { kind: "account", id: two.id }, role: "administrator" });
        await commit(
          catalog,
          { kind: "group.delete", id, rev },
          { kind: "grant.put", grant },
          EXPECTED,
        );
      }));

    test("of two administrators that leave at once, one stays", () =>
      withCatalog(subject, async (catalog) => {
        const grants: Grant[] = [];
        for (let nth = 0; nth < 2; nth += 1)
          grants.push(await storeGrant(catalog, { role: "administrator" }));
        const outcomes = await Promise.all(
          grants.map(({ id }) => catalog.commit([{ kind: "grant.delete", id }, EXPECTED])),
        );
        assert.deepEqual(outcomes, [
          { kind: "committed" },
          { kind: "clash", reason: "last-administrator" },
        ]);
        assert.deepEqual(await catalog.listGrants(), [grants[1]]);
      }));
  });
};
