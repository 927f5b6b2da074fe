import assert from "node:assert/strict";
import { test } from "node:test";
import { AbortedError } from "./errors.ts";
import { keepLogin } from "./login-keeper.ts";

/** A keeper whose logins are answered by hand. */
function rig() {
  const logins: { readonly answer: (id: string) => void; readonly signal: AbortSignal }[] = [];
  const keeper = keepLogin({ kind: "token", token: "t" }, async (_authorization, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    signal.addEventListener("abort", () => reject(new Error("given up")), { once: true });
    logins.push({ answer: resolve, signal });
    return await promise;
  });
  return { keeper, logins };
}

test("whoever aborts waits for no login, and the last of them ends it", async () => {
  const { keeper, logins } = rig();
  const one = new AbortController();
  const other = new AbortController();
  const first = keeper.loginId(one.signal);
  const second = keeper.loginId(other.signal);
  assert.equal(logins.length, 1);
  one.abort();
  await assert.rejects(first, AbortedError);
  assert.equal(logins[0]?.signal.aborted, false);
  other.abort();
  await assert.rejects(second, AbortedError);
  assert.equal(logins[0]?.signal.aborted, true);
});

test("a caller who comes after a login was given up makes another", async () => {
  const { keeper, logins } = rig();
  const interrupt = new AbortController();
  const first = keeper.loginId(interrupt.signal);
  interrupt.abort();
  await assert.rejects(first, AbortedError);
  const second = keeper.loginId();
  logins[1]?.answer("two");
  assert.equal(await second, "two");
  assert.equal(keeper.ownLoginId(), "two");
});

test("those who stay get the login that another did not wait for", async () => {
  const { keeper, logins } = rig();
  const interrupt = new AbortController();
  const first = keeper.loginId(interrupt.signal);
  const second = keeper.loginId();
  interrupt.abort();
  await assert.rejects(first, AbortedError);
  logins[0]?.answer("one");
  assert.equal(await second, "one");
  assert.equal(await keeper.loginId(AbortSignal.abort()), "one");
});
