import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { anAccessToken } from "@contentlib/testkit/builders/accounts";
import {
  memoryStorage,
  RIG_ACCOUNT,
  RIG_SETTINGS,
  startApp,
  RIG_ORIGIN,
} from "@contentlib/testkit/rigs/app-rig";
import type { AppRig, RigStorage } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import { ManualClock } from "../../adapters/clock/manual-clock.ts";
import { LiveLogins } from "./logins.ts";

const PASSWORD = {
  kind: "password",
  userName: "Administrator@vsphere.local",
  password: "secret",
} as const;

interface LoginRig extends AppRig {
  readonly clock: ManualClock;
  readonly storage: RigStorage;
}

const open = async (): Promise<LoginRig> => {
  const clock = new ManualClock();
  const storage = await memoryStorage(clock);
  return { ...(await startApp(clock, storage)), clock, storage };
};

test("a login is 32 hexadecimal digits, is found again, and is kept as its hash alone", async () => {
  const { app, storage } = await open();
  const loginId = await app.logins.create(PASSWORD, RIG_ORIGIN);
  assert.match(loginId, /^[0-9a-f]{32}$/);
  const caller = await app.logins.authenticate(loginId);
  assert.equal(caller?.userName, "administrator@vsphere.local");
  assert.equal(await storage.catalog.findLogin(loginId), null);
  assert.ok((await storage.catalog.findLogin(caller?.loginHash ?? "")) !== null);
});

test("a connection counts only for the id it presents now, and a login that ended is over on it too", async () => {
  const { app } = await open();
  const connection = {};
  const [first, second] = await Promise.all([
    app.logins.create(PASSWORD, RIG_ORIGIN),
    app.logins.create(PASSWORD, RIG_ORIGIN),
  ]);
  const hashOn = async (loginId: string): Promise<string | undefined> =>
    (await app.logins.authenticate(loginId, connection))?.loginHash;
  const hashes = [await hashOn(first), await hashOn(second)];
  assert.notEqual(hashes[0], hashes[1]);
  assert.deepEqual(
    [await hashOn(first), await hashOn(first), await hashOn(second)],
    [hashes[0], hashes[0], hashes[1]],
  );
  assert.equal(await hashOn("0".repeat(32)), undefined);
  const caller = await app.logins.authenticate(first, connection);
  assert.ok(caller !== null);
  await app.logins.delete(caller, RIG_ORIGIN);
  assert.equal(await hashOn(first), undefined);
  assert.equal(await hashOn(second), hashes[1]);
});

/** A rig whose hashes of presented texts are counted. */
const openCounting = async () => {
  const clock = new ManualClock();
  const storage = await memoryStorage(clock);
  const hashed: string[] = [];
  const digest = (secret: string): string => {
    hashed.push(secret);
    return createHash("sha256").update(secret).digest("hex");
  };
  const start = async () =>
    (await startApp(clock, storage, RIG_SETTINGS, { digest: { digest } })).app.logins;
  return { start, hashed };
};

test("a live login is hashed once on each connection, also where it has to be looked up", async () => {
  const { start, hashed } = await openCounting();
  const before = await start();
  const loginId = await before.create(PASSWORD, RIG_ORIGIN);
  for (const logins of [before, await start()]) {
    const connection = {};
    hashed.length = 0;
    for (let turn = 0; turn < 3; turn += 1)
      assert.ok((await logins.authenticate(loginId, connection)) !== null);
    assert.deepEqual(hashed, [loginId]);
    await logins.authenticate(loginId, {});
    assert.equal(hashed.length, 2);
  }
});

