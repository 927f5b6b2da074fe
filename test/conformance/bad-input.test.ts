import assert from "node:assert/strict";
import { Agent } from "node:http";
import { before, describe, test } from "node:test";
import { type Client, readReply } from "./client.ts";
import { makeItem, makeLibrary, openSession, push, readFile } from "./content.ts";
import { type Asking, FORMS, httpTest, rpc } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

const DATASTORE = { type: "DATASTORE", datastore_id: "datastore-15" };
const BACKINGS = { storage_backings: [{ type: "OTHER" }] };

for (const form of FORMS) {
  const isRest = form.name === "rest";
  const spelt = httpTest(form);
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  /** Sends a body as it stands, beyond what JSON.stringify would write. */
  const raw = async (asking: Asking<unknown>, body: string | Uint8Array) =>
    readReply(
      form,
      await exchange({
        method: asking.method,
        url: server.url + asking.path,
        headers: { "vmware-api-session-id": client.loginId, "Content-Type": "application/json" },
        body,
      }),
    );

  describe(`bodies no one should send, ${form.name}`, () => {
    spelt("huge JSON is 413, whatever framing, and the server goes on", async () => {
      const huge = JSON.stringify({ create_spec: { name: "x".repeat(2_000_000) } });
      const reply = await raw(form.createLibrary({}), huge);
      assert.equal(reply.status, 413);
      assert.match(reply.text, /1048576/);
      const chunked = await exchange({
        method: "POST",
        url: server.url + form.createLibrary({}).path,
        headers: { "vmware-api-session-id": client.loginId, "Transfer-Encoding": "chunked" },
        body: huge,
      });
      assert.equal(chunked.status, 413);
      await client.done(form.listLibraries());
    });

    spelt("a million members are refused, and the connection is kept", async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const million = `{${'"a":1,'.repeat(999_999)}"a":1}`;
      const length = String(Buffer.byteLength(million));
      const ask = (path: string, framing: Readonly<Record<string, string>>, body: string) =>
        exchange({
          method: "POST",
          url: server.url + path,
          headers: { "vmware-api-session-id": client.loginId, ...framing },
          body,
          agent,
        });
      const { path } = form.createLibrary({});
      for (const framing of [{ "Content-Length": length }, { "Transfer-Encoding": "chunked" }]) {
        assert.equal((await ask(path, framing, million)).status, 413);
        const next = await ask(path, {}, "{}");
        assert.deepEqual([next.status, next.isReused], [400, true]);
      }
      agent.destroy();
    });

    spelt("an address beside the wires keeps the connection, whatever is sent there", async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (const [index, path] of [`/${form.name}x`, "/rest", "/healthz", "/docs/x"].entries()) {
        const told = await exchange({
          method: "POST",
          url: server.url + path,
          body: "x".repeat(2_000_000),
          agent,
        });
        assert.ok([404, 405].includes(told.status), `${path}: ${told.status}`);
        assert.notEqual(told.headers.connection, "close");
        assert.equal(told.isReused, index > 0);
      }
      agent.destroy();
    });

    spelt("deep nesting, bytes that are no UTF-8, lists and plain values are invalid", async () => {
      const deep = "[".repeat(100_000) + "]".repeat(100_000);
      for (const body of [
        deep,
        `{"a":${deep}}`,
        Buffer.from([0x7b, 0x22, 0xff, 0x22]),
        "[]",
        "5",
        '"text"',
        "true",
      ]) {
        const reply = await raw(form.createItem({}), body);
        assert.equal(reply.status, 400, reply.text);
        assert.equal(reply.faultClass, "invalid_argument");
      }
    });

    test("members of the wrong type are invalid, by their names", async () => {
      const session = await openSession(client);
      const library = await makeLibrary(client);
      const wrong: readonly (readonly [Asking<unknown>, string])[] = [
        [form.createLibrary({ ...BACKINGS, name: 5 }), "name"],
        [form.createLibrary({ name: "x", storage_backings: "OTHER" }), "storage_backings"],
        [form.createLibrary({ name: "x", storage_backings: [{ type: "MOON" }] }), "type"],
        [form.createItem({ library_id: library, name: ["x"] }), "name"],
        [form.createItem({ library_id: {}, name: "x" }), "library_id"],
        [form.createSession({ library_item_id: 7 }), "library_item_id"],
        [form.updateSession(session, { warning_behavior: {} }), "warning_behavior"],
        [
          form.updateSession(session, {
            warning_behavior: [{ type: "EXPIRED_CERTIFICATE", ignored: "yes" }],
          }),
          "ignored",
        ],
        [form.addFile(session, { name: {}, source_type: "PUSH" }), "name"],
        [form.addFile(session, { name: "x", source_type: 1 }), "source_type"],
        [form.addFile(session, { name: "x", source_type: "MAIL" }), "source_type"],
        [
          form.addFile(session, { name: "x", source_type: "PUSH", checksum_info: "abc" }),
          "checksum_info",
        ],
        [
          form.addFile(session, {
            name: "x",
            source_type: "PUSH",
            checksum_info: { algorithm: "MD5" },
          }),
          "checksum",
        ],
        [form.findItems({ cached: "perhaps" }), "cached"],
      ];
      for (const [asking, member] of wrong) {
        const text = await client.refused(asking, "invalid_argument");
        assert.ok(text.includes(member), text);
      }
      const noText = 5 as unknown as string;
      await client.refused(form.failSession(session, noText), "invalid_argument");
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    });

    spelt("of as many members as a body can hold the first unknown one is named", async () => {
      const names = Array.from({ length: 80_000 }, (_, index) => `"m${index}":1`).join();
      const spec = `{"library_id":"x","name":"y","none":null,${names}}`;
      for (const body of [spec, `{"create_spec":${spec}}`]) {
        const reply = await raw(form.createItem({}), body);
        assert.equal(reply.status, 400, reply.text.slice(0, 500));
        assert.match(reply.text, /\bm0\b/);
      }
    });

    spelt("a body that is required and absent is invalid", async () => {
      for (const asking of [
        form.createLibrary({}),
        form.createItem({}),
        form.createSession({}),
        form.findItems({}),
      ]) {
        const { body: _, ...bodiless } = asking;
        await client.refused(bodiless, "invalid_argument");
      }
    });

    spelt("the names of JavaScript's own members are names like any other", async () => {
      for (const name of ["__proto__", "constructor", "toString"]) {
        const spec = `{"library_id":"x","name":"y","${name}":{"polluted":1}}`;
        const reply = await raw(form.createItem({}), isRest ? `{"create_spec":${spec}}` : spec);
        assert.equal(reply.status, 400, reply.text);
        assert.ok(reply.text.includes(name), reply.text);
      }
      assert.equal(({} as { polluted?: number }).polluted, undefined);
    });
  });

  describe(`numbers and ids, ${form.name}`, () => {
    test("negative, fractional and absurd sizes are invalid and add nothing", async () => {
      // S54
      const session = await openSession(client);
      for (const size of [
        -2,
        -1e18,
        0.5,
        1e300,
        2 ** 53,
        "1.5",
        "-7",
        "99999999999999999999",
        "",
        true,
        [1],
      ]) {
        await client.refused(
          form.addFile(session, { name: "a", source_type: "PUSH", size }),
          "invalid_argument",
        );
      }
      const infinite = '{"name":"a","source_type":"PUSH","size":1e400}';
      const body = isRest ? `{"file_spec":${infinite}}` : infinite;
      if (form !== rpc) assert.equal((await raw(form.addFile(session, {}), body)).status, 400);
      assert.deepEqual(await client.done(form.listFiles(session)), []);
      await client.done(
        form.addFile(session, { name: "a", source_type: "PUSH", size: Number.MAX_SAFE_INTEGER }),
      );
    });

    test("ids that no one gave out are 404, whatever they look like [C48]", async () => {
      const ids = [
        "x",
        "0",
        "null",
        "undefined",
        "A".repeat(36),
        "00000000-0000-4000-8000-00000000000G",
        "'; DROP TABLE item;--",
        "ü",
        "%2525",
      ];
      for (const id of ids.map(encodeURIComponent)) {
        for (const asking of [
          form.getItem(id),
          form.deleteItem(id),
          form.getSession(id),
          form.completeSession(id),
          form.getLibrary(id),
          form.deleteDownload(id),
        ]) {
          const reply = await client.ask(asking);
          assert.equal(reply.status, 404, `${asking.path}: ${reply.text}`);
        }
      }
      for (const id of ids) {
        await client.refused(form.createSession({ library_item_id: id }), "not_found");
        await client.refused(
          form.createItem({ library_id: id, name: freshName("x") }),
          "not_found",
        );
        await client.refused(form.listItems(id), "not_found");
      }
    });

    spelt("percent-encoding that is malformed is refused, never 500", async () => {
      for (const path of [
        form.getItem("%").path,
        form.getItem("%zz").path,
        form.getItem("%ff").path,
        `${form.listLibraries().path}?a=%`,
      ]) {
        const reply = await client.ask({ method: "GET", path, status: 0 });
        assert.ok([400, 404].includes(reply.status), `${path}: ${reply.status}`);
      }
    });

    test("more than one backing and a place of one's own are unsupported; none is the default place [C37]", async () => {
      const backings = [
        [{ type: "OTHER" }, { type: "OTHER" }],
        [DATASTORE, DATASTORE],
        [{ type: "OTHER", storage_uri: "file:///tmp/" }],
      ];
      for (const storage_backings of backings) {
        await client.refused(form.createLibrary({ name: "x", storage_backings }), "unsupported");
      }
      for (const spec of [{}, { storage_backings: [] }, BACKINGS]) {
        const id = await client.done(form.createLibrary({ name: freshName("x"), ...spec }));
        assert.deepEqual((await client.done(form.getLibrary(id))).storage_backings, [
          { type: "OTHER" },
        ]);
      }
    });

    test("a datastore has an id, and no control characters in it; a backing has the members of its type", async () => {
      for (const backing of [
        { type: "DATASTORE" },
        { ...DATASTORE, storage_uri: "file:///tmp/" },
        { ...DATASTORE, type: "OTHER" },
        { ...DATASTORE, datastore_id: "" },
        { ...DATASTORE, datastore_id: "a\nb" },
        { ...DATASTORE, datastore_id: "x".repeat(257) },
      ]) {
        const asking = form.createLibrary({ name: "x", storage_backings: [backing] });
        await client.refused(asking, "invalid_argument");
      }
    });
  });

  test(`after all of it the server still works, ${form.name}`, async () => {
    const item = await makeItem(client);
    const session = await openSession(client, item);
    await push(client, session, "a.txt", "still here");
    await client.done(form.completeSession(session));
    assert.equal(await readFile(client, item, "a.txt"), "still here");
  });
}
