import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { run } from "./run.ts";
import type { Environment } from "./streams.ts";

async function rig(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-cli-"));
  const library = await startSmallLibrary();
  t.after(async () => {
    await library.server.close().catch(() => undefined);
    await rm(directory, { recursive: true });
  });
  const profile = join(directory, "profiles.json");
  const env = {
    CONTENTLIB_URL: library.server.url,
    CONTENTLIB_TOKEN: "t",
    CONTENTLIB_PROFILE_FILE: profile,
  };
  const cli = async (argv: readonly string[], overrides: Environment = {}, input = "") => {
    const streams = capturedStreams(input);
    const code = await run(argv, streams, { ...env, ...overrides });
    return { code, out: streams.out(), err: streams.err() };
  };
  const json = async (...argv: readonly string[]) => {
    const { code, out, err } = await cli([...argv, "--json"]);
    assert.equal(err, "");
    assert.equal(code, 0);
    return JSON.parse(out) as Record<string, unknown>;
  };
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  return { cli, json, file, library, directory, profile };
}

test("the help names every command, and needs no server", async (t) => {
  const { cli } = await rig(t);
  const { code, out, err } = await cli(["--help"], { CONTENTLIB_URL: "" });
  assert.equal(code, 0);
  assert.equal(err, "");
  const content = ["serve", "login", "library", "push", "pull", "ls", "info", "session"];
  for (const name of [...content, "user", "group", "token", "grant", "audit", "whoami", "tls"]) {
    assert.match(out, new RegExp(`^  ${name}\\b`, "m"));
  }
});

test("a command line that makes no sense exits with 2 and says what to do", async (t) => {
  const { cli } = await rig(t);
  for (const argv of [
    ["frob"],
    ["push", "only-one"],
    ["pull"],
    ["ls", "--frob"],
    ["ls", "--wire", "soap"],
    ["session"],
    [],
  ]) {
    const { code, out, err } = await cli(argv);
    assert.equal(code, 2, argv.join(" "));
    assert.equal(out, "");
    assert.ok(err.includes("contentlib"), argv.join(" "));
  }
});

test("a bad command line names the help of the command that was meant", async (t) => {
  const { cli } = await rig(t);
  for (const [path, ...argv] of [
    ["contentlib group add", "group", "add"],
    ["contentlib group add", "group", "add", "x", "--frob"],
    ["contentlib group", "group", "frob"],
    ["contentlib ls", "ls", "--frob"],
    ["contentlib", "frob"],
  ]) {
    const hint = `Try: ${path} --help`;
    assert.ok((await cli(argv)).err.split("\n").includes(hint), argv.join(" "));
    assert.equal(JSON.parse((await cli([...argv, "--json"])).err).error.hint, hint);
  }
});

test("lists leave out what is gone when it is asked for", async (t) => {
  const { json, cli, library } = await rig(t);
  const [kept, gone] = [library.addLibrary("images"), library.addLibrary("gone")];
  const [item, goneItem] = [library.addItem(kept, "debian"), library.addItem(kept, "lost")];
  library.override = ({ operation, input }) => {
    if (operation === "updateSession.list") return { output: ["a-session"] };
    if (operation === "downloadSession.list") return { output: [] };
    const lost = [gone, goneItem].some((id) => Object.values(input).includes(id));
    return lost && operation.endsWith(".get") ? { fault: "not_found", text: "Gone." } : undefined;
  };
  const ids = (output: Record<string, unknown>, list: string): readonly string[] =>
    (output[list] as { id: string }[]).map(({ id }) => id);
  assert.deepEqual(ids(await json("library", "ls"), "libraries"), [kept]);
  assert.deepEqual(ids(await json("ls", "images"), "items"), [item]);
  assert.deepEqual(await json("session", "ls"), { sessions: [] });
  assert.equal((await cli(["session", "show", "a-session"])).code, 3);
});

