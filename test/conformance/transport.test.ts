import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type Client, readReply } from "./client.ts";
import { makeItem, makeLibrary, openSession } from "./content.ts";
import { type Asking, FORMS } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";

const server = await serverUnderTest();

/** The same call under another path. */
const at = (asking: Asking<unknown>, path: string): Asking<unknown> => ({ ...asking, path });

for (const form of FORMS) {
  const isRest = form.name === "rest";
  const actionName = isRest ? "~action" : "action";
  let client: Client;
  let item: string;
  let session: string;
  before(async () => {
    client = await server.client(form);
    item = await makeItem(client);
    session = await openSession(client, item);
  });

  describe(`addresses, ${form.name}`, () => {
    test("id:X, id%3AX and X reach the same object", async () => {
      const { path, ...asking } = form.getSession(session);
      const base = path.slice(0, path.lastIndexOf("/") + 1);
      for (const segment of [`id:${session}`, `id%3A${session}`, `id%3a${session}`, session]) {
        const reply = await client.ask({ ...asking, path: base + segment });
        assert.equal(reply.status, 200, segment);
        assert.equal((reply.value as { id: string }).id, session);
      }
    });

    test("an id with a colon in it is one id, and unknown", async () => {
      const text = await client.refused(form.getSession(`${UNKNOWN}:${UNKNOWN}`), "not_found");
      assert.ok(text.includes(`${UNKNOWN}:${UNKNOWN}`));
    });

    test("unknown ids of every kind are 404 Not Found, never 400 or 500", async () => {
      for (const id of [UNKNOWN, "x", "%00", "..", "a b", "%25", "9".repeat(500)]) {
        const segment = encodeURIComponent(decodeURIComponent(id));
        for (const asking of [
          form.getSession(segment),
          form.getItem(segment),
          form.getLibrary(segment),
          form.getDownload(segment),
        ]) {
          if (segment === "..") continue;
          const reply = await client.ask(asking);
          assert.equal(reply.status, 404, `${asking.path}: ${reply.text}`);
          assert.equal(reply.reason, "Not Found");
          assert.equal(reply.faultClass, "not_found");
        }
      }
    });

    test("~action, action and %7Eaction are the same; two that differ are refused", async () => {
      const { path } = form.keepAlive(session);
      const base = path.split("?")[0] ?? "";
      for (const name of ["~action", "action", "%7Eaction", "%7eaction"]) {
        const reply = await client.ask(at(form.keepAlive(session), `${base}?${name}=keep-alive`));
        assert.equal(reply.status, form.keepAlive(session).status, reply.text);
      }
      const same = await client.ask(
        at(form.keepAlive(session), `${base}?action=keep-alive&~action=keep-alive`),
      );
      assert.equal(same.status, form.keepAlive(session).status);
      const reply = await client.ask(
        at(form.keepAlive(session), `${base}?action=keep-alive&~action=cancel`),
      );
      assert.equal(reply.status, 400);
      assert.equal(reply.faultClass, "invalid_argument");
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    });

    test("one trailing slash and a bare question mark change nothing and lead nowhere else", async () => {
      for (const suffix of ["/", "?", "/?"]) {
        const asking = form.listLibraries();
        const reply = await client.ask(at(asking, asking.path + suffix));
        assert.equal(reply.status, 200, suffix);
        const one = form.getSession(session);
        assert.equal((await client.ask(at(one, one.path + suffix))).status, 200, suffix);
      }
    });

    test("an unknown action or service is operation_not_found", async () => {
      const base = form.getSession(session).path;
      for (const path of [
        `${base}?${actionName}=frobnicate`,
        base.replace("update-session", "upgrade-session"),
      ]) {
        const reply = await client.ask({ method: "POST", path, status: 0 });
        assert.equal(reply.status, 404, reply.text);
        assert.equal(reply.faultClass, "operation_not_found");
      }
    });

    test("a verb the address does not take is 405 and says which it takes", async () => {
      for (const method of ["PUT", "OPTIONS"]) {
        const answer = await exchange({
          method,
          url: server.url + form.getSession(session).path,
          headers: { "vmware-api-session-id": client.loginId },
        });
        assert.equal(answer.status, 405, method);
        assert.match(String(answer.headers.allow), /GET/);
        assert.match(String(answer.headers.allow), /DELETE/);
      }
    });
  });

  describe(`bodies, ${form.name}`, () => {
    test("wrapped and bare structures give the same result, and the reply keeps its form", async () => {
      const library = await makeLibrary(client);
      const { path } = form.createItem({});
      for (const wrap of [true, false]) {
        const spec = { library_id: library, name: freshName("wrapping") };
        const body = wrap ? { create_spec: spec } : spec;
        const reply = await client.ask({ method: "POST", path, body, status: 0 });
        assert.equal(reply.status, form.createItem({}).status, reply.text);
        assert.equal((await client.done(form.getItem(String(reply.value)))).name, spec.name);
      }
    });

    test("an unknown member that is null is ignored; any other is refused by its name", async () => {
      const library = await makeLibrary(client);
      const spec = { library_id: library, name: freshName("unknown") };
      await client.done(form.createItem({ ...spec, color: null }));
      const reply = await client.ask(form.createItem({ ...spec, color: "red" }));
      assert.equal(reply.status, 400);
      assert.equal(reply.faultClass, "unexpected_input");
      assert.equal(reply.messages[0]?.id, "com.vmware.vapi.rest.unsupported_property");
      assert.match(
        reply.messages[0]?.default_message ?? "",
        /^Unsupported property with name: .*color\.$/,
      );
    });

    test("an unknown query parameter is refused by its name", async () => {
      const reply = await client.ask(
        at(form.listLibraries(), `${form.listLibraries().path}?color=red`),
      );
      assert.equal(reply.status, 400);
      assert.equal(reply.faultClass, "unexpected_input");
      assert.deepEqual(reply.messages[0]?.args, ["color"]);
    });

    test("a known member that is null is unset, and never clears", async () => {
      const library = await makeLibrary(client);
      await client.done(form.updateLocalLibrary(library, { description: "kept", name: null }));
      await client.done(form.updateLocalLibrary(library, { description: null }));
      assert.equal((await client.done(form.getLibrary(library))).description, "kept");
    });

    test("an integer as text is taken, and replies hold numbers only", async () => {
      const own = await openSession(client);
      const info = await client.done(
        form.addFile(own, { name: "a", source_type: "PUSH", size: "12345" }),
      );
      assert.equal(info.bytes_transferred, 0);
      await client.done(form.keepAlive(own, { client_progress: "7" }));
      assert.equal((await client.done(form.getSession(own))).client_progress, 7);
    });

    test("enumerations are taken in any case and sent in upper case", async () => {
      const own = await openSession(client);
      const info = await client.done(form.addFile(own, { name: "a", source_type: "push" }));
      assert.equal(info.source_type, "PUSH");
    });

    test("a body that is not JSON is 400 with an error body", async () => {
      for (const body of ["{", "nonsense", '{"a":', "[1,2", "\u0000", '{"create_spec":{}}x']) {
        const answer = await exchange({
          method: "POST",
          url: server.url + form.createItem({}).path,
          headers: { "vmware-api-session-id": client.loginId, "Content-Type": "application/json" },
          body,
        });
        const reply = readReply(form, answer);
        assert.equal(reply.status, 400, body);
        assert.equal(reply.faultClass, "invalid_argument");
      }
    });

    test("a body is JSON whatever its type says, save multipart", async () => {
      const library = await makeLibrary(client);
      const spec = { library_id: library, name: freshName("typed") };
      const sent = {
        method: "POST",
        url: server.url + form.createItem({}).path,
        body: JSON.stringify(isRest ? { create_spec: spec } : spec),
      };
      const headers = { "vmware-api-session-id": client.loginId };
      const typed = (type: string) =>
        exchange({ ...sent, headers: { ...headers, "Content-Type": type } });
      assert.equal(
        (await typed("application/x-www-form-urlencoded")).status,
        form.createItem({}).status,
      );
      assert.equal((await typed("multipart/form-data; boundary=x")).status, 415);
    });

    test("DELETE with a body, GET with a type, and an action without a body work", async () => {
      const own = await openSession(client);
      const cancel = form.cancelSession(own);
      const answer = await exchange({
        method: "POST",
        url: server.url + cancel.path,
        headers: {
          "vmware-api-session-id": client.loginId,
          "Content-Type": "application/json",
          "Transfer-Encoding": "chunked",
        },
      });
      assert.equal(answer.status, cancel.status, answer.text);
      const get = await client.ask(form.getSession(own), {
        "Content-Type": "application/json",
      });
      assert.equal(get.status, 200);
      const remove = form.deleteSession(own);
      assert.equal((await client.ask({ ...remove, body: {} })).status, remove.status);
    });
  });

  describe(`replies, ${form.name}`, () => {
    test("empty lists are lists", async () => {
      const empty = await makeItem(client);
      const library = await makeLibrary(client);
      for (const asking of [
        form.listItemFiles(empty),
        form.listSessions(empty),
        form.listItems(library),
        form.listStorage(empty),
      ]) {
        const reply = await client.ask(asking);
        assert.equal(reply.text, isRest ? '{"value":[]}' : "[]");
      }
    });

    test("every reply, errors included, names its request, and no two have the same name", async () => {
      const names = new Set<string>();
      for (const path of [form.listLibraries().path, "/nowhere", form.getItem("x").path]) {
        const answer = await exchange({ method: "GET", url: server.url + path });
        names.add(String(answer.headers["x-request-id"]));
      }
      assert.equal(names.size, 3);
    });

    test("no reply opens the API to other origins", async () => {
      const reply = await client.ask(form.listLibraries(), {
        Origin: "https://other.example",
      });
      assert.equal(reply.headers["access-control-allow-origin"], undefined);
    });

    test("any Accept header is answered with JSON", async () => {
      for (const accept of ["text/html", "application/xml;q=0.9", "*/*"]) {
        assert.equal((await client.ask(form.listLibraries(), { Accept: accept })).status, 200);
      }
    });
  });
}
