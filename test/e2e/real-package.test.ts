import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { ask, BASIC, Client } from "../conformance/client.ts";
import { addPush, fileNames, makeLibrary, openSession, send } from "../conformance/content.ts";
import { api, HTTP_FORMS } from "../conformance/forms.ts";
import { startLiveServer } from "./live-server.ts";
import { DISK, hasOpenssl, makePackage } from "./made-package.ts";

const options = { timeout: 120_000, ...(hasOpenssl ? {} : { skip: "OpenSSL is not here" }) };

const folder = mkdtempSync(join(tmpdir(), "contentlib-package-"));
after(() => rmSync(folder, { recursive: true }));

if (hasOpenssl) makePackage(folder);
const bytesOf = (name: string): Buffer => readFileSync(join(folder, name));

describe("a package made with the tools of a Linux distribution", () => {
  for (const form of HTTP_FORMS)
    test(
      `is verified on its way in over /${form.name}, and refused where a bit of it is another`,
      options,
      async (t) => {
        const server = await startLiveServer(t);
        const login = await ask(form, server.url, form.login(), { Authorization: BASIC });
        const client = new Client(form, server.url, String(login.value));
        const young = new Client(api, server.url, String(login.value));
        const library_id = await makeLibrary(client);
        const item = await client.done(form.createItem({ library_id, name: "web", type: "ovf" }));
        const session = await openSession(client, item);
        const push = async (name: string, bytes: Buffer): Promise<number> =>
          (await send(await addPush(client, session, name), bytes)).status;
        const preview = async () => (await client.done(form.getSession(session))).preview_info;
        for (const name of ["web.mf", "web.cert", "web.ovf"])
          assert.equal(await push(name, bytesOf(name)), 200, name);
        const shown = await preview();
        assert.equal(shown?.certificate_info?.subject, "/O=Example/CN=web team");
        assert.equal(shown.certificate_info.issuer, "/O=Example/CN=authority");
        assert.deepEqual(
          shown.warnings?.map(({ type }) => type),
          ["UNTRUSTED_CERTIFICATE"],
        );
        const disk = bytesOf(DISK);
        const other = Buffer.from(disk);
        other[1_000_000] = (other[1_000_000] ?? 0) ^ 1;
        assert.equal(await push(DISK, other), 400);
        const { error_message } = await client.done(form.getFile(session, DISK));
        assert.match(
          error_message?.default_message ?? "",
          /web\.mf:2: .*SHA256 [0-9a-f]{64} was found/,
        );
        assert.ok(young.form.younger);
        const spec = bytesOf("ca.pem").toString("latin1");
        await young.done(young.form.younger.addCertificate(spec));
        assert.equal(await push(DISK, disk), 200);
        assert.deepEqual((await preview())?.warnings, []);
        await client.done(form.completeSession(session));
        assert.deepEqual(await fileNames(client, item), ["web.ovf", DISK]);
      },
    );

  test(
    "goes in by the command line in whatever order, tells its facts, and says what is wrong",
    options,
    async (t) => {
      const server = await startLiveServer(t);
      await server.json("library", "create", "images");
      const names = ["web.ovf", DISK, "web.mf"];
      // Beside the certificate the descriptor would bring it along.
      const unsigned = join(folder, "unsigned");
      mkdirSync(unsigned);
      for (const name of names) writeFileSync(join(unsigned, name), bytesOf(name));
      const files = names.map((name) => join(unsigned, name));
      const pushed = await server.json("push", ...files, "images/web");
      assert.equal(pushed["changed"], true);
      const again = await server.json("push", ...files, "images/web");
      assert.equal(again["changed"], false, "the same package is up to date");
      const { item, facts } = await server.json("info", "images/web");
      assert.equal((item as { readonly type: string }).type, "ovf");
      const { verification, ovf } = facts as {
        readonly verification: { readonly status: string };
        readonly ovf: { readonly disks: readonly { readonly capacity_bytes: string }[] };
      };
      assert.equal(verification.status, "NOT_AVAILABLE");
      assert.deepEqual(
        ovf.disks.map(({ capacity_bytes }) => capacity_bytes),
        [String(3 * 1024 * 1024)],
      );
      const shown = await server.cli("info", "images/web");
      assert.match(shown.out, /signature +NOT_AVAILABLE: it is not signed/);
      const signed = await server
        .json("push", join(folder, "web.ovf"), "images/web")
        .catch((error: unknown) => error);
      assert.match(String(signed), /UNTRUSTED|not trusted|trusted/, "a signature is news");
      const wrong = join(folder, "wrong");
      mkdirSync(wrong);
      for (const name of ["web.ovf", "web.mf"]) writeFileSync(join(wrong, name), bytesOf(name));
      const other = bytesOf(DISK);
      other[1_000_000] = (other[1_000_000] ?? 0) ^ 1;
      writeFileSync(join(wrong, DISK), other);
      const refused = await server.cli("push", wrong, "images/wrong");
      assert.notEqual(refused.code, 0);
      assert.match(refused.err, /web\.mf:2: web-disk1\.vmdk is not the file/);
    },
  );
});
