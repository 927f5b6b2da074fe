import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import type { RigToken, RigUser } from "@contentlib/testkit/rigs/access-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import type { GatedCatalog } from "@contentlib/testkit/faults/catalog-gated";
import { gatedCatalog } from "@contentlib/testkit/faults/catalog-gated";
import { aCall, RIG_ORIGIN, RIG_SETTINGS } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import type { AttemptLimiter } from "../../ports/index.ts";
import type { Caller } from "../call.ts";

const PASSWORD = "correct horse battery";

/** A limiter that writes down what it is told, and slows down whom the test wants. */
class TellingLimiter implements AttemptLimiter {
  readonly told: string[] = [];
  isSlow = false;

  admit(name: string): ReturnType<AttemptLimiter["admit"]> {
    this.told.push(`admit ${name}`);
    return this.isSlow ? { kind: "wait", seconds: 7 } : { kind: "ok" };
  }

  failed(name: string): void {
    this.told.push(`failed ${name}`);
  }

  succeeded(name: string): void {
    this.told.push(`succeeded ${name}`);
  }
}

let rig: AccessRig;
let attempts: TellingLimiter;
let hashed: number;
let writes: GatedCatalog;
let user: RigUser;
let token: RigToken;

beforeEach(async () => {
  attempts = new TellingLimiter();
  hashed = 0;
  rig = await AccessRig.open(
    (storage) => {
      writes = gatedCatalog(storage.catalog);
      return { ...storage, catalog: writes.catalog };
    },
    RIG_SETTINGS,
    {
      attempts,
      hasher: {
        hash: async (password) => `plain:${password}`,
        verify: async (password, hash) => {
          hashed += 1;
          return hash === `plain:${password}`;
        },
      },
    },
  );
  user = await rig.user("viewer");
  await setPassword();
  token = await rig.token(user);
});

const setPassword = async (): Promise<void> => {
  const update_spec = { password: PASSWORD };
  await rig.handlers["user.update"]({ user: user.id, update_spec }, aCall());
};

const byPassword = (password: string, userName = user.name): Promise<string> =>
  rig.rig.app.logins.create({ kind: "password", userName, password }, RIG_ORIGIN);

const byToken = (text: string): Promise<string> =>
  rig.rig.app.logins.create({ kind: "token", token: text }, RIG_ORIGIN);

const callerOf = async (loginId: string): Promise<Caller | null> =>
  await rig.rig.app.logins.authenticate(loginId);

suite("a token is as good as the password of its account", () => {
  test("in every login, and neither the hasher nor the limiter is asked", async () => {
    attempts.isSlow = true;
    for (const loginId of [await byPassword(token.text), await byToken(token.text)]) {
      const caller = await callerOf(loginId);
      assert.deepEqual([caller?.accountId, caller?.tokenId], [user.id, token.id]);
    }
    assert.equal(hashed, 0);
    assert.deepEqual(attempts.told, []);
    await refusedWith("login.busy", byPassword(PASSWORD));
  });

  test("and of no other account", async () => {
    const other = await rig.user();
    await refusedWith("login.refused", byPassword(token.text, other.name));
    await refusedWith("login.refused", byPassword(token.text, `${user.name}@elsewhere`));
    assert.equal((await callerOf(await byPassword(PASSWORD)))?.tokenId, undefined);
  });

  test("also where the account has no password, or a start came between", async () => {
    const robot = await rig.handlers["user.create"]({ create_spec: { name: "robot" } }, aCall());
    const made = await rig.handlers["token.create"](
      { create_spec: { user: robot, name: "nightly" } },
      aCall(),
    );
    const loginId = await byPassword(made.token, "robot");
    await rig.restart();
    assert.equal((await callerOf(loginId))?.tokenId, made.token_id);
    await refusedWith("login.refused", byPassword("", "robot"));
  });
});

suite("wrong tokens", () => {
  test("count like wrong passwords, and are slowed down like them", async () => {
    await refusedWith("login.refused", byToken("0".repeat(64)));
    await refusedWith("login.refused", byPassword("0".repeat(64)));
    assert.deepEqual(attempts.told, [
      "admit (token)",
      "failed (token)",
      `admit ${user.name}`,
      `failed ${user.name}`,
    ]);
    attempts.isSlow = true;
    await refusedWith("login.busy", byToken("0".repeat(64)));
  });

  test("are refused in the same words, whether unknown, expired, revoked or of a disabled user", async () => {
    const expires_time = new Date(rig.clock.now() + 1_000).toISOString();
    const short = await rig.token(user, { expires_time });
    await rig.clock.advance(1_000);
    const texts = [await refusedWith("login.refused", byToken(short.text))];
    texts.push(await refusedWith("login.refused", byPassword(short.text)));
    await rig.handlers["token.delete"]({ token_id: short.id }, aCall());
    texts.push(await refusedWith("login.refused", byToken(short.text)));
    const update_spec = { disabled: true };
    await rig.handlers["user.update"]({ user: user.id, update_spec }, aCall());
    for (const login of [byToken(token.text), byPassword(token.text), byPassword(PASSWORD)])
      texts.push(await refusedWith("login.refused", login));
    texts.push(await refusedWith("login.refused", byPassword(PASSWORD, "nobody")));
    assert.equal(new Set(texts).size, 1);
  });
});

suite("logins end", () => {
  test("of a token with the token, and no others", async () => {
    const own = await byPassword(PASSWORD);
    const loginId = await byToken(token.text);
    assert.ok((await callerOf(loginId)) !== null);
    await rig.handlers["token.delete"]({ token_id: token.id }, aCall());
    assert.equal(await callerOf(loginId), null);
    assert.ok((await callerOf(own)) !== null);
  });

  test("of a token when it expires", async () => {
    const expires_time = new Date(rig.clock.now() + 1_000).toISOString();
    const short = await rig.token(user, { expires_time });
    const loginId = await byToken(short.text);
    assert.ok((await callerOf(loginId)) !== null);
    await rig.restart();
    assert.ok((await callerOf(loginId)) !== null);
    await rig.clock.advance(1_000);
    assert.equal(await callerOf(loginId), null);
  });

  test("of an account that is disabled, and do not come back when it is enabled again", async () => {
    const logins = [await byPassword(PASSWORD), await byToken(token.text)];
    for (const disabled of [true, false])
      await rig.handlers["user.update"]({ user: user.id, update_spec: { disabled } }, aCall());
    for (const loginId of logins) assert.equal(await callerOf(loginId), null);
    assert.ok((await callerOf(await byPassword(PASSWORD))) !== null);
  });
});

suite("a login that is made while", () => {
  test("its token is revoked is refused, or dead", async () => {
    const before = writes.hold("login.put");
    const refused = refusedWith("login.refused", byToken(token.text));
    await before.reached;
    await rig.handlers["token.delete"]({ token_id: token.id }, aCall());
    before.open();
    await refused;
  });

  test("its account is disabled is dead, if it was recorded just before", async () => {
    const after = writes.hold("login.put", "after");
    const creating = byPassword(PASSWORD);
    await after.reached;
    await rig.handlers["user.update"]({ user: user.id, update_spec: { disabled: true } }, aCall());
    after.open();
    assert.equal(await callerOf(await creating), null);
  });
});