test("with --json a bad command line is one line of JSON on standard error", async (t) => {
  const { cli } = await rig(t);
  const { code, out, err } = await cli(["push", "--json", "only-one"]);
  assert.equal(code, 2);
  assert.equal(out, "");
  assert.equal(JSON.parse(err).error.exitCode, 2);
});

test("library create makes a library once; the second time changes nothing", async (t) => {
  const { json, cli } = await rig(t);
  const first = await json("library", "create", "images");
  const second = await json("library", "create", "images");
  assert.equal(first["changed"], true);
  assert.equal(second["changed"], false);
  assert.deepEqual(second["library"], first["library"]);
  assert.match(
    (await cli(["library", "create", "images"])).out,
    /^Library images exists already\./,
  );
});

test("library rm wants force for a library that holds items", async (t) => {
  const { cli, json, library } = await rig(t);
  const id = library.addLibrary("images");
  library.addItem(id, "debian");
  const refused = await cli(["library", "rm", "images"]);
  assert.equal(refused.code, 4);
  assert.equal(
    refused.err,
    "contentlib: Library images holds 1 item.\n  Remove it with all it holds: contentlib library rm --force images\n",
  );
  assert.deepEqual(await json("library", "rm", "-f", "images"), {
    changed: true,
    removed: { id, name: "images", item_count: 1 },
  });
  assert.equal((await cli(["library", "rm", "images"])).code, 3);
});

test("push makes the item, sends the files, and says what happened", async (t) => {
  const { cli, file, library } = await rig(t);
  library.addLibrary("images");
  const { code, out, err } = await cli([
    "push",
    await file("debian.img", "content"),
    "images/debian",
  ]);
  assert.equal(err, "debian.img ...\n");
  assert.equal(code, 0);
  assert.match(
    out,
    /^images\/debian: debian\.img \(7 B\) in \d+ s; now content version 2\.\n {2}debian\.img {2}sha256:[0-9a-f]{64}\n$/,
  );
});

test("push --json tells library, item, session and files; the same again changes nothing and opens no session", async (t) => {
  const { json, file, library } = await rig(t);
  const libraryId = library.addLibrary("images");
  const paths = [await file("a.img", "content"), await file("b.img", "other")];
  const first = await json("push", ...paths, "images/debian");
  const item = first["item"] as Record<string, unknown>;
  assert.equal(first["changed"], true);
  assert.deepEqual(first["library"], { id: libraryId, name: "images" });
  assert.deepEqual(item, { id: item["id"], name: "debian", created: true, content_version: "2" });
  assert.ok(library.sessions.has(String(first["session_id"])));
  assert.deepEqual(
    (first["files"] as { name: string; size: number; changed: boolean }[]).map(
      ({ name, size, changed }) => ({ name, size, changed }),
    ),
    [
      { name: "a.img", size: 7, changed: true },
      { name: "b.img", size: 5, changed: true },
    ],
  );
  const second = await json("push", ...paths, "images/debian");
  assert.equal(second["changed"], false);
  assert.equal(second["session_id"], null);
  assert.equal(library.sessions.size, 1);
});

test("push replaces files of the same name and keeps the others, unless all are to be replaced", async (t) => {
  const { json, file, library } = await rig(t);
  const item = library.addItem(library.addLibrary("images"), "debian", {
    "a.img": "old",
    "b.img": "kept",
    "c.img": "same",
  });
  const paths = [await file("a.img", "new"), await file("c.img", "same")];
  await json("push", ...paths, "images/debian");
  assert.deepEqual(library.filesOf(item), { "a.img": "new", "b.img": "kept", "c.img": "same" });
  const replaced = await json("push", ...paths, "images/debian", "--replace-all");
  assert.deepEqual(replaced["removed"], ["b.img"]);
  assert.deepEqual(library.filesOf(item), { "a.img": "new", "c.img": "same" });
});

