import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { keyPrintOf } from "@contentlib/client/node";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import type { TlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { startCountingTlsServer } from "@contentlib/testkit/client/counting-tls-server";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import type { Profiles } from "./profile.ts";
import { run } from "./run.ts";
import type { Environment } from "./streams.ts";

const PASSWORD = "s3cret-word";
const printOf = ({ certPem }: TlsIdentity): string => keyPrintOf(new X509Certificate(certPem));
const sha256Of = ({ certPem }: TlsIdentity): string => new X509Certificate(certPem).fingerprint256;
const user = ["--user", "administrator", "--password-stdin"];

/** A terminal on which somebody answers each question, in order. */
function terminal(answers: readonly string[]) {
  const captured = capturedStreams();
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const left = [...answers];
  const write = (text: string): void => {
    captured.stderr.write(text);
    if (/(: |\] )$/.test(text)) setImmediate(() => stdin.write(`${left.shift() ?? ""}\n`));
  };
  return { ...captured, stdin, stderr: { ...captured.stderr, write } };
}

async function rig(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-trust-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const profile = join(directory, "profiles.json");
  const env = { CONTENTLIB_PROFILE_FILE: profile };
  const cli = async (argv: readonly string[], extra: Environment = {}, input = PASSWORD) => {
    const streams = capturedStreams(input);
    const code = await run(argv, streams, { ...env, ...extra });
    return { code, out: streams.out(), err: streams.err() };
  };
  const onTerminal = async (argv: readonly string[], ...answers: readonly string[]) => {
    const streams = terminal(answers);
    const code = await run(argv, streams, env);
    return { code, out: streams.out(), err: streams.err() };
  };
  const profiles = async (): Promise<Profiles["profiles"]> =>
    (JSON.parse(await readFile(profile, "utf8")) as Profiles).profiles;
  const library = async (identity: TlsIdentity) => {
    const started = await startSmallLibrary(identity);
    t.after(async () => await started.server.close());
    return started;
  };
  const counting = async (identity: TlsIdentity) => {
    const server = await startCountingTlsServer(identity);
    t.after(async () => await server.close());
    return server;
  };
  return { cli, onTerminal, profiles, profile, directory, library, counting };
}

const NAMES = ["elsewhere.example", "fd00:0000:0000:0000:0000:0000:0000:0007"];

test("an unknown certificate is shown and refused where nobody can be asked, and not a byte is sent", async (t) => {
  const { cli, counting, onTerminal } = await rig(t);
  const identity = aTlsIdentity({ commonName: "stranger\u001b[2J", names: NAMES });
  const server = await counting(identity);
  const { code, err } = await cli(["login", server.url, ...user]);
  assert.equal(code, 4);
  const told = [
    `${server.url} is not trusted: its certificate is self-signed and is for other names.`,
    "subject  CN=stranger",
    "issuer   CN=stranger",
    "names    elsewhere.example, fd00::7",
    "valid    2024-01-01 to 2124-01-01",
    `SHA-256  ${sha256Of(identity)}`,
    `key      ${printOf(identity)}`,
    "Nothing was sent.",
    `contentlib login ${server.url} --fingerprint ${sha256Of(identity)}`,
  ];
  for (const words of told) assert.ok(err.includes(words), `${words}\n${err}`);
  assert.ok(!err.includes("\u001b"), "what a stranger wrote does not steer the terminal");
  for (const argv of [
    ["login", server.url, "--json"],
    ["login", server.url, ...user, "--json"],
  ]) {
    const asked = await onTerminal(argv);
    assert.equal(asked.code, 4);
    const { error } = JSON.parse(asked.err) as { error: { message: string; hint: string } };
    assert.ok(error.message.includes(sha256Of(identity)));
    assert.ok(error.hint.endsWith(`--fingerprint ${sha256Of(identity)}`));
    assert.ok(error.hint.includes(`set CONTENTLIB_PIN=${printOf(identity)}, or: `));
    assert.ok(!error.hint.includes("NODE_EXTRA_CA_CERTS"), "it is nobody's but its own");
  }
  assert.ok(server.connections() >= 3);
  assert.equal(server.bytes(), 0);
});

