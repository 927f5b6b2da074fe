// Where the widely used simulator of this API departs from its documents in sessions and their files, each answered as the
// documents have it. Rows about pulling, probing, archives and subscribed libraries are not served.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import {
  addPush,
  fileNames,
  hexDigest,
  makeItem,
  openSession,
  push,
  readFile,
  send,
} from "./content.ts";
import { FORMS } from "./forms.ts";
import { heldUpload } from "./held-upload.ts";
import { serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const BEHAVIOR = [{ type: "EXPIRED_CERTIFICATE", ignored: true }];
const STATE = "not_allowed_in_current_state";

const server = await serverUnderTest();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });
  const session = (item?: string) => openSession(client, item);
  const got = (id: string) => client.done(form.getSession(id));
  const file = (id: string, name = "a") => client.done(form.getFile(id, name));

  describe(`update sessions where the simulator departs, ${form.name}`, () => {
    test("a second session on an item: busy, not 200", async () => {
      const item = await makeItem(client);
      await session(item);
      await client.refused(form.createSession({ library_item_id: item }), "resource_busy");
    });

    test("create for an unknown item: not found, not a crash", async () => {
      await client.refused(form.createSession({ library_item_id: UNKNOWN }), "not_found");
    });

    test("members of the spec: warning_behavior is kept, the rest is ignored", async () => {
      const spec = {
        library_item_id: await makeItem(client),
        warning_behavior: BEHAVIOR,
        client_progress: 5,
      };
      const shown = await got(await client.done(form.createSession(spec)));
      assert.deepEqual([shown.warning_behavior, shown.client_progress], [BEHAVIOR, 0]);
    });

    test("list filters by item", async () => {
      const item = await makeItem(client);
      const id = await session(item);
      await session();
      assert.deepEqual(await client.done(form.listSessions(item)), [id]);
    });

    test("preview_info and warning_behavior are there while ACTIVE [C76]", async () => {
      const id = await session();
      await client.done(form.updateSession(id, { warning_behavior: BEHAVIOR }));
      const shown = await got(id);
      assert.ok(shown.preview_info && shown.warning_behavior);
      await client.done(form.cancelSession(id));
      assert.equal((await got(id)).preview_info, undefined);
    });

    test("PATCH changes warning_behavior, and only while ACTIVE", async () => {
      const id = await session();
      await client.done(form.updateSession(id, { warning_behavior: BEHAVIOR }));
      assert.deepEqual((await got(id)).warning_behavior, BEHAVIOR);
      await client.done(form.cancelSession(id));
      await client.refused(form.updateSession(id, { warning_behavior: [] }), STATE);
    });

    test("cancel, complete and fail need ACTIVE; complete after cancel is no DONE, after ERROR no change", async () => {
      const [canceled, failed] = [await session(), await session()];
      await client.done(form.cancelSession(canceled));
      await client.done(form.failSession(failed, "x"));
      for (const id of [canceled, failed]) {
        const before = await got(id);
        for (const asking of [
          form.cancelSession(id),
          form.completeSession(id),
          form.failSession(id, "y"),
        ]) {
          await client.refused(asking, STATE);
        }
        assert.deepEqual(await got(id), before);
      }
    });

    test("complete answers after DONE, not before", async () => {
      const id = await session();
      await push(client, id, "a", "x".repeat(3_000_000));
      await client.done(form.completeSession(id));
      assert.equal((await got(id)).state, "DONE");
    });

    test("complete with missing, short or wrong files: refused, not DONE", async () => {
      const specs = [{}, { size: 9 }, { checksum_info: { checksum: hexDigest("sha1", "other") } }];
      for (const spec of specs) {
        const id = await session();
        const uri = await addPush(client, id, "a", spec);
        if (Object.keys(spec).length > 0) assert.equal((await send(uri, "short")).status, 400);
        await client.refused(form.completeSession(id), STATE);
        assert.equal((await got(id)).state, "ACTIVE");
      }
    });

    test("after cancel the files are dropped, not left in the item", async () => {
      const item = await makeItem(client);
      const id = await session(item);
      await push(client, id, "a", "a");
      await client.done(form.cancelSession(id));
      assert.deepEqual(await fileNames(client, item), []);
    });

    test("the text of fail is kept as error_message", async () => {
      const id = await session();
      await client.done(form.failSession(id, "kept words"));
      assert.equal((await got(id)).error_message?.default_message, "kept words");
    });

    test("keep-alive takes progress, and needs ACTIVE", async () => {
      const id = await session();
      await client.done(form.keepAlive(id, { client_progress: 9 }));
      assert.equal((await got(id)).client_progress, 9);
      await client.done(form.cancelSession(id));
      await client.refused(form.keepAlive(id), STATE);
    });

    test("an ACTIVE session lives five minutes without activity, not an hour", async () => {
      const at = Date.parse((await got(await session())).expiration_time) - Date.now();
      assert.ok(at > 290_000 && at <= 300_000, String(at));
    });

    test("delete of an ACTIVE session: refused", async () => {
      await client.refused(form.deleteSession(await session()), STATE);
    });

    test("the file list holds the item's files too, as NONE", async () => {
      const id = await session(await makeItem(client, { a: "a" }));
      assert.deepEqual(
        (await client.done(form.listFiles(id))).map((each) => each.source_type),
        ["NONE"],
      );
    });

    test("adding a name twice replaces it, and makes no second entry", async () => {
      const id = await session();
      await addPush(client, id, "a");
      await addPush(client, id, "a");
      assert.equal((await client.done(form.listFiles(id))).length, 1);
    });

    test("size, checksum and name are checked, for PUSH too", async () => {
      const id = await session();
      assert.equal((await send(await addPush(client, id, "a", { size: 3 }), "four")).status, 400);
      const checksum_info = { algorithm: "MD5", checksum: hexDigest("md5", "x").toUpperCase() };
      assert.equal(
        (await send(await addPush(client, id, "b", { checksum_info }), "y")).status,
        400,
      );
      assert.equal(
        (await send(await addPush(client, id, "b", { checksum_info }), "x")).status,
        200,
        "hex of any case",
      );
      const unknown = { algorithm: "ROT13", checksum: "abc" };
      await client.refused(
        form.addFile(id, { name: "c", source_type: "PUSH", checksum_info: unknown }),
        "invalid_argument",
      );
      await client.refused(
        form.addFile(id, { name: "../c", source_type: "PUSH" }),
        "invalid_argument",
      );
    });

    test("add in an ended session: refused", async () => {
      const id = await session();
      await client.done(form.cancelSession(id));
      await client.refused(form.addFile(id, { name: "a", source_type: "PUSH" }), STATE);
    });

    test("source type NONE keeps the item's file; for a name it lacks it is invalid", async () => {
      const item = await makeItem(client, { a: "kept" });
      const id = await session(item);
      await client.done(form.addFile(id, { name: "a", source_type: "NONE" }));
      await client.refused(
        form.addFile(id, { name: "b", source_type: "NONE" }),
        "invalid_argument",
      );
      await client.done(form.completeSession(id));
      assert.equal(await readFile(client, item, "a"), "kept");
    });

    test("status and bytes_transferred follow the transfer", async () => {
      const id = await session();
      const uri = await addPush(client, id, "a");
      const upload = await heldUpload(client, id, "a", uri, { first: "0123", sizeBytes: 8 });
      assert.deepEqual(
        [(await file(id)).status, (await file(id)).bytes_transferred],
        ["TRANSFERRING", 4],
      );
      await upload.write("4567");
      upload.end();
      await upload.answer;
      assert.deepEqual([(await file(id)).status, (await file(id)).bytes_transferred], ["READY", 8]);
    });

    test("get of an unknown file: invalid, not an empty 200", async () => {
      await client.refused(form.getFile(await session(), "a"), "invalid_argument");
    });

    test("remove takes the file away, not the session; in an ended one it is refused", async () => {
      const id = await session();
      await addPush(client, id, "a");
      await client.done(form.removeFile(id, "a"));
      assert.equal((await got(id)).state, "ACTIVE");
      await addPush(client, id, "a");
      await client.done(form.cancelSession(id));
      await client.refused(form.removeFile(id, "a"), STATE);
    });

    test("validate answers all three members, and does not pass what is not there", async () => {
      const id = await session();
      const result = await client.done(form.validate(id));
      assert.deepEqual(Object.keys(result).toSorted(), [
        "has_errors",
        "invalid_files",
        "missing_files",
      ]);
      await addPush(client, id, "a");
      await client.refused(form.validate(id), STATE);
    });
  });
}
