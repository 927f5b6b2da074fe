// Archives made with `tar`, sent to a real server.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { ask, BASIC, Client } from "../conformance/client.ts";
import {
  addPush,
  downloadUrl,
  fileNames,
  makeLibrary,
  openSession,
  send,
} from "../conformance/content.ts";
import { api, HTTP_FORMS } from "../conformance/forms.ts";
import { exchange } from "../conformance/http-exchange.ts";
import { startLiveServer } from "./live-server.ts";
import { DISK, hasOpenssl, makePackage, runIn } from "./made-package.ts";

const options = { timeout: 180_000, ...(hasOpenssl ? {} : { skip: "OpenSSL is not here" }) };
const MIB = 1024 * 1024;
/** Large enough that bytes of it are safe before all of them are here. */
const DISK_BYTES = 64 * MIB;
const POLL_MS = 20;

const MEMBERS = ["web.ovf", "web.mf", "web.cert", DISK];

/** A folder with a package of a disk of that size, and archives of it in these formats. */
const archivesOf = (diskBytes: number, ...formats: readonly string[]): string => {
  const folder = mkdtempSync(join(tmpdir(), "contentlib-archive-"));
  after(() => rmSync(folder, { recursive: true }));
  if (!hasOpenssl) return folder;
  makePackage(folder, diskBytes);
  for (const format of formats)
    runIn(folder, "tar", `--format=${format}`, "-cf", `${format}.ova`, ...MEMBERS);
  return folder;
};

const FORMATS = ["ustar", "gnu", "pax"];
const small = archivesOf(3 * MIB, ...FORMATS);
const large = archivesOf(DISK_BYTES, "pax");

const bytesOf = (folder: string, name: string): Buffer => readFileSync(join(folder, name));

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** How many bytes all files below a directory have. */
const bytesBelow = (directory: string): number =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

describe("an archive made with tar", () => {
  for (const form of HTTP_FORMS)
    test(
      `is a verified package over /${form.name}, and comes back byte for byte`,
      options,
      async (t) => {
        const server = await startLiveServer(t);
        const login = await ask(form, server.url, form.login(), { Authorization: BASIC });
        const client = new Client(form, server.url, String(login.value));
        const young = new Client(api, server.url, String(login.value));
        assert.ok(young.form.younger);
        await young.done(
          young.form.younger.addCertificate(bytesOf(small, "ca.pem").toString("latin1")),
        );
        const library_id = await makeLibrary(client);
        for (const format of FORMATS) {
          const item = await client.done(
            form.createItem({ library_id, name: format, type: "ovf" }),
          );
          const session = await openSession(client, item);
          const archive = bytesOf(small, `${format}.ova`);
          const uri = await addPush(client, session, "web.ova");
          const crooked = Buffer.from(archive);
          crooked[MIB] = (crooked[MIB] ?? 0) ^ 1;
          assert.equal((await send(uri, crooked)).status, 400);
          const { error_message } = await client.done(form.getFile(session, "web.ova"));
          assert.match(
            error_message?.default_message ?? "",
            /web\.ova: web\.mf:2: .*SHA256 [0-9a-f]{64} was found/,
          );
          assert.equal((await send(uri, archive)).status, 200);
          const { preview_info } = await client.done(form.getSession(session));
          assert.equal(preview_info?.certificate_info?.subject, "/O=Example/CN=web team");
          assert.deepEqual(preview_info.warnings, []);
          const listed = await client.done(form.listFiles(session));
          assert.deepEqual(
            listed.map(({ name }) => name),
            ["web.ova", ...MEMBERS],
          );
          await client.done(form.completeSession(session));
          assert.deepEqual(await fileNames(client, item), ["web.ovf", DISK]);
          for (const name of ["web.ovf", DISK]) {
            const { bytes, headers } = await exchange({
              method: "GET",
              url: await downloadUrl(client, item, name),
            });
            assert.ok(bytes.equals(bytesOf(small, name)), name);
            assert.equal(headers.etag, `"sha256-${sha256(bytes)}"`);
          }
          const original = await exchange({
            method: "GET",
            url: await downloadUrl(client, item, "web.ova"),
          });
          assert.ok(original.bytes.equals(archive));
        }
      },
    );

  test("gives ranges of a member, up to its edges and not beyond", options, async (t) => {
    const server = await startLiveServer(t);
    const login = await ask(api, server.url, api.login(), { Authorization: BASIC });
    const client = new Client(api, server.url, String(login.value));
    const library_id = await makeLibrary(client);
    const item = await client.done(api.createItem({ library_id, name: "web", type: "ovf" }));
    const warning_behavior = [{ type: "UNTRUSTED_CERTIFICATE", ignored: true }];
    const session = await client.done(
      api.createSession({ library_item_id: item, warning_behavior }),
    );
    assert.equal(
      (await send(await addPush(client, session, "web.ova"), bytesOf(small, "gnu.ova"))).status,
      200,
    );
    await client.done(api.completeSession(session));
    const url = await downloadUrl(client, item, "web.ovf");
    const descriptor = bytesOf(small, "web.ovf");
    const { length } = descriptor;
    const get = (range: string, method = "GET") =>
      exchange({ method, url, headers: { Range: range } });
    for (const [range, start, end] of [
      ["bytes=0-4", 0, 5],
      [`bytes=${length - 3}-`, length - 3, length],
      [`bytes=${length - 3}-${length + 5000}`, length - 3, length],
      ["bytes=-7", length - 7, length],
    ] as const) {
      const { status, bytes, headers } = await get(range);
      assert.equal(status, 206, range);
      assert.ok(bytes.equals(descriptor.subarray(start, end)), range);
      assert.equal(headers["content-range"], `bytes ${start}-${end - 1}/${length}`);
    }
    assert.equal((await get(`bytes=${length}-${length + 1}`)).status, 416);
    const head = await exchange({ method: "HEAD", url });
    assert.equal(head.headers["content-length"], String(length));
    assert.equal(head.headers.etag, `"sha256-${sha256(descriptor)}"`);
  });
});

