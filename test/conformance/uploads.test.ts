import assert from "node:assert/strict";
import { connect } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import {
  addPush,
  contentVersion,
  fileNames,
  makeItem,
  openSession,
  push,
  readFile,
  send,
} from "./content.ts";
import { FORMS, rest } from "./forms.ts";
import { eventually, heldUpload } from "./held-upload.ts";
import { exchange } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();
const client = await server.client(rest);

const form = rest;
const fileOf = (session: string, name = "a.txt") => client.done(form.getFile(session, name));

/** Sends text over a bare socket and reads until the server closes the connection. */
async function overSocket(...parts: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  for (const part of parts) socket.write(part);
  return await textOf(socket);
}

describe("an upload URL", () => {
  test("takes PUT and POST alike, needs no login, and answers 200 with an empty body [C120]", async () => {
    // S62
    for (const method of ["PUT", "POST"]) {
      const session = await openSession(client);
      const uri = await addPush(client, session, "a.txt");
      const answer = await send(uri, "bytes", { "vmware-api-session-id": "f".repeat(32) }, method);
      assert.deepEqual([answer.status, answer.bytes.length], [200, 0]);
      assert.equal(answer.headers["content-type"], undefined);
      assert.equal(answer.headers["content-length"], "0");
      assert.equal((await fileOf(session)).status, "READY");
    }
  });

  test("takes a body with Content-Length, in chunks, an empty one, and one that waits for 100-continue [C121]", async () => {
    const session = await openSession(client);
    const sizeOf = async (name: string) => (await fileOf(session, name)).size;
    assert.equal((await send(await addPush(client, session, "length"), "12345")).status, 200);
    assert.equal(await sizeOf("length"), 5);
    assert.equal(
      (
        await send(await addPush(client, session, "chunks"), "12345", {
          "Transfer-Encoding": "chunked",
        })
      ).status,
      200,
    );
    assert.equal(await sizeOf("chunks"), 5);
    assert.equal((await send(await addPush(client, session, "empty"), "")).status, 200);
    assert.equal(await sizeOf("empty"), 0);
    const uri = new URL(await addPush(client, session, "expected"));
    const reply = await overSocket(
      `PUT ${uri.pathname} HTTP/1.1\r\nHost: ${uri.host}\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
      "12345",
    );
    assert.match(reply, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    assert.equal(await sizeOf("expected"), 5);
  });

  test("an absent body without any framing is an empty file", async () => {
    const session = await openSession(client);
    const uri = new URL(await addPush(client, session, "a.txt"));
    const reply = await overSocket(
      `PUT ${uri.pathname} HTTP/1.1\r\nHost: ${uri.host}\r\nConnection: close\r\n\r\n`,
    );
    assert.match(reply, /^HTTP\/1\.1 200 /);
    assert.equal((await fileOf(session)).size, 0);
  });

  test("with the name or a login in another guise it is the same: the secret decides", async () => {
    const session = await openSession(client);
    const uri = await addPush(client, session, "a.txt");
    assert.equal((await send(uri.replace(/\/a\.txt$/, "/other%20name.bin"), "bytes")).status, 200);
    assert.deepEqual(
      (await client.done(form.listFiles(session))).map((file) => file.name),
      ["a.txt"],
    );
  });

  test("answers HEAD with 200, and GET with 405", async () => {
    const session = await openSession(client);
    const uri = await addPush(client, session, "a.txt");
    const head = await exchange({ method: "HEAD", url: uri });
    assert.deepEqual([head.status, head.bytes.length], [200, 0]);
    const get = await exchange({ method: "GET", url: uri });
    assert.equal(get.status, 405);
    assert.match(String(get.headers.allow), /PUT/);
  });

  test("has a secret of at least 128 bits that differs for each file, and a forged one is 404 [C127]", async () => {
    const session = await openSession(client);
    const uris = [await addPush(client, session, "a"), await addPush(client, session, "b")];
    const secrets = uris.map((uri) => uri.split("/").at(-2) ?? "");
    assert.notEqual(secrets[0], secrets[1]);
    for (const secret of secrets)
      assert.ok(secret.length >= 22, "22 letters of 6 bits are more than 128");
    const [secret = ""] = secrets;
    const forgeries = [
      secret.slice(0, -1),
      `${secret}A`,
      "x",
      secret.replace(/.$/, (last) => (last === "A" ? "B" : "A")),
      secret.toUpperCase(),
    ];
    for (const forged of forgeries) {
      const answer = await send((uris[0] ?? "").replace(secret, forged), "x");
      assert.equal(answer.status, 404, forged);
      assert.match(answer.text, /NOT_FOUND/);
    }
  });

  test("a second PUT replaces the first while the session is ACTIVE [C122]", async () => {
    // S63
    const item = await makeItem(client);
    const session = await openSession(client, item);
    const uri = await push(client, session, "a.txt", "first");
    assert.equal((await send(uri, "second, and longer")).status, 200);
    assert.equal((await fileOf(session)).size, 18);
    await client.done(form.completeSession(session));
    assert.equal(await readFile(client, item, "a.txt"), "second, and longer");
  });

  test("a Content-Range that does not begin where the received bytes end is 400 and changes nothing [C123]", async () => {
    // S64
    const session = await openSession(client);
    const uri = await addPush(client, session, "a.txt", { size: 10 });
    const ready = await push(client, session, "b.txt", "ready");
    const before = await client.done(form.listFiles(session));
    for (const range of ["bytes 5-14/15", "bytes 5-9/10", "bytes0-9/10", "bytes */10", "x"]) {
      for (const url of [uri, ready]) {
        const answer = await send(url, "0123456789", { "Content-Range": range });
        assert.equal(answer.status, 400, `"${range}": ${answer.text}`);
      }
      assert.deepEqual(await client.done(form.listFiles(session)), before);
    }
    const first = await send(uri, "01234", { "Content-Range": "bytes 0-4/10" });
    assert.equal(first.status, 200, first.text);
    const rest = await send(uri, "56789", { "Content-Range": "bytes 5-9/10" });
    assert.equal(rest.status, 200, rest.text);
    assert.equal((await fileOf(session)).status, "READY");
  });

  test("one multipart file part is stored without its envelope; more or none are refused [C126]", async () => {
    const item = await makeItem(client);
    const session = await openSession(client, item);
    const headers = { "Content-Type": "multipart/form-data; boundary=XX" };
    const part = (content: string) =>
      `--XX\r\nContent-Disposition: form-data; name="f"; filename="f.iso"\r\n\r\n${content}\r\n`;
    const uri = await addPush(client, session, "a.txt", { size: 7 });
    const two = await send(uri, `${part("one")}${part("two")}--XX--\r\n`, headers);
    assert.equal(two.status, 400, two.text);
    const none = await send(uri, "--XX--\r\n", headers);
    assert.equal(none.status, 400, none.text);
    const answer = await send(uri, `${part("content")}--XX--\r\n`, headers, "POST");
    assert.equal(answer.status, 200, answer.text);
    await client.done(form.completeSession(session));
    assert.equal(await readFile(client, item, "a.txt"), "content");
  });

  test("an encoded body is refused with 415, and the file goes on waiting", async () => {
    const session = await openSession(client);
    const uri = await addPush(client, session, "a.txt");
    assert.equal((await send(uri, "x", { "Content-Encoding": "gzip" })).status, 415);
    assert.equal((await fileOf(session)).status, "WAITING_FOR_TRANSFER");
    assert.equal((await send(uri, "x", { "Content-Encoding": "identity" })).status, 200);
  });

  test("a length that differs from the declared size is refused before the bytes are read, and the connection closed", async () => {
    // S67
    const session = await openSession(client);
    const uri = new URL(await addPush(client, session, "a.txt", { size: 6 }));
    const reply = await overSocket(
      `PUT ${uri.pathname} HTTP/1.1\r\nHost: ${uri.host}\r\nContent-Length: 1000000000\r\n\r\n`,
    );
    assert.match(reply, /^HTTP\/1\.1 400 /);
    assert.match(reply, /\r\nconnection: close\r\n/i);
    assert.equal((await fileOf(session)).status, "ERROR");
  });
});

for (const each of FORMS) {
  describe(`transfers in motion, ${each.name}`, () => {
    let mine: Client;
    before(async () => {
      mine = await server.client(each);
    });

    test("bytes_transferred grows during the PUT, and size appears with READY [C105]", async () => {
      // S61
      const session = await openSession(mine);
      const uri = await addPush(mine, session, "a.txt");
      const upload = await heldUpload(mine, session, "a.txt", uri, {
        first: "0123",
        sizeBytes: 10,
      });
      const moving = await mine.done(each.getFile(session, "a.txt"));
      assert.deepEqual(
        [moving.status, moving.bytes_transferred, moving.size],
        ["TRANSFERRING", 4, undefined],
      );
      await upload.write("456789");
      upload.end();
      assert.equal((await upload.answer)?.status, 200);
      const ready = await mine.done(each.getFile(session, "a.txt"));
      assert.deepEqual([ready.status, ready.bytes_transferred, ready.size], ["READY", 10, 10]);
    });

    test("complete while bytes move is refused with the count; the transfer goes on", async () => {
      // S38
      const session = await openSession(mine);
      const uri = await addPush(mine, session, "a.txt", { size: 10 });
      const upload = await heldUpload(mine, session, "a.txt", uri, {
        first: "0123",
        sizeBytes: 10,
      });
      const text = await mine.refused(
        each.completeSession(session),
        "not_allowed_in_current_state",
      );
      assert.match(text, /TRANSFERRING\)\. 4 of 10 bytes/);
      await upload.write("456789");
      upload.end();
      assert.equal((await upload.answer)?.status, 200);
      await mine.done(each.completeSession(session));
    });

    const ends = {
      cancel: (id: string) => each.cancelSession(id),
      fail: (id: string) => each.failSession(id, "given up"),
    };
    for (const [name, end] of Object.entries(ends)) {
      test(`${name} cuts a running transfer, drops its bytes, and kills the URL [C125]`, async () => {
        // S43, S44, S48, S62
        const item = await makeItem(mine);
        const session = await openSession(mine, item);
        const uri = await addPush(mine, session, "a.txt");
        const upload = await heldUpload(mine, session, "a.txt", uri, {
          first: "0123",
          sizeBytes: 10,
        });
        await mine.done(end(session));
        const answer = await upload.answer;
        assert.ok(answer === null || answer.status === 409, answer?.text);
        assert.equal((await send(uri, "0123456789")).status, 409);
        await openSession(mine, item);
        assert.deepEqual(await fileNames(mine, item), []);
        assert.equal(await contentVersion(mine, item), 1);
      });
    }

    test("removing the file, or adding it again, cuts its transfer and kills the URL", async () => {
      // S56, S59, S62
      const session = await openSession(mine);
      for (const asking of [
        each.removeFile(session, "a.txt"),
        each.addFile(session, { name: "a.txt", source_type: "PUSH" }),
      ]) {
        const uri = await addPush(mine, session, "a.txt");
        const upload = await heldUpload(mine, session, "a.txt", uri, {
          first: "0123",
          sizeBytes: 10,
        });
        await mine.done(asking);
        const answer = await upload.answer;
        assert.ok(answer === null || answer.status >= 400, answer?.text);
        await eventually(
          () => send(uri, "x"),
          (dead) => dead.status === 404,
        );
      }
    });

    test("after complete the URL is dead [C125]", async () => {
      // S62
      const item = await makeItem(mine);
      const session = await openSession(mine, item);
      const uri = await push(mine, session, "a.txt", "a");
      await mine.done(each.completeSession(session));
      const late = await send(uri, "late");
      assert.equal(late.status, 409);
      assert.match(late.text, /NOT_ALLOWED_IN_CURRENT_STATE/);
      assert.equal(await readFile(mine, item, "a.txt"), "a");
      await mine.done(each.deleteSession(session));
      assert.equal((await send(uri, "later")).status, 404);
    });
  });
}
