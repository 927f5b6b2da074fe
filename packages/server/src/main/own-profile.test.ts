import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { anAccount } from "@contentlib/testkit/builders/accounts";
import { Sha256SecretDigest } from "../adapters/auth/sha256-secret-digest.ts";
import { openMemoryCatalog } from "../adapters/catalog/sqlite/sqlite-catalog.ts";
import { ManualClock } from "../adapters/clock/manual-clock.ts";
import { RandomIdSource } from "../adapters/ids/random-id-source.ts";
import type { OwnProfileNeeds } from "./own-profile.ts";
import { writeOwnProfile } from "./own-profile.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-profile-"));
after(() => rmSync(folder, { recursive: true }));

const URL = "http://127.0.0.1:8697";
const ids = new RandomIdSource();
const clock = new ManualClock();

const aServer = async (path: string, url = URL): Promise<OwnProfileNeeds> => {
  const catalog = await openMemoryCatalog({
    now: () => clock.now(),
    newServerGuid: () => ids.accountId(),
  });
  const account = anAccount({ id: ids.accountId(), name: "administrator" });
  await catalog.commit([{ kind: "account.put", account, rev: null }]);
  return {
    path,
    url,
    accountId: account.id,
    catalog,
    clock,
    ids,
    digest: new Sha256SecretDigest(),
  };
};

interface Stored {
  current: string;
  profiles: Record<
    string,
    { url: string; token?: string; login?: string; user?: string; pin?: string }
  >;
}
const stored = (path: string): Stored => JSON.parse(readFileSync(path, "utf8")) as Stored;

test("the first start writes a profile for its owner only, with a token the server knows", async () => {
  const path = join(folder, "new", "profiles.json");
  const server = await aServer(path);
  assert.equal(await writeOwnProfile(server), "written");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const { current, profiles } = stored(path);
  assert.equal(current, "default");
  assert.equal(profiles["default"]?.url, URL);
  const token = await server.catalog.findToken(
    server.digest.digest(profiles["default"]?.token ?? ""),
  );
  assert.equal(token?.accountId, server.accountId);
});

test("a profile of another address is left alone, and stays the current one", async () => {
  const path = join(folder, "other.json");
  const other = { url: "https://lib.example", token: "t", user: "ada" };
  writeFileSync(path, JSON.stringify({ current: "work", profiles: { work: other } }));
  assert.equal(await writeOwnProfile(await aServer(path)), "written");
  const { current, profiles } = stored(path);
  assert.equal(current, "work");
  assert.deepEqual(profiles["work"], other);
  assert.equal(profiles["default"]?.url, URL);
  assert.equal(await writeOwnProfile(await aServer(path, "http://127.0.0.1:9000")), "written");
  assert.deepEqual(Object.keys(stored(path).profiles), ["work", "default", "127.0.0.1:9000"]);
});

test("a profile of the same address whose server is gone gets a fresh token; nothing else of it changes", async () => {
  const path = join(folder, "gone.json");
  await writeOwnProfile(await aServer(path));
  const before = stored(path);
  const gone = {
    ...before.profiles["default"],
    url: "http://localhost:8697/",
    login: "dead",
    user: "ada",
  };
  writeFileSync(path, JSON.stringify({ current: "default", profiles: { default: gone } }));
  const successor = await aServer(path);
  assert.equal(await writeOwnProfile(successor), "written");
  const renewed = stored(path).profiles["default"];
  assert.notEqual(renewed?.token, gone.token);
  assert.deepEqual({ ...renewed, token: "" }, { url: gone.url, user: "ada", token: "" });
  const known = await successor.catalog.findToken(successor.digest.digest(renewed?.token ?? ""));
  assert.equal(known?.accountId, successor.accountId);
});

test("a file that makes no sense is not touched", async () => {
  const path = join(folder, "broken.json");
  for (const text of ["{", "[]", '{"profiles":{"a":1}}']) {
    writeFileSync(path, text);
    assert.equal(await writeOwnProfile(await aServer(path)), "unreadable");
    assert.equal(readFileSync(path, "utf8"), text);
  }
});

test("the key of a server is pinned where it is told, and an old pin goes with the server it was of", async () => {
  const path = join(folder, "pinned.json");
  const url = "https://127.0.0.1:8697";
  const pinOf = () => stored(path).profiles["default"]?.pin;
  assert.equal(
    await writeOwnProfile({ ...(await aServer(path, url)), pin: "sha256//one" }),
    "written",
  );
  assert.equal(pinOf(), "sha256//one");
  assert.equal(
    await writeOwnProfile({ ...(await aServer(path, url)), pin: "sha256//two" }),
    "written",
  );
  assert.equal(pinOf(), "sha256//two");
  assert.equal(await writeOwnProfile(await aServer(path, url)), "written");
  assert.equal(pinOf(), undefined);
});
