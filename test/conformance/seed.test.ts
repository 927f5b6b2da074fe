// The nine operations of the update session as the page of the Ruby gem tells of them, sentence by sentence, with what the gem
// sends. Its line that no authorization is needed is a slip of its generator, and is not kept.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { MemoryBlobStore } from "@contentlib/server/adapters/blobs/memory/memory-blob-store";
import { addPush, contentVersion, fileNames, makeItem, push, readFile, send } from "./content.ts";
import { rest } from "./forms.ts";
import { eventually, type HeldUpload, heldUpload } from "./held-upload.ts";
import { isNil, isRefused, RubyClient } from "./ruby-client.ts";
import { serverUnderTest } from "./server-under-test.ts";

const FIVE_MINUTES_MS = 300_000;
const clock = new ManualClock();
const blobs = new MemoryBlobStore({ clock, capacityBytes: 1_000_000 });
const server = await serverUnderTest({ clock, blobs: () => blobs });
const client = await server.client(rest);
const ruby = await RubyClient.login(server.url);

/** A session on an item of its own. */
const fresh = async (): Promise<string> => ruby.created(await makeItem(client));

/** An upload to the session of which four bytes of ten are there. */
const begun = async (session: string): Promise<HeldUpload> => {
  const uri = await addPush(client, session, "a.txt");
  return await heldUpload(client, session, "a.txt", uri, { first: "0123", sizeBytes: 10 });
};

test("a login is needed, for each of the nine operations", async () => {
  const stranger = new RubyClient(server.url, "vmware-api-session-id=0; Path=/");
  const answers = [
    await stranger.create({ library_item_id: "x" }),
    await stranger.list(),
    await stranger.get("x"),
    await stranger.update("x", {}),
    await stranger.keepAlive("x"),
    await stranger.cancel("x"),
    await stranger.complete("x"),
    await stranger.fail("x", "y"),
    await stranger.delete("x"),
  ];
  for (const answer of answers) isRefused(answer, "unauthenticated", 401);
});

test("ten calls after one login keep the login [C137]", async () => {
  for (let call = 0; call < 10; call += 1) assert.equal((await ruby.list()).status, 200);
});

describe("create", () => {
  test("creates a new update session and answers its identifier", async () => {
    const answer = await ruby.create({ library_item_id: await makeItem(client) });
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(answer.body ?? {}), ["value"]);
    assert.equal((await ruby.shown(String(answer.body?.["value"])))["state"], "ACTIVE");
  });

  test("modifications are not visible to other clients unless the session is completed and all files received", async () => {
    const item = await makeItem(client, { "a.txt": "before" });
    const session = await ruby.created(item);
    const other = await server.client(rest);
    await push(client, session, "a.txt", "after");
    const missing = await addPush(client, session, "b.txt");
    assert.equal(await readFile(other, item, "a.txt"), "before");
    isRefused(await ruby.complete(session), "not_allowed_in_current_state");
    assert.equal(await readFile(other, item, "a.txt"), "before");
    await send(missing, "b");
    assert.deepEqual(await fileNames(other, item), ["a.txt"]);
    isNil(await ruby.complete(session));
    assert.equal(await readFile(other, item, "a.txt"), "after");
    assert.deepEqual(await fileNames(other, item), ["a.txt", "b.txt"]);
  });

  test("only one single update session is active for a specific library item", async () => {
    const item = await makeItem(client);
    await ruby.created(item);
    isRefused(await ruby.create({ library_item_id: item }), "resource_busy");
    await fresh();
  });
});

describe("get", () => {
  test("gets the session with the given identifier, and no other", async () => {
    const item = await makeItem(client);
    const session = await ruby.created(item);
    assert.equal((await ruby.shown(session))["library_item_id"], item);
    isRefused(await ruby.get("unknown"), "not_found", 404);
  });

  test("includes the most up-to-date status information", async () => {
    const session = await fresh();
    await ruby.keepAlive(session, { client_progress: 33 });
    assert.equal((await ruby.shown(session))["client_progress"], 33);
    await ruby.fail(session, "up to date");
    const { state, error_message } = await ruby.shown(session);
    assert.equal(state, "ERROR");
    assert.equal((error_message as { default_message: string }).default_message, "up to date");
  });
});

describe("list", () => {
  test("lists the identifiers of the sessions created by the calling user", async () => {
    const sessions = [await fresh(), await fresh()];
    const all = (await ruby.list()).body?.["value"] as string[];
    assert.deepEqual(
      all.filter((id) => sessions.includes(id)),
      sessions,
    );
  });

  test("optionally filters by library item", async () => {
    const item = await makeItem(client);
    assert.deepEqual((await ruby.list(item)).body, { value: [] });
    const session = await ruby.created(item);
    await fresh();
    assert.deepEqual((await ruby.list(item)).body, { value: [session] });
  });
});

describe("update", () => {
  const IGNORED = [{ type: "UNTRUSTED_CERTIFICATE", ignored: true }];

  test("is incremental: a field that is unset is not modified", async () => {
    const session = await fresh();
    isNil(await ruby.update(session, { warning_behavior: IGNORED }));
    const before = await ruby.shown(session);
    isNil(await ruby.update(session, {}));
    assert.deepEqual(await ruby.shown(session), before);
  });

  test("only updates warning_behavior; not the item or the state, for example", async () => {
    const session = await fresh();
    const before = await ruby.shown(session);
    isNil(
      await ruby.update(session, {
        warning_behavior: IGNORED,
        library_item_id: "unknown",
        state: "DONE",
      }),
    );
    assert.deepEqual(await ruby.shown(session), { ...before, warning_behavior: IGNORED });
  });

  test("requires the session to be ACTIVE", async () => {
    const session = await fresh();
    await ruby.cancel(session);
    isRefused(
      await ruby.update(session, { warning_behavior: IGNORED }),
      "not_allowed_in_current_state",
    );
  });
});

