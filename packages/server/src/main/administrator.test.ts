import assert from "node:assert/strict";
import { test } from "node:test";
import { anAccount } from "@contentlib/testkit/builders/accounts";
import { openMemoryCatalog } from "../adapters/catalog/sqlite/sqlite-catalog.ts";
import { ManualClock } from "../adapters/clock/manual-clock.ts";
import { RandomIdSource } from "../adapters/ids/random-id-source.ts";
import type { Catalog } from "../ports/index.ts";
import { ADMINISTRATOR, type AdministratorNeeds, ensureAdministrator } from "./administrator.ts";

interface Start {
  readonly catalog: Catalog;
  readonly told: readonly string[];
  start(password: string | null): ReturnType<typeof ensureAdministrator>;
}

const aServer = async (): Promise<Start> => {
  const clock = new ManualClock();
  const ids = new RandomIdSource();
  const catalog = await openMemoryCatalog({
    now: () => clock.now(),
    newServerGuid: () => ids.accountId(),
  });
  const told: string[] = [];
  const needs: Omit<AdministratorNeeds, "password"> = {
    catalog,
    clock,
    ids,
    hasher: {
      hash: async (password) => `plain:${password}`,
      verify: async (password, hash) => hash === `plain:${password}`,
    },
    tell: (password) => told.push(password),
  };
  return { catalog, told, start: (password) => ensureAdministrator({ ...needs, password }) };
};

test("the first start makes an account that may do everything, and says a password it made up", async () => {
  const server = await aServer();
  const { kind, account } = await server.start(null);
  assert.equal(kind, "created");
  assert.match(server.told[0] ?? "", /^[0-9a-f]{6}(-[0-9a-f]{6}){3}$/);
  assert.equal(account.passwordHash, `plain:${server.told[0] ?? ""}`);
  assert.deepEqual((await server.catalog.findAccountByName(ADMINISTRATOR))?.value, account);
  const [grant, ...others] = await server.catalog.listGrants();
  assert.deepEqual(others, []);
  assert.deepEqual(grant, {
    id: grant?.id,
    subject: { kind: "account", id: account.id },
    role: "administrator",
    createdAt: account.createdAt,
  });
  const expecting = [{ kind: "administrator.expect" }] as const;
  assert.deepEqual(await server.catalog.commit(expecting), { kind: "committed" });
});

test("account and grant are made together, or neither is", async () => {
  const server = await aServer();
  const { commit } = server.catalog;
  const sets: (readonly string[])[] = [];
  server.catalog.commit = async (changes) => {
    sets.push(changes.map(({ kind }) => kind));
    return await commit.call(server.catalog, changes);
  };
  await server.start("secret");
  assert.deepEqual(sets, [["account.put", "grant.put"]]);
  assert.deepEqual(server.told, []);
});

test("a later start changes nothing, and says whether the password that is given is the account's", async () => {
  const server = await aServer();
  const { account } = await server.start("secret");
  const grants = await server.catalog.listGrants();
  for (const [password, matches] of [
    [null, null],
    ["secret", true],
    ["other", false],
  ] as const) {
    assert.deepEqual(await server.start(password), { kind: "found", account, matches });
  }
  assert.deepEqual(await server.catalog.listGrants(), grants);
  assert.deepEqual(server.told, []);
});

test("no password is that of an account that has none", async () => {
  const server = await aServer();
  const { passwordHash: _none, ...account } = anAccount({ name: ADMINISTRATOR });
  await server.catalog.commit([{ kind: "account.put", account, rev: null }]);
  assert.deepEqual(await server.start(""), { kind: "found", account, matches: false });
});
