import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault, messageOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { anAccount } from "@contentlib/testkit/builders/accounts";
import { anAccountId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { checkNewPassword } from "./new-password.ts";
import {
  chooseAccountName,
  checkAccountPatch,
  newAccount,
  patchedAccount,
} from "./plan-account.ts";

const sentence = (outcome: string | FaultValue | null): string => {
  assert.ok(isFault(outcome), JSON.stringify(outcome));
  return messageOf(outcome).default_message;
};

test("the name of an account is one name in all its spellings", () => {
  for (const name of ["ben", " Ben ", "BEN@vsphere.local", "vsphere.local\\ben"])
    assert.equal(chooseAccountName({ name }), "ben", name);
  assert.equal(chooseAccountName({ name: "ci-nightly_2.x" }), "ci-nightly_2.x");
});

test("what can not be a name says why", () => {
  assert.match(sentence(chooseAccountName({ name: "" })), /name .*is empty/);
  assert.match(sentence(chooseAccountName({ name: "ben@example.org" })), /domain/);
  assert.match(sentence(chooseAccountName({ name: "a".repeat(65) })), /64/);
  for (const name of ["b en", "b:n", "b/n", "..", "-ben", "b\u00e9n", "b\nn", "b\u202en"])
    assert.match(sentence(chooseAccountName({ name })), /letters/, name);
});

test("a name does not look like an id, which would be somebody else's", () => {
  for (const name of [anAccountId(), anAccountId().toUpperCase()])
    assert.match(sentence(chooseAccountName({ name })), /name .*form of an id/, name);
  const nearly = anAccountId().slice(1);
  assert.equal(chooseAccountName({ name: nearly }), nearly);
});

test("a password is long enough, and no refusal tells anything of it", () => {
  assert.equal(checkNewPassword("correct horse", "ben"), null);
  assert.equal(checkNewPassword("\u{1F40E}".repeat(12), "ben"), null);
  for (const password of [
    "",
    "elevenchars",
    "x".repeat(257),
    "nul\0nul\0nul\0nul",
    "\ud800".repeat(12),
  ]) {
    const reason = checkNewPassword(password, "ben");
    assert.ok(reason !== null, password);
    if (password !== "") assert.ok(!reason.includes(password));
  }
  assert.match(checkNewPassword("Administrator", "administrator") ?? "", /name of the account/);
  const text = sentence(chooseAccountName({ name: "ben", password: "sEcrEt" }));
  assert.match(text, /password .*fewer than 12/);
  assert.ok(!text.includes("sEcrEt"));
});

test("a new account can log in at once, or by its tokens only", () => {
  const id = anAccountId();
  const wish = { name: "Ben", description: "Builds." };
  const account = {
    id,
    name: "ben",
    description: "Builds.",
    isDisabled: false,
    createdAt: BUILT_AT,
  };
  assert.deepEqual(newAccount({ id, name: "ben", wish, now: BUILT_AT }), account);
  assert.deepEqual(newAccount({ id, name: "ben", wish, passwordHash: "hash", now: BUILT_AT }), {
    ...account,
    passwordHash: "hash",
  });
});

test("an update changes what it names, and one that changes nothing gives the same value", () => {
  const account = anAccount();
  assert.equal(patchedAccount(account, {}), account);
  assert.equal(patchedAccount(account, { isDisabled: false }), account);
  assert.deepEqual(patchedAccount(account, { isDisabled: true }), { ...account, isDisabled: true });
  assert.deepEqual(patchedAccount(account, { password: "x" }, "hash"), {
    ...account,
    passwordHash: "hash",
  });
  assert.equal(
    checkAccountPatch(account, { description: "fine", password: "correct horse" }),
    null,
  );
  assert.match(
    sentence(checkAccountPatch(account, { description: "a".repeat(2001) })),
    /description/,
  );
  assert.match(sentence(checkAccountPatch(account, { password: "short" })), /password/);
});