describe("keep_alive", () => {
  test("without activity for a period of time the session expires, then it is deleted", async () => {
    const session = await fresh();
    await clock.advance(FIVE_MINUTES_MS + 2000);
    isRefused(await ruby.get(session), "not_found", 404);
  });

  test("the timeout is configurable; the default is five minutes", async () => {
    const session = await fresh();
    assert.equal(
      Date.parse(String((await ruby.shown(session))["expiration_time"])),
      clock.now() + FIVE_MINUTES_MS,
    );
    const quick = await serverUnderTest({ clock, sessionTimeoutMs: 1000 });
    const own = await quick.client(rest);
    const other = await own.done(rest.createSession({ library_item_id: await makeItem(own) }));
    await clock.advance(2500);
    await own.refused(rest.getSession(other), "not_found");
  });

  test("extends the lifetime of the session", async () => {
    const session = await fresh();
    for (let call = 0; call < 4; call += 1) {
      await clock.advance(FIVE_MINUTES_MS - 1000);
      isNil(await ruby.keepAlive(session));
    }
    assert.equal((await ruby.shown(session))["state"], "ACTIVE");
  });
});

describe("cancel", () => {
  test("cancels the session and sets its state to CANCELED", async () => {
    const session = await fresh();
    isNil(await ruby.cancel(session));
    assert.equal((await ruby.shown(session))["state"], "CANCELED");
  });

  test("frees the temporary resources of the session: received content is scheduled for deletion", async () => {
    const free = await blobs.freeBytes();
    const session = await fresh();
    const uri = await addPush(client, session, "a.txt");
    await send(uri, "x".repeat(5000));
    assert.equal(await blobs.freeBytes(), free - 5000);
    isNil(await ruby.cancel(session));
    await eventually(
      () => blobs.freeBytes(),
      (now) => now === free,
    );
  });

  test("is not allowed if the session has been completed", async () => {
    const session = await fresh();
    await ruby.complete(session);
    isRefused(await ruby.cancel(session), "not_allowed_in_current_state");
    assert.equal((await ruby.shown(session))["state"], "DONE");
  });

  test("cancels the transfers in progress", async () => {
    const session = await fresh();
    const upload = await begun(session);
    isNil(await ruby.cancel(session));
    const answer = await upload.answer;
    assert.ok(answer === null || answer.status === 409, answer?.text);
  });
});

describe("complete", () => {
  test("for pushed content the item is updated once the call returns", async () => {
    const item = await makeItem(client);
    const session = await ruby.created(item);
    await push(client, session, "a.txt", "pushed");
    isNil(await ruby.complete(session));
    assert.equal((await ruby.shown(session))["state"], "DONE");
    assert.equal(await readFile(client, item, "a.txt"), "pushed");
    assert.equal(await contentVersion(client, item), 2);
  });

  test("requires the session to be ACTIVE", async () => {
    const [done, failed] = [await fresh(), await fresh()];
    await ruby.complete(done);
    await ruby.fail(failed, "x");
    for (const session of [done, failed])
      isRefused(await ruby.complete(session), "not_allowed_in_current_state");
  });

  test("the client can validate the session before, explicitly", async () => {
    const session = await fresh();
    await push(client, session, "a.txt", "a");
    const result = await client.done(rest.validate(session));
    assert.deepEqual(result, { has_errors: false, missing_files: [], invalid_files: [] });
    isNil(await ruby.complete(session));
  });
});

describe("fail", () => {
  test("terminates the session with the client's message, so that a client's failure is known at the server", async () => {
    const item = await makeItem(client);
    const session = await ruby.created(item);
    isNil(await ruby.fail(session, "can not read /media/disk.iso"));
    const { state, error_message } = await ruby.shown(session);
    assert.equal(state, "ERROR");
    assert.equal(
      (error_message as { default_message: string }).default_message,
      "can not read /media/disk.iso",
    );
    assert.equal(await contentVersion(client, item), 1);
  });
});

describe("delete", () => {
  test("removes the session and all information associated with it", async () => {
    const item = await makeItem(client);
    const session = await ruby.created(item);
    await ruby.cancel(session);
    isNil(await ruby.delete(session));
    isRefused(await ruby.get(session), "not_found", 404);
    assert.deepEqual((await ruby.list(item)).body, { value: [] });
    isRefused(await ruby.delete(session), "not_found", 404);
  });

  test("no transfer is left in doubt: with transfers the session is ACTIVE, and such a one is not removed", async () => {
    const session = await fresh();
    const upload = await begun(session);
    isRefused(await ruby.delete(session), "not_allowed_in_current_state");
    await upload.write("456789");
    upload.end();
    assert.equal((await upload.answer)?.status, 200);
  });

  test("afterwards the uploads can not be inspected, save by their effect on the item", async () => {
    const item = await makeItem(client);
    const session = await ruby.created(item);
    const uri = await push(client, session, "a.txt", "a");
    await ruby.complete(session);
    await ruby.delete(session);
    await client.refused(rest.getFile(session, "a.txt"), "not_found");
    assert.equal((await send(uri, "b")).status, 404);
    assert.equal(await readFile(client, item, "a.txt"), "a");
  });

  test("sessions without activity, and complete ones, are removed by themselves after a time", async () => {
    const [idle, complete] = [await fresh(), await fresh()];
    await ruby.complete(complete);
    for (let minute = 0; minute < 62; minute += 1) {
      await clock.advance(60_000);
      await ruby.list();
    }
    for (const session of [idle, complete]) isRefused(await ruby.get(session), "not_found", 404);
  });
});
