import assert from "node:assert/strict";
import { test } from "node:test";
import { join } from "node:path";
import { withScratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import type { PasswordHasher } from "../ports/index.ts";
import { openDirectory } from "./open-directory.ts";
import { StartError } from "./start-error.ts";
import { startServer } from "./start-server.ts";

const PASSWORD = "correct horse battery";

const hasher: PasswordHasher = {
  hash: async (password) => `plain:${password}`,
  verify: async (password, hash) => hash === `plain:${password}`,
};

/** A directory that a server was started on once. */
const withData = (work: (path: string) => Promise<void>): Promise<void> =>
  withScratchDirectory(async (scratch) => {
    const path = join(scratch, "data");
    const server = await startServer({ dataDirectory: path, adminPassword: PASSWORD, hasher });
    await server.close();
    await work(path);
  });

const refusal = (faultClass: string, text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Error && error.name === "DirectoryRefusal", String(error));
  assert.ok("class" in error && error.class === faultClass, JSON.stringify(error));
  assert.match(error.message, text);
  return true;
};

test("operations are done as an administrator does them, and are there at the next start", () =>
  withData(async (path) => {
    const directory = await openDirectory(path, { hasher });
    const spec = { create_spec: { name: "ben" } };
    const id = await directory.call("user.create", spec);
    await directory.call("user.update", {
      user: "administrator",
      update_spec: { password: "another horse" },
    });
    await directory.close();
    await directory.close();
    const server = await startServer({ dataDirectory: path, adminPassword: PASSWORD, hasher });
    assert.equal(server.administrator.kind === "found" && server.administrator.matches, false);
    await server.close();
    const again = await openDirectory(path, { hasher });
    assert.equal((await again.call("user.get", { user: "ben" })).user_id, id);
    await again.close();
  }));

test("what a server would refuse is refused in its words, and bad input as well", () =>
  withData(async (path) => {
    const directory = await openDirectory(path, { hasher });
    await assert.rejects(
      directory.call("user.get", { user: "zoe" }),
      refusal("not_found", /no user zoe/),
    );
    await assert.rejects(
      directory.call("user.delete", { user: "administrator" }),
      refusal("not_allowed_in_current_state", /came with the server/),
    );
    await assert.rejects(
      directory.call("user.get", {} as { user: string }),
      refusal("invalid_argument", /user/),
    );
    assert.deepEqual(await directory.call("library.list", {}), []);
    assert.deepEqual(await directory.call("sessionOverview.list", {}), []);
    await directory.close();
  }));

test("the first of the administrators who are let in is taken", () =>
  withData(async (path) => {
    const first = await openDirectory(path, { hasher });
    await first.call("user.create", { create_spec: { name: "ann", password: PASSWORD } });
    await first.call("grant.create", { create_spec: { user: "ann", role: "ADMINISTRATOR" } });
    await first.call("user.update", { user: "administrator", update_spec: { disabled: true } });
    await first.close();
    const second = await openDirectory(path, { hasher });
    assert.equal((await second.call("whoami.get", {})).user, "ann");
    await second.close();
  }));

test("a directory that a server holds, or that is none, is left alone", () =>
  withData(async (path) => {
    const server = await startServer({ dataDirectory: path, adminPassword: PASSWORD, hasher });
    await assert.rejects(openDirectory(path, { hasher }), (error: unknown) => {
      assert.ok(error instanceof StartError);
      assert.match(error.message, /in use/);
      return true;
    });
    await server.close();
    await assert.rejects(openDirectory(join(path, "store")), StartError);
    const opened = await openDirectory(path, { hasher });
    await opened.close();
  }));
