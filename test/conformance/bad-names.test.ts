import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type Client } from "./client.ts";
import { addPush, makeItem, makeLibrary, openSession } from "./content.ts";
import { FORMS, httpTest } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

const BACKINGS = { storage_backings: [{ type: "OTHER" }] };
const CONTROLS = ["a\u0000b", "a\nb", "tab\t", "\u007f", "\u0085"];
const LONE_SURROGATE = "\ud800";

for (const form of FORMS) {
  const isRest = form.name === "rest";
  const spelt = httpTest(form);
  let client: Client;
  before(async () => {
    client = await server.client(form);
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

    test("of items: 1 to 80 characters without control characters [C51]", async () => {
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

    test("of items are taken once per library, in any case [C49, C50]", async () => {
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

    test("of files: 1 to 255 bytes, no slash, backslash, dots alone, control characters or outer spaces [C103]", async () => {
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

    spelt("of files with dots in a path are refused, not walked", async () => {
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
}
