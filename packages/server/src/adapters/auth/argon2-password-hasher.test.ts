import assert from "node:assert/strict";
import { test } from "node:test";
import { PortError } from "../../ports/index.ts";
import {
  Argon2PasswordHasher,
  HASHES_RUNNING_MAX,
  HASHES_WAITING_MAX,
} from "./argon2-password-hasher.ts";

const CHEAP =
  "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

test("a password fits its own hash and no other", async () => {
  const hasher = new Argon2PasswordHasher();
  const encoded = await hasher.hash("pässword");
  assert.match(encoded, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await hasher.verify("pässword", encoded), true);
  assert.equal(await hasher.verify("passwort", encoded), false);
  assert.notEqual(await hasher.hash("pässword"), encoded);
});

test("the same text in another Unicode form is the same password", async () => {
  const hasher = new Argon2PasswordHasher();
  const encoded = await hasher.hash("p\u00e4ss");
  assert.equal(await hasher.verify("pa\u0308ss", encoded), true);
});

test("the parameters of the stored hash are used, whatever today costs", async () => {
  assert.equal(await new Argon2PasswordHasher().verify("x", CHEAP), false);
});

test("a hash that is none is a corrupt catalog, not a wrong password", async () => {
  await assert.rejects(
    new Argon2PasswordHasher().verify("x", "plain"),
    (error: unknown) => error instanceof PortError && error.kind === "corrupt",
  );
});

test("an absurdly long password is refused without being hashed", async () => {
  assert.equal(await new Argon2PasswordHasher().verify("x".repeat(2000), CHEAP), false);
});

test("two run, thirty-two wait, the next is turned away and the others finish", async () => {
  const hasher = new Argon2PasswordHasher();
  const admitted = Array.from(
    { length: HASHES_RUNNING_MAX + HASHES_WAITING_MAX },
    async () => await hasher.verify("x", CHEAP),
  );
  assert.equal(hasher.queueLength, HASHES_RUNNING_MAX + HASHES_WAITING_MAX);
  await assert.rejects(
    hasher.verify("x", CHEAP),
    (error: unknown) =>
      error instanceof PortError && error.kind === "unavailable" && error.retry === "safe",
  );
  assert.deepEqual(new Set(await Promise.all(admitted)), new Set([false]));
  assert.equal(hasher.queueLength, 0);
  assert.equal(await hasher.verify("x", CHEAP), false);
});