test("everything that is wrong with a certificate is told, and nothing that is not", async (t) => {
  const { cli, counting } = await rig(t);
  const past = { validUntil: new Date("2024-02-01T00:00:00Z") };
  for (const [wish, words] of [
    [{}, "its certificate is self-signed."],
    [{ names: ["x.example"] }, "its certificate is self-signed and is for other names."],
    [past, "its certificate is self-signed and has expired."],
    [
      { ...past, names: ["x.example"] },
      "its certificate is self-signed and has expired and is for other names.",
    ],
  ] as const) {
    const { url } = await counting(aTlsIdentity(wish));
    const { err } = await cli(["login", url, ...user]);
    assert.ok(err.startsWith(`contentlib: ${url} is not trusted: ${words}\n`), err);
  }
});

test("on a terminal it is asked before name and password are; yes pins the key, anything else sends nothing", async (t) => {
  const { counting, library, onTerminal, profiles, cli } = await rig(t);
  const identity = aTlsIdentity();
  const stranger = await counting(identity);
  for (const answer of ["", "n", "yep"]) {
    const { code, err } = await onTerminal(["login", stranger.url], answer);
    assert.equal(code, 4);
    assert.ok(err.includes(`Trust this certificate for ${stranger.url}? [y/N] `), err);
    assert.ok(!err.includes("User: "), err);
  }
  assert.equal(stranger.bytes(), 0);
  const { server } = await library(identity);
  const { code, out, err } = await onTerminal(["login", server.url], "y", "ben", PASSWORD);
  assert.equal(code, 0, err);
  assert.ok(err.indexOf("Trust this") < err.indexOf("User: "));
  assert.ok(out.includes(`The server is known by its key from now on: ${printOf(identity)}.`), out);
  const kept = await profiles();
  assert.equal(kept["default"]?.pin, printOf(identity));
  assert.ok(!JSON.stringify(kept).includes(PASSWORD));
  assert.equal((await cli(["ls"])).code, 0);
});

test("--fingerprint takes the SHA-256 in any spelling or the print of the key, and refuses the rest before anything is sent", async (t) => {
  const { cli, counting, library, profiles } = await rig(t);
  const identity = aTlsIdentity();
  const { server } = await library(identity);
  const digits = sha256Of(identity).replaceAll(":", "");
  const right = [sha256Of(identity), digits, digits.toLowerCase(), printOf(identity)];
  for (const print of right) {
    const argv = ["login", server.url, ...user, "--fingerprint", print, "--json"];
    const { code, out, err } = await cli(argv);
    assert.equal(code, 0, err);
    assert.equal(JSON.parse(out).pin, printOf(identity));
    assert.equal((await profiles())["default"]?.pin, printOf(identity));
  }
  const stranger = await counting(identity);
  const other = aTlsIdentity();
  const loginAs = async (print: string) =>
    await cli(["login", stranger.url, ...user, "--fingerprint", print]);
  for (const [named, shown] of [
    [sha256Of(other), sha256Of(identity)],
    [printOf(other), printOf(identity)],
  ] as const) {
    const { code, err } = await loginAs(named);
    assert.equal(code, 4);
    assert.ok(err.includes(named) && err.includes(shown), err);
    assert.ok(err.includes("Nothing was sent."), err);
  }
  const sha1 = await loginAs(new X509Certificate(identity.certPem).fingerprint);
  assert.equal(sha1.code, 2);
  assert.match(sha1.err, /--fingerprint: .* is a SHA-1 print, .* forged: give the SHA-256/);
  assert.equal((await loginAs("what")).code, 2);
  assert.equal(stranger.bytes(), 0);
  const plain = await cli(["login", "http://127.0.0.1:1", ...user, "--fingerprint", digits]);
  assert.equal(plain.code, 2);
  assert.match(plain.err, /is not encrypted/);
});

