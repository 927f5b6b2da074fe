import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import type { Client } from "./client.ts";
import { makeItem, openSession } from "./content.ts";
import { FORMS, httpTest } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const TIMEOUT_MS = 300_000;
const IGNORED = [{ type: "EXPIRED_CERTIFICATE", ignored: true }];

const clock = new ManualClock();
const server = await serverUnderTest({ clock, sessionTimeoutMs: TIMEOUT_MS });

for (const form of FORMS) {
  const spelt = httpTest(form);
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  const expiry = async (session: string): Promise<number> =>
    Date.parse((await client.done(form.getSession(session))).expiration_time);

  describe(`update, ${form.name}`, () => {
    test("sets warning_behavior and nothing else, replacing the whole list [C77]", async () => {
      // S19, S21
      const session = await openSession(client);
      const before = await client.done(form.getSession(session));
      await client.done(form.updateSession(session, { warning_behavior: IGNORED }));
      assert.deepEqual(await client.done(form.getSession(session)), {
        ...before,
        warning_behavior: IGNORED,
      });
      const other = [{ type: "UNTRUSTED_CERTIFICATE", ignored: false }];
      await client.done(form.updateSession(session, { warning_behavior: other }));
      assert.deepEqual((await client.done(form.getSession(session))).warning_behavior, other);
      await client.done(form.updateSession(session, { warning_behavior: [] }));
      assert.deepEqual((await client.done(form.getSession(session))).warning_behavior, []);
    });

    spelt(
      "with warning_behavior succeeds, whatever else of the model the body holds [C77]",
      async () => {
        // S20
        const session = await openSession(client);
        const before = await client.done(form.getSession(session));
        const reply = await client.ask(
          form.updateSession(session, {
            ...before,
            library_item_id: "another",
            state: "DONE",
            client_progress: 99,
            warning_behavior: IGNORED,
          }),
        );
        assert.equal(reply.status, form.updateSession(session, {}).status, reply.text);
        const ignored = String(reply.headers["contentlib-ignored"]).split(/,\s*/);
        for (const member of ["library_item_id", "state", "client_progress"])
          assert.ok(ignored.includes(member), ignored.join());
        assert.deepEqual(await client.done(form.getSession(session)), {
          ...before,
          warning_behavior: IGNORED,
        });
      },
    );

    test("without it, a differing item, state or preview is invalid, naming the member", async () => {
      // S20
      const session = await openSession(client);
      const before = await client.done(form.getSession(session));
      const changes = {
        library_item_id: "another",
        state: "DONE",
        preview_info: { state: "AVAILABLE" },
      };
      for (const [member, value] of Object.entries(changes)) {
        const text = await client.refused(
          form.updateSession(session, { [member]: value }),
          "invalid_argument",
        );
        assert.ok(text.includes(member) && text.includes("warning_behavior"), text);
      }
      assert.deepEqual(await client.done(form.getSession(session)), before);
    });

    spelt("an empty body, or the present values, is no change and no error", async () => {
      // S20
      const session = await openSession(client);
      const asking = form.updateSession(session, {});
      const { library_item_id, state, preview_info } = await client.done(form.getSession(session));
      const { body: _, ...bodiless } = asking;
      for (const same of [
        asking,
        bodiless,
        { ...asking, body: {} },
        form.updateSession(session, { library_item_id, state, preview_info }),
      ]) {
        const reply = await client.ask(same);
        assert.equal(reply.status, asking.status, reply.text);
      }
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    });

    test("other members are ignored and named", async () => {
      // S20
      const session = await openSession(client);
      const reply = await client.ask(
        form.updateSession(session, {
          id: "x",
          expiration_time: "2030-01-01T00:00:00.000Z",
        }),
      );
      assert.equal(reply.status, form.updateSession(session, {}).status, reply.text);
      assert.match(String(reply.headers["contentlib-ignored"]), /expiration_time/);
      assert.match(String(reply.headers["contentlib-ignored"]), /\bid\b/);
    });

    test("a warning that does not exist, or comes twice, is invalid and changes nothing", async () => {
      // S21
      const session = await openSession(client);
      await client.done(form.updateSession(session, { warning_behavior: IGNORED }));
      for (const warning_behavior of [
        [{ type: "RAIN", ignored: true }],
        [...IGNORED, ...IGNORED],
        [{ type: "EXPIRED_CERTIFICATE" }],
      ]) {
        await client.refused(form.updateSession(session, { warning_behavior }), "invalid_argument");
      }
      assert.deepEqual((await client.done(form.getSession(session))).warning_behavior, IGNORED);
    });
  });

  describe(`keep alive, ${form.name}`, () => {
    test("puts the expiry a full timeout away, without a body too [C78, C79]", async () => {
      // S22, S27
      const session = await openSession(client);
      assert.equal(await expiry(session), clock.now() + TIMEOUT_MS);
      await clock.advance(60_000);
      assert.equal(await expiry(session), clock.now() + TIMEOUT_MS - 60_000, "get is no activity");
      await client.done(form.keepAlive(session));
      assert.equal(await expiry(session), clock.now() + TIMEOUT_MS);
    });

    test("takes client_progress; an equal or smaller one extends the life and leaves the progress [C78]", async () => {
      // S23, S24
      const session = await openSession(client);
      for (const [sent, shown] of [
        [10, 10],
        [60, 60],
        [60, 60],
        [30, 60],
        [0, 60],
      ] as const) {
        await clock.advance(1000);
        await client.done(form.keepAlive(session, { client_progress: sent }));
        assert.equal((await client.done(form.getSession(session))).client_progress, shown);
        assert.equal(await expiry(session), clock.now() + TIMEOUT_MS);
      }
    });

    spelt("also takes progress, the name of the download session [C78]", async () => {
      const session = await openSession(client);
      await client.done(form.keepAlive(session, { progress: 12 }));
      assert.equal((await client.done(form.getSession(session))).client_progress, 12);
    });

    test("a progress that is no integer of 0 to 100 is invalid, and moves not even the expiry", async () => {
      // S25
      const session = await openSession(client);
      const before = await client.done(form.getSession(session));
      await clock.advance(1000);
      for (const client_progress of [-1, 101, 1.5, 1e300, "x", "1.5", "", true, [5], {}]) {
        await client.refused(form.keepAlive(session, { client_progress }), "invalid_argument");
      }
      assert.deepEqual(await client.done(form.getSession(session)), before);
      await client.done(form.keepAlive(session, { client_progress: "42" }));
      assert.equal((await client.done(form.getSession(session))).client_progress, 42);
    });

    test("a progress of 100 completes nothing", async () => {
      // S26
      const session = await openSession(client);
      await client.done(form.keepAlive(session, { client_progress: 100 }));
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    });

    test("every command on an ACTIVE session is activity; get and list are none", async () => {
      // S32
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const active = [
        form.updateSession(session, {}),
        form.addFile(session, { name: "a", source_type: "PUSH" }),
        form.removeFile(session, "a"),
        form.validate(session),
      ];
      for (const asking of active) {
        await clock.advance(1000);
        await client.done(asking);
        assert.equal(await expiry(session), clock.now() + TIMEOUT_MS, asking.path);
      }
      const until = await expiry(session);
      for (const asking of [
        form.getSession(session),
        form.listSessions(item),
        form.listFiles(session),
      ]) {
        await clock.advance(1000);
        await client.done(asking);
        assert.equal(await expiry(session), until, asking.path);
      }
    });
  });
}
