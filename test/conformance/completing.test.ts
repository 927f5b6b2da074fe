import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import {
  addPush,
  contentVersion,
  fileNames,
  hexDigest,
  makeItem,
  openSession,
  push,
  readFile,
  replaceFiles,
  send,
} from "./content.ts";
import { FORMS, httpTest } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const NOT_RECEIVED = "com.vmware.vdcs.cls-main.update_session_file_not_received";

const server = await serverUnderTest();

for (const form of FORMS) {
  const spelt = httpTest(form);
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`complete, ${form.name}`, () => {
    test("with everything READY the very next get shows DONE and the new content [C61, C85]", async () => {
      // S37, S39
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await push(client, session, "disk.iso", "hello iso\n");
      await client.done(form.completeSession(session));
      assert.equal((await client.done(form.getSession(session))).state, "DONE");
      const shown = await client.done(form.getItem(item));
      assert.equal(shown.content_version, "2");
      assert.equal(shown.size, 10);
      assert.ok(shown.last_modified_time >= shown.creation_time);
      assert.equal(shown.metadata_version, "1");
      assert.equal(await readFile(client, item, "disk.iso"), "hello iso\n");
    });

    test("nothing is visible before it, to anyone", async () => {
      // S15
      const item = await makeItem(client, { "old.txt": "old" });
      const before = await client.done(form.getItem(item));
      const session = await openSession(client, item);
      await push(client, session, "old.txt", "new");
      await push(client, session, "more.txt", "more");
      await client.done(form.removeFile(session, "old.txt"));
      assert.deepEqual(await client.done(form.getItem(item)), before);
      assert.deepEqual(await fileNames(client, item), ["old.txt"]);
      assert.equal(await readFile(client, item, "old.txt"), "old");
    });

    test("files not mentioned stay, removed ones leave, added ones replace and their version grows", async () => {
      // S40
      const item = await makeItem(client, { "a.txt": "a", "b.txt": "b", "c.txt": "c" });
      const session = await openSession(client, item);
      await client.done(form.removeFile(session, "a.txt"));
      await push(client, session, "b.txt", "B");
      await client.done(form.removeFile(session, "c.txt"));
      await push(client, session, "c.txt", "C");
      await push(client, session, "d.txt", "d");
      await client.done(form.completeSession(session));
      const files = await client.done(form.listItemFiles(item));
      assert.deepEqual(
        files.map(({ name, version, size, cached }) => [name, version, size, cached]),
        [
          ["b.txt", "2", 1, true],
          ["c.txt", "2", 1, true],
          ["d.txt", "1", 1, true],
        ],
      );
      assert.equal(await contentVersion(client, item), 3);
      assert.equal(await readFile(client, item, "c.txt"), "C");
    });

    test("a session that changed nothing leaves the item as it was", async () => {
      // S39
      const item = await makeItem(client, { "a.txt": "a" });
      const before = await client.done(form.getItem(item));
      const session = await openSession(client, item);
      await client.done(form.completeSession(session));
      assert.deepEqual(await client.done(form.getItem(item)), before);
      const undone = await openSession(client, item);
      await client.done(form.removeFile(undone, "a.txt"));
      await client.done(form.addFile(undone, { name: "a.txt", source_type: "NONE" }));
      await client.done(form.completeSession(undone));
      assert.deepEqual(await client.done(form.getItem(item)), before);
    });

    test("identical bytes count as a change", async () => {
      // S40
      const item = await makeItem(client, { "a.txt": "a" });
      await replaceFiles(client, item, { "a.txt": "a" });
      assert.equal(await contentVersion(client, item), 3);
    });

    test("a session that removed every file leaves an empty item [C93]", async () => {
      // S40
      const item = await makeItem(client, { "a.txt": "a" });
      const session = await openSession(client, item);
      await client.done(form.removeFile(session, "a.txt"));
      await client.done(form.completeSession(session));
      const shown = await client.done(form.getItem(item));
      assert.deepEqual([shown.size, shown.content_version, shown.cached], [0, "3", true]);
      assert.deepEqual(await fileNames(client, item), []);
    });

    test("with files not received it is refused, one message a file with status and reason; the session stays ACTIVE [C87]", async () => {
      // S38
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await addPush(client, session, "waiting.iso", { size: 10 });
      await addPush(client, session, "unsized.iso");
      const bad = await addPush(client, session, "bad.iso", {
        checksum_info: { checksum: hexDigest("sha1", "x") },
      });
      await send(bad, "y");
      await push(client, session, "good.iso", "good");
      const reply = await client.ask(form.completeSession(session));
      assert.equal(reply.status, 400);
      assert.equal(reply.faultClass, "not_allowed_in_current_state");
      assert.ok(reply.messages.every((message) => message.id === NOT_RECEIVED));
      const [waiting, unsized, error] = reply.messages;
      assert.equal(reply.messages.length, 3);
      assert.deepEqual(waiting?.args, ["waiting.iso", "WAITING_FOR_TRANSFER", "0 of 10 bytes."]);
      assert.equal(
        waiting?.default_message,
        "File waiting.iso has transfer errors or has not been fully received yet (status: WAITING_FOR_TRANSFER). 0 of 10 bytes.",
      );
      assert.deepEqual(unsized?.args.slice(0, 2), ["unsized.iso", "WAITING_FOR_TRANSFER"]);
      assert.deepEqual(error?.args.slice(0, 2), ["bad.iso", "ERROR"]);
      assert.ok(error?.default_message.includes(hexDigest("sha1", "y")));
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
      assert.equal(await contentVersion(client, item), 1);
    });

    test("a second complete is refused and makes no second version, also when both come at once", async () => {
      // S37
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await push(client, session, "a.txt", "a");
      const complete = form.completeSession(session);
      const replies = await Promise.all([1, 2, 3, 4].map(() => client.ask(complete)));
      assert.equal(replies.filter((reply) => reply.status === complete.status).length, 1);
      assert.ok(
        replies.every(
          (reply) =>
            reply.status === complete.status || reply.faultClass === "not_allowed_in_current_state",
        ),
      );
      await client.refused(complete, "not_allowed_in_current_state");
      assert.equal(await contentVersion(client, item), 2);
    });

    test("deleting the session right after it does not undo the import [C92]", async () => {
      // S50
      const item = await makeItem(client);
      const session = await replaceFiles(client, item, { "a.txt": "a" });
      await client.done(form.deleteSession(session));
      assert.equal(await readFile(client, item, "a.txt"), "a");
    });

    test("after a failed file, adding and sending it again leads to DONE [C109]", async () => {
      // S56, S65
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const uri = await addPush(client, session, "a.txt", { size: 3 });
      assert.equal((await send(uri, "four")).status, 400);
      await client.refused(form.completeSession(session), "not_allowed_in_current_state");
      await push(client, session, "a.txt", "fine");
      await client.done(form.completeSession(session));
      assert.equal(await readFile(client, item, "a.txt"), "fine");
    });

    test("an ignored or unlisted warning changes nothing, as none is ever raised", async () => {
      const item = await makeItem(client);
      const warning_behavior = [{ type: "SELF_SIGNED_CERTIFICATE", ignored: false }];
      const session = await client.done(
        form.createSession({ library_item_id: item, warning_behavior }),
      );
      await client.done(form.completeSession(session));
      assert.deepEqual(
        (await client.done(form.getSession(session))).warning_behavior,
        warning_behavior,
      );
    });
  });

  describe(`cancel and fail, ${form.name}`, () => {
    test("cancel: CANCELED at once, the item untouched and free, a second cancel refused [C82]", async () => {
      // S42, S44, S45
      const item = await makeItem(client, { "a.txt": "a" });
      const before = await client.done(form.getItem(item));
      const session = await openSession(client, item);
      const uri = await push(client, session, "a.txt", "changed");
      await client.done(form.cancelSession(session));
      assert.equal((await client.done(form.getSession(session))).state, "CANCELED");
      assert.deepEqual(await client.done(form.getItem(item)), before);
      assert.equal(await readFile(client, item, "a.txt"), "a");
      await client.refused(form.cancelSession(session), "not_allowed_in_current_state");
      assert.equal((await send(uri, "late")).status, 409);
      await openSession(client, item);
    });

    test("fail: ERROR with the client's own words, the item untouched and free [C83]", async () => {
      // S46, S48
      const item = await makeItem(client);
      const session = await openSession(client, item);
      await push(client, session, "a.txt", "a");
      await client.done(form.failSession(session, "Kein Platz auf dem Gerät {0}"));
      const shown = await client.done(form.getSession(session));
      assert.equal(shown.state, "ERROR");
      assert.equal(shown.error_message?.default_message, "Kein Platz auf dem Gerät {0}");
      assert.deepEqual(shown.error_message?.args, []);
      assert.equal(await contentVersion(client, item), 1);
      await openSession(client, item);
    });

    spelt(
      "fail without words, or without a body, has a standard text; over-long words are cut [C83]",
      async () => {
        // S47
        for (const body of [undefined, {}]) {
          const session = await openSession(client);
          await client.done({ ...form.failSession(session), body });
          const shown = await client.done(form.getSession(session));
          assert.match(shown.error_message?.default_message ?? "", /client/i);
        }
        const long = await openSession(client);
        await client.done(form.failSession(long, "ß".repeat(100_000)));
        const text =
          (await client.done(form.getSession(long))).error_message?.default_message ?? "";
        assert.ok(text.startsWith("ßßß") && text.length < 5000);
      },
    );
  });
}