test("push takes the standard input, and declares the digest that a file must have", async (t) => {
  const { cli, file, library } = await rig(t);
  const libraryId = library.addLibrary("images");
  const piped = await cli(["push", "-", "--name", "piped.img", "images/piped"], {}, "from a pipe");
  assert.equal(piped.code, 0, piped.err);
  assert.match(piped.out, /piped\.img \(11 B\)/);
  const item = library.addItem(libraryId, "digest", {});
  const path = await file("a.img", "x");
  const odd = await cli(["push", path, "images/digest", "--sha256", "abc"]);
  assert.deepEqual([odd.code, /A SHA-256 is 64 hexadecimal digits/.test(odd.err)], [2, true]);
  const wrong = await cli(["push", path, "images/digest", "--sha256", "AB".repeat(32)]);
  assert.equal(wrong.code, 1, wrong.err);
  assert.match(wrong.err, /a\.img is not the file that was declared: SHA256 abab/);
  assert.deepEqual(library.filesOf(item), {});
});

test("a push that fails ends its session with fail, and the same line works the next time", async (t) => {
  const { cli, file, library } = await rig(t);
  library.addLibrary("images");
  const path = await file("a.img", "x");
  library.override = ({ operation }) =>
    operation === "updateSession.complete"
      ? { fault: "not_allowed_in_current_state", text: "Not received." }
      : undefined;
  const failed = await cli(["push", path, "images/debian"]);
  assert.equal(failed.code, 4);
  assert.deepEqual(
    [...library.sessions.values()].map(({ state, message }) => [state, message]),
    [["ERROR", "Not received."]],
  );
  library.override = () => undefined;
  assert.equal((await cli(["push", path, "images/debian"])).code, 0);
});

test("two files of one name, a missing file and a directory are told before anything is sent", async (t) => {
  const { cli, file, library, directory } = await rig(t);
  const path = await file("a.img", "x");
  assert.match(
    (await cli(["push", path, path, "images/x"])).err,
    /Two of the files are called a\.img/,
  );
  const missing = await cli(["push", join(directory, "none.img"), "images/x"]);
  assert.equal(missing.code, 3);
  assert.match(missing.err, /none\.img: no such file or directory\.$/m);
  await mkdir(join(directory, "folder", "inner"), { recursive: true });
  const folder = await cli(["push", join(directory, "folder"), "images/x"]);
  assert.deepEqual([folder.code, /holds the folder inner/.test(folder.err)], [2, true]);
  assert.equal(library.server.requests.length, 0);
});

test("pull brings files back, leaves equal ones alone, and replaces others only by force", async (t) => {
  const { cli, json, library, directory } = await rig(t);
  library.addItem(library.addLibrary("images"), "debian", { "a.img": "content", "b.img": "other" });
  const target = join(directory, "here");
  const first = await json("pull", "images/debian", target);
  assert.equal(first["changed"], true);
  assert.deepEqual((await readdir(target)).sort(), ["a.img", "b.img"]);
  assert.equal(await readFile(join(target, "a.img"), "utf8"), "content");
  assert.equal((await json("pull", "images/debian", target))["changed"], false);
  await writeFile(join(target, "a.img"), "mine");
  const refused = await cli(["pull", "images/debian", target]);
  assert.equal(refused.code, 4);
  assert.match(refused.err, /a\.img exists already and differs\.\n {2}Replace it: add --force$/m);
  assert.equal((await cli(["pull", "images/debian", target, "--force"])).code, 0);
  assert.equal(await readFile(join(target, "a.img"), "utf8"), "content");
});

test("pull --file brings only that file, and names those there are when it is missing", async (t) => {
  const { cli, library, directory } = await rig(t);
  library.addItem(library.addLibrary("images"), "debian", { "a.img": "content", "b.img": "other" });
  assert.equal(
    (await cli(["pull", "images/debian", join(directory, "x"), "--file", "b.img"])).code,
    0,
  );
  assert.deepEqual(await readdir(join(directory, "x")), ["b.img"]);
  const { code, err } = await cli(["pull", "images/debian", directory, "--file", "c.img"]);
  assert.equal(code, 3);
  assert.match(err, /no file named c\.img; it has: a\.img, b\.img\./);
});

