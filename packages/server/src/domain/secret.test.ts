import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault, messageOf } from "@contentlib/contract/vocabulary";
import { checkDestination, checkSecret, originOf, readOrigin } from "./secret.ts";
import type { SecretWish } from "./secret.ts";

const WISH: SecretWish = {
  name: "artifacts",
  origin: "https://files.example",
  userName: "ci",
  password: "open sesame",
};

const refusal = (over: Partial<SecretWish>): string => {
  const outcome = checkSecret({ ...WISH, ...over });
  assert.ok(isFault(outcome), JSON.stringify(over));
  assert.equal(outcome.fault, "secret.invalid_property");
  return messageOf(outcome).default_message;
};

test("an origin has one spelling: lower case, and no port that its scheme has anyway", () => {
  const spellings = [
    ["https://files.example", "https://files.example"],
    ["HTTPS://Files.Example:443/", "https://files.example"],
    ["http://files.example:80", "http://files.example"],
    ["http://files.example:443", "http://files.example:443"],
    ["https://files.example:0443", "https://files.example"],
    ["https://10.0.0.7:8443", "https://10.0.0.7:8443"],
    ["http://[FD00::7]:8080", "http://[fd00::7]:8080"],
  ] as const;
  for (const [text, origin] of spellings) assert.equal(readOrigin(text), origin, text);
});

test("what is more than an origin, or less, is none", () => {
  for (const text of [
    "",
    "files.example",
    "https://",
    "https://files.example/path",
    "https://files.example?",
    "https://files.example#a",
    "https://files.example//",
    "https://ada@files.example",
    "https://ada:secret@files.example",
    "https://files.example:",
    "https://files.example:0",
    "https://files.example:65536",
    "https://files.example\\@other.example",
    "https://files.example\n",
    " https://files.example",
    "https://*.example",
    "ftp://files.example",
    "file:///a",
    `https://${"a".repeat(300)}`,
  ])
    assert.equal(readOrigin(text), null, text);
});

test("the origin of an address is that of its server, whatever follows", () => {
  assert.equal(originOf("https://Files.example:443/a?b#c"), "https://files.example");
  assert.equal(originOf("http://files.example:8080"), "http://files.example:8080");
  assert.equal(originOf("https://ada@files.example/"), null);
  assert.equal(originOf("file:///a"), null);
});

test("a secret is kept with the one spelling of its origin, and may have no user name", () => {
  assert.deepEqual(checkSecret({ ...WISH, origin: "HTTPS://FILES.example:443" }), {
    name: "artifacts",
    origin: "https://files.example",
    userName: "ci",
  });
  const { userName: _, ...nameless } = WISH;
  assert.deepEqual(checkSecret(nameless), {
    name: "artifacts",
    origin: "https://files.example",
    userName: "",
  });
});

test("what can not be kept says which member is wrong, and never what it was", () => {
  for (const name of ["", "Artifacts", "a b", "a/b", "-a", "a".repeat(65)])
    assert.match(refusal({ name }), /^The name of the secret is not valid: /, name);
  for (const userName of ["a:b", "a\nb", "a".repeat(257)])
    assert.match(refusal({ userName }), /^The user_name of the secret is not valid: /, userName);
  for (const password of ["", "sesame\n", "ses\0ame", "\ud800sesame", "sesame".repeat(700)]) {
    const text = refusal({ password });
    assert.match(text, /^The password of the secret is not valid: /);
    assert.doesNotMatch(text, /sesame/);
  }
  const text = refusal({ origin: "https://ada:sesame@files.example" });
  assert.match(text, /^The origin of the secret is not valid: it must be scheme, host and port/);
  assert.doesNotMatch(text, /sesame/);
});

describe("where a secret goes", () => {
  const secret = { name: "artifacts", origin: "https://files.example" };

  test("to any path of its own origin", () => {
    for (const url of [
      "https://files.example",
      "https://files.example/a/b?c=d",
      "https://FILES.example:443/a",
    ])
      assert.equal(checkDestination(secret, url), null, url);
  });

  test("and nowhere else, however near that is", () => {
    const fault = faultOf("secret.wrong_origin", "artifacts", "https://files.example");
    for (const url of [
      "http://files.example/a",
      "https://files.example:8443/a",
      "https://sub.files.example/a",
      "https://files.example.evil.example/a",
      "https://files.example@evil.example/a",
      "https://evil.example/https://files.example/",
      "file:///files.example",
      "",
    ])
      assert.deepEqual(checkDestination(secret, url), fault, url);
  });
});
