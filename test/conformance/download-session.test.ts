import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { hexDigest, makeItem, preparedUrl, read, replaceFiles } from "./content.ts";
import { FORMS, rpc } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";

const server = await serverUnderTest();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  const open = (item: string): Promise<string> =>
    client.done(form.createDownload({ library_item_id: item }));

  describe(`the download session, ${form.name}`, () => {
    test("create and get: ACTIVE, progress 0, the content version of the item [C128]", async () => {
      const item = await makeItem(client, { "a.txt": "a" });
      const session = await open(item);
      const shown = await client.done(form.getDownload(session));
      assert.deepEqual(
        [
          shown.id,
          shown.library_item_id,
          shown.library_item_content_version,
          shown.state,
          shown.client_progress,
        ],
        [session, item, "2", "ACTIVE", 0],
      );
      assert.equal(shown.error_message, undefined);
    });

    test("there is no end that is called DONE: reading everything ends nothing, and no call completes it [C128]", async () => {
      const session = await open(await makeItem(client, { "a.txt": "a" }));
      assert.equal(await read(await preparedUrl(client, session, "a.txt")), "a");
      const cancel = form.cancelDownload(session);
      const complete = {
        ...cancel,
        path: cancel.path.replace("=cancel", "=complete"),
        ...(cancel.rpc === undefined ? {} : { rpc: { ...cancel.rpc, operation: "complete" } }),
      };
      await client.refused(complete, "operation_not_found");
      assert.equal((await client.done(form.getDownload(session))).state, "ACTIVE");
    });

    test("any number per item; list tells the own ones in order, and those of one item [C128]", async () => {
      const item = await makeItem(client);
      const sessions = [await open(item), await open(item), await open(item)];
      assert.deepEqual(await client.done(form.listDownloads(item)), sessions);
      const all = await client.done(form.listDownloads());
      assert.deepEqual(
        all.filter((id) => sessions.includes(id)),
        sessions,
      );
      await client.refused(form.listDownloads(UNKNOWN), "not_found");
      await client.refused(form.createDownload({ library_item_id: UNKNOWN }), "not_found");
      await client.refused(form.createDownload({}), "invalid_argument");
    });

    test("a token makes create idempotent", async () => {
      const spec = { library_item_id: await makeItem(client) };
      const token = randomUUID();
      const first = await client.done(form.createDownload(spec, token));
      assert.equal(await client.done(form.createDownload(spec, token)), first);
      await client.refused(form.createDownload(spec, "no uuid"), "invalid_argument");
    });

    test("delete works in any state, ACTIVE included, and kills the URLs [C128]", async () => {
      const item = await makeItem(client, { "a.txt": "a" });
      const session = await open(item);
      const url = await preparedUrl(client, session, "a.txt");
      await client.done(form.deleteDownload(session));
      await client.refused(form.getDownload(session), "not_found");
      assert.equal((await exchange({ method: "GET", url })).status, 404);
      for (const end of [form.cancelDownload, (id: string) => form.failDownload(id, "x")]) {
        const ended = await open(item);
        await client.done(end(ended));
        await client.done(form.deleteDownload(ended));
        await client.refused(form.getDownload(ended), "not_found");
      }
    });

    test("files start UNPREPARED, and prepare answers PREPARED with an absolute endpoint, the same again [C129]", async () => {
      const session = await open(await makeItem(client, { "a.txt": "abc", "b.txt": "b" }));
      assert.deepEqual(
        (await client.done(form.listDownloadFiles(session))).map((file) => [
          file.name,
          file.status,
          file.size,
          file.download_endpoint,
        ]),
        [
          ["a.txt", "UNPREPARED", 3, undefined],
          ["b.txt", "UNPREPARED", 1, undefined],
        ],
      );
      const url = await preparedUrl(client, session, "a.txt");
      assert.ok(url.startsWith(`${server.url}/`));
      assert.equal(await preparedUrl(client, session, "a.txt"), url);
      const shown = await client.done(form.getDownloadFile(session, "a.txt"));
      assert.deepEqual(
        [shown.status, shown.download_endpoint?.uri, shown.checksum_info],
        ["PREPARED", url, undefined],
      );
      assert.equal(
        (await client.done(form.getDownloadFile(session, "b.txt"))).status,
        "UNPREPARED",
      );
    });

    test("the checksum shows once the client has read the whole file", async () => {
      const session = await open(await makeItem(client, { "a.txt": "abc" }));
      assert.equal(await read(await preparedUrl(client, session, "a.txt")), "abc");
      const shown = await client.done(form.getDownloadFile(session, "a.txt"));
      assert.deepEqual(shown.checksum_info, {
        algorithm: "SHA256",
        checksum: hexDigest("sha256", "abc"),
      });
      assert.equal(shown.bytes_transferred, 3);
    });

    test("the checksum shows at once, however often it is looked for right after the last byte", async () => {
      const item = await makeItem(client, { "a.txt": "abc", "empty.txt": "" });
      for (let round = 0; round < 50; round += 1) {
        const session = await open(item);
        for (const [name, text] of [
          ["a.txt", "abc"],
          ["empty.txt", ""],
        ] as const) {
          const url = await preparedUrl(client, session, name);
          const before = await client.done(form.getDownloadFile(session, name));
          assert.equal(before.checksum_info, undefined);
          assert.equal(await read(url), text);
          const after = await client.done(form.getDownloadFile(session, name));
          assert.equal(after.checksum_info?.checksum, hexDigest("sha256", text));
        }
        await client.done(form.deleteDownload(session));
      }
    });

    test("an unknown name is invalid, an unknown session not found, on an empty item the list is empty [C130]", async () => {
      const session = await open(await makeItem(client));
      assert.deepEqual(await client.done(form.listDownloadFiles(session)), []);
      await client.refused(form.prepare(session, "no.iso"), "invalid_argument");
      await client.refused(form.getDownloadFile(session, "no.iso"), "invalid_argument");
      for (const asking of [
        form.prepare(UNKNOWN, "a"),
        form.getDownloadFile(UNKNOWN, "a"),
        form.listDownloadFiles(UNKNOWN),
        form.keepDownloadAlive(UNKNOWN),
        form.cancelDownload(UNKNOWN),
        form.failDownload(UNKNOWN, "x"),
        form.deleteDownload(UNKNOWN),
      ]) {
        await client.refused(asking, "not_found");
      }
    });

    test("DIRECT is refused with the way out, as the default place has no address of its own", async () => {
      const session = await open(await makeItem(client, { "a.txt": "a" }));
      const text = await client.refused(
        form.prepare(session, "a.txt", "DIRECT"),
        "invalid_argument",
      );
      assert.match(text, /HTTPS/);
      assert.equal((await client.done(form.prepare(session, "a.txt", "HTTPS"))).status, "PREPARED");
    });

    test("a content change during the session does not change what it hands out [C133]", async () => {
      // S71
      const item = await makeItem(client, { "a.txt": "old", "gone.txt": "gone" });
      const session = await open(item);
      const url = await preparedUrl(client, session, "a.txt");
      const update = await replaceFiles(client, item, { "a.txt": "new and longer" });
      await client.done(form.deleteSession(update));
      assert.equal(await read(url), "old");
      assert.equal(await read(await preparedUrl(client, session, "gone.txt")), "gone");
      assert.equal(
        (await client.done(form.getDownload(session))).library_item_content_version,
        "2",
      );
    });

    test("cancel and fail end it, kill the URLs, and leave it readable; afterwards both are refused [C134, C135]", async () => {
      const item = await makeItem(client, { "a.txt": "a" });
      const ends = {
        CANCELED: form.cancelDownload,
        ERROR: (id: string) => form.failDownload(id, "no room here"),
      };
      for (const [state, end] of Object.entries(ends)) {
        const session = await open(item);
        const url = await preparedUrl(client, session, "a.txt");
        await client.done(end(session));
        const shown = await client.done(form.getDownload(session));
        assert.equal(shown.state, state);
        assert.equal(
          shown.error_message?.default_message,
          state === "ERROR" ? "no room here" : undefined,
        );
        assert.ok([404, 409].includes((await exchange({ method: "GET", url })).status));
        for (const asking of [
          form.cancelDownload(session),
          form.failDownload(session, "x"),
          form.keepDownloadAlive(session),
        ]) {
          await client.refused(asking, "not_allowed_in_current_state");
        }
      }
    });

    test("keep-alive takes progress, and client_progress as well [C135]", async () => {
      const session = await open(await makeItem(client));
      await client.done(form.keepDownloadAlive(session, { progress: 30 }));
      assert.equal((await client.done(form.getDownload(session))).client_progress, 30);
      await client.done(
        form.keepDownloadAlive(session, { [form === rpc ? "progress" : "client_progress"]: 60 }),
      );
      await client.done(form.keepDownloadAlive(session, { progress: 10 }));
      await client.done(form.keepDownloadAlive(session));
      assert.equal((await client.done(form.getDownload(session))).client_progress, 60);
      for (const progress of [-1, 101, 0.5]) {
        await client.refused(form.keepDownloadAlive(session, { progress }), "invalid_argument");
      }
    });

    test("deleting the item cancels its sessions and kills their URLs", async () => {
      const item = await makeItem(client, { "a.txt": "a" });
      const session = await open(item);
      const url = await preparedUrl(client, session, "a.txt");
      await client.done(form.deleteItem(item));
      assert.equal((await client.done(form.getDownload(session))).state, "CANCELED");
      assert.ok([404, 409].includes((await exchange({ method: "GET", url })).status));
    });
  });
}

