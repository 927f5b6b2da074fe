// Files of the server's own machine that are pulled by the addresses of the API's storage schemes, on every wire.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { basic, type Client } from "./client.ts";
import { makeItem, makeLibrary, openSession, readFile } from "./content.ts";
import { FORMS } from "./forms.ts";
import { ACCESS, People } from "./people.ts";
import { serverUnderTest } from "./server-under-test.ts";

const CONTENT = "0123456789";
const LOOK_MS = 5;
/** How long a pull may take on a busy machine. */
const PATIENCE_MS = 60_000;

const root = mkdtempSync(join(tmpdir(), "contentlib-storage-"));
after(() => rmSync(root, { recursive: true }));
const [open, closed] = [join(root, "open"), join(root, "closed")];
for (const directory of [open, closed]) {
  mkdirSync(directory);
  writeFileSync(join(directory, "a b.iso"), CONTENT);
}
symlinkSync(join(closed, "a b.iso"), join(open, "out.iso"));

const server = await serverUnderTest({ pullDirectories: [{ name: "san", path: open }] });
const shut = await serverUnderTest();
const people = await People.on(server);

const source = (uri: string, name = "a.iso") => ({
  name,
  source_type: "PULL",
  source_endpoint: { uri },
});

for (const form of FORMS)
  describe(`S119: files of the server's machine, ${form.name}`, async () => {
    const client: Client = await server.client(form);

    const pulled = async (session: string, uri: string) => {
      const added = await client.done(form.addFile(session, source(uri)));
      assert.deepEqual(added.source_endpoint, { uri });
      for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
        const file = await client.done(form.getFile(session, "a.iso"));
        if (file.status === "READY" || file.status === "ERROR") return file;
        await wait(LOOK_MS);
      }
      assert.fail("The file comes to no end.");
    };

    test("come by path and by datastore, from below what was opened and from nowhere else", async () => {
      const item = await makeItem(client);
      const session = await openSession(client, item);
      for (const uri of [
        `file://${open}/a%20b.iso`,
        "ds:///vmfs/volumes/san/a%20b.iso?serverId=1",
        "ds:///san//a%20b.iso",
      ])
        assert.equal((await pulled(session, uri)).status, "READY", uri);
      await client.done(form.completeSession(session));
      assert.equal(await readFile(client, item, "a.iso"), CONTENT);
      const next = await openSession(client, item);
      for (const [uri, words] of [
        ["ds:///san/out.iso", /no file .* that this server may read/],
        ["ds:///san/none.iso", /no file .* that this server may read/],
        ["ds:///other/a.iso", /stands for the datastore/],
        [`file://${closed}/a%20b.iso`, /lies in no directory/],
        ["file:///etc/passwd", /lies in no directory/],
      ] as const) {
        const { status, error_message } = await pulled(next, uri);
        assert.equal(status, "ERROR", uri);
        assert.match(error_message?.default_message ?? "", words);
      }
    });

    test("have addresses that lead no step back, and are unsupported where nothing was opened", async () => {
      const session = await openSession(client);
      for (const uri of [
        "ds:///san/../closed/a%20b.iso",
        "ds:///san/%2e%2e/closed/a%20b.iso",
        "ds:///san",
        "file://elsewhere/a.iso",
        "nfs:///san/a.iso",
      ])
        await client.refused(form.addFile(session, source(uri)), "invalid_argument");
      assert.deepEqual(await client.done(form.listFiles(session)), []);
      const other = await shut.client(form);
      const there = await openSession(other);
      for (const uri of [`file://${open}/a%20b.iso`, "ds:///san/a%20b.iso"])
        await other.refused(form.addFile(there, source(uri)), "unsupported");
    });

    test("are not for those who may not add files [C116]", async () => {
      const library = await makeLibrary(client);
      const session = await openSession(client, await makeItem(client, {}, library));
      const viewer = await people.person();
      const grant = { user: viewer.id, role: "VIEWER", library_id: library } as const;
      await people.admin.done(ACCESS.createGrant(grant));
      const seen = await server.client(form, basic(viewer.name, viewer.secret));
      const uri = "ds:///san/a%20b.iso";
      await seen.refused(form.addFile(session, source(uri)), "unauthorized");
      assert.deepEqual(await client.done(form.listFiles(session)), []);
    });
  });
