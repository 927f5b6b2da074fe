import assert from "node:assert/strict";
import { connect } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { addPush, makeItem, openSession, readFile, send } from "./content.ts";
import { rest } from "./forms.ts";
import { eventually, HeldUpload, heldUpload } from "./held-upload.ts";
import { exchange } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const form = rest;

describe("a transfer that goes wrong", async () => {
  const server = await serverUnderTest();
  const client = await server.client(form);

  const waits = (session: string) =>
    eventually(
      () => client.done(form.getFile(session, "a.txt")),
      (file) => file.status === "WAITING_FOR_TRANSFER",
    );

  test("a client that vanishes leaves the file waiting with what came, and the session ACTIVE; it starts over [C124]", async () => {
    // S64
    const item = await makeItem(client);
    const session = await openSession(client, item);
    const uri = await addPush(client, session, "a.txt", { size: 10 });
    const upload = await heldUpload(client, session, "a.txt", uri, {
      first: "0123",
      sizeBytes: 10,
    });
    upload.vanish();
    await eventually(
      () => waits(session),
      (file) => file.bytes_transferred === 4,
    );
    assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    assert.equal((await send(uri, "abcdefghij")).status, 200);
    await client.done(form.completeSession(session));
    assert.equal(await readFile(client, item, "a.txt"), "abcdefghij");
  });

  test("a body shorter than its Content-Length, ended by the client, is no file", async () => {
    // S64
    const session = await openSession(client);
    const uri = new URL(await addPush(client, session, "a.txt"));
    const socket = connect(Number(uri.port), uri.hostname);
    socket.end(
      `PUT ${uri.pathname} HTTP/1.1\r\nHost: ${uri.host}\r\nContent-Length: 10\r\n\r\n01234`,
    );
    assert.doesNotMatch(await textOf(socket), /^HTTP\/1\.1 200/);
    await waits(session);
  });

  test("chunks that break off, or are malformed, are no file", async () => {
    // S64
    const session = await openSession(client);
    const uri = new URL(await addPush(client, session, "a.txt"));
    for (const body of ["5\r\n01234\r\n", "5\r\n01234\r\nzz\r\n", "ffffffffffffffff\r\n"]) {
      const socket = connect(Number(uri.port), uri.hostname);
      socket.end(
        `PUT ${uri.pathname} HTTP/1.1\r\nHost: ${uri.host}\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
      );
      assert.doesNotMatch(await textOf(socket).catch(() => ""), /^HTTP\/1\.1 200/);
      await waits(session);
    }
  });

  test("a body longer than the declared size is refused as soon as that shows", async () => {
    // S65
    const session = await openSession(client);
    const uri = await addPush(client, session, "a.txt", { size: 4 });
    const upload = new HeldUpload(uri, { "Transfer-Encoding": "chunked" });
    await upload.write("0123456789");
    const answer = await upload.answer;
    assert.equal(answer?.status, 400);
    assert.match(answer?.text ?? "", /4 bytes/);
    assert.equal((await client.done(form.getFile(session, "a.txt"))).status, "ERROR");
    upload.vanish();
  });

  test("a newer writer of the same file cuts the older one at once, and wins", async () => {
    // S63
    const item = await makeItem(client);
    const session = await openSession(client, item);
    const uri = await addPush(client, session, "a.txt");
    const older = await heldUpload(client, session, "a.txt", uri, { first: "old", sizeBytes: 10 });
    assert.equal((await send(uri, "newer")).status, 200);
    const answer = await older.answer;
    assert.ok(answer === null || answer.status === 409, answer?.text);
    await client.done(form.completeSession(session));
    assert.equal(await readFile(client, item, "a.txt"), "newer");
  });

  test("of many writers at once one is whole and the others are told", async () => {
    // S63
    const item = await makeItem(client);
    const session = await openSession(client, item);
    const uri = await addPush(client, session, "a.txt");
    const bodies = Array.from({ length: 12 }, (_, index) =>
      String.fromCodePoint(97 + index).repeat(200_000),
    );
    const answers = await Promise.all(bodies.map((body) => send(uri, body).catch(() => null)));
    assert.ok(
      answers.every((answer) => answer === null || answer.status === 200 || answer.status === 409),
    );
    await client.done(form.completeSession(session));
    assert.ok(bodies.includes(await readFile(client, item, "a.txt")));
  });

  test("a large upload that is slow holds up no other call, while it moves or stands still [C31]", async () => {
    const item = await makeItem(client);
    const session = await openSession(client, item);
    const uri = await addPush(client, session, "a.txt");
    const piece = Buffer.alloc(1_000_000, "x");
    const upload = await heldUpload(client, session, "a.txt", uri, {
      first: piece.toString(),
      sizeBytes: 1_000_000_000,
    });
    for (const isMoving of [false, true]) {
      const times: number[] = [];
      for (let call = 0; call < 41; call += 1) {
        const moved = isMoving ? upload.write(piece) : Promise.resolve();
        const startedAt = performance.now();
        await client.done(form.listLibraries());
        times.push(performance.now() - startedAt);
        await moved;
      }
      const median = times.sort((one, other) => one - other)[20] ?? Number.POSITIVE_INFINITY;
      assert.ok(median < 50, `the median of 41 list calls is ${median} ms, moving: ${isMoving}`);
    }
    await eventually(
      () => client.done(form.getFile(session, "a.txt")),
      (file) => file.bytes_transferred === 42 * piece.length,
    );
    upload.vanish();
  });

  test("a download whose reader vanishes harms nobody", async () => {
    const item = await makeItem(client, { "a.txt": "x".repeat(5_000_000) });
    const session = await client.done(form.createDownload({ library_item_id: item }));
    const { download_endpoint } = await client.done(form.prepare(session, "a.txt"));
    const url = new URL(download_endpoint?.uri ?? "");
    const socket = connect(Number(url.port), url.hostname);
    socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    assert.equal((await exchange({ method: "GET", url: url.href })).bytes.length, 5_000_000);
  });
});

describe("a sender that falls silent", () => {
  test("is given up after a while, and the file waits again", async () => {
    // S64
    const clock = new ManualClock();
    const server = await serverUnderTest({ clock, sessionTimeoutMs: 36_000_000 });
    const client = await server.client(form);
    const session = await openSession(client);
    const uri = await addPush(client, session, "a.txt");
    const upload = await heldUpload(client, session, "a.txt", uri, {
      first: "0123",
      sizeBytes: 10,
    });
    await eventually(
      async () => {
        await clock.advance(5000);
        return await client.done(form.getFile(session, "a.txt"));
      },
      (file) => file.status === "WAITING_FOR_TRANSFER",
    );
    const answer = await upload.answer;
    assert.ok(answer === null || answer.status === 408 || answer.status === 400, answer?.text);
    assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    assert.equal((await send(uri, "0123456789")).status, 200);
  });
});