test("a pinned server that shows another key is told loudly; a renewed certificate of the same key is not", async (t) => {
  const { cli, counting, library, onTerminal, profile, profiles } = await rig(t);
  const [old, now] = [aTlsIdentity(), aTlsIdentity()];
  const stranger = await counting(now);
  const written = {
    current: "default",
    profiles: { default: { url: stranger.url, token: "f00d", pin: printOf(old) } },
  };
  await writeFile(profile, JSON.stringify(written));
  for (const refused of [
    await cli(["login", stranger.url, ...user]),
    await onTerminal(["login", stranger.url], "n"),
  ]) {
    assert.equal(refused.code, 4);
    const told = [
      "WARNING",
      `pinned  ${printOf(old)}`,
      `shown   ${printOf(now)}`,
      "stands between",
    ];
    for (const words of told) assert.ok(refused.err.includes(words), refused.err);
  }
  const used = await cli(["ls"]);
  assert.equal(used.code, 4);
  assert.ok(used.err.includes(printOf(old)) && used.err.includes(printOf(now)), used.err);
  assert.ok(used.err.includes(`contentlib login ${stranger.url}`), used.err);
  assert.equal(stranger.bytes(), 0);
  assert.deepEqual((await profiles())["default"], written.profiles.default);

  const { server } = await library(now);
  const pinned = (pin: string) => ({
    current: "default",
    profiles: { default: { url: server.url, pin } },
  });
  await writeFile(profile, JSON.stringify(pinned(printOf(old))));
  const named = await cli(["login", server.url, ...user, "--fingerprint", sha256Of(now)]);
  assert.equal(named.code, 0, named.err);
  assert.ok(named.err.includes("WARNING"), named.err);
  assert.equal((await profiles())["default"]?.pin, printOf(now));
  await writeFile(profile, JSON.stringify(pinned(printOf(old))));
  assert.equal((await onTerminal(["login", server.url], "yes", "ben", PASSWORD)).code, 0);
  assert.equal((await profiles())["default"]?.pin, printOf(now));

  const renewed = await library(aTlsIdentity({ keyPem: now.keyPem, names: ["new.example"] }));
  const { url } = renewed.server;
  await writeFile(
    profile,
    JSON.stringify({ current: "x", profiles: { x: { url, pin: printOf(now) } } }),
  );
  const again = await cli(["login", url, ...user]);
  assert.equal(again.code, 0, again.err);
  assert.equal(again.err, "");
  assert.equal((await profiles())["x"]?.pin, printOf(now));
  const byHand = { url: server.url, pin: sha256Of(now).toLowerCase() };
  await writeFile(profile, JSON.stringify({ current: "x", profiles: { x: byHand } }));
  assert.equal((await cli(["login", server.url, ...user])).code, 0);
  assert.equal(
    (await profiles())["x"]?.pin,
    byHand.pin,
    "what somebody wrote into the file counts",
  );
});

test("a certificate the machine trusts needs no question and no pin, unless one was there", async (t) => {
  const { cli, library, onTerminal, profile, profiles } = await rig(t);
  const authority = aTlsIdentity({ commonName: "authority", isAuthority: true });
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, authority.certPem]);
  t.after(() => setDefaultCACertificates(before));
  const issuer = { ...authority, commonName: "authority" };
  const { server } = await library(aTlsIdentity({ issuer }));
  const { code, err } = await cli(["login", server.url, ...user]);
  assert.equal(code, 0, err);
  assert.equal(err, "");
  assert.equal((await profiles())["default"]?.pin, undefined);
  assert.equal((await cli(["ls"])).code, 0);
  const old = { url: server.url, pin: printOf(aTlsIdentity()) };
  await writeFile(profile, JSON.stringify({ current: "x", profiles: { x: old } }));
  assert.equal((await cli(["login", server.url, ...user])).code, 4);
  assert.equal((await profiles())["x"]?.pin, old.pin);
  assert.equal((await onTerminal(["login", server.url], "y", "ben", PASSWORD)).code, 0);
  assert.equal((await profiles())["x"]?.pin, undefined);
  for (const [wish, words] of [
    [{ validUntil: new Date("2024-02-01T00:00:00Z") }, "its certificate has expired"],
    [{ names: ["x.example"] }, "its certificate is for other names"],
  ] as const) {
    const bad = await library(aTlsIdentity({ issuer, ...wish }));
    assert.ok((await cli(["login", bad.server.url, ...user])).err.includes(words));
  }
});