test("what is no login is not remembered with the connection, and drives out no login that is", async () => {
  const { start, hashed } = await openCounting();
  const logins = await start();
  const loginId = await logins.create(PASSWORD, RIG_ORIGIN);
  const ended = await logins.create(PASSWORD, RIG_ORIGIN);
  const caller = await logins.authenticate(ended);
  assert.ok(caller !== null);
  await logins.delete(caller, RIG_ORIGIN);
  const connection = {};
  assert.ok((await logins.authenticate(loginId, connection)) !== null);
  hashed.length = 0;
  for (const text of ["0".repeat(32), ended, "0".repeat(32), ended])
    assert.equal(await logins.authenticate(text, connection), null);
  assert.ok((await logins.authenticate(loginId, connection)) !== null);
  assert.deepEqual(hashed, ["0".repeat(32), ended, "0".repeat(32), ended]);
});

test("a text that is not as long as an id is no login, and is not even hashed", async () => {
  const { start, hashed } = await openCounting();
  const logins = await start();
  const loginId = await logins.create(PASSWORD, RIG_ORIGIN);
  hashed.length = 0;
  for (const text of ["", loginId.slice(1), `${loginId} `, "x".repeat(1_000_000)])
    assert.equal(await logins.authenticate(text, {}), null);
  assert.deepEqual(hashed, []);
});

test("what connections present that is no login is not kept as long as they are", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const { app } = await open();
  const connections = Array.from({ length: 100 }, () => ({}));
  gc();
  const before = process.memoryUsage().heapUsed;
  for (const [n, connection] of connections.entries()) {
    const text = String(n).padEnd(1_000_000, `x${n}`);
    assert.equal(await app.logins.authenticate(text, connection), null);
  }
  gc();
  const keptBytes = process.memoryUsage().heapUsed - before;
  assert.ok(keptBytes < 10_000_000, `${keptBytes} bytes are kept`);
  assert.equal(connections.length, 100);
});

test("wrong password, unknown account and unknown token are refused in the same words", async () => {
  const { app, journal } = await open();
  const attempts = [
    { ...PASSWORD, password: "wrong" },
    { ...PASSWORD, userName: "nobody" },
    { ...PASSWORD, userName: "administrator@elsewhere" },
    { kind: "token", token: "unknown" } as const,
  ];
  const texts = await Promise.all(
    attempts.map((each) => refusedWith("login.refused", app.logins.create(each, RIG_ORIGIN))),
  );
  assert.equal(new Set(texts).size, 1);
  const refusals = journal.events.filter((each) => each.kind === "loginRefused");
  assert.equal(refusals.length, attempts.length);
  assert.equal(JSON.stringify(refusals).includes('wrong"'), false, "no password in the journal");
});

test("what can be no name is not repeated: it may be a password in the wrong place", async () => {
  const { app, journal } = await open();
  const misplaced = ["correct horse battery", "Tr0ub4dor&3", "x".repeat(65), "a\u001b[2J", ""];
  for (const userName of [...misplaced, ...misplaced.map((text) => `${text}@vsphere.local`)])
    await refusedWith("login.refused", app.logins.create({ ...PASSWORD, userName }, RIG_ORIGIN));
  await refusedWith(
    "login.refused",
    app.logins.create({ ...PASSWORD, userName: "Nobody@VSPHERE.LOCAL" }, RIG_ORIGIN),
  );
  const told = journal.events.filter(({ kind }) => kind === "loginRefused");
  const names = told.map(({ event }) => (event as { accountName?: string }).accountName);
  assert.deepEqual(names, [...Array<string>(10).fill("(no account name)"), "nobody"]);
});

test("use keeps a login alive, idleness and age end it", async () => {
  const { app, clock } = await open();
  const loginId = await app.logins.create(PASSWORD, RIG_ORIGIN);
  for (
    let spentMs = 0;
    spentMs + RIG_SETTINGS.loginIdleMs < RIG_SETTINGS.loginAbsoluteMs;
    spentMs += RIG_SETTINGS.loginIdleMs
  ) {
    await clock.advance(RIG_SETTINGS.loginIdleMs);
    assert.ok((await app.logins.authenticate(loginId)) !== null);
  }
  await clock.advance(RIG_SETTINGS.loginIdleMs + 1);
  assert.equal(await app.logins.authenticate(loginId), null);
  const idle = await app.logins.create(PASSWORD, RIG_ORIGIN);
  await clock.advance(RIG_SETTINGS.loginIdleMs + 1);
  assert.equal(await app.logins.authenticate(idle), null);
});

