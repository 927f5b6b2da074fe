// What holds on /rest, on /api and in JSON-RPC alike, and across them: logins, and the form of every reply.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask, Client, membersOf, statusOf } from "./client.ts";
import { addPush, makeItem, makeLibrary, openSession, send } from "./content.ts";
import { api, type Asking, rest, rpc } from "./forms.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const WIRES = [rest, api, rpc];
const AN_HOUR_MS = 3_600_000;
const JSON_TYPE = { "Content-Type": "application/json" };

const server = await serverUnderTest();

describe("a login", () => {
  for (const made of WIRES) {
    test(`made on ${made.name} is good on every wire [C5]`, async () => {
      const { loginId } = await server.client(made);
      for (const used of WIRES) {
        const client = new Client(used, server.url, loginId);
        assert.ok(Array.isArray(await client.done(used.listLibraries())), used.name);
      }
    });

    test(`deleted on ${made.name} is dead at once on every wire, the others live on [C10]`, async () => {
      const [client, other] = [await server.client(made), await server.client(made)];
      const statuses = { rest: 200, api: 204, rpc: 200 };
      assert.equal(made.logout().status, statuses[made.name]);
      await client.done(made.logout());
      for (const used of WIRES) {
        const dead = new Client(used, server.url, client.loginId);
        await dead.refused(used.listLibraries(), "unauthenticated");
        await new Client(used, server.url, other.loginId).done(used.listLibraries());
      }
    });
  }
});

