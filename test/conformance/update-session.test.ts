import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { type Client, USER } from "./client.ts";
import { contentVersion, makeItem, openSession, push, replaceFiles } from "./content.ts";
import { FORMS } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const IGNORE_SELF_SIGNED = [{ type: "SELF_SIGNED_CERTIFICATE", ignored: true }];

const server = await serverUnderTest();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  /** Sessions that have ended, by how. */
  const ended = async (): Promise<Readonly<Record<"DONE" | "CANCELED" | "ERROR", string>>> => {
    const [DONE, CANCELED, ERROR] = [
      await openSession(client),
      await openSession(client),
      await openSession(client),
    ];
    await client.done(form.completeSession(DONE));
    await client.done(form.cancelSession(CANCELED));
    await client.done(form.failSession(ERROR, "the disk of the client is gone"));
    return { DONE, CANCELED, ERROR };
  };

  describe(`create, ${form.name}`, () => {
    test("a new session is ACTIVE, at progress 0, with the content version of the item", async () => {
      // S8, S18
      const item = await makeItem(client, { "a.txt": "a" });
      const session = await openSession(client, item);
      const shown = await client.done(form.getSession(session));
      assert.equal(shown.id, session);
      assert.equal(shown.library_item_id, item);
      assert.equal(shown.state, "ACTIVE");
      assert.equal(shown.client_progress, 0);
      assert.equal(shown.library_item_content_version, String(await contentVersion(client, item)));
      assert.deepEqual(shown.preview_info, { state: "NOT_APPLICABLE" });
      assert.equal(shown.error_message, undefined);
      assert.equal(shown.warning_behavior, undefined);
    });

    test("a second one on the item is busy, and told who holds it and until when", async () => {
      // S10
      const item = await makeItem(client);
      const holder = await openSession(client, item);
      const text = await client.refused(
        form.createSession({ library_item_id: item }),
        "resource_busy",
      );
      const { expiration_time } = await client.done(form.getSession(holder));
      for (const word of [item, holder, USER, expiration_time])
        assert.ok(text.includes(word), text);
      assert.deepEqual(await client.done(form.listSessions(item)), [holder]);
    });

    test("after DONE, ERROR or CANCELED the next one may come at once", async () => {
      // S11
      const item = await makeItem(client);
      for (const end of [
        form.completeSession,
        form.cancelSession,
        (id: string) => form.failSession(id, "x"),
      ]) {
        await client.done(end(await openSession(client, item)));
      }
      await openSession(client, item);
    });

    test("of 50 at once on one item exactly one succeeds", async () => {
      // S10
      const item = await makeItem(client);
      const create = form.createSession({ library_item_id: item });
      const replies = await Promise.all(Array.from({ length: 50 }, () => client.ask(create)));
      const made = replies.filter((reply) => reply.status === create.status);
      assert.equal(made.length, 1);
      const others = replies.filter((reply) => reply.status !== create.status);
      assert.ok(
        others.every((reply) => reply.faultClass === "resource_busy"),
        others[0]?.text ?? "",
      );
      assert.deepEqual(await client.done(form.listSessions(item)), [made[0]?.value]);
    });

    test("the same token answers the same session while it is ACTIVE, whatever the spec", async () => {
      // S12
      const item = await makeItem(client);
      const token = randomUUID();
      const create = form.createSession({ library_item_id: item }, token);
      const first = await client.done(create);
      assert.equal(await client.done(create), first);
      assert.equal(
        await client.done(form.createSession({ library_item_id: UNKNOWN }, token)),
        first,
      );
      await client.done(form.cancelSession(first));
      assert.equal(await client.done(create), first, "also once it has ended");
      assert.deepEqual(await client.done(form.listSessions(item)), [first]);
    });

    test("a token is taken from body, query or header; different ones are refused, and one that is no UUID", async () => {
      // S12
      const item = await makeItem(client);
      const token = randomUUID();
      const plain = form.createSession({ library_item_id: item });
      const body = plain.body as object;
      const first = await client.done(form.createSession({ library_item_id: item }, token));
      const again = [
        await client.ask({ ...plain, path: `${plain.path}?client_token=${token}` }),
        await client.ask({ ...plain, body: { ...body, client_token: token } }),
        await client.ask(plain, { client_token: token }),
      ];
      for (const reply of again) assert.equal(reply.value, first, reply.text);
      const two = {
        ...plain,
        path: `${plain.path}?client_token=${token}`,
        body: { ...body, client_token: randomUUID() },
      };
      await client.refused(two, "invalid_argument");
      await client.refused(
        form.createSession({ library_item_id: item }, "not-a-uuid"),
        "invalid_argument",
      );
    });

    test("one token may make an item and a session, one of each", async () => {
      const token = randomUUID();
      const library_id = (await client.done(form.getItem(await makeItem(client)))).library_id;
      const item = await client.done(form.createItem({ library_id, name: "tokened" }, token));
      const session = await client.done(form.createSession({ library_item_id: item }, token));
      assert.notEqual(item, session);
    });

    test("an unknown item is not found; none at all is invalid", async () => {
      // S5
      const text = await client.refused(
        form.createSession({ library_item_id: UNKNOWN }),
        "not_found",
      );
      assert.ok(text.includes(UNKNOWN));
      const missing = await client.refused(form.createSession({}), "invalid_argument");
      assert.match(missing, /library_item_id/);
    });

    test("an item of type vm-template takes no session", async () => {
      // S7
      const library_id = (await client.done(form.getItem(await makeItem(client)))).library_id;
      const item = await client.done(
        form.createItem({ library_id, name: "template", type: "vm-template" }),
      );
      await client.refused(
        form.createSession({ library_item_id: item }),
        "not_allowed_in_current_state",
      );
    });

    test("warning_behavior is kept from the start; other members have no effect", async () => {
      // S9, S13
      const item = await makeItem(client);
      const reply = await client.ask(
        form.createSession({
          library_item_id: item,
          library_item_content_version: "1",
          warning_behavior: IGNORE_SELF_SIGNED,
          state: "DONE",
          client_progress: 80,
        }),
      );
      assert.equal(reply.status, form.createSession({}).status, reply.text);
      const shown = await client.done(form.getSession(String(reply.value)));
      assert.equal(shown.state, "ACTIVE");
      assert.equal(shown.client_progress, 0);
      assert.deepEqual(shown.warning_behavior, IGNORE_SELF_SIGNED);
      const ignored = String(reply.headers["contentlib-ignored"]);
      assert.match(ignored, /state/);
      assert.match(ignored, /client_progress/);
      assert.match(ignored, /library_item_content_version/);
    });

    test("a stale content version is accepted and named as ignored", async () => {
      // S9
      const item = await makeItem(client, { a: "1" });
      const spec = { library_item_id: item, library_item_content_version: "1" };
      const reply = await client.ask(form.createSession(spec));
      assert.equal(reply.status, form.createSession({}).status);
      assert.match(String(reply.headers["contentlib-ignored"]), /library_item_content_version/);
    });

    test("a warning type that does not exist, or is given twice, is invalid", async () => {
      // S13, S21
      const library_item_id = await makeItem(client);
      for (const warning_behavior of [
        [{ type: "RAIN", ignored: true }],
        [...IGNORE_SELF_SIGNED, ...IGNORE_SELF_SIGNED],
      ]) {
        await client.refused(
          form.createSession({ library_item_id, warning_behavior }),
          "invalid_argument",
        );
      }
      await openSession(client, library_item_id);
    });
  });

  describe(`list and get, ${form.name}`, () => {
    test("list tells the caller's sessions in order of creation, and those of one item", async () => {
      // S17
      const [one, other] = [await makeItem(client), await makeItem(client)];
      const first = await openSession(client, one);
      await client.done(form.cancelSession(first));
      const second = await openSession(client, one);
      const third = await openSession(client, other);
      assert.deepEqual(await client.done(form.listSessions(one)), [first, second]);
      assert.deepEqual(await client.done(form.listSessions(other)), [third]);
      const all = await client.done(form.listSessions());
      assert.deepEqual(
        all.filter((id) => [first, second, third].includes(id)),
        [first, second, third],
      );
      await client.refused(form.listSessions(UNKNOWN), "not_found");
    });

    test("a session of a deleted item is CANCELED, can be read, and is left out of lists", async () => {
      // S36
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await client.done(form.deleteItem(item));
      const shown = await client.done(form.getSession(session));
      assert.equal(shown.state, "CANCELED");
      assert.equal(shown.library_item_id, item);
      assert.ok(!(await client.done(form.listSessions())).includes(session));
      await client.done(form.deleteSession(session));
    });

    test("deleting the library does the same to the sessions of its items", async () => {
      // S36
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await client.done(form.deleteLibrary((await client.done(form.getItem(item))).library_id));
      assert.equal((await client.done(form.getSession(session))).state, "CANCELED");
      await client.refused(form.getItem(item), "not_found");
    });

    test("an ended session can be read, with its files; preview_info is gone, error_message is there in ERROR only", async () => {
      // S3, S16, S18
      for (const [state, session] of Object.entries(await ended())) {
        const shown = await client.done(form.getSession(session));
        assert.equal(shown.state, state);
        assert.equal(shown.preview_info, undefined);
        assert.equal(
          shown.error_message?.default_message,
          state === "ERROR" ? "the disk of the client is gone" : undefined,
        );
        assert.deepEqual(await client.done(form.listFiles(session)), []);
      }
    });
  });

  describe(`the state table, ${form.name}`, () => {
    test("what the state does not allow is refused, says how the session ended, and changes nothing", async () => {
      // S1, S2, S4, S49
      const reasons = {
        DONE: /completed at/,
        CANCELED: /canceled at/,
        ERROR: /the disk of the client is gone/,
      };
      const push = { name: "a", source_type: "PUSH" };
      for (const [state, id] of Object.entries(await ended())) {
        const before = await client.done(form.getSession(id));
        const askings = {
          complete: form.completeSession(id),
          cancel: form.cancelSession(id),
          fail: form.failSession(id, "again"),
          keep_alive: form.keepAlive(id),
          update: form.updateSession(id, { warning_behavior: IGNORE_SELF_SIGNED }),
          add: form.addFile(id, push),
          remove: form.removeFile(id, "a"),
          validate: form.validate(id),
        };
        for (const [operation, asking] of Object.entries(askings)) {
          const text = await client.refused(asking, "not_allowed_in_current_state");
          assert.ok(text.includes(operation) && text.includes(state), text);
          assert.match(text, reasons[state as keyof typeof reasons]);
        }
        assert.deepEqual(await client.done(form.getSession(id)), before);
      }
    });

    test("every operation on an unknown session is not found", async () => {
      const askings = [
        form.getSession(UNKNOWN),
        form.completeSession(UNKNOWN),
        form.cancelSession(UNKNOWN),
        form.failSession(UNKNOWN, "x"),
        form.keepAlive(UNKNOWN),
        form.updateSession(UNKNOWN, {}),
        form.deleteSession(UNKNOWN),
        form.addFile(UNKNOWN, { name: "a", source_type: "PUSH" }),
        form.listFiles(UNKNOWN),
        form.getFile(UNKNOWN, "a"),
        form.removeFile(UNKNOWN, "a"),
        form.validate(UNKNOWN),
      ];
      for (const asking of askings) await client.refused(asking, "not_found");
    });

    test("delete is refused while ACTIVE; afterwards it removes the session and keeps what it brought", async () => {
      // S50, S51
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await push(client, session, "a.txt", "kept");
      assert.match(
        await client.refused(form.deleteSession(session), "not_allowed_in_current_state"),
        /ACTIVE/,
      );
      await client.done(form.completeSession(session));
      await client.done(form.deleteSession(session));
      await client.refused(form.getSession(session), "not_found");
      await client.refused(form.deleteSession(session), "not_found");
      assert.equal((await client.done(form.getItemFile(item, "a.txt"))).size, 4);
      for (const id of Object.values(await ended())) await client.done(form.deleteSession(id));
    });

    test("a session of the item's files starts from the version before it, not after", async () => {
      const item = await makeItem(client, { a: "1" });
      const session = await replaceFiles(client, item, { a: "2" });
      assert.equal((await client.done(form.getSession(session))).library_item_content_version, "2");
      assert.equal(await contentVersion(client, item), 3);
    });
  });
}