describe("a download URL", () => {
  let url: string;
  const get = (headers: Readonly<Record<string, string>> = {}, method = "GET") =>
    exchange({ method, url, headers });
  const digest = hexDigest("sha256", "0123456789");
  before(async () => {
    const [form] = FORMS;
    assert.ok(form);
    const client = await server.client(form);
    const session = await client.done(
      form.createDownload({
        library_item_id: await makeItem(client, { 'a "b" ü.txt': "0123456789" }),
      }),
    );
    url = await preparedUrl(client, session, 'a "b" ü.txt');
  });

  test("answers 200 with the exact length, a type, and the headers that keep a browser from running it [C132]", async () => {
    const answer = await get();
    assert.deepEqual([answer.status, answer.text], [200, "0123456789"]);
    const expected = {
      "content-type": "application/octet-stream",
      "content-length": "10",
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
      "referrer-policy": "no-referrer",
      "cache-control": "private",
    };
    for (const [name, value] of Object.entries(expected))
      assert.equal(answer.headers[name], value, name);
    assert.match(
      String(answer.headers["content-disposition"]),
      /^attachment; filename=.*filename\*=UTF-8''a%20%22b%22%20%C3%BC\.txt$/,
    );
    assert.ok(String(answer.headers.etag).includes(digest));
  });

  test("answers one range with 206, an unsatisfiable one with 416, several with the whole [C132]", async () => {
    const ranges = {
      "bytes=6-8": "678",
      "bytes=7-": "789",
      "bytes=-2": "89",
      "bytes=5-99": "56789",
      "bytes=0-0": "0",
    };
    for (const [range, content] of Object.entries(ranges)) {
      const answer = await get({ Range: range });
      assert.deepEqual([answer.status, answer.text], [206, content], range);
      assert.match(String(answer.headers["content-range"]), /^bytes \d-\d\/10$/);
    }
    const beyond = await get({ Range: "bytes=10-" });
    assert.deepEqual([beyond.status, beyond.headers["content-range"]], [416, "bytes */10"]);
    for (const whole of ["bytes=0-1,3-4", "lines=1-2", "bytes=x"])
      assert.equal((await get({ Range: whole })).status, 200, whole);
  });

  test("heeds If-None-Match, If-Match and If-Range", async () => {
    const etag = String((await get()).headers.etag);
    const same = await get({ "If-None-Match": etag });
    assert.deepEqual([same.status, same.bytes.length], [304, 0]);
    assert.equal((await get({ "If-None-Match": '"other"' })).status, 200);
    assert.equal((await get({ "If-Match": '"other"' })).status, 412);
    assert.equal((await get({ Range: "bytes=0-1", "If-Range": etag })).status, 206);
    assert.equal((await get({ Range: "bytes=0-1", "If-Range": '"other"' })).status, 200);
  });

  test("answers HEAD as GET without the body; forged or upload methods are refused", async () => {
    const head = await get({}, "HEAD");
    assert.deepEqual(
      [head.status, head.bytes.length, head.headers["content-length"]],
      [200, 0, "10"],
    );
    assert.equal((await get({}, "PUT")).status, 405);
    const forged = url.replace(
      /\/([^/])([^/]*)\/[^/]*$/,
      (_, one: string, more: string) => `/${one === "A" ? "B" : "A"}${more}/x`,
    );
    assert.equal((await exchange({ method: "GET", url: forged })).status, 404);
  });
});
