// Sessions that are completed while the server still fetches their files: what their clients see of it on every wire.
import assert from "node:assert/strict";
import type { RequestListener, ServerResponse } from "node:http";
import { after, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { LOOPBACK_FENCE, startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import type { Client } from "./client.ts";
import { addPush, makeItem, makeLibrary, openSession, readFile, send } from "./content.ts";
import { FORMS } from "./forms.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const pull = { pullAllow: LOOPBACK_FENCE.allow, pullDeny: [], pullProxy: null };
const LOOK_MS = 5;
/** How long a pull may take on a busy machine. */
const PATIENCE_MS = 60_000;

const PACKAGE: Readonly<Record<string, string>> = packageFiles({
  algorithm: null,
  disks: { "disk 1.vmdk": "bytes of a disk", "disk-2.vmdk": "bytes of another" },
});

/** Requests that wait to be answered. */
const held: ServerResponse[] = [];

const answer: RequestListener = ({ url = "" }, response) => {
  const name = decodeURIComponent(url.slice(url.lastIndexOf("/") + 1));
  if (name.startsWith("held")) held.push(response);
  else if (PACKAGE[name] === undefined) response.writeHead(404).end();
  else response.end(PACKAGE[name]);
};

const source = await startRemoteServer(answer);
after(() => source.close());

for (const form of FORMS)
  describe(`completing what is still being pulled, ${form.name}`, async () => {
    const server = await serverUnderTest({ pull });
    const client: Client = await server.client(form);

    const addPull = async (session: string, name: string, path = `/files/${name}`) =>
      await client.done(
        form.addFile(session, {
          name,
          source_type: "PULL",
          source_endpoint: { uri: `${source.origin}${path}` },
        }),
      );

    const until = async (holds: () => boolean | Promise<boolean>) => {
      for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
        if (await holds()) return;
        await wait(LOOK_MS);
      }
      assert.fail("It does not come so far.");
    };

    const ended = async (session: string) => {
      await until(async () => (await client.done(form.getSession(session))).state !== "ACTIVE");
      return await client.done(form.getSession(session));
    };

    test("complete answers, and the session ends by itself [C91]", async () => {
      // S110, S111, S112
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const pushed = await addPush(client, session, "b.iso");
      assert.equal((await send(pushed, "pushed")).status, 200);
      await addPull(session, "a.iso", "/held");
      await client.done(form.completeSession(session));
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
      const refused = await client.refused(
        form.completeSession(session),
        "not_allowed_in_current_state",
      );
      assert.match(refused, /still being pulled/);
      const late = await send(pushed, "pushed again");
      assert.equal(late.status, 409);
      assert.match(late.text, /takes no more bytes/);
      await until(() => held.length > 0);
      held.pop()?.end("pulled");
      assert.equal((await ended(session)).state, "DONE");
      assert.equal(await readFile(client, item, "a.iso"), "pulled");
      assert.equal(await readFile(client, item, "b.iso"), "pushed");
    });

    test("it ends in ERROR where a file does not come, and says why [C91]", async () => {
      // S113
      const session = await openSession(client);
      await addPull(session, "a.iso", "/held");
      await client.done(form.completeSession(session));
      await until(() => held.length > 0);
      held.pop()?.writeHead(404).end();
      const { state, error_message } = await ended(session);
      assert.equal(state, "ERROR");
      assert.match(error_message?.default_message ?? "", /a\.iso.*404 Not Found/);
    });

    test("a descriptor alone brings the package that it describes", async () => {
      // S115
      const library_id = await makeLibrary(client);
      const item = await client.done(
        form.createItem({ library_id, name: freshName("item"), type: "ovf" }),
      );
      const session = await openSession(client, item);
      await addPull(session, "vm.ovf");
      await client.done(form.completeSession(session));
      const { state, error_message } = await ended(session);
      assert.equal(state, "DONE", error_message?.default_message);
      for (const [name, content] of Object.entries(PACKAGE))
        assert.equal(await readFile(client, item, name), content);
      const files = await client.done(form.listFiles(session));
      assert.deepEqual(
        files.map(({ name, source_type, source_endpoint }) => [
          name,
          source_type,
          source_endpoint?.uri,
        ]),
        Object.keys(PACKAGE).map((name) => [
          name,
          "PULL",
          `${source.origin}/files/${encodeURIComponent(name)}`,
        ]),
      );
    });
  });
