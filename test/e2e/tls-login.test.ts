import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { keyPrintOf } from "@contentlib/client/node";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import type { TlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { binary, password, startLiveServer } from "./live-server.ts";
import type { LiveServer } from "./live-server.ts";

type Environment = Readonly<Record<string, string>>;

interface Profile {
  readonly url: string;
  readonly token?: string;
  readonly pin?: string;
}

const profileOf = async (path: string): Promise<Profile> => {
  const { profiles } = JSON.parse(await readFile(path, "utf8")) as {
    profiles: { default: Profile };
  };
  return profiles.default;
};

/** Somebody elsewhere, with a profile file of their own. */
function elsewhere(server: LiveServer) {
  const profile = join(server.directory, "elsewhere.json");
  const run = (argv: readonly string[], extra: Environment = {}, input = "") => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...argv], {
      cwd: server.directory,
      env: { ...server.env, CONTENTLIB_PROFILE_FILE: profile, ...extra },
      input,
      encoding: "utf8",
    });
    return { code: status, out: stdout, err: stderr };
  };
  const login = (...flags: readonly string[]) =>
    run(
      ["login", server.url, "--user", "administrator", "--password-stdin", ...flags],
      {},
      password,
    );
  return { run, login, profile };
}

async function aFile(server: LiveServer): Promise<Buffer> {
  const content = randomBytes(3_000_000);
  await writeFile(join(server.directory, "disk.img"), content);
  return content;
}

/** Writes a certificate and its key to files, as flags for a server. */
async function tlsFlags(t: TestContext, identity: TlsIdentity): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-tls-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const [cert, key] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  await writeFile(cert, identity.certPem);
  await writeFile(key, identity.keyPem, { mode: 0o600 });
  return ["--tls-cert", cert, "--tls-key", key];
}

