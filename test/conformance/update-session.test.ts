import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type Client } from "./client.ts";
import {
  addPush,
  contentVersion,
  makeItem,
  openSession,
  push,
  replaceFiles,
  send,
} from "./content.ts";
import { FORMS } from "./forms.ts";
import { heldUpload } from "./held-upload.ts";
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

  describe(`list and get, ${form.name}`, () => {
    test("list tells the caller's sessions in order of creation, and those of one item [C75]", async () => {
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

    test("deleting the item cuts the transfers of its session", async () => {
      // S36
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const uri = await addPush(client, session, "a");
      const part = { first: "0123", sizeBytes: 10 };
      const upload = await heldUpload(client, session, "a", uri, part);
      await client.done(form.deleteItem(item));
      const answer = await upload.answer;
      assert.ok(answer === null || answer.status === 409, answer?.text);
      assert.equal((await send(uri, "0123456789")).status, 409);
    });

    test("deleting the library does the same to the sessions of its items", async () => {
      // S36
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await client.done(form.deleteLibrary((await client.done(form.getItem(item))).library_id));
      assert.equal((await client.done(form.getSession(session))).state, "CANCELED");
      await client.refused(form.getItem(item), "not_found");
    });

    test("an ended session can be read, with its files; preview_info is gone, error_message is there in ERROR only [C76]", async () => {
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
    test("what the state does not allow is refused, says how the session ended, and changes nothing [C77, C79, C82, C88, C100, C111]", async () => {
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

    test("every operation on an unknown session is not found [C99]", async () => {
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

    test("delete is refused while ACTIVE; afterwards it removes the session and keeps what it brought [C84]", async () => {
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
