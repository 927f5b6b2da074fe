import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { ManualClock } from "../adapters/clock/manual-clock.ts";
import type { Auth } from "./compose-auth.ts";
import { composeAuth } from "./compose-auth.ts";
import { openDataDirectory } from "./data-directory.ts";
import { StartError } from "./start-error.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-auth-"));
after(() => rmSync(folder, { recursive: true }));

const PLACE = "library:one";

const compose = (name: string): Auth => {
  const directory = openDataDirectory(join(folder, name));
  try {
    return composeAuth(directory, new ManualClock());
  } finally {
    directory.close();
  }
};

describe("the keys of a server", () => {
  test("secrets are opened after a restart, by a key that its owner alone can read", () => {
    const sealed = compose("restart").seal.seal("secret", PLACE);
    assert.equal(compose("restart").seal.open(sealed, PLACE), "secret");
    assert.equal(statSync(join(folder, "restart", "secrets.key")).mode & 0o777, 0o600);
    assert.throws(() => compose("another").seal.open(sealed, PLACE), portErrorWith("corrupt"));
  });

  test("a lost key is made anew: the server starts, and what was sealed stays shut", () => {
    const sealed = compose("lost").seal.seal("secret", PLACE);
    rmSync(join(folder, "lost", "secrets.key"));
    const { seal } = compose("lost");
    assert.throws(() => seal.open(sealed, PLACE), portErrorWith("corrupt"));
    assert.equal(seal.open(seal.seal("again", PLACE), PLACE), "again");
  });

  for (const [key, consequence] of [
    ["endpoint.key", /need new addresses/],
    ["secrets.key", /passwords of subscribed libraries/],
  ] as const) {
    test(`a damaged ${key} is named, with what losing it means`, () => {
      const name = `damaged-${key}`;
      compose(name);
      writeFileSync(join(folder, name, key), "short");
      assert.throws(
        () => compose(name),
        (error: unknown) => {
          assert.ok(error instanceof StartError);
          assert.ok(error.message.includes(key), error.message);
          assert.match(error.message, consequence);
          return true;
        },
      );
    });
  }

  test("in memory a server has keys of its own", () => {
    const [one, other] = [0, 1].map(() => composeAuth(null, new ManualClock()));
    assert.ok(one && other);
    assert.throws(
      () => other.seal.open(one.seal.seal("secret", PLACE), PLACE),
      portErrorWith("corrupt"),
    );
  });
});