describe("the command line over TLS", { timeout: 120_000 }, () => {
  test("a server that signs for itself is known by its key at once where it runs, under any of its names", async (t) => {
    const server = await startLiveServer(t, "--tls", "self-signed");
    const content = await aFile(server);
    const { pin, url } = await profileOf(server.env["CONTENTLIB_PROFILE_FILE"] ?? "");
    assert.equal(url, server.url);
    assert.match(pin ?? "", /^sha256\/\/[A-Za-z0-9+/]{43}=$/);
    await server.json("library", "create", "images");
    await server.json("push", "disk.img", "images/debian");
    await server.json("pull", "images/debian", "here");
    assert.ok((await readFile(join(server.directory, "here", "disk.img"))).equals(content));
  });

  test("elsewhere it is shown first, pinned by its fingerprint, and a wrong one is refused", async (t) => {
    const server = await startLiveServer(t, "--tls", "self-signed");
    const content = await aFile(server);
    const { login, run, profile } = elsewhere(server);
    const unknown = login();
    assert.equal(unknown.code, 4, unknown.err);
    assert.match(unknown.err, /is not trusted: its certificate is self-signed\.$/m);
    const hint = /contentlib login https:\S+ --fingerprint ([0-9A-F:]{95})$/m.exec(unknown.err);
    assert.ok(hint?.[1], unknown.err);
    const { pin } = await profileOf(server.env["CONTENTLIB_PROFILE_FILE"] ?? "");
    assert.ok(unknown.err.includes(pin ?? "no pin"), unknown.err);
    const wrong = login(
      "--fingerprint",
      hint[1].replace(/^../, (two) => (two === "00" ? "01" : "00")),
    );
    assert.equal(wrong.code, 4, wrong.err);
    assert.ok(wrong.err.includes(hint[1]), wrong.err);
    const right = login("--fingerprint", hint[1]);
    assert.equal(right.code, 0, right.err);
    assert.equal((await profileOf(profile)).pin, pin);
    for (const argv of [
      ["library", "create", "images"],
      ["push", "disk.img", "images/debian"],
      ["pull", "images/debian", "there"],
      ["whoami"],
    ]) {
      const { code, err } = run(argv);
      assert.equal(code, 0, `${argv.join(" ")}: ${err}`);
    }
    assert.ok((await readFile(join(server.directory, "there", "disk.img"))).equals(content));
    await server.stop();
    await server.restart();
    assert.equal(login().code, 0, "the same certificate after a restart");
    await server.stop();
    const renewed = await server.json("tls", "renew", "--data", join(server.directory, "data"));
    const { sha256, pin: renewedPin } = renewed["certificate"] as { sha256: string; pin: string };
    assert.notEqual(sha256, hint[1]);
    assert.equal(renewedPin, pin);
    await server.restart();
    assert.equal(run(["ls"]).code, 0, "another certificate of the same key");
    const again = login();
    assert.equal(again.code, 0, again.err);
    assert.equal(again.err, "");
  });

  test("an environment with a pin is enough, and without one a token goes to nobody", async (t) => {
    const server = await startLiveServer(t, "--tls", "self-signed");
    await aFile(server);
    const { run } = elsewhere(server);
    const { pin = "", token = "" } = await profileOf(server.env["CONTENTLIB_PROFILE_FILE"] ?? "");
    const env = { CONTENTLIB_URL: server.url, CONTENTLIB_TOKEN: token };
    assert.equal(run(["whoami"], { ...env, CONTENTLIB_PIN: pin }).code, 0);
    for (const extra of [{}, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }]) {
      const { code, err } = run(["whoami"], { ...env, ...extra });
      assert.equal(code, 4, err);
      assert.match(err, /is not trusted: its certificate is self-signed\./);
    }
    const other = keyPrintOf(new X509Certificate(aTlsIdentity().certPem));
    const refused = run(["whoami"], { ...env, CONTENTLIB_PIN: other });
    assert.equal(refused.code, 4);
    assert.ok(refused.err.includes(pin) && refused.err.includes(other), refused.err);
  });

  test("a certificate of one's own authority needs no pin where Node is told of the authority", async (t) => {
    const authority = aTlsIdentity({ commonName: "authority", isAuthority: true });
    const identity = aTlsIdentity({ issuer: { ...authority, commonName: "authority" } });
    const server = await startLiveServer(t, ...(await tlsFlags(t, identity)));
    const content = await aFile(server);
    const { run, login, profile } = elsewhere(server);
    const unknown = login();
    assert.equal(unknown.code, 4);
    assert.match(unknown.err, /this machine does not know who issued its certificate/);
    assert.match(unknown.err, /set CONTENTLIB_PIN=sha256\S+; .*NODE_EXTRA_CA_CERTS=authority\.pem/);
    const used = run(["whoami"], { CONTENTLIB_URL: server.url, CONTENTLIB_TOKEN: "t" });
    assert.match(used.err, /in CONTENTLIB_PIN; .*NODE_EXTRA_CA_CERTS=authority\.pem$/m);
    await writeFile(join(server.directory, "authority.pem"), authority.certPem);
    const env = { NODE_EXTRA_CA_CERTS: join(server.directory, "authority.pem") };
    const argv = ["login", server.url, "--user", "administrator", "--password-stdin"];
    const { code, err } = run(argv, env, password);
    assert.equal(code, 0, err);
    assert.equal((await profileOf(profile)).pin, undefined);
    for (const words of [
      ["library", "create", "images"],
      ["push", "disk.img", "images/debian"],
      ["pull", "images/debian", "there"],
    ]) {
      const done = run(words, env);
      assert.equal(done.code, 0, done.err);
    }
    assert.ok((await readFile(join(server.directory, "there", "disk.img"))).equals(content));
    assert.equal(run(["whoami"]).code, 4);
  });

  test("a server that names itself otherwise than one logged in takes and gives files still, by its key", async (t) => {
    const server = await startLiveServer(t, "--tls", "self-signed");
    const content = await aFile(server);
    await server.stop();
    server.env["CONTENTLIB_PUBLIC_URL"] = `https://localhost:${new URL(server.url).port}`;
    await server.restart();
    await server.json("library", "create", "images");
    await server.json("push", "disk.img", "images/debian");
    await server.json("pull", "images/debian", "here");
    assert.ok((await readFile(join(server.directory, "here", "disk.img"))).equals(content));
  });
});