test("addresses: by id, in any case, and with slashes in the names", async (t) => {
  const { json, library } = await rig(t);
  const libraryId = library.addLibrary("team/images");
  const itemId = library.addItem(libraryId, "linux/debian", { "a.img": "x" });
  for (const address of [
    "team/images/linux/debian",
    "TEAM/Images/linux/debian",
    `${libraryId}/${itemId}`,
    itemId,
  ]) {
    assert.equal(
      (
        (await json("info", ...(address.includes("/") ? [address] : [`${libraryId}/${address}`])))[
          "item"
        ] as { id: string }
      ).id,
      itemId,
    );
  }
});

test("a content version that is not kept is told with the item's address", async (t) => {
  const { cli, library } = await rig(t);
  const item = library.addItem(library.addLibrary("images"), "debian", { "a.img": "x" });
  library.override = ({ operation }) =>
    operation === "itemVersion.get"
      ? {
          fault: "not_found",
          id: "contentlib.item.version_not_kept",
          text: `Library item ${item} keeps no content version 9; it keeps 1.`,
          args: [item, "9", "1"],
        }
      : undefined;
  for (const argv of [["ls"], ["info"], ["pull", "--file", "*"]]) {
    const { code, err } = await cli([...argv, "images/debian@9"]);
    assert.equal(code, 3);
    assert.equal(
      err,
      "contentlib: Library item images/debian keeps no content version 9; it keeps 1.\n" +
        "  List what is kept: contentlib versions images/debian\n",
    );
  }
});

test("two libraries of one name are an error that lists both ids", async (t) => {
  const { cli, library } = await rig(t);
  const ids = [library.addLibrary("images"), library.addLibrary("images")];
  const { code, err } = await cli(["ls", "images"]);
  assert.equal(code, 4);
  for (const id of ids) assert.ok(err.includes(id));
  assert.equal((await cli(["ls", ids[0] ?? ""])).code, 0);
});

test("ls lists libraries, items and files, for people and as JSON", async (t) => {
  const { cli, json, library } = await rig(t);
  assert.match((await cli(["ls"])).out, /There are no libraries yet/);
  const id = library.addLibrary("images");
  assert.match((await cli(["ls", "images"])).out, /no items yet/);
  library.addItem(id, "debian", { "a.img": "content" });
  assert.match((await cli(["ls"])).out, /^LIBRARY {2}TYPE {3}ITEMS {2}ID\nimages {3}LOCAL {2}1 /);
  assert.match((await cli(["ls", "images"])).out, /^images\/debian {2}- {5}7 B/m);
  assert.match((await cli(["ls", "images/debian"])).out, /^a\.img {2}7 B {3}sha256:[0-9a-f]{64}$/m);
  const { files } = await json("ls", "images/debian");
  assert.equal((files as { name: string }[])[0]?.name, "a.img");
});

test("sessions are listed, shown without their secret addresses, and canceled once", async (t) => {
  const { cli, json, library } = await rig(t);
  assert.match((await cli(["session", "ls"])).out, /You have no sessions/);
  const itemId = library.addItem(library.addLibrary("images"), "debian", { "a.img": "x" });
  const { createClient } = await import("@contentlib/client");
  const client = createClient({ url: library.server.url, token: "t" });
  const id = await client.updateSession.create({ create_spec: { library_item_id: itemId } });
  assert.match(
    (await cli(["session", "ls"])).out,
    new RegExp(`^${id} {2}update {2}ACTIVE {2}0% {8}images/debian`, "m"),
  );
  const shown = await cli(["session", "show", id, "--json"]);
  assert.equal(JSON.parse(shown.out).files[0].name, "a.img");
  assert.ok(!shown.out.includes("/bytes/"));
  assert.equal((await json("session", "cancel", id))["changed"], true);
  assert.equal((await json("session", "cancel", id))["changed"], false);
  const missing = await cli(["session", "show", "nope"]);
  assert.equal(missing.code, 3);
  assert.match(missing.err, /There is no session nope\.\n {2}List your sessions/);
});

