import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { type Client, USER } from "./client.ts";
import { contentVersion, makeItem, makeLibrary, openSession, push } from "./content.ts";
import { FORMS, httpTest } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const IGNORE_SELF_SIGNED = [{ type: "SELF_SIGNED_CERTIFICATE", ignored: true }];

const server = await serverUnderTest();

for (const form of FORMS) {
  const spelt = httpTest(form);
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`create, ${form.name}`, () => {
    test("a new session is ACTIVE, at progress 0, with the content version of the item [C69, C76]", async () => {
      // S8, S18
      const item = await makeItem(client, { "a.txt": "a" });
      const session = await openSession(client, item);
      const shown = await client.done(form.getSession(session));
      assert.equal(shown.id, session);
      assert.equal(shown.library_item_id, item);
      assert.equal(shown.state, "ACTIVE");
      assert.equal(shown.client_progress, 0);
      assert.equal(shown.library_item_content_version, String(await contentVersion(client, item)));
      assert.ok(Date.parse(shown.expiration_time) > Date.now());
      assert.deepEqual(shown.preview_info, { state: "NOT_APPLICABLE" });
      assert.equal(shown.error_message, undefined);
      assert.equal(shown.warning_behavior, undefined);
    });

    test("of an ISO image says at once that there is nothing to preview [C112]", async () => {
      // S18
      const library_id = await makeLibrary(client);
      const spec = { library_id, name: "image", type: "iso" };
      const session = await openSession(client, await client.done(form.createItem(spec)));
      const preview = async () => (await client.done(form.getSession(session))).preview_info;
      assert.deepEqual(await preview(), { state: "NOT_APPLICABLE" });
      await push(client, session, "boot.iso", "no image, but who knows");
      assert.deepEqual(await preview(), { state: "NOT_APPLICABLE" });
    });

    test("a second one on the item is busy, and told who holds it and until when [C70]", async () => {
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

    test("after DONE, ERROR or CANCELED the next one may come at once [C71]", async () => {
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

    test("of 50 at once on one item exactly one succeeds [C72]", async () => {
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

    test("the same token answers the same session while it is ACTIVE, whatever the spec [C73]", async () => {
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

    spelt(
      "a token is taken from body, query or header; different ones are refused, and one that is no UUID",
      async () => {
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
      },
    );

    test("one token may make an item and a session, one of each", async () => {
      const token = randomUUID();
      const library_id = (await client.done(form.getItem(await makeItem(client)))).library_id;
      const item = await client.done(form.createItem({ library_id, name: "tokened" }, token));
      const session = await client.done(form.createSession({ library_item_id: item }, token));
      assert.notEqual(item, session);
    });

    test("an unknown item is not found; none at all is invalid [C74]", async () => {
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

    test("the item's present content version is taken [C94]", async () => {
      // S9
      const item = await makeItem(client, { a: "1" });
      const library_item_content_version = String(await contentVersion(client, item));
      const spec = { library_item_id: item, library_item_content_version };
      const shown = await client.done(form.getSession(await client.done(form.createSession(spec))));
      assert.equal(shown.library_item_content_version, library_item_content_version);
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
}
