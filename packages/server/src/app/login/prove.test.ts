import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import type { RigUser } from "@contentlib/testkit/rigs/access-rig";
import { aCall, RIG_ORIGIN, RIG_SETTINGS } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import type { AttemptLimiter } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { Credentials } from "../app.ts";
import type { Caller } from "../call.ts";

const PASSWORD = "correct horse battery";

let rig: AccessRig;
let user: RigUser;
let isSlow = false;

/** Slows down whom the test wants. */
const attempts: AttemptLimiter = {
  admit: () => (isSlow ? { kind: "wait", seconds: 7 } : { kind: "ok" }),
  failed: () => (isSlow = true),
  succeeded: () => undefined,
};

beforeEach(async () => {
  isSlow = false;
  rig = await AccessRig.open((storage) => storage, RIG_SETTINGS, { attempts });
  user = await rig.user("viewer");
  const update_spec = { password: PASSWORD };
  await rig.handlers["user.update"]({ user: user.id, update_spec }, aCall());
});

const prove = (credentials: Credentials): Promise<Caller> =>
  rig.rig.app.logins.prove(credentials, RIG_ORIGIN);
const byPassword = (password: string): Promise<Caller> =>
  prove({ kind: "password", userName: user.name, password });

const eventsOf = (kind: string): number =>
  rig.rig.journal.events.filter((event) => event.kind === kind).length;

describe("credentials that are proved for one call", () => {
  test("tell who it is, by password and by token, without a login", async () => {
    const caller = await byPassword(PASSWORD);
    assert.equal(caller.accountId, user.id);
    assert.equal(caller.tokenId, undefined);
    const token = await rig.token(user);
    const byToken = await prove({ kind: "token", token: token.text });
    assert.deepEqual([byToken.accountId, byToken.tokenId], [user.id, token.id]);
    assert.equal(eventsOf("loginMade"), 0);
    for (const { loginHash } of [caller, byToken])
      assert.equal(await rig.rig.app.logins.authenticate(loginHash), null);
  });

  test("are refused as those of a login are, and slowed down like them", async () => {
    await refusedWith("login.refused", prove({ kind: "token", token: "none" }));
    await refusedWith("login.busy", byPassword(PASSWORD));
    await refusedWith("login.busy", prove({ kind: "token", token: "none" }));
    assert.equal(eventsOf("loginRefused"), 1);
    assert.equal(eventsOf("loginPutOff"), 2);
  });

  test("leave where they came from and what was tried in the trail, also when nobody looked at them", async () => {
    await refusedWith("login.refused", byPassword("a wrong one"));
    for (let times = 0; times < 3; times += 1)
      await refusedWith("login.busy", byPassword("a wrong one"));
    const reason = "too many failed attempts";
    const { entries } = await rig.handlers["audit.list"]({ event: "LOGIN_REFUSED" }, aCall());
    assert.deepEqual(
      entries.map((entry) => [entry.user, entry.address, entry.reason, entry.count]),
      [
        [`${user.name}@vsphere.local`, RIG_ORIGIN.address, reason, 3],
        [`${user.name}@vsphere.local`, RIG_ORIGIN.address, "wrong password", 1],
      ],
    );
  });

  test("that wait behind too many others leave the same", async () => {
    const busy = await AccessRig.open((storage) => storage, RIG_SETTINGS, {
      hasher: {
        hash: async () => "hash",
        verify: async () => {
          throw new PortError("unavailable", "Too many wait.");
        },
      },
    });
    const ben = await busy.user();
    await busy.handlers["user.update"](
      { user: ben.id, update_spec: { password: PASSWORD } },
      aCall(),
    );
    for (const userName of [ben.name, "nobody"]) {
      const credentials = { kind: "password", userName, password: PASSWORD } as const;
      await refusedWith("login.busy", busy.rig.app.logins.prove(credentials, RIG_ORIGIN));
    }
    const { entries } = await busy.handlers["audit.list"]({ event: "LOGIN_REFUSED" }, aCall());
    assert.deepEqual(
      entries.map(({ user: tried, reason }) => [tried, reason]),
      ["nobody", ben.name].map((name) => [`${name}@vsphere.local`, "too many passwords to check"]),
    );
  });

  test("of a disabled account prove nothing", async () => {
    const token = await rig.token(user);
    await rig.handlers["user.update"]({ user: user.id, update_spec: { disabled: true } }, aCall());
    await refusedWith("login.refused", prove({ kind: "token", token: token.text }));
    isSlow = false;
    await refusedWith("login.refused", byPassword(PASSWORD));
  });

  test("make a login that is counted once, when one is wanted", async () => {
    await rig.rig.app.logins.create(
      { kind: "password", userName: user.name, password: PASSWORD },
      RIG_ORIGIN,
    );
    assert.equal(eventsOf("loginMade"), 1);
  });
});
