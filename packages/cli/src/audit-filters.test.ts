import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RunningServer } from "@contentlib/server";
import { startServer } from "@contentlib/server";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { plainFilters } from "./audit-filters.ts";
import { run } from "./run.ts";

const PASSWORD = "correct horse battery staple";
const NOBODYS_ID = "00000000-0000-4000-8000-000000000001";

let server: RunningServer;

async function cli(...argv: readonly string[]) {
  const streams = capturedStreams();
  const code = await run(argv, streams, {
    CONTENTLIB_URL: server.url,
    CONTENTLIB_USER: "administrator",
    CONTENTLIB_PASSWORD: PASSWORD,
    CONTENTLIB_PROFILE_FILE: "/nowhere/profiles.json",
  });
  return { code, out: streams.out(), err: streams.err() };
}

const json = async (
  ...argv: readonly string[]
): Promise<Record<string, Record<string, string>>> => {
  const { code, out, err } = await cli(...argv, "--json");
  assert.equal(code, 0, err);
  return JSON.parse(out) as Record<string, Record<string, string>>;
};

/** Operations of the changes that are found. */
async function found(...argv: readonly string[]): Promise<readonly string[]> {
  const { code, out, err } = await cli("audit", "--event", "change", "--json", ...argv);
  assert.equal(code, 0, err);
  const lines = out.split("\n").filter((line) => line !== "");
  return lines.map((line) => (JSON.parse(line) as { operation: string }).operation);
}

const ids: Record<"ben" | "token" | "library", string> = { ben: "", token: "", library: "" };

before(async () => {
  server = await startServer({ dataDirectory: null, adminPassword: PASSWORD });
  ids.ben = (await json("user", "add", "ben", "--no-password"))["user"]?.["user_id"] ?? "";
  const token = await json("token", "create", "n2", "--user", "ben");
  ids.token = token["info"]?.["token_id"] ?? "";
  await json("group", "add", "ops");
  ids.library = (await json("library", "create", "team/images"))["library"]?.["id"] ?? "";
  await json("library", "create", "user:ben");
});

after(async () => await server.close());

test("--on takes the names of libraries, users and groups, and any id", async () => {
  assert.deepEqual(await found("--on", "user:ben"), ["user.create", "token.create"]);
  assert.deepEqual(await found("--on", ids.ben.toUpperCase()), ["user.create", "token.create"]);
  assert.deepEqual(await found("--on", "group:ops"), ["group.create"]);
  assert.deepEqual(await found("--on", ids.token), ["token.create"]);
  assert.deepEqual(await found("--on", "team/images"), ["localLibrary.create"]);
  assert.deepEqual(await found("--on", "TEAM/images"), ["localLibrary.create"]);
  assert.deepEqual(await found("--on", ids.library), ["localLibrary.create"]);
  assert.deepEqual(await found("--on", NOBODYS_ID), []);
  assert.deepEqual(await found("--on", "f0".repeat(32)), []);
  assert.deepEqual(await found("--on", "file:a.iso"), []);
  assert.deepEqual(await found("--on", "configuration"), []);
});

test("a name that is nothing's is an error that says so, and how else to name it", async () => {
  for (const [option, name, words] of [
    [
      "--on",
      "nope",
      /^contentlib: There is no library nope\b.*\n {2}--on takes LIBRARY, .*by its id/,
    ],
    ["--on", "team/images/nope", /^contentlib: Library team\/images has no item nope\.\n/],
    ["--on", "user:nope", /^contentlib: There is no user nope\.\n.*by its id/],
    ["--on", "group:nope", /^contentlib: There is no group nope\.\n.*by its id/],
    ["--token", "nope", /^contentlib: There is no token nope that you have\.\n {2}.*--user NAME/],
    ["--user", NOBODYS_ID, /^contentlib: There is no user \S+\.\n.*found by its name/],
  ] as const) {
    const { code, out, err } = await cli("audit", option, name);
    assert.deepEqual([code, out], [3, ""], `${option} ${name}: ${err}`);
    assert.match(err, words);
  }
  const empty = await cli("audit", "--on", "");
  assert.deepEqual([empty.code, empty.out], [2, ""]);
  assert.match(empty.err, /^contentlib: An address is not empty\./);
  const unknown = await cli("audit", "--user", "nobody");
  assert.deepEqual([unknown.code, unknown.out], [0, ""]);
  assert.match(unknown.err, /no entries, and there is no user nobody\./);
  assert.match((await cli("audit", "--user", "ben")).err, /^There are no entries\.$/m);
});

test("--token takes the name of a token of --user, and --user an id as well", async () => {
  for (const words of [
    ["--user", "ben"],
    ["--actor", ids.ben],
  ]) {
    const { code, err } = await cli("audit", "--token", "n2", ...words);
    assert.deepEqual([code, err], [0, "There are no entries.\n"], words.join(" "));
  }
  assert.match((await cli("audit", "--token", "n1", "--user", "ben")).err, /n1 that ben has\./);
  assert.match((await cli("audit", "--token", "n2", "--user", "nope")).err, /no user nope\./);
  const own = await json("token", "create", "mine");
  assert.equal((await cli("audit", "--token", "mine")).code, 0);
  assert.ok(own["info"]?.["token_id"]);
  assert.ok((await found("--user", "administrator")).includes("token.create"));
});

test("what can not be meant is refused before anybody is asked", () => {
  const now = Date.parse("2027-01-31T12:00:00.000Z");
  for (const [option, word, hint] of [
    ["operation", "item.creat", /^Did you mean item\.create,/],
    ["operation", "server.stat", /server\.start/],
    ["address", "localhost", /names are not looked up/],
    ["address", "300.1.1.1", /192\.0\.2\.7/],
    ["request", "7", /X-Request-Id/],
    ["since", "yesterday", /a span like/],
  ] as const)
    assert.throws(() => plainFilters({ [option]: word }, now), { exitCode: 2, hint }, word);
  assert.deepEqual(
    plainFilters(
      {
        operation: "item.create",
        address: "2001:DB8:0:0::7",
        request: NOBODYS_ID.toUpperCase(),
        event: "login-refused",
        until: "2027-01-31 11:00",
      },
      now,
    ),
    {
      event: "LOGIN_REFUSED",
      operation: "item.create",
      address: "2001:db8::7",
      request_id: NOBODYS_ID,
      until: "2027-01-31T11:00:00Z",
    },
  );
  assert.deepEqual(plainFilters({ address: "127.0.0.1" }, now), { address: "127.0.0.1" });
});
