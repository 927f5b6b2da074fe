import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import { startCliRig, WIRES } from "./cli-rig.ts";
import { startLiveServer } from "./live-server.ts";

const identity = aTlsIdentity();
const leaf = new X509Certificate(identity.certPem);

describe("contentlib probe", () => {
  for (const wire of WIRES) {
    test(`tells what is at an address, and ends as it came out, over /${wire}`, async (t) => {
      const { cli, json } = await startCliRig(t, wire);
      const source = await startRemoteServer((request, response) => {
        if (request.url === "/none") response.writeHead(404).end();
        else if (request.url === "/ssh") request.socket.end("SSH-2.0-x\r\n");
        else if (request.url === "/moved") response.writeHead(302, { Location: "/a.iso" }).end();
        else response.setHeader("ETag", '"v1"').end("0123456789");
      });
      t.after(async () => await source.close());
      const closed = await startRemoteServer(() => undefined);
      await closed.close();
      const { out, err, code } = await cli("probe", `${source.origin}/moved`);
      assert.equal(code, 0, err);
      assert.match(out, new RegExp(`^address +${source.origin}/moved$`, "m"));
      assert.match(out, new RegExp(`^leads to +${source.origin}/a.iso$`, "m"));
      assert.match(out, /^size +10 B \(10 bytes\)$/m);
      assert.match(out, /^if it breaks +goes on where it broke$/m);
      assert.deepEqual(await json("probe", `${source.origin}/a.iso`), {
        uri: `${source.origin}/a.iso`,
        status: "SUCCESS",
        error_messages: [],
        size: 10,
        resumable: true,
        certificates: [],
      });
      const cases = [
        [`${source.origin}/none`, 3, /404 Not Found/],
        ["http://169.254.169.254/", 4, /metadata service of a cloud/],
        [
          "no address",
          2,
          /^contentlib: Invalid URL format for no address\. .*characters that a URL can not have/,
        ],
        ["ftp://files.example/", 2, /is not supported/],
        ["http://nobody.invalid/", 6, /nobody\.invalid/],
        [`http://127.0.0.1:${closed.port}/`, 6, /nobody listens there/],
        [`${source.origin}/ssh`, 6, /does not speak HTTP/],
      ] as const;
      for (const [url, expected, words] of cases) {
        const refused = await cli("probe", url);
        assert.equal(refused.code, expected, refused.err);
        assert.match(refused.err, words);
      }
    });
  }

  test("shows the certificate of who answers, and the option that pins its key", async (t) => {
    const { cli, json } = await startCliRig(t);
    const answer = (_request: unknown, response: { end(text: string): void }): void =>
      response.end("0123456789");
    const source = await startRemoteServer(answer, { identity });
    t.after(async () => await source.close());
    const untrusted = await cli("probe", source.origin);
    assert.equal(untrusted.code, 4);
    assert.match(untrusted.out, /^trusted +no: its certificate is self-signed$/m);
    assert.match(untrusted.out, /^valid +2024-01-01 to 2124-01-01$/m);
    for (const print of [leaf.fingerprint, leaf.fingerprint256])
      assert.ok(untrusted.out.includes(print));
    const [, flag = "", print = ""] =
      /add: (--pin-key) (sha256\/\/\S+)$/m.exec(untrusted.err) ?? [];
    const pinned = await cli("probe", source.origin, flag, print);
    assert.equal(pinned.code, 0, pinned.err);
    assert.match(
      pinned.out,
      new RegExp(`To pin its key: --pin-key ${print.replaceAll("+", "\\+")}$`, "m"),
    );
    assert.equal((await cli("probe", source.origin, "--thumbprint", leaf.fingerprint)).code, 0);
    assert.equal((await cli("probe", source.origin, "--pin-ca", print)).code, 0);
    for (const option of ["--pin-key", "--thumbprint", "--pin-ca"]) {
      const malformed = await cli("probe", source.origin, option, "x");
      assert.equal(malformed.code, 2, malformed.err);
      assert.match(malformed.err, /hexadecimal digits/);
    }
    assert.equal((await cli("probe", source.origin, "--pin-key", "x", "--pin-ca", "x")).code, 2);
    const told = await json("probe", source.origin, "--pin-key", print);
    assert.equal(told["pin_flag"], `--pin-key ${print}`);
    const failed = await cli("--json", "probe", source.origin);
    assert.equal((JSON.parse(failed.out) as { status: string }).status, "CERTIFICATE_ERROR");
    assert.equal((JSON.parse(failed.err) as { error: { exitCode: number } }).error.exitCode, 4);
  });

  test("a login in the address is used, and shown nowhere", async (t) => {
    const { cli } = await startCliRig(t);
    const seen: (string | undefined)[] = [];
    const source = await startRemoteServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401).end();
    });
    t.after(async () => await source.close());
    for (const argv of [["probe"], ["--json", "probe"], ["--verbose", "probe"]]) {
      const url = source.origin.replace("://", "://ada:open-sesame@");
      const { out, err, code } = await cli(...argv, url);
      assert.equal(code, 4);
      assert.doesNotMatch(out + err, /sesame|ada/);
    }
    const basic = `Basic ${Buffer.from("ada:open-sesame").toString("base64")}`;
    assert.deepEqual(seen, [basic, basic, basic]);
  });

  test("goes by the settings of the server: what they open, what they close, and through which proxy", async (t) => {
    const asked: (string | undefined)[] = [];
    const source = await startRemoteServer((request, response) => {
      asked.push(request.url);
      response.end("0123456789");
    });
    t.after(async () => await source.close());
    const address = `127.0.0.1:${source.port}`;
    const cases = [
      [[], `http://${address}/`, 4, []],
      [["--pull-allow", address], `http://${address}/`, 0, ["/"]],
      [["--pull-allow", "127.0.0.1:1"], `http://${address}/`, 4, []],
      [["--pull-allow", "*", "--pull-deny", `*:${source.port}`], `http://${address}/`, 4, []],
      [["--pull-proxy", source.origin], "http://files.example/a", 0, ["http://files.example/a"]],
      [["--pull-proxy", source.origin], `http://${address}/`, 4, []],
    ] as const;
    for (const [flags, url, expected, requests] of cases) {
      const server = await startLiveServer(t, ...flags);
      const { code, err } = await server.cli("probe", url);
      assert.equal(code, expected, `${flags.join(" ")}: ${err}`);
      assert.deepEqual(asked.splice(0), requests);
      await server.stop();
    }
  });
});
