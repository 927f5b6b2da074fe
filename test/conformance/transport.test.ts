import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type Client, readReply } from "./client.ts";
import { makeItem, makeLibrary, openSession, send } from "./content.ts";
import { type Asking, FORMS, httpTest } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";

const server = await serverUnderTest();

/** The same call under another path. */
const at = (asking: Asking<unknown>, path: string): Asking<unknown> => ({ ...asking, path });

for (const form of FORMS) {
  const isRest = form.name === "rest";
  const spelt = httpTest(form);
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
    spelt("id:X, id%3AX and X reach the same object [C14]", async () => {
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

    spelt("unknown ids of every kind are 404 Not Found, never 400 or 500 [C15]", async () => {
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

    spelt(
      "~action, action and %7Eaction are the same; two that differ are refused [C16]",
      async () => {
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
      },
    );

    spelt(
      "one trailing slash and a bare question mark change nothing and lead nowhere else [C17]",
      async () => {
        for (const asking of [
          form.listLibraries(),
          form.getSession(session),
          form.getItem(UNKNOWN),
        ]) {
          const plain = await client.ask(asking);
          for (const suffix of ["/", "?", "/?"]) {
            const reply = await client.ask(at(asking, asking.path + suffix));
            assert.deepEqual([reply.status, reply.value], [plain.status, plain.value], suffix);
          }
        }
      },
    );

    spelt("an unknown action or service is operation_not_found [C18]", async () => {
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

    spelt("a verb the address does not take is 405 and says which it takes", async () => {
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
    spelt(
      "wrapped and bare structures give the same result, and the reply keeps its form [C19]",
      async () => {
        for (const wrap of [true, false]) {
          const asked = async <Output>(name: string, asking: Asking<Output>): Promise<Output> => {
            const bare = isRest ? (asking.body as Record<string, unknown>)[name] : asking.body;
            return await client.done({ ...asking, body: wrap ? { [name]: bare } : bare });
          };
          const name = freshName("wrapping");
          const library_id = await asked("create_spec", form.createLibrary({ name }));
          const own = await asked("create_spec", form.createItem({ library_id, name }));
          await asked("update_spec", form.updateItem(own, { description: "described" }));
          assert.deepEqual(await asked("spec", form.findItems({ name })), [own]);
          assert.equal((await client.done(form.getItem(own))).description, "described");
          const opened = await asked("create_spec", form.createSession({ library_item_id: own }));
          const file = { name: "a.txt", source_type: "PUSH" };
          assert.equal((await asked("file_spec", form.addFile(opened, file))).name, "a.txt");
        }
      },
    );

    test("an unknown member that is null is ignored; any other is refused by its name [C21]", async () => {
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

    spelt("an unknown query parameter is refused by its name", async () => {
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

    test("an integer as text is taken, and replies hold numbers only [C22]", async () => {
      const own = await openSession(client);
      const info = await client.done(
        form.addFile(own, { name: "a", source_type: "PUSH", size: "5" }),
      );
      assert.equal(info.bytes_transferred, 0);
      const uri = info.upload_endpoint?.uri ?? "";
      assert.equal((await send(uri, "four")).status, 400, "it is taken as the size");
      assert.equal((await send(uri, "fives")).status, 200);
      const file = await client.done(form.getFile(own, "a"));
      assert.deepEqual([file.size, file.bytes_transferred], [5, 5]);
      await client.done(form.keepAlive(own, { client_progress: "7" }));
      assert.equal((await client.done(form.getSession(own))).client_progress, 7);
      await client.done(form.completeSession(own));
      const { library_item_id } = await client.done(form.getSession(own));
      assert.equal((await client.done(form.getItem(library_item_id))).size, 5);
    });

    test("enumerations are taken in any case and sent in upper case [C23]", async () => {
      const own = await openSession(client);
      const checksum_info = { algorithm: "sha256", checksum: "0".repeat(64) };
      const wishes = { name: "a", source_type: "push", checksum_info };
      const info = await client.done(form.addFile(own, wishes));
      assert.deepEqual(
        [info.source_type, info.checksum_info?.algorithm, info.status],
        ["PUSH", "SHA256", "WAITING_FOR_TRANSFER"],
      );
      const warning_behavior = [{ type: "self_signed_certificate", ignored: true }];
      await client.done(form.updateSession(own, { warning_behavior }));
      assert.deepEqual((await client.done(form.getSession(own))).warning_behavior, [
        { type: "SELF_SIGNED_CERTIFICATE", ignored: true },
      ]);
    });

    spelt("a body that is not JSON is 400 with an error body [C24]", async () => {
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

    spelt("a body is JSON whatever its type says, save multipart", async () => {
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

    spelt(
      "DELETE with a body, GET with a type, and an action without a body work [C25]",
      async () => {
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
      },
    );
  });

  describe(`replies, ${form.name}`, () => {
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