describe("S124: a server that is killed within a member", () => {
  test("goes on there, keeps one copy, and has the archive byte for byte", options, async (t) => {
    const server = await startLiveServer(t);
    const login = async (): Promise<Client> => {
      const { value } = await ask(api, server.url, api.login(), { Authorization: BASIC });
      return new Client(api, server.url, String(value));
    };
    let client = await login();
    const library_id = await makeLibrary(client);
    const item = await client.done(api.createItem({ library_id, name: "web", type: "ovf" }));
    const warning_behavior = [{ type: "UNTRUSTED_CERTIFICATE", ignored: true }];
    const session = await client.done(
      api.createSession({ library_item_id: item, warning_behavior }),
    );
    const archive = bytesOf(large, "pax.ova");
    const uri = await addPush(client, session, "web.ova", { size: archive.length });
    const outgoing = request(uri, {
      method: "PUT",
      headers: { "Content-Length": archive.length },
    });
    const broken = once(outgoing, "close").catch(() => null);
    outgoing.on("error", () => null);
    outgoing.write(archive.subarray(0, archive.length - 5 * MIB));
    const received = async (): Promise<number> =>
      (await client.done(api.getFile(session, "web.ova"))).bytes_transferred;
    while ((await received()) < archive.length - 5 * MIB)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    await server.stop("SIGKILL");
    await broken;
    await server.restart();
    client = await login();
    const offset = await received();
    assert.ok(offset > MIB, `${offset} bytes are safe, which is within the disk`);
    assert.ok(offset < archive.length);
    const range = `bytes ${offset}-${archive.length - 1}/${archive.length}`;
    const rest = await send(uri, archive.subarray(offset), { "Content-Range": range });
    assert.equal(rest.status, 200, rest.text);
    await client.done(api.completeSession(session));
    assert.deepEqual(await fileNames(client, item), ["web.ovf", DISK]);
    for (const [name, file] of [
      ["web.ova", "pax.ova"],
      [DISK, DISK],
    ] as const) {
      const url = await downloadUrl(client, item, name);
      assert.ok((await exchange({ method: "GET", url })).bytes.equals(bytesOf(large, file)), name);
    }
    const stored = bytesBelow(join(server.directory, "data"));
    assert.ok(stored < 1.01 * archive.length + MIB, `${stored} bytes are on the disk`);
  });
});
