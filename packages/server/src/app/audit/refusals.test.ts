import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SEVERAL } from "@contentlib/contract/vocabulary";
import { memoryStorage } from "@contentlib/testkit/rigs/app-rig";
import { anAccountId, anItemId } from "@contentlib/testkit/builders/ids";
import { ManualClock } from "../../adapters/clock/manual-clock.ts";
import type { AuditRow } from "../../domain/audit-entry.ts";
import type { AccountId } from "../../domain/ids.ts";
import type { Catalog, ChangeSet, CommitOutcome } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import { Places } from "../access/places.ts";
import { FOLDS_MAX, FOLDS_OF_SOURCE_MAX } from "./refusal-folds.ts";
import { Refusals } from "./refusals.ts";
import { FOLD_WINDOW_MS, TrailNames } from "./trail-names.ts";

const ADDRESS = "192.0.2.1";

/** Refusals over a real trail whose commits can be made to fail, and are counted. */
const open = async () => {
  const clock = new ManualClock();
  const { catalog } = await memoryStorage(clock);
  const troubles: unknown[] = [];
  const sizes: number[] = [];
  let failing = false;
  const commit = async (changes: ChangeSet): Promise<CommitOutcome> => {
    if (failing) throw new PortError("unavailable", "The disk is gone.");
    sizes.push(changes.length);
    return await catalog.commit(changes);
  };
  const refusals = new Refusals({
    catalog: { commit },
    clock,
    journal: { trouble: (event) => void troubles.push(event) },
    names: new TrailNames(catalog, new Places(catalog)),
  });
  const login = (userName: string | null, address = ADDRESS, reason = "wrong password"): void =>
    refusals.loginRefused({ userName, origin: { address, requestId: "r" }, reason });
  const denied = (accountId: AccountId, id = anItemId()): void =>
    refusals.denied({
      doer: { kind: "user", accountId, userName: "ben@vsphere.local" },
      operation: "item.get",
      origin: { address: ADDRESS, requestId: "r" },
      objects: [{ kind: "item", id }],
      reason: "it is hidden",
    });
  const rows = async (): Promise<readonly AuditRow[]> => {
    await refusals.write();
    return (await rowsIn(catalog)).toReversed();
  };
  return {
    clock,
    catalog,
    refusals,
    login,
    denied,
    rows,
    troubles,
    sizes,
    fail: (isFailing: boolean) => (failing = isFailing),
  };
};

const rowsIn = async (catalog: Catalog): Promise<readonly AuditRow[]> =>
  (await catalog.listAudit({}, { before: null, limit: 2 * FOLDS_MAX })).rows;

const nameOf = ({ actor }: AuditRow): string => (actor.kind === "server" ? "" : actor.userName);

