import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { connectionOf } from "./connect.ts";
import { readProfiles, writeProfiles } from "./profile.ts";

const URL_HERE = "https://library.example.org:8697";
const pinOf = (letter: string): string => `sha256//${letter.repeat(42)}A=`;
const [PIN, OTHER_PIN] = [pinOf("B"), pinOf("C")];

async function rig(t: TestContext, profiles: object) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-connect-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const path = join(directory, "profiles.json");
  await writeFile(path, JSON.stringify({ current: "here", profiles }));
  return { path, directory, env: { CONTENTLIB_PROFILE_FILE: path } };
}

test("a profile's pin is kept as it is, and a file that was written before there were pins reads on", async (t) => {
  const before = { here: { url: URL_HERE, token: "t", user: "ben" } };
  const { path, env } = await rig(t, before);
  const read = await readProfiles(path);
  assert.deepEqual(read, { current: "here", profiles: before });
  const with_ = { ...read, profiles: { here: { ...before.here, pin: PIN } } };
  await writeProfiles(path, with_);
  assert.deepEqual(JSON.parse(await readFile(path, "utf8")), with_);
  assert.deepEqual(await readProfiles(path), with_);
  assert.deepEqual((await connectionOf({}, env)).pinned, { url: URL_HERE, pin: PIN });
});

test("the pin is that of the address's profile, whoever one is and however the address is spelled", async (t) => {
  const { env } = await rig(t, {
    here: { url: URL_HERE, token: "t", pin: PIN },
    second: { url: URL_HERE, token: "u", pin: OTHER_PIN },
    proper: { url: "https://proper.example.org", token: "v" },
  });
  const pinAt = async (globals: object, extra: Record<string, string> = {}) =>
    (await connectionOf(globals, { ...env, ...extra })).pinned?.pin;
  const token = { CONTENTLIB_TOKEN: "x" };
  assert.equal(await pinAt({}), PIN);
  assert.equal(await pinAt({ url: `${URL_HERE}/` }), PIN);
  assert.equal(await pinAt({ url: "https://LIBRARY.example.org:8697" }, token), PIN);
  assert.equal(await pinAt({ url: URL_HERE, profile: "second" }, token), OTHER_PIN);
  assert.equal(await pinAt({ profile: "second" }), OTHER_PIN);
  assert.equal(await pinAt({ url: "https://proper.example.org:443" }), undefined);
  assert.equal(await pinAt({ url: "https://library.example.org" }, token), undefined);
  const plain = { url: URL_HERE.replace("https:", "http:"), insecureHttp: true };
  assert.equal(await pinAt(plain, token), undefined);
  assert.equal(await pinAt({ url: URL_HERE }, { ...token, CONTENTLIB_PIN: OTHER_PIN }), OTHER_PIN);
  assert.equal(await pinAt({}, { CONTENTLIB_PIN: OTHER_PIN }), OTHER_PIN);
});

test("a token does not travel in clear text to another machine unless that is allowed", async (t) => {
  const url = "http://library.example.org:8697";
  const { env } = await rig(t, {
    here: { url, token: "t" },
    login: { url, login: "an id, and whoever logged in allowed it" },
    local: { url: "http://127.0.0.1:8697", token: "t" },
  });
  const token = { ...env, CONTENTLIB_TOKEN: "x" };
  for (const [globals, variables] of [
    [{}, env],
    [{ url }, token],
    [{ profile: "here" }, token],
  ] as const) {
    await assert.rejects(connectionOf(globals, variables), /is not encrypted: .* or token/);
    await connectionOf({ ...globals, insecureHttp: true }, variables);
  }
  await connectionOf({ profile: "login" }, env);
  await connectionOf({ profile: "local" }, env);
  await connectionOf({ url: "http://localhost:8697" }, token);
});

test("who is named by the environment alone needs no profile file that can be read", async (t) => {
  const { directory } = await rig(t, {});
  const env = {
    CONTENTLIB_URL: URL_HERE,
    CONTENTLIB_TOKEN: "x",
    CONTENTLIB_PROFILE_FILE: directory,
  };
  const { options, pinned } = await connectionOf({}, env);
  assert.deepEqual(options, { url: URL_HERE, token: "x" });
  assert.equal(pinned, undefined);
});

test("a profile whose pin makes no sense is told, not taken for one without", async (t) => {
  const { env } = await rig(t, { here: { url: URL_HERE, token: "t", pin: "nonsense" } });
  await assert.rejects(connectionOf({}, env), {
    name: "Failure",
    exitCode: 2,
    message: /^The profile of https:.*: nonsense is no fingerprint/,
  });
});
