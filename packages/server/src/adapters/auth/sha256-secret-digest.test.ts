import assert from "node:assert/strict";
import { test } from "node:test";
import { Sha256SecretDigest } from "./sha256-secret-digest.ts";

test("a secret is kept as the SHA-256 of its text", () => {
  assert.equal(
    new Sha256SecretDigest().digest("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