for (const form of WIRES) {
  test(`who has no login is unauthenticated, in the shape of ${form.name}, and is sent nowhere else [C11]`, async () => {
    const strange: Readonly<Record<string, string>>[] = [
      {},
      { "vmware-api-session-id": "f".repeat(32) },
      { "vmware-api-session-id": "" },
    ];
    for (const headers of strange) {
      for (const asking of [form.listLibraries(), form.getSession("x"), form.createSession({})]) {
        const reply = await ask(form, server.url, asking, headers);
        assert.equal(reply.faultClass, "unauthenticated", reply.text);
        assert.equal(reply.status, 401);
        assert.equal(reply.headers.location, undefined);
      }
    }
  });

  describe(`replies, ${form.name}`, async () => {
    const client = await server.client(form);

    test("each error has an error_type, and messages with id, default_message and args [C28]", async () => {
      const item = await makeItem(client, { a: "a" });
      const library_id = (await client.done(form.getItem(item))).library_id;
      const session = await openSession(client, item);
      await client.done(form.updateLocalLibrary(library_id, { description: "newer" }));
      const { name } = await client.done(form.getItem(item));
      const ended = await openSession(client);
      await client.done(form.cancelSession(ended));
      const refusals: readonly (readonly [string, Asking<unknown>])[] = [
        ["not_found", form.getItem(UNKNOWN)],
        ["invalid_argument", form.createItem({ library_id, name: "" })],
        ["unexpected_input", form.createItem({ library_id, name: "x", colour: "red" })],
        ["already_exists", form.createItem({ library_id, name })],
        ["resource_busy", form.createSession({ library_item_id: item })],
        ["not_allowed_in_current_state", form.deleteSession(session)],
        ["not_allowed_in_current_state", form.keepAlive(ended)],
        ["unsupported", form.createLibrary(elsewhere)],
        ["concurrent_change", form.updateLocalLibrary(library_id, { version: "1", name: "x" })],
      ];
      for (const [faultClass, asking] of refusals) {
        const { status, value, messages, text } = await client.ask(asking);
        const { error_type } = value as { readonly error_type: unknown };
        assert.deepEqual(
          [error_type, status],
          [faultClass.toUpperCase(), statusOf(form, faultClass)],
        );
        assert.ok(messages.length > 0, text);
        for (const message of messages) {
          for (const member of ["id", "default_message"] as const)
            assert.ok(typeof message[member] === "string" && message[member] !== "", text);
          assert.ok(Array.isArray(message.args), text);
        }
      }
    });

    test("whatever has a body is application/json and nothing more, errors included [C12]", async () => {
      const headers = { "vmware-api-session-id": client.loginId, ...JSON_TYPE };
      const at = (path: string, method = "GET", body?: string): Promise<Incoming> =>
        exchange({
          method,
          url: server.url + path,
          headers,
          ...(body === undefined ? {} : { body }),
        });
      const { path } = form.createItem({});
      const answers = [
        await client.ask(form.listLibraries()),
        await client.ask(form.getItem(UNKNOWN)),
        await ask(form, server.url, form.listLibraries(), {}),
        await at(path, "POST", "no JSON"),
        await at(path, "POST", `"${"x".repeat(1_100_000)}"`),
        await at(path, "PUT"),
        await at(`${path}/nowhere/at/all`),
      ];
      for (const { bytes, headers: told, status } of answers) {
        assert.ok(bytes.length > 0, `${status} has a body`);
        assert.equal(told["content-type"], "application/json", String(status));
      }
    });

    test("empty lists are lists [C27]", async () => {
      const texts = {
        rest: /^\{"value":\[\]\}$/,
        api: /^\[\]$/,
        rpc: /"result":\{"output":\[\]\}\}$/,
      };
      const library = await makeLibrary(client);
      const empty = await makeItem(client);
      for (const asking of [
        form.listItemFiles(empty),
        form.listStorage(empty),
        form.listSessions(empty),
        form.listDownloads(empty),
        form.listItems(library),
        form.findItems({ library_id: library }),
      ])
        assert.match((await client.ask(asking)).text, texts[form.name]);
    });

    test("times are UTC with three decimals of a second [C26]", async () => {
      const item = await makeItem(client, { a: "a" });
      const download = form.createDownload({ library_item_id: item });
      const lived = ["creation_time", "last_modified_time"];
      const library = form.getLibrary(await makeLibrary(client));
      const session = form.getSession(await openSession(client, item));
      const shown: readonly (readonly [readonly string[], object])[] = [
        [["created_time", "last_accessed_time"], await client.done(form.getLogin())],
        [lived, await client.done(library)],
        [lived, await client.done(form.getItem(item))],
        [["expiration_time"], await client.done(session)],
        [["expiration_time"], await client.done(form.getDownload(await client.done(download)))],
      ];
      for (const [names, model] of shown) {
        for (const name of names) {
          const text = String(membersOf(model)[name]);
          assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, name);
          assert.ok(Math.abs(Date.parse(text) - Date.now()) < AN_HOUR_MS, `${name}: ${text}`);
        }
      }
    });
  });
}

for (const form of [rest, api]) {
  test(`an empty reply has no content type, and a 204 no body, ${form.name} [C13]`, async () => {
    const client = await server.client(form);
    const library = await makeLibrary(client);
    const session = await openSession(client);
    const pushed = await addPush(client, session, "a.txt");
    const askings = [
      form.updateLocalLibrary(library, { description: "new" }),
      form.deleteLibrary(library),
      form.keepAlive(session),
      form.cancelSession(session),
      form.deleteSession(session),
      form.logout(),
    ];
    const answers = [await send(pushed, "bytes")];
    for (const asking of askings) answers.push(await client.ask(asking));
    const empty = form.name === "rest" ? 200 : 204;
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, ...askings.map(() => empty)],
    );
    for (const { bytes, headers, status } of answers) {
      assert.equal(bytes.length, 0);
      assert.equal(headers["content-type"], undefined);
      // A 204 must not announce a body, and a 200 must not leave the client waiting for one.
      assert.equal(headers["content-length"], status === 204 ? undefined : "0");
      assert.equal(headers["transfer-encoding"], undefined);
    }
  });
}

/** A library whose content lies at two places, of which the server has one. */
const elsewhere = { name: "b", storage_backings: [{ type: "OTHER" }, { type: "OTHER" }] };
