// A client that is interrupted, and a server that is killed by SIGKILL while it ends the session or just after.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as after } from "node:timers/promises";
import { ask, BASIC, Client } from "../conformance/client.ts";
import { addPush, makeLibrary, openSession, send } from "../conformance/content.ts";
import { api } from "../conformance/forms.ts";
import { startLiveServer } from "../e2e/live-server.ts";
import { noTraces, open } from "./interrupted-push.ts";

const KIB = 1024;
const SIZE_BYTES = 3_000 * KIB;
const SENT_BYTES = 1_700 * KIB;
/** When the server is killed after the end of the session was asked for, in milliseconds; null once it was answered. */
const MOMENTS_MS = [0, 1, 2, 4, 8, null] as const;
const TIMEOUT_MS = 240_000;

const patch = (url: string, body: Uint8Array, offset: number) => {
  const headers = {
    "Tus-Resumable": "1.0.0",
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": String(offset),
  };
  return send(url, body, headers, "PATCH");
};

test(
  "what a client was told of is there after a crash around the end of its session",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const server = await startLiveServer(t);
    const login = await ask(api, server.url, api.login(), { Authorization: BASIC });
    const client = new Client(api, server.url, String(login.value));
    const library_id = await makeLibrary(client, "images");
    for (const [round, momentMs] of MOMENTS_MS.entries()) {
      const item = await client.done(api.createItem({ library_id, name: `item ${round}` }));
      const bytes = randomBytes(SIZE_BYTES);
      const sessionId = await openSession(client, item);
      const uri = await addPush(client, sessionId, "disk.img", { size: SIZE_BYTES });
      const sent = await patch(uri, bytes.subarray(0, SENT_BYTES), 0);
      assert.equal(sent.status, 204, sent.text);
      const keep = { "contentlib-keep-partials": "true" };
      const failing = client.ask(api.failSession(sessionId, "interrupted"), keep);
      const answered = failing.catch(() => null);
      await (momentMs === null ? answered : after(momentMs));
      await server.stop("SIGKILL");
      await answered;
      const data = join(server.directory, "data");
      const dead = await open(data);
      await noTraces(data, dead);
      await dead.close();
      await server.restart();
      const { state } = await client.done(api.getSession(sessionId));
      if (momentMs === null) assert.equal(state, "ERROR");
      const goesOn = state === "ACTIVE" ? sessionId : await openSession(client, item);
      if (state !== "ACTIVE") await addPush(client, goesOn, "disk.img", { size: SIZE_BYTES });
      const file = await client.done(api.getFile(goesOn, "disk.img"));
      assert.equal(file.bytes_transferred, SENT_BYTES, `round ${round}, ${state}`);
      const url = file.upload_endpoint?.uri ?? "";
      const rest = await patch(url, bytes.subarray(SENT_BYTES), SENT_BYTES);
      assert.equal(rest.status, 204, rest.text);
      await client.done(api.completeSession(goesOn));
      const [stored] = await client.done(api.listItemFiles(item));
      assert.equal(
        stored?.checksum_info?.checksum,
        createHash("sha256").update(bytes).digest("hex"),
      );
    }
  },
);
