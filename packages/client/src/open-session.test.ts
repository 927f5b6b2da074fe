import assert from "node:assert/strict";
import { test } from "node:test";
import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { AbortedError, ConnectionError, LibraryError, ProtocolError } from "./errors.ts";
import { fitsUpload, isInterruption, takeSession } from "./open-session.ts";
import { startStandIn } from "@contentlib/testkit/client/stand-in-server";
import { createClient } from "./client.ts";
import { systemOf } from "./system.ts";
import { blobSource } from "./upload-source.ts";

const files = ["a", "b"].map((name) => ({ name, source: blobSource(new Blob([])) }));
const found = (
  name: string,
  source: UpdateSessionFileInfo["source_type"],
): UpdateSessionFileInfo => ({
  name,
  source_type: source,
  status: "READY",
  bytes_transferred: 0,
});

test("a session fits where it holds nothing that is not sent, and lacks nothing that stays", () => {
  const kept = found("old", "NONE");
  const present = new Set(["old"]);
  assert.ok(fitsUpload({ files }, [kept], present));
  assert.ok(fitsUpload({ files }, [kept, found("a", "PUSH")], present));
  assert.ok(fitsUpload({ files }, [found("b", "PUSH")], new Set(["a"])), "a is sent again anyway");
  assert.ok(!fitsUpload({ files }, [kept, found("c", "PUSH")], present), "c is not sent");
  assert.ok(!fitsUpload({ files }, [kept, found("a", "PULL")], present), "a is fetched");
  assert.ok(!fitsUpload({ files }, [], present), "old was taken out");
});

test("what an upload removes itself may have been taken out before, but not what it keeps", () => {
  const present = new Set(["old"]);
  assert.ok(fitsUpload({ files, removeOthers: true }, [], present));
  assert.ok(!fitsUpload({ files, removeOthers: true, keep: ["old"] }, [], present));
});

test("files that came within an archive that is sent come with it, in place of those of the item", () => {
  const upload_endpoint = { uri: "https://a/upload/1" };
  const archive = { ...found("a", "PUSH"), upload_endpoint };
  const member = { ...found("disk", "PUSH"), upload_endpoint };
  const present = new Set(["old"]);
  assert.ok(fitsUpload({ files }, [archive, member], present), "old leaves with the archive");
  assert.ok(!fitsUpload({ files }, [archive], present), "old was taken out");
  const other = { ...found("c", "PUSH"), upload_endpoint: { uri: "https://a/upload/2" } };
  assert.ok(!fitsUpload({ files }, [archive, member, other], present), "c is not sent");
  const another = { ...archive, name: "c" };
  assert.ok(!fitsUpload({ files }, [another, member], present), "the archive is not sent");
});

test("an abort, a broken line and a server that is away are interruptions; a refusal is not", () => {
  const refusal = (status: number, faultClass: LibraryError["class"]) =>
    new LibraryError({ class: faultClass, messages: [], status });
  assert.ok(isInterruption(new AbortedError("x", {})));
  assert.ok(isInterruption(new ConnectionError("x", {})));
  assert.ok(isInterruption(refusal(503, "service_unavailable")));
  assert.ok(isInterruption(refusal(502, "error")));
  assert.ok(!isInterruption(new ConnectionError("x", { untrustedOrigin: "https://a" })));
  assert.ok(!isInterruption(refusal(400, "invalid_argument")));
  assert.ok(!isInterruption(new ProtocolError("x", {})));
  assert.ok(!isInterruption(new Error("the disk")));
});

test("a session that is taken over accepts what this upload accepts, and nothing that the one before did", async (t) => {
  const updates: unknown[] = [];
  const server = await startStandIn(({ operation, input }) => {
    if (operation === "updateSession.update") updates.push(input["update_spec"]);
    if (operation === "updateSessionFile.list" || operation === "itemFile.list")
      return { output: [] };
    if (operation !== "updateSession.get") return { output: "login" };
    const warning_behavior = [{ type: "UNTRUSTED_CERTIFICATE", ignored: true }];
    return { output: { id: "s", state: "ACTIVE", library_item_id: "I", warning_behavior } };
  });
  t.after(server.close);
  const context = {
    serverUrl: server.url,
    services: createClient({ url: server.url, token: "t" }),
    system: systemOf(undefined),
    serverClock: { now: Date.now, note: () => undefined },
    retriesMax: 0,
    retryForMs: undefined,
    isOurs: async () => await Promise.resolve(true),
    endpointHeaders: async () => await Promise.resolve({}),
  };
  const look = { sessionId: "s", signal: new AbortController().signal };
  await takeSession(context, { itemId: "I", files }, look);
  await takeSession(context, { itemId: "I", files, accept: ["EXPIRED_CERTIFICATE"] }, look);
  assert.deepEqual(updates, [
    { warning_behavior: [] },
    { warning_behavior: [{ type: "EXPIRED_CERTIFICATE", ignored: true }] },
  ]);
});
