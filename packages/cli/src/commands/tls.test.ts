import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { run } from "../run.ts";

/** A data directory with a certificate of the server's own in it, and the command line beside it. */
async function rig(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-cli-tls-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const { certPem, keyPem } = aTlsIdentity({ names: ["lib.example"] });
  const file = join(directory, "tls-certificate.pem");
  await writeFile(file, certPem);
  await writeFile(join(directory, "tls-key.pem"), keyPem);
  const cli = async (...argv: readonly string[]) => {
    const streams = capturedStreams();
    const code = await run(argv, streams, { CONTENTLIB_DATA: directory });
    return { code, out: streams.out(), err: streams.err() };
  };
  return { cli, directory, file, shown: new X509Certificate(certPem) };
}

test("tls show prints what people compare, for the server's own and for any file, and no server is asked", async (t) => {
  const { cli, directory, file, shown } = await rig(t);
  for (const argv of [[], ["--data", directory], [file]]) {
    const { code, out, err } = await cli("tls", "show", ...argv);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(
      out,
      new RegExp(`^${file}\nSHA-1   ${shown.fingerprint}\nSHA-256 ${shown.fingerprint256}\n`),
    );
    assert.match(out, /\nkey {5}sha256\/\/\S{43}=\nnames {3}lib\.example\nexpires 2124-01-01T/);
  }
  const { out } = await cli("tls", "show", file, file, "--json");
  const { certificates } = JSON.parse(out) as { certificates: Record<string, unknown>[] };
  assert.equal(certificates.length, 2);
  assert.equal(certificates[0]?.["sha256"], shown.fingerprint256);
  assert.deepEqual(certificates[0]["names"], ["lib.example"]);
  assert.equal(certificates[0]["valid_from"], "2024-01-01T00:00:00.000Z");
});

test("tls renew keeps the key and the names, and adds those that are given", async (t) => {
  const { cli, file } = await rig(t);
  const before = await cli("tls", "show", "--json");
  const { code, out, err } = await cli(
    "tls",
    "renew",
    "--name",
    "a.example",
    "--name",
    "b.example",
  );
  assert.equal(code, 0, err);
  assert.match(out, new RegExp(`^${file}\n`));
  assert.match(out, /\nnames {3}lib\.example, a\.example, b\.example, /);
  assert.match(err, /takes it up within seconds/);
  const after = await cli("tls", "show", "--json");
  const pinIn = (text: string): unknown => /"pin": "([^"]+)"/.exec(text)?.[1];
  assert.equal(pinIn(after.out), pinIn(before.out));
  assert.notEqual(after.out, before.out);
  const { changed } = JSON.parse((await cli("tls", "renew", "--json")).out) as { changed: boolean };
  assert.equal(changed, true);
});

test("what can not be shown or renewed is refused in one line, and a contradiction is wrong use", async (t) => {
  const { cli, directory, file } = await rig(t);
  for (const argv of [
    ["show", join(directory, "none.pem")],
    ["show", "--data", join(directory, "none")],
    ["renew", "--data", join(directory, "none")],
    ["renew", "--name", "*.example"],
  ]) {
    const { code, out, err } = await cli("tls", ...argv);
    assert.deepEqual([code, out], [4, ""], argv.join(" "));
    assert.match(err, /^contentlib: .+\n$/);
  }
  assert.equal((await cli("tls", "show", file, "--data", directory)).code, 2);
  await rm(file);
  for (const command of ["show", "renew"]) {
    const { code, err } = await cli("tls", command);
    assert.equal(code, 4);
    assert.match(err, new RegExp(`\\n {2}Is .* Name it: contentlib tls ${command} --data DIR\\n$`));
  }
  assert.equal((await cli("tls", "frob")).code, 2);
});