test("push and pull go through a pinned server, for those with a profile and for those with an environment alone", async (t) => {
  const { cli, library, counting, directory, profile } = await rig(t);
  const identity = aTlsIdentity();
  const small = await library(identity);
  const { url } = small.server;
  const item = small.addItem(small.addLibrary("images"), "debian");
  const path = join(directory, "a.img");
  await writeFile(path, Buffer.alloc(2_000_000, "content"));
  const token = { CONTENTLIB_URL: url, CONTENTLIB_TOKEN: "t" };
  const push = ["push", path, "images/debian"];
  const stranger = await cli(push, token);
  assert.equal(stranger.code, 4);
  assert.match(
    stranger.err,
    /is not trusted: its certificate is self-signed\.\n {2}Look at its certificate, and decide: contentlib login https:\S+; a script names .* in CONTENTLIB_PIN\n$/,
  );
  assert.deepEqual(small.filesOf(item), {});
  const pinned = { ...token, CONTENTLIB_PIN: printOf(identity) };
  const sent = await cli(push, pinned);
  assert.equal(sent.code, 0, sent.err);
  assert.equal(small.filesOf(item)["a.img"]?.length, 2_000_000);
  const byPrint = { ...token, CONTENTLIB_PIN: sha256Of(identity) };
  assert.equal((await cli(["ls"], byPrint)).code, 0);
  await writeFile(
    profile,
    JSON.stringify({ current: "x", profiles: { x: { url, token: "t", pin: printOf(identity) } } }),
  );
  const pulled = await cli(["pull", "images/debian", join(directory, "here")]);
  assert.equal(pulled.code, 0, pulled.err);
  assert.equal((await readFile(join(directory, "here", "a.img"))).length, 2_000_000);
  assert.equal((await cli(["ls", "--url", `${url}/`])).code, 0);
  assert.equal((await cli(["ls"], token)).code, 0, "the pin of the address's profile counts");
  const other = { ...token, CONTENTLIB_PIN: printOf(aTlsIdentity()) };
  const refused = await cli(["ls"], other);
  assert.equal(refused.code, 4);
  assert.match(refused.err, /not the pinned/);
  const elsewhere = await counting(aTlsIdentity());
  assert.equal((await cli(["ls"], { ...pinned, CONTENTLIB_URL: elsewhere.url })).code, 4);
  assert.equal(elsewhere.bytes(), 0);
});

test("a CONTENTLIB_PIN that is no pin, or for an address without TLS, is a mistake that is told", async (t) => {
  const { cli } = await rig(t);
  const token = { CONTENTLIB_URL: "https://127.0.0.1:1", CONTENTLIB_TOKEN: "t" };
  const wrong = await cli(["ls"], { ...token, CONTENTLIB_PIN: "what" });
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /CONTENTLIB_PIN: what is no fingerprint/);
  const plain = { ...token, CONTENTLIB_URL: "http://127.0.0.1:1", CONTENTLIB_PIN: "what" };
  const refused = await cli(["ls"], plain);
  assert.equal(refused.code, 2);
  assert.match(
    refused.err,
    /CONTENTLIB_PIN names the key of a server, and http:.* is not encrypted/,
  );
});

test("a login at an address without TLS, or with none there at all, is told as before", async (t) => {
  const { cli } = await rig(t);
  const gone = await cli(["login", "https://127.0.0.1:1", ...user]);
  assert.equal(gone.code, 6);
  assert.match(gone.err, /https:\/\/127\.0\.0\.1:1 can not be reached: nothing listens there/);
  const plain = await startSmallLibrary();
  t.after(async () => await plain.server.close());
  const secure = await cli(["login", plain.server.url.replace("http:", "https:"), ...user]);
  assert.equal(secure.code, 6);
  assert.match(secure.err, /does not speak TLS, so its address begins with http:/);
  const { code } = await cli(["login", plain.server.url, ...user]);
  assert.equal(code, 0);
});
