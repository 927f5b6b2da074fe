import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { TOLERANCES } from "@contentlib/contract/bindings";
import type { Client } from "./client.ts";
import { addPush, makeItem, hexDigest, makeLibrary, openSession, push, send } from "./content.ts";
import { type Asking, type Form, HTTP_FORMS } from "./forms.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

/** One thing that clients in the wild do and the documents do not say: taken, save by a strict server. */
interface Tolerance {
  readonly name: string;
  readonly forms?: readonly Form["name"][];
  readonly asking: (form: Form, client: Client) => Promise<Asking<unknown>>;
}

const REST = "/rest/com/vmware/content";
const API = "/api/content";

const CASES: readonly Tolerance[] = [
  {
    name: "the prefix id: where the form does not have it, or its absence where it does",
    asking: async (form, client) => {
      const session = await openSession(client);
      const { path, ...rest } = form.getSession(session);
      const segment = form.name === "rest" ? session : `id:${session}`;
      return { ...rest, path: path.slice(0, path.lastIndexOf("/") + 1) + segment };
    },
  },
  {
    name: "keep_alive with an underscore",
    asking: async (form, client) => {
      const asking = form.keepAlive(await openSession(client));
      return { ...asking, path: asking.path.replace("keep-alive", "keep_alive") };
    },
  },
  {
    name: "a query name that was doubled",
    asking: async (form, client) => {
      const asking = form.listItems(await makeLibrary(client));
      return { ...asking, path: asking.path.replace("?library_id", "?library_id?library_id") };
    },
  },
  {
    name: "a file added at the session's own path on /rest",
    forms: ["rest"],
    asking: async (form, client) => ({
      ...form.addFile("", { name: "a", source_type: "PUSH" }),
      path: `${REST}/library/item/update-session/id:${await openSession(client)}/file?~action=add`,
    }),
  },
  {
    name: "a file added at the /rest path of files under /api",
    forms: ["api"],
    asking: async (form, client) => ({
      ...form.addFile("", { name: "a", source_type: "PUSH" }),
      path: `${API}/library/item/updatesession/file?update_session_id=${await openSession(client)}&action=add`,
    }),
  },
  {
    name: "the changes of an item at the address that is like all others",
    forms: ["rest"],
    asking: async (form, client) => {
      const item = await makeItem(client, { "a.txt": "a" });
      return { ...form.listChanges(item), path: `${REST}/library/item/id:${item}/changes` };
    },
  },
  {
    name: "file_name where name is documented",
    asking: async (form, client) => {
      const item = await makeItem(client, { "a.txt": "a" });
      if (form.name === "rest")
        return { ...form.getItemFile(item, ""), body: { file_name: "a.txt" } };
      return {
        ...form.getItemFile(item, ""),
        path: `${API}/library/item/${item}/file?file_name=a.txt`,
      };
    },
  },
  {
    name: "name where file_name is documented",
    asking: async (form, client) => {
      const item = await makeItem(client, { "a.txt": "a" });
      if (form.name === "rest") return { ...form.getStorage(item, ""), body: { name: "a.txt" } };
      return {
        ...form.getStorage(item, ""),
        path: `${API}/library/item/${item}/storage?name=a.txt`,
      };
    },
  },
  {
    name: "update by POST with an action",
    asking: async (form, client) => {
      const asking = form.updateLocalLibrary(await makeLibrary(client), { description: "posted" });
      const action = form.name === "rest" ? "~action" : "action";
      return { ...asking, method: "POST", path: `${asking.path}?${action}=update` };
    },
  },
  {
    name: "a wrapped body where it is bare, or a bare one where it is wrapped",
    asking: async (form, client) => {
      const spec = { library_id: await makeLibrary(client), name: freshName("item") };
      const body = form.name === "rest" ? spec : { create_spec: spec };
      return { ...form.createItem({}), body };
    },
  },
  {
    name: "progress where client_progress is documented",
    asking: async (form, client) => form.keepAlive(await openSession(client), { progress: 5 }),
  },
  {
    name: "an integer as text",
    asking: async (form, client) =>
      form.addFile(await openSession(client), { name: "a", source_type: "PUSH", size: "5" }),
  },
  {
    name: "an enumeration in lower case",
    asking: async (form, client) =>
      form.addFile(await openSession(client), { name: "a", source_type: "push" }),
  },
  {
    name: "a checksum algorithm in another spelling",
    asking: async (form, client) => {
      const checksum_info = { algorithm: "SHA2-256", checksum: hexDigest("sha256", "x") };
      const spec = { name: "a", source_type: "PUSH", checksum_info };
      return form.addFile(await openSession(client), spec);
    },
  },
  {
    name: "fail without a message",
    asking: async (form, client) => form.failSession(await openSession(client)),
  },
];

