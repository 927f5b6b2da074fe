import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readCertificateFacts } from "../adapters/tls/certificate-facts.ts";
import { ownKeyPairFiles, renewCertificate } from "../adapters/tls/own-key-pair.ts";
import { SETTINGS } from "../config/env.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-serve-"));
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const entry = join(folder, "entry.mjs");
writeFileSync(
  entry,
  `import { serve } from ${JSON.stringify(join(import.meta.dirname, "serve.ts"))}
process.exitCode = await serve(process.argv.slice(2), process.env)`,
);

/** The command in a process of its own, with everything it says. */
class Command {
  readonly child: ChildProcess;
  output = "";
  errors = "";

  constructor(flags: readonly string[], env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [entry, ...flags], {
      env: { CONTENTLIB_PROFILE_FILE: join(folder, "profiles.json"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(this.child);
    this.child.on("exit", () => running.delete(this.child));
    this.child.stdout?.on("data", (text: Buffer) => (this.output += text.toString()));
    this.child.stderr?.on("data", (text: Buffer) => (this.errors += text.toString()));
  }

  /** Resolves with the address once the server is ready. */
  async ready(): Promise<string> {
    while (!this.output.includes("\n")) {
      if (this.child.exitCode !== null) assert.fail(this.errors);
      await Promise.race([once(this.child.stdout!, "data"), once(this.child, "exit")]);
    }
    return /contentlib is ready at (\S+)/.exec(this.output)?.[1] ?? assert.fail(this.output);
  }

  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null)
      await once(this.child, "close");
    return this.child.exitCode;
  }
}

test("help names every setting and starts nothing", async () => {
  const command = new Command(["--help"]);
  assert.equal(await command.ended(), 0);
  for (const { variable, sentence } of Object.values(SETTINGS)) {
    assert.ok(command.output.includes(variable), variable);
    assert.ok(command.output.includes(sentence), sentence);
  }
});

test("a wrong setting stops the start with one line and the status for wrong use", async () => {
  const command = new Command(["--listen", "0.0.0.0:80", "--colour"]);
  assert.equal(await command.ended(), 2);
  assert.equal(command.errors.trim().split("\n").length, 1);
  assert.match(command.errors, /^contentlib serve: .*--colour.*--insecure-http/);
});

test("a server starts, keeps its made-up password out of the log, is the only one on its data, and stops on a signal", async () => {
  const data = join(folder, "data");
  const first = new Command(["--data", data, "--listen", "127.0.0.1:0"], { CONTENTLIB_DATE: "1" });
  const url = await first.ready();
  const path = join(data, "initial-password");
  const password = readFileSync(path, "utf8").trim();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(data, "catalog.sqlite")).mode & 0o077, 0);
  const authorization = `Basic ${Buffer.from(`administrator:${password}`).toString("base64")}`;
  const login = await fetch(`${url}/api/session`, { method: "POST", headers: { authorization } });
  assert.equal(login.status, 201);
  const second = new Command(["--data", data, "--listen", "127.0.0.1:0"]);
  assert.equal(await second.ended(), 1);
  assert.match(
    second.errors,
    new RegExp(
      `^contentlib serve: The data directory .* is in use by another server \\(process ${first.child.pid}\\)`,
    ),
  );
  first.child.kill("SIGTERM");
  assert.equal(await first.ended(), 0);
  assert.match(
    first.errors,
    /CONTENTLIB_DATE is no setting and is ignored; the nearest is CONTENTLIB_DATA/,
  );
  assert.ok(first.errors.includes(path));
  assert.equal((first.output + first.errors).includes(password), false);
  assert.ok(existsSync(join(folder, "profiles.json")));
});

test("with TLS the start shows what to compare, and SIGHUP reads the certificate again and stops nothing", async () => {
  const data = join(folder, "tls");
  const flags = ["--data", data, "--listen", "127.0.0.1:0", "--tls", "self-signed"];
  const server = new Command([...flags, "--public-url", "https://lib.example"]);
  const url = await server.ready();
  assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
  const files = ownKeyPairFiles(data);
  const facts = readCertificateFacts(readFileSync(files.certFile, "utf8"));
  for (const line of [
    `SHA-1   ${facts.sha1}`,
    `SHA-256 ${facts.sha256}`,
    `key     ${facts.pin}`,
    "names   lib.example, ",
    `expires ${new Date(facts.expiresAt).toISOString().slice(0, 10)}`,
  ])
    assert.ok(server.output.includes(`\n  ${line}`), `${line} in ${server.output}`);
  const hangUp = async (expected: RegExp): Promise<void> => {
    server.child.kill("SIGHUP");
    while (!expected.test(server.errors)) {
      if (server.child.exitCode !== null || server.child.signalCode !== null)
        assert.fail(`it ended: ${server.errors}`);
      await Promise.race([once(server.child.stderr!, "data"), once(server.child, "exit")]);
    }
  };
  await hangUp(/The certificate for TLS is the same as before/);
  writeFileSync(files.certFile, "half");
  await hangUp(/holds no certificate in PEM form.*The certificate stays as it is/);
  const wish = { names: ["lib.example"], now: Date.now() };
  const renewed = await renewCertificate(files, wish);
  await hangUp(
    new RegExp(`New connections get the certificate with the SHA-256 ${renewed.facts.sha256}`),
  );
  server.child.kill("SIGTERM");
  assert.equal(await server.ended(), 0);
  assert.equal(readFileSync(files.keyFile, "utf8"), renewed.keyPem);
  assert.equal((server.output + server.errors).includes("PRIVATE KEY"), false);
});

test("without TLS SIGHUP stops the server, and files that do not fit stop the start with one line", async () => {
  const plain = new Command(["--data", join(folder, "plain"), "--listen", "127.0.0.1:0"]);
  await plain.ready();
  plain.child.kill("SIGHUP");
  assert.equal(await plain.ended(), 0);
  const missing = join(folder, "none.pem");
  const flags = ["--data", join(folder, "plain"), "--tls-cert", missing, "--tls-key", missing];
  const refused = new Command(flags);
  assert.equal(await refused.ended(), 1);
  assert.equal(refused.errors, `contentlib serve: The certificate file ${missing} is not there.\n`);
});

test("a later password that does not match is a warning; a second signal ends the server at once", async () => {
  const data = join(folder, "warned");
  const first = new Command(["--data", data, "--listen", "127.0.0.1:0"], {
    CONTENTLIB_ADMIN_PASSWORD: "one",
  });
  await first.ready();
  first.child.kill("SIGINT");
  assert.equal(await first.ended(), 0);
  assert.equal(existsSync(join(data, "initial-password")), false);
  const second = new Command(["--data", data, "--listen", "127.0.0.1:0"], {
    CONTENTLIB_ADMIN_PASSWORD: "two",
  });
  const url = await second.ready();
  const waiting = connect(Number(new URL(url).port), "127.0.0.1");
  waiting.on("error", () => undefined);
  waiting.write(
    "POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
  );
  await once(waiting, "data");
  second.child.kill("SIGTERM");
  while (!second.errors.includes("The server stops")) await once(second.child.stderr!, "data");
  second.child.kill("SIGTERM");
  assert.equal(await second.ended(), 143);
  assert.match(second.errors, /it counts at the first start only/);
  assert.equal((second.output + second.errors).includes('"two"'), false);
  waiting.destroy();
});
