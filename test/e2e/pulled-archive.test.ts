// An archive made with `tar` that a real server fetches, and is killed while it does.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { ask, BASIC, Client } from "../conformance/client.ts";
import { downloadUrl, fileNames, makeLibrary } from "../conformance/content.ts";
import { HTTP_FORMS } from "../conformance/forms.ts";
import type { Form } from "../conformance/forms.ts";
import { exchange } from "../conformance/http-exchange.ts";
import { startLiveServer } from "./live-server.ts";
import { DISK, hasOpenssl, makePackage, runIn } from "./made-package.ts";
import { startHoldingDepot } from "./range-depot.ts";

const options = { timeout: 240_000, ...(hasOpenssl ? {} : { skip: "OpenSSL is not here" }) };
const MIB = 1024 * 1024;
/** Large enough that bytes of it are safe before all of them are here. */
const DISK_BYTES = 64 * MIB;
/** How much is before the place where the source stops. */
const HELD_SHARE = 0.9;
const LOOK_MS = 20;
const PATIENCE_MS = 120_000;

/** A folder with a signed package, and the archive of it. */
function anArchive(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "contentlib-pulled-"));
  t.after(() => rmSync(folder, { recursive: true }));
  makePackage(folder, DISK_BYTES);
  runIn(folder, "tar", "--format=ustar", "-cf", "web.ova", "web.ovf", "web.mf", "web.cert", DISK);
  const bytesOf = (name: string): Buffer => readFileSync(join(folder, name));
  return { archive: bytesOf("web.ova"), bytesOf };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
    if (await holds()) return;
    await wait(LOOK_MS);
  }
  assert.fail("It does not come so far.");
}

/** How many bytes all files below a directory have. */
const bytesBelow = (directory: string): number =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

const logIn = async (form: Form, url: string): Promise<Client> => {
  const { value } = await ask(form, url, form.login(), { Authorization: BASIC });
  return new Client(form, url, String(value));
};

describe("S106, S114, S124: a server that pulls an archive, completed beforehand", () => {
  for (const form of HTTP_FORMS)
    test(
      `and is killed within a member goes on there and ends by itself, over /${form.name}`,
      options,
      async (t) => {
        const { archive, bytesOf } = anArchive(t);
        const heldAt = Math.floor(archive.length * HELD_SHARE);
        const depot = await startHoldingDepot(t, archive, heldAt);
        const server = await startLiveServer(t, "--pull-allow", `127.0.0.1:${depot.port}`);
        let client = await logIn(form, server.url);
        const library_id = await makeLibrary(client);
        const item = await client.done(form.createItem({ library_id, name: "web", type: "ovf" }));
        const warning_behavior = [{ type: "UNTRUSTED_CERTIFICATE", ignored: true }];
        const session = await client.done(
          form.createSession({ library_item_id: item, warning_behavior }),
        );
        const checksum = createHash("md5").update(archive).digest("hex");
        await client.done(
          form.addFile(session, {
            name: "web.ova",
            source_type: "PULL",
            source_endpoint: { uri: `${depot.origin}/web.ova` },
            checksum_info: { algorithm: "MD5", checksum },
          }),
        );
        await client.done(form.completeSession(session));
        const received = async (): Promise<number> =>
          (await client.done(form.getFile(session, "web.ova"))).bytes_transferred;
        await until(async () => (await received()) === heldAt);
        await server.stop("SIGKILL");
        depot.letGo();
        await server.restart();
        client = await logIn(form, server.url);
        await until(async () => (await client.done(form.getSession(session))).state !== "ACTIVE");
        const { state, error_message } = await client.done(form.getSession(session));
        assert.equal(state, "DONE", error_message?.default_message);
        const [first, second, ...others] = depot.asked;
        assert.equal(first, undefined);
        const from = Number(/^bytes=(\d+)-$/.exec(second ?? "")?.[1]);
        assert.ok(from > MIB && from <= heldAt, `it went on at ${from}, which is within the disk`);
        assert.deepEqual(others, []);
        const listed = await client.done(form.listFiles(session));
        const [whole] = listed;
        assert.deepEqual(whole?.checksum_info, { algorithm: "MD5", checksum });
        assert.deepEqual(
          listed.map(({ name, source_type }) => [name, source_type]),
          ["web.ova", "web.ovf", "web.mf", "web.cert", DISK].map((name) => [name, "PULL"]),
        );
        assert.deepEqual(await fileNames(client, item), ["web.ovf", DISK]);
        for (const name of ["web.ova", DISK]) {
          const url = await downloadUrl(client, item, name);
          const { bytes } = await exchange({ method: "GET", url });
          assert.ok(bytes.equals(bytesOf(name)), name);
        }
        const stored = bytesBelow(join(server.directory, "data"));
        assert.ok(stored < 1.01 * archive.length + MIB, `${stored} bytes are on the disk`);
      },
    );
});