test("a login survives a restart with the use it has seen, and a deleted one does not", async () => {
  const rig = await open();
  const loginId = await rig.app.logins.create(PASSWORD, RIG_ORIGIN);
  const gone = await rig.app.logins.create(PASSWORD, RIG_ORIGIN);
  const caller = await rig.app.logins.authenticate(gone);
  assert.ok(caller !== null);
  await rig.app.logins.delete(caller, RIG_ORIGIN);
  assert.equal(await rig.app.logins.authenticate(gone), null);
  await rig.clock.advance(RIG_SETTINGS.loginIdleMs - 1);
  await rig.app.logins.authenticate(loginId);
  await rig.app.duties.recordActivity();
  const { app } = await startApp(rig.clock, rig.storage);
  await rig.clock.advance(RIG_SETTINGS.loginIdleMs - 1);
  assert.ok((await app.logins.authenticate(loginId)) !== null);
  assert.equal(await app.logins.authenticate(gone), null);
});

test("a login that is used while it is deleted is dead once that is answered", async () => {
  const { clock, storage } = await open();
  const { commit, findAccount } = storage.catalog;
  const held = Promise.withResolvers<void>();
  let isHeld = false;
  // Whoever reads the login while it is deleted gets its account only after that.
  storage.catalog.findAccount = async (id) => {
    const account = await findAccount.call(storage.catalog, id);
    if (isHeld) await held.promise;
    return account;
  };
  const { app } = await startApp(clock, storage);
  const loginId = await app.logins.create(PASSWORD, RIG_ORIGIN);
  const caller = await app.logins.authenticate(loginId);
  assert.ok(caller !== null);
  const second = (await startApp(clock, storage)).app.logins;
  isHeld = true;
  const late = second.authenticate(loginId);
  let during: unknown = null;
  storage.catalog.commit = async (changes) => {
    during = second.authenticate(loginId);
    return await commit.call(storage.catalog, changes);
  };
  await second.delete(caller, RIG_ORIGIN);
  isHeld = false;
  held.resolve();
  await Promise.all([late, during]);
  assert.equal(await second.authenticate(loginId), null);
});

test("an access token stands for its account until it is taken away", async () => {
  const { app, storage } = await open();
  const hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
  const token = anAccessToken({ hash, accountId: RIG_ACCOUNT });
  await storage.catalog.commit([{ kind: "token.put", token }]);
  assert.ok(
    (await app.logins.authenticate(
      await app.logins.create({ kind: "token", token: "secret" }, RIG_ORIGIN),
    )) !== null,
  );
  await storage.catalog.commit([{ kind: "token.delete", id: token.id }]);
  await refusedWith(
    "login.refused",
    app.logins.create({ kind: "token", token: "secret" }, RIG_ORIGIN),
  );
});

test("bytes keep the logins alive that lived when they began to move, and raise none from the dead", async () => {
  // S29
  const { app, clock } = await open();
  assert.ok(app.logins instanceof LiveLogins);
  const dead = await app.logins.create(PASSWORD, RIG_ORIGIN);
  await clock.advance(RIG_SETTINGS.loginIdleMs + 1);
  const living = await app.logins.create(PASSWORD, RIG_ORIGIN);
  const account = (await app.logins.authenticate(living))?.accountId ?? RIG_ACCOUNT;
  for (let turn = 0; turn < 3; turn += 1) {
    app.logins.noteBytes(account, clock.now());
    await clock.advance(RIG_SETTINGS.loginIdleMs);
  }
  assert.equal(await app.logins.authenticate(dead), null);
  assert.ok((await app.logins.authenticate(living)) !== null);
});