test("login keeps the login, not the password, in a file only its user can read; the commands then use it", async (t) => {
  const { cli, library, profile } = await rig(t);
  const none = { CONTENTLIB_TOKEN: "", CONTENTLIB_URL: "" };
  const unknown = await cli(["ls"], none);
  assert.equal(unknown.code, 5);
  assert.match(unknown.err, /No server is known yet\./);
  const argv = ["login", library.server.url, "--user", "administrator", "--password-stdin"];
  const { code, out } = await cli(argv, none, "s3cret\n");
  assert.equal(code, 0);
  assert.match(out, /^Logged in at http:\/\/127\.0\.0\.1:\d+ as administrator@vsphere\.local\.$/m);
  const text = await readFile(profile, "utf8");
  assert.ok(!text.includes("s3cret"));
  assert.equal((await stat(profile)).mode & 0o777, 0o600);
  assert.equal((await cli(["ls"], none)).code, 0);
  const used = library.server.requests.at(-1);
  assert.equal(used?.headers["vmware-api-session-id"], "0123456789abcdef0123456789abcdef");
  assert.ok(!library.server.operations().includes("login.delete"), "a kept login is not ended");
});

test("a profile's token is exchanged for a login, which ends with the command", async (t) => {
  const { cli, library, profile } = await rig(t);
  const profiles = {
    current: "default",
    profiles: { default: { url: library.server.url, token: "f00d" } },
  };
  await writeFile(profile, JSON.stringify(profiles));
  assert.equal((await cli(["ls"], { CONTENTLIB_TOKEN: "", CONTENTLIB_URL: "" })).code, 0);
  assert.equal(library.server.requests[0]?.headers["authorization"], "Bearer f00d");
  assert.equal(library.server.operations().at(-1), "login.delete");
});

test("a password does not travel in clear text to another machine unless that is allowed", async (t) => {
  const { cli } = await rig(t);
  const { code, err } = await cli(
    ["login", "http://library.example.org", "--user", "ben", "--password-stdin"],
    {},
    "x",
  );
  assert.equal(code, 2);
  assert.match(
    err,
    /is not encrypted.*\n {2}Use an https address, or, if you trust the network, add --insecure-http/,
  );
  const env = {
    CONTENTLIB_URL: "http://library.example.org",
    CONTENTLIB_TOKEN: "",
    CONTENTLIB_USER: "ben",
    CONTENTLIB_PASSWORD: "x",
  };
  assert.equal((await cli(["ls"], env)).code, 2);
});

test("without a terminal, login says how to hand over name and password", async (t) => {
  const { cli, library } = await rig(t);
  const { code, err } = await cli(["login", library.server.url], { CONTENTLIB_TOKEN: "" });
  assert.equal(code, 2);
  assert.match(err, /--user.*--password-stdin/);
});

