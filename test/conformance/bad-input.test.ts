import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type Client, readReply } from "./client.ts";
import { addPush, makeItem, makeLibrary, openSession, push, readFile } from "./content.ts";
import { type Asking, FORMS } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

const BACKINGS = { storage_backings: [{ type: "OTHER" }] };
const CONTROLS = ["a\u0000b", "a\nb", "tab\t", "\u007f", "\u0085"];
const LONE_SURROGATE = "\ud800";

for (const form of FORMS) {
  const isRest = form.name === "rest";
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
    test("huge JSON is 413, whatever framing, and the server goes on", async () => {
      const huge = JSON.stringify({ create_spec: { name: "x".repeat(2_000_000) } });
      const reply = await raw(form.createLibrary({}), huge);
      assert.equal(reply.status, 413);
      assert.match(reply.text, /1048576/);
      const chunked = await exchange({
        method: "POST",
        url: server.url + form.createLibrary({}).path,
        headers: { "vmware-api-session-id": client.loginId, "Transfer-Encoding": "chunked" },
        body: huge,
      }).catch(() => null);
      assert.ok(chunked === null || chunked.status === 413);
      await client.done(form.listLibraries());
    });

    test("deep nesting, bytes that are no UTF-8, lists and plain values are invalid", async () => {
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
      const fail = { ...form.failSession(session, ""), body: { client_error_message: 5 } };
      await client.refused(fail, "invalid_argument");
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    });

    test("a body that is required and absent is invalid", async () => {
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

    test("the names of JavaScript's own members are names like any other", async () => {
      for (const name of ["__proto__", "constructor", "toString"]) {
        const spec = `{"library_id":"x","name":"y","${name}":{"polluted":1}}`;
        const reply = await raw(form.createItem({}), isRest ? `{"create_spec":${spec}}` : spec);
        assert.equal(reply.status, 400, reply.text);
        assert.ok(reply.text.includes(name), reply.text);
      }
      assert.equal(({} as { polluted?: number }).polluted, undefined);
    });
  });

  describe(`names, ${form.name}`, () => {
    test("of libraries: 1 to 80 characters without control characters", async () => {
      for (const name of ["", "x".repeat(81), ...CONTROLS, LONE_SURROGATE]) {
        await client.refused(form.createLibrary({ ...BACKINGS, name }), "invalid_argument");
      }
      for (const name of ["x", "ü".repeat(80), "💿".repeat(80), " .. / \\ "]) {
        const id = await client.done(form.createLibrary({ ...BACKINGS, name }));
        assert.equal((await client.done(form.getLibrary(id))).name, name);
        await client.refused(form.updateLocalLibrary(id, { name: "" }), "invalid_argument");
      }
    });

    test("of items: 1 to 80 characters without control characters", async () => {
      const library_id = await makeLibrary(client);
      for (const name of ["", "x".repeat(81), ...CONTROLS, LONE_SURROGATE]) {
        await client.refused(form.createItem({ library_id, name }), "invalid_argument");
      }
      const item = await client.done(form.createItem({ library_id, name: "💿".repeat(80) }));
      await client.refused(form.updateItem(item, { name: "x".repeat(81) }), "invalid_argument");
      await client.refused(
        form.createItem({ library_id, name: "x", description: "d".repeat(2001) }),
        "invalid_argument",
      );
      assert.deepEqual(await client.done(form.listItems(library_id)), [item]);
    });

    test("of items are taken once per library, in any case", async () => {
      const library_id = await makeLibrary(client);
      await client.done(form.createItem({ library_id, name: "Debian" }));
      const reply = await client.ask(form.createItem({ library_id, name: "dEBIAN" }));
      assert.equal(reply.faultClass, "already_exists");
      assert.equal(
        reply.messages[0]?.id,
        "com.vmware.vdcs.cls-main.duplicate_item_name_unsupported_in_library",
      );
      await client.done(form.createItem({ library_id: await makeLibrary(client), name: "Debian" }));
    });

    test("of files: 1 to 255 bytes, no slash, backslash, dots alone, control characters or outer spaces", async () => {
      // S53
      const session = await openSession(client);
      const bad = [
        "",
        ".",
        "..",
        "a/b",
        "/",
        "../etc/passwd",
        "a\\b",
        " a",
        "a ",
        "\u00a0a",
        "x".repeat(256),
        "ü".repeat(128),
        ...CONTROLS,
        LONE_SURROGATE,
      ];
      for (const name of bad) {
        await client.refused(
          form.addFile(session, { name, source_type: "PUSH" }),
          "invalid_argument",
        );
      }
      await client.refused(form.addFile(session, { source_type: "PUSH" }), "invalid_argument");
      assert.deepEqual(await client.done(form.listFiles(session)), []);
      for (const name of [
        "x".repeat(255),
        "...",
        "-",
        "~",
        "CON",
        "a b",
        "ü".repeat(127),
        "💿".repeat(63),
      ]) {
        await addPush(client, session, name);
      }
    });

    test("of files with dots in a path are refused, not walked", async () => {
      const session = await openSession(client, await makeItem(client, { "a.txt": "a" }));
      for (const name of ["..%2f..%2fa.txt", "%2e%2e", "a.txt/", "a.txt%00"]) {
        const path = isRest
          ? `${form.getFile(session, "").path}`
          : `${form.listFiles(session).path}/${name}`;
        const body = isRest ? { file_name: decodeURIComponent(name) } : undefined;
        const reply = await client.ask({ ...form.getFile(session, ""), path, body });
        const isServed = name === "a.txt/" && !isRest;
        assert.ok(
          isServed ? reply.status === 200 : [400, 404].includes(reply.status),
          `${name}: ${reply.status}`,
        );
      }
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
      const reply = await raw(
        form.addFile(session, {}),
        isRest
          ? '{"file_spec":{"name":"a","source_type":"PUSH","size":1e400}}'
          : '{"name":"a","source_type":"PUSH","size":1e400}',
      );
      assert.equal(reply.status, 400);
      assert.deepEqual(await client.done(form.listFiles(session)), []);
      await client.done(
        form.addFile(session, { name: "a", source_type: "PUSH", size: Number.MAX_SAFE_INTEGER }),
      );
    });

    test("ids that no one gave out are 404, whatever they look like", async () => {
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

    test("percent-encoding that is malformed is refused, never 500", async () => {
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

    test("more than one backing, a datastore or a place of one's own are unsupported; none is the default place", async () => {
      const backings = [
        [{ type: "OTHER" }, { type: "OTHER" }],
        [{ type: "DATASTORE", datastore_id: "datastore-1" }],
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
  });

  test(`after all of it the server still works, ${form.name}`, async () => {
    const item = await makeItem(client);
    const session = await openSession(client, item);
    await push(client, session, "a.txt", "still here");
    await client.done(form.completeSession(session));
    assert.equal(await readFile(client, item, "a.txt"), "still here");
  });
}