/** What the strict server said, on every form. */
const refusals: string[] = [];

const lenient = await serverUnderTest();
const strict = await serverUnderTest({ isStrict: true });

for (const form of HTTP_FORMS) {
  describe(`tolerances, ${form.name}`, () => {
    let kind: Client;
    let stern: Client;
    before(async () => {
      kind = await lenient.client(form);
      stern = await strict.client(form);
    });

    for (const tolerance of CASES) {
      if (tolerance.forms?.includes(form.name) === false) continue;
      test(`${tolerance.name}: taken, and refused by a strict server [C20]`, async () => {
        const taken = await tolerance.asking(form, kind);
        const reply = await kind.ask(taken);
        assert.equal(reply.status, taken.status, reply.text);
        const refused = await stern.ask(await tolerance.asking(form, stern));
        assert.equal(refused.status, 400, refused.text);
        assert.match(refused.text, /strict/);
        refusals.push(refused.text);
      });
    }

    test("a strict server takes the documented road from end to end", async () => {
      const item = await makeItem(stern);
      const session = await openSession(stern, item);
      await push(stern, session, "a.txt", "strictly");
      await stern.done(form.keepAlive(session, { client_progress: 50 }));
      await stern.done(form.completeSession(session));
      assert.equal((await stern.done(form.getSession(session))).state, "DONE");
    });

    test("an upload in a multipart envelope: taken, and refused by a strict server [C20]", async () => {
      const envelope =
        '--X\r\nContent-Disposition: form-data; filename="f"\r\n\r\nbytes\r\n--X--\r\n';
      const headers = { "Content-Type": "multipart/form-data; boundary=X" };
      for (const [client, status] of [
        [kind, 200],
        [stern, 400],
      ] as const) {
        const uri = await addPush(client, await openSession(client), "a");
        assert.equal((await send(uri, envelope, headers)).status, status);
      }
    });

    test("a path parameter repeated in the body must be equal", async () => {
      if (form.name === "api") return;
      const session = await openSession(kind);
      const asking = form.addFile(session, { name: "a", source_type: "PUSH" });
      const withId = (id: string) => ({
        ...asking,
        body: { ...(asking.body as object), update_session_id: id },
      });
      assert.equal((await kind.ask(withId(session))).status, 200);
      const reply = await kind.ask(withId("another"));
      assert.equal(reply.status, 400);
      assert.equal(reply.faultClass, "invalid_argument");
    });

    if (form.name === "rest") return;
    test("action=add on the files of a session equals plain POST, also for a strict server [C101]", async () => {
      const session = await openSession(stern);
      await addPush(stern, session, "a");
      const asking = form.addFile(session, { name: "b", source_type: "PUSH" });
      const reply = await stern.ask({ ...asking, path: `${asking.path}?action=add` });
      assert.equal(reply.status, 201, reply.text);
      assert.deepEqual(
        (await stern.done(form.listFiles(session))).map((file) => file.name),
        ["a", "b"],
      );
    });
  });
}

test("each tolerance that the contract knows is among these [C20]", () => {
  for (const sentence of Object.values(TOLERANCES))
    assert.ok(
      refusals.some((refusal) => refusal.includes(sentence)),
      sentence,
    );
});