test("a refused login exits with 5, a server that is not there with 6", async (t) => {
  const { cli, library, profile } = await rig(t);
  library.override = () => ({ fault: "unauthenticated", text: "The login was refused." });
  const refused = await cli(["ls"]);
  assert.equal(refused.code, 5);
  const { url } = library.server;
  const told = (err: string): string =>
    /^contentlib: The login was refused\.\n {2}(.+)\n$/.exec(err)?.[1] ?? err;
  assert.match(told(refused.err), /^CONTENTLIB_TOKEN is not, or no longer, a token of http:/);
  assert.ok(told(refused.err).endsWith(`unset it and log in: contentlib login ${url}`));
  const words = { CONTENTLIB_TOKEN: "", CONTENTLIB_USER: "ben", CONTENTLIB_PASSWORD: "x" };
  assert.match(
    told((await cli(["ls"], words)).err),
    /^CONTENTLIB_USER and CONTENTLIB_PASSWORD are not, or no longer, right for http:/,
  );
  const kept = { current: "default", profiles: { default: { url, login: "dead" } } };
  await writeFile(profile, JSON.stringify(kept));
  const none = { CONTENTLIB_TOKEN: "" };
  assert.equal(told((await cli(["ls"], none)).err), `Log in again: contentlib login ${url}`);
  const argv = ["login", url, "--user", "ben", "--password-stdin"];
  assert.equal(
    told((await cli(argv, none, "wrong")).err),
    `Check the name and the password, and try again: contentlib login ${url}`,
  );
  const asJson = JSON.parse((await cli(["ls", "--json"])).err) as { error: object };
  assert.partialDeepStrictEqual(asJson.error, { exitCode: 5, class: "unauthenticated" });
  const verbose = await cli(["ls", "--verbose"]);
  assert.match(verbose.err, /^ {2}request request-1$/m);
  await library.server.close();
  const gone = await cli(["ls"]);
  assert.equal(gone.code, 6);
  assert.match(gone.err, /can not be reached: nothing listens there\.\n {2}Is the server running/);
});

test("a profile file that makes no sense is told, not overwritten", async (t) => {
  const { cli, profile } = await rig(t);
  await writeFile(profile, "{nonsense");
  const { code, err } = await cli(["ls"], { CONTENTLIB_TOKEN: "", CONTENTLIB_URL: "" });
  assert.equal(code, 1);
  assert.match(err, /The profile file .* can not be read\./);
  assert.equal(await readFile(profile, "utf8"), "{nonsense");
  await chmod(profile, 0o600);
});

test("an interrupt ends the session with fail and exits with 130", async (t) => {
  const { file, library, profile } = await rig(t);
  library.addLibrary("images");
  const interrupt = new AbortController();
  library.override = ({ operation }) => {
    if (operation === "updateSessionFile.get") queueMicrotask(() => interrupt.abort());
    return operation === "updateSessionFile.get" ? { hang: true } : undefined;
  };
  const streams = capturedStreams();
  const env = {
    CONTENTLIB_URL: library.server.url,
    CONTENTLIB_TOKEN: "t",
    CONTENTLIB_PROFILE_FILE: profile,
  };
  const code = await run(["push", await file("a.img", "x"), "images/debian"], streams, env, {
    signal: interrupt.signal,
  });
  assert.equal(code, 130);
  assert.match(streams.err(), /^contentlib: Interrupted\.\n {2}Go on: run the same line again$/m);
  assert.deepEqual(
    [...library.sessions.values()].map(({ state }) => state),
    ["ERROR"],
  );
});

test("an interrupt cuts a login that is not answered, in every command and in login itself", async (t) => {
  const { library, profile } = await rig(t);
  const password = { CONTENTLIB_USER: "ben", CONTENTLIB_PASSWORD: "p" };
  for (const [argv, identity] of [
    [["ls"], { CONTENTLIB_TOKEN: "t" }],
    [["ls"], password],
    [["login", library.server.url], password],
  ] as const) {
    const interrupt = new AbortController();
    library.override = ({ operation }) => {
      if (operation !== "login.create") return undefined;
      setImmediate(() => interrupt.abort());
      return { hang: true };
    };
    const env = {
      CONTENTLIB_URL: library.server.url,
      CONTENTLIB_PROFILE_FILE: profile,
      ...identity,
    };
    const streams = capturedStreams();
    const code = await run(argv, streams, env, { signal: interrupt.signal });
    assert.equal(code, 130, streams.err());
    assert.match(streams.err(), /^contentlib: Interrupted\.$/m);
  }
});

test("no colour codes where the output is no terminal", async (t) => {
  const { cli, library } = await rig(t);
  library.addLibrary("images");
  const { out } = await cli(["library", "create", "images"]);
  assert.ok(!out.includes("\u001b"));
});