describe("a refused login", () => {
  test("is a row with the full name that was tried, where from, and why", async () => {
    const { login, rows, clock } = await open();
    login("Ben");
    const [row, ...others] = await rows();
    assert.deepEqual(others, []);
    const { id: _id, ...told } = row ?? ({} as AuditRow);
    assert.deepEqual(told, {
      event: "LOGIN_REFUSED",
      operation: "login.create",
      actor: { kind: "unknown", userName: "ben@vsphere.local" },
      address: ADDRESS,
      requestId: "r",
      objects: [],
      reason: "wrong password",
      at: clock.now(),
      count: 1,
      lastAt: clock.now(),
    });
  });

  test("takes the name of a stranger as it is, but short and on one line", async () => {
    const { login, rows } = await open();
    login(`a\r\nb\u001b[31m\u2028c\u202e${"x".repeat(10_000)}@elsewhere`);
    login(null);
    const [strange, token] = await rows();
    assert.ok(strange !== undefined && token !== undefined);
    assert.match(nameOf(strange), /^a {2}b \[31m c x+$/);
    assert.equal(nameOf(strange).length, 128);
    assert.equal(nameOf(token), "");
  });

  test("is counted with others like it, and the window begins anew after its time", async () => {
    const { login, rows, clock } = await open();
    const beganAt = clock.now();
    for (let times = 0; times < 5; times += 1) {
      login("ben");
      await clock.advance(1_000);
      await rows();
    }
    login("BEN", "::ffff:192.0.2.1");
    const [folded, ...others] = await rows();
    assert.deepEqual(others, []);
    assert.equal(folded?.count, 6);
    assert.deepEqual([folded.at, folded.lastAt], [beganAt, clock.now()]);
    await clock.advance(FOLD_WINDOW_MS);
    await rows();
    login("ben");
    assert.deepEqual(
      (await rows()).map(({ count }) => count),
      [6, 1],
    );
  });
});

describe("what somebody makes of it who tries to fill the trail", () => {
  test("a storm of names from one network makes so many rows, and one more that counts the rest", async () => {
    const { login, rows, clock, sizes } = await open();
    const tries = 5_000;
    for (let count = 0; count < tries; count += 1) {
      // Another address of the same network each time.
      login(`name${count}`, `2001:db8:1:2::${(count % 4_096).toString(16)}`);
      if (count % 100 === 99) {
        await clock.advance(1_000);
        await rows();
      }
    }
    const all = await rows();
    assert.equal(all.length, FOLDS_OF_SOURCE_MAX + 1);
    assert.equal(
      all.reduce((sum, { count }) => sum + count, 0),
      tries,
    );
    const rest = all.at(-1);
    assert.ok(rest);
    assert.equal(nameOf(rest), "");
    assert.equal(rest.reason, "many names were tried");
    // In all but the first second one row is written.
    assert.equal(Math.max(...sizes.slice(1)), 1);
  });

  test("a storm from many networks is bounded as well, and what is too much is one row of nobody", async () => {
    const { login, rows } = await open();
    const networks = FOLDS_MAX * 2;
    for (let network = 0; network < networks; network += 1)
      login("ben", `2001:db8:${network.toString(16)}::1`);
    const all = await rows();
    assert.equal(all.length, FOLDS_MAX + 1);
    const rest = all.at(-1);
    assert.deepEqual([rest?.count, rest?.address], [networks - FOLDS_MAX, undefined]);
  });

  test("the room comes back once the window is over", async () => {
    const { login, rows, clock } = await open();
    for (let network = 0; network < FOLDS_MAX; network += 1)
      login("ben", `2001:db8:${network.toString(16)}::1`);
    await rows();
    await clock.advance(FOLD_WINDOW_MS);
    await rows();
    login("late", "192.0.2.99");
    const row = (await rows()).at(-1);
    assert.equal(row && nameOf(row), "late@vsphere.local");
    assert.equal(row?.address, "192.0.2.99");
  });

  test("a user who asks for everything stays named, and fills nobody else's room", async () => {
    const { denied, login, rows } = await open();
    const ben = anAccountId();
    for (let count = 0; count < 100; count += 1) denied(ben);
    denied(anAccountId());
    login("guess");
    const all = await rows();
    assert.equal(all.length, FOLDS_OF_SOURCE_MAX + 3);
    const rest = all.find(({ operation }) => operation === SEVERAL);
    assert.equal(rest?.count, 100 - FOLDS_OF_SOURCE_MAX);
    assert.equal(rest.actor.kind === "user" && rest.actor.accountId, ben);
    assert.deepEqual(rest.objects, []);
  });
});

describe("writing", () => {
  test("a denied call names what was asked for", async () => {
    const { denied, rows } = await open();
    const id = anItemId();
    denied(anAccountId(), id);
    const [row] = await rows();
    assert.deepEqual([row?.event, row?.objects], ["DENIED", [{ kind: "item", id }]]);
  });

  test("never rejects: the journal is told, and nothing is lost", async () => {
    const { login, refusals, rows, troubles, fail, clock } = await open();
    const beganAt = clock.now();
    login("ben");
    fail(true);
    await refusals.write();
    assert.equal(troubles.length, 1);
    await clock.advance(1_000);
    login("ben");
    await refusals.write();
    fail(false);
    const [row, ...others] = await rows();
    assert.deepEqual(others, []);
    assert.deepEqual([row?.count, row?.at, row?.lastAt], [2, beganAt, clock.now()]);
  });

  test("is done by one at a time, and nothing is written twice", async () => {
    const { login, refusals, rows } = await open();
    login("ben");
    await Promise.all([refusals.write(), refusals.write(), refusals.write()]);
    assert.equal((await rows())[0]?.count, 1);
  });

  test("commits nothing where nothing was refused", async () => {
    const { refusals, sizes, login } = await open();
    await refusals.write();
    assert.deepEqual(sizes, []);
    login("ben");
    await refusals.write();
    await refusals.write();
    assert.deepEqual(sizes, [1]);
  });
});
