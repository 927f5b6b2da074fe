import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "@contentlib/client";
import type { ServerEvent } from "@contentlib/client";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { followSession } from "./follow-session.ts";

test("a server without a stream of events is asked, and the same is told", async (t) => {
  const library = await startSmallLibrary();
  t.after(async () => await library.server.close());
  const options = { url: library.server.url, token: "t" };
  const client = createClient(options);
  const itemId = library.addItem(library.addLibrary("images"), "debian", { "b.iso": "kept" });
  const id = await client.updateSession.create({ create_spec: { library_item_id: itemId } });
  await client.updateSessionFile.add({
    update_session_id: id,
    file_spec: { name: "a.iso", source_type: "PUSH" },
  });
  const context = {
    connection: async () => await Promise.resolve({ options }),
    signal: new AbortController().signal,
  };
  const events: ServerEvent[] = [];
  for await (const event of followSession(context, client, id)) {
    events.push(event);
    if (event.state === "ACTIVE") await client.updateSession.complete({ update_session_id: id });
  }
  const told = events.map(({ kind, file_name, file_status, state }) =>
    [kind, file_name, file_status ?? state].filter((one) => one !== undefined).join(" "),
  );
  assert.ok(told.includes("FILE_STATUS a.iso WAITING_FOR_TRANSFER"), told.join("\n"));
  assert.deepEqual(
    told.filter((line) => line.startsWith("SESSION")),
    ["SESSION_STATE ACTIVE", "SESSION_STATE DONE"],
  );
  assert.ok(events.every((event) => event.update_session_id === id));
});

test("a session that is not there is told in the server's words", async (t) => {
  const library = await startSmallLibrary();
  t.after(async () => await library.server.close());
  const options = { url: library.server.url, token: "t" };
  const context = {
    connection: async () => await Promise.resolve({ options }),
    signal: new AbortController().signal,
  };
  await assert.rejects(async () => {
    for await (const event of followSession(context, createClient(options), "none"))
      assert.fail(event.kind);
  }, /There is no session none/);
});
