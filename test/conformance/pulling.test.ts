// Files that the server fetches by itself: what their clients see of it on every wire, and what their servers do.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { after, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { LOOPBACK_FENCE, startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import type { Client } from "./client.ts";
import { makeItem, openSession, readFile } from "./content.ts";
import { FORMS } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const { allow } = LOOPBACK_FENCE;
const pull = { pullAllow: allow, pullDeny: [], pullProxy: null };
const CONTENT = "0123456789";
const LOOK_MS = 5;
/** How long a pull may take on a busy machine. */
const PATIENCE_MS = 60_000;

const identity = aTlsIdentity();
const { fingerprint } = new X509Certificate(identity.certPem);

/** Requests that are answered in their first byte, and then held. */
const held: { readonly request: IncomingMessage; readonly response: ServerResponse }[] = [];

const answer: RequestListener = (request, response) => {
  if (request.url === "/missing") response.writeHead(404).end("<html>No such page</html>");
  else if (request.url === "/chunked") response.write("01234", () => response.end("56789"));
  else if (request.url === "/held") {
    response.setHeader("Content-Length", CONTENT.length).write("0");
    held.push({ request, response });
  } else response.setHeader("ETag", '"v1"').end(CONTENT);
};

const plain = await startRemoteServer(answer);
const secure = await startRemoteServer(answer, { identity });
after(async () => {
  await plain.close();
  await secure.close();
});

for (const form of FORMS)
  describe(`files that are pulled, ${form.name}`, async () => {
    const server = await serverUnderTest({ pull });
    const client: Client = await server.client(form);

    const add = async (session: string, uri: string, members = {}, spec = {}) =>
      await client.done(
        form.addFile(session, {
          name: "a.iso",
          source_type: "PULL",
          source_endpoint: { uri, ...members },
          ...spec,
        }),
      );

    const until = async (session: string, statuses: readonly string[]) => {
      for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
        const file = await client.done(form.getFile(session, "a.iso"));
        if (statuses.includes(file.status)) return file;
        await wait(LOOK_MS);
      }
      assert.fail(`The file does not become ${statuses.join(" or ")}.`);
    };
    const settled = async (session: string) => await until(session, ["READY", "ERROR"]);

    test("add answers the source, and the bytes come to the item with complete [C95]", async () => {
      // S58, S99
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const uri = `${plain.origin}/a.iso`;
      const added = await add(session, uri);
      assert.deepEqual(added, {
        name: "a.iso",
        source_type: "PULL",
        source_endpoint: { uri },
        bytes_transferred: 0,
        status: "WAITING_FOR_TRANSFER",
      });
      const ready = await settled(session);
      assert.deepEqual(
        [ready.status, ready.size, ready.bytes_transferred, ready.source_endpoint?.uri],
        ["READY", CONTENT.length, CONTENT.length, uri],
      );
      await client.done(form.completeSession(session));
      assert.equal(await readFile(client, item, "a.iso"), CONTENT);
    });

    test("it starts at add, and is READY only once verified [C113]", async () => {
      // S99, S102
      const session = await openSession(client);
      const checksum_info = { algorithm: "SHA1", checksum: "0".repeat(40) };
      await add(session, `${plain.origin}/held`, {}, { checksum_info });
      const moving = await until(session, ["TRANSFERRING"]);
      assert.equal(moving.bytes_transferred, 1);
      held.pop()?.response.end(CONTENT.slice(1));
      const file = await settled(session);
      assert.equal(file.status, "ERROR");
      const text = file.error_message?.default_message ?? "";
      assert.match(text, /0{40}.*87acec17cd9dcd20a716cc2cf67417b71c8a7016/);
    });

    test("with a wrong thumbprint it ends in ERROR and names both; with the right one nothing else is asked [C114]", async () => {
      // S101
      const session = await openSession(client);
      const wrong = "00:".repeat(20).slice(0, -1);
      await add(session, `${secure.origin}/a.iso`, { ssl_certificate_thumbprint: wrong });
      const refused = await settled(session);
      assert.equal(refused.status, "ERROR");
      const text = refused.error_message?.default_message ?? "";
      assert.ok(text.includes(wrong) && text.includes(fingerprint), text);
      await add(session, `${secure.origin}/a.iso`);
      assert.match((await settled(session)).error_message?.default_message ?? "", /self-signed/);
      const member = { ssl_certificate_thumbprint: fingerprint };
      const shown = await add(session, `${secure.origin}/a.iso`, member);
      assert.deepEqual(shown.source_endpoint, { uri: `${secure.origin}/a.iso`, ...member });
      assert.equal((await settled(session)).status, "READY");
    });

    test("from a source that answers 404 it ends in ERROR, and complete says why [C115]", async () => {
      // S105
      const session = await openSession(client);
      await add(session, `${plain.origin}/missing`);
      const file = await settled(session);
      assert.equal(file.status, "ERROR");
      assert.match(file.error_message?.default_message ?? "", /404 Not Found/);
      const text = await client.refused(
        form.completeSession(session),
        "not_allowed_in_current_state",
      );
      assert.match(text, /a\.iso.*404 Not Found/);
      await add(session, `${plain.origin}/a.iso`);
      assert.equal((await settled(session)).status, "READY");
    });

    test("without a size, and from a chunked source, it succeeds [C117]", async () => {
      const session = await openSession(client);
      await add(session, `${plain.origin}/chunked`);
      assert.equal((await settled(session)).size, CONTENT.length);
    });

    test("cancel closes the connection to the source [C118]", async () => {
      // S104
      const session = await openSession(client);
      await add(session, `${plain.origin}/held`);
      await until(session, ["TRANSFERRING"]);
      const source = held.pop();
      assert.ok(source !== undefined);
      const closed = once(source.response, "close");
      await client.done(form.cancelSession(session));
      await closed;
    });

    test("a login in the address goes to the source, and is shown nowhere", async () => {
      // S100
      const session = await openSession(client);
      const uri = plain.origin.replace("://", "://ada:open-sesame@");
      const added = await add(session, `${uri}/held`);
      await until(session, ["TRANSFERRING"]);
      const source = held.pop();
      const basic = `Basic ${Buffer.from("ada:open-sesame").toString("base64")}`;
      assert.equal(source?.request.headers.authorization, basic);
      source?.response.end(CONTENT.slice(1));
      const listed = await client.done(form.listFiles(session));
      const shown = JSON.stringify([added, listed, await settled(session)]);
      assert.doesNotMatch(shown, /sesame|ada/);
    });
  });

describe("what the operator has not opened", () => {
  test("is an ERROR of the file that says who decides, and nobody connects", async () => {
    const [form] = FORMS;
    assert.ok(form !== undefined);
    const server = await serverUnderTest();
    const client = await server.client(form);
    const session = await openSession(client);
    const before = plain.connections();
    const source_endpoint = { uri: `${plain.origin}/a.iso` };
    await client.done(
      form.addFile(session, { name: "a.iso", source_type: "PULL", source_endpoint }),
    );
    for (;;) {
      const file = await client.done(form.getFile(session, "a.iso"));
      if (file.status === "ERROR") {
        assert.match(file.error_message?.default_message ?? "", /loopback.*CONTENTLIB_PULL_ALLOW/);
        break;
      }
      await wait(LOOK_MS);
    }
    assert.equal(plain.connections(), before);
  });
});
