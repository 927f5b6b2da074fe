// What TLS changes for clients, and what a change of the certificate does not: transfers go on.
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request } from "node:https";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { connect } from "node:tls";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { KEY_PAIR_PERIOD_MS } from "@contentlib/server/adapters/tls/key-pair-watch";
import { ownKeyPairFiles, renewCertificate } from "@contentlib/server/adapters/tls/own-key-pair";
import { ask, BASIC, Client } from "./client.ts";
import { addPush, makeItem, openSession, preparedUrl } from "./content.ts";
import { FORMS } from "./forms.ts";
import type { Form } from "./forms.ts";
import { eventually } from "./held-upload.ts";
import { serverUnderTest } from "./server-under-test.ts";
import { TlsFront } from "./tls-front.ts";

// A certificate is judged by the clock of the client, which is the machine's.
const clock = new ManualClock(Date.now());
const server = await serverUnderTest({ tls: { kind: "self-signed" }, clock });
const files = ownKeyPairFiles(join(server.directory, "data"));
const certificate = (): string => readFileSync(files.certFile, "utf8");
const printOf = (pem: string): string => new X509Certificate(pem).fingerprint;

const front = await TlsFront.open(server.url, certificate);
after(async () => await front.close());

const loggedIn = async (form: Form): Promise<Client> => {
  const reply = await ask(form, front.url, form.login(), { Authorization: BASIC });
  return new Client(form, front.url, String(reply.value));
};

/** The print of the certificate that a new connection gets. */
const shownPrint = async (): Promise<string> => {
  const { port, hostname } = new URL(server.url);
  const socket = connect({ port: Number(port), host: hostname, ca: certificate() });
  await once(socket, "secureConnect");
  const print = socket.getPeerX509Certificate()?.fingerprint ?? "";
  socket.destroy();
  return print;
};

const renew = async (): Promise<void> => {
  const present = printOf(certificate());
  await renewCertificate(files, { names: ["localhost", "127.0.0.1"], now: clock.now() });
  assert.notEqual(printOf(certificate()), present);
};

/** A request straight to the server, over a connection of its own. */
const straight = (uri: string, method: string, headers: Record<string, string>): ClientRequest => {
  const { port, hostname } = new URL(server.url);
  const { pathname } = new URL(uri);
  return request({
    host: hostname,
    port,
    path: pathname,
    method,
    headers,
    ca: certificate(),
    agent: false,
  });
};

for (const form of FORMS) {
  describe(`TLS, ${form.name}`, () => {
    let client: Client;
    before(async () => {
      client = await loggedIn(form);
    });

    test("every endpoint has https in its address, and the thumbprint of the certificate in use", async () => {
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const spec = { name: "a", source_type: "PUSH" };
      const own = printOf(certificate());
      const added = await client.done(form.addFile(session, spec));
      const got = await client.done(form.getFile(session, "a"));
      const [listed] = await client.done(form.listFiles(session));
      for (const info of [added, got, listed]) {
        assert.equal(info?.upload_endpoint?.ssl_certificate_thumbprint, own);
        assert.match(info?.upload_endpoint?.uri ?? "", /^https:\/\/127\.0\.0\.1:\d+\/cls\/data\//);
      }
      await client.done(form.cancelSession(session));
    });

    test("downloads have it too, and a new one once the certificate is new", async () => {
      const item = await makeItem(client);
      await fill(client, item, "b", Buffer.from("content"));
      const session = await client.done(form.createDownload({ library_item_id: item }));
      const prepared = await client.done(form.prepare(session, "b"));
      const own = printOf(certificate());
      assert.equal(prepared.download_endpoint?.ssl_certificate_thumbprint, own);
      await renew();
      await clock.advance(KEY_PAIR_PERIOD_MS);
      const [listed] = await client.done(form.listDownloadFiles(session));
      const got = await client.done(form.getDownloadFile(session, "b"));
      for (const info of [listed, got])
        assert.equal(info?.download_endpoint?.ssl_certificate_thumbprint, printOf(certificate()));
      assert.equal(prepared.download_endpoint?.uri, got.download_endpoint?.uri);
    });
  });
}

/** One file in one completed session, sent over TLS. */
async function fill(client: Client, item: string, name: string, body: Buffer): Promise<void> {
  const session = await openSession(client, item);
  const sent = straight(await addPush(client, session, name), "PUT", {
    "content-length": String(body.length),
  });
  sent.end(body);
  const [reply] = (await once(sent, "response")) as [IncomingMessage];
  reply.resume();
  assert.equal(reply.statusCode, 200);
  await client.done(client.form.completeSession(session));
}

/** More than all the buffers between two ends of a connection hold. */
const LONG_BYTES = 32 * 1024 * 1024;
const HALF = LONG_BYTES / 2;

test("a long upload and a long download go on over a change of the certificate, and new connections get the new one", async () => {
  const [form] = FORMS;
  assert.ok(form);
  const client = await loggedIn(form);
  const item = await makeItem(client);
  const body = Buffer.alloc(LONG_BYTES, "0123456789abcdef!");
  await fill(client, item, "long", body);
  const session = await client.done(form.createDownload({ library_item_id: item }));
  const asked = straight(await preparedUrl(client, session, "long"), "GET", {});
  asked.end();
  const [download] = (await once(asked, "response")) as [IncomingMessage];
  const other = await makeItem(client);
  const sending = await openSession(client, other);
  const upload = straight(await addPush(client, sending, "long"), "PUT", {
    "content-length": String(LONG_BYTES),
  });
  const answered = once(upload, "response") as Promise<[IncomingMessage]>;
  upload.write(body.subarray(0, HALF));
  await eventually(
    () => client.done(form.getFile(sending, "long")),
    ({ bytes_transferred }) => bytes_transferred > 0,
  );

  const old = await shownPrint();
  await renew();
  await clock.advance(KEY_PAIR_PERIOD_MS);
  assert.equal(await shownPrint(), printOf(certificate()));
  assert.notEqual(await shownPrint(), old);
  assert.equal(download.complete, false);

  upload.end(body.subarray(HALF));
  const [reply] = await answered;
  reply.resume();
  assert.equal(reply.statusCode, 200);
  await client.done(form.completeSession(sending));
  const digest = createHash("sha256");
  for await (const chunk of download) digest.update(chunk as Buffer);
  assert.equal(digest.digest("hex"), createHash("sha256").update(body).digest("hex"));
  const [stored] = await client.done(form.listStorage(other));
  assert.equal(stored?.size, LONG_BYTES);
});
