import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { startStandIn } from "@contentlib/testkit/client/stand-in-server";
import type {
  ByteHandler,
  StandInAnswer,
  StandInRequest,
} from "@contentlib/testkit/client/stand-in-server";
import { createClient } from "./client.ts";
import type { ClientOptions } from "./client-options.ts";
import { AbortedError, ConnectionError, LibraryError, ProtocolError } from "./errors.ts";
import { blobSource, streamSource } from "./upload-source.ts";
import type { UploadEvent, UploadFile } from "./upload-options.ts";

type Override = (request: StandInRequest) => StandInAnswer | undefined;

const sha256 = { algorithm: "SHA256", checksum: "ab".repeat(32) };

/** The least a server does for an upload: it remembers the session's state and the bytes of its files. */
async function rig(
  t: TestContext,
  override: Override = () => undefined,
  bytes?: ByteHandler,
  options: Pick<ClientOptions, "retryForMs"> = {},
) {
  const received = new Map<string, Buffer>();
  const session = { state: "ACTIVE", failure: "" };
  const server = await startStandIn(
    (request, url) => override(request) ?? behave(request, url),
    bytes ??
      (async (request, response) => {
        received.set(
          decodeURIComponent(request.url?.slice("/bytes/".length) ?? ""),
          await buffer(request),
        );
        response.end();
      }),
  );
  t.after(server.close);
  const fileInfo = (name: string) => {
    const size = received.get(name)?.byteLength;
    const status = size === undefined ? "WAITING_FOR_TRANSFER" : "READY";
    return {
      name,
      source_type: "PUSH",
      status,
      bytes_transferred: size ?? 0,
      size,
      checksum_info: sha256,
    };
  };
  function behave({ operation, input }: StandInRequest, url: string): StandInAnswer {
    switch (operation) {
      case "login.create":
        return { output: "login" };
      case "updateSession.create":
        return { output: "session-1" };
      case "updateSession.get":
        return {
          output: {
            id: "session-1",
            state: session.state,
            expiration_time: new Date(Date.now() + 300_000).toISOString(),
          },
        };
      case "updateSessionFile.add": {
        const spec = input["file_spec"] as { readonly name: string };
        const uri = `${url}/bytes/${encodeURIComponent(spec.name)}`;
        return { output: { ...fileInfo(spec.name), upload_endpoint: { uri } } };
      }
      case "updateSessionFile.get":
        return { output: fileInfo(String(input["file_name"])) };
      case "updateSessionFile.list":
        return { output: ["old.txt", "kept.txt", "a.txt"].map(fileInfo) };
      case "updateSession.complete":
        session.state = "DONE";
        return { output: undefined };
      case "updateSession.fail":
        session.state = "ERROR";
        session.failure = String(input["client_error_message"]);
        return { output: undefined };
      default:
        return { output: undefined };
    }
  }
  const system = manualSystem(4_000);
  const client = createClient({ url: server.url, token: "t", system, ...options });
  return { client, server, system, session, received };
}

const file = (name: string, text: string): UploadFile => ({
  name,
  source: blobSource(new Blob([text])),
});

async function eventsOf(events: AsyncIterable<UploadEvent>): Promise<readonly UploadEvent[]> {
  const seen: UploadEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

test("an upload adds, sends, checks and completes, and tells each step", async (t) => {
  const { client, server, received } = await rig(t);
  const upload = client.upload({
    itemId: "item",
    files: [file("a.txt", "hello"), file("b c.txt", "")],
    parallel: 1,
  });
  const events = await eventsOf(upload);
  assert.deepEqual(
    events.map(({ type }) => type),
    [
      "session",
      "file",
      "progress",
      "verified",
      "file",
      "progress",
      "verified",
      "completing",
      "done",
    ],
  );
  assert.deepEqual(events[2], {
    type: "progress",
    fileName: "a.txt",
    sentBytes: 5,
    totalSentBytes: 5,
    totalBytes: 5,
  });
  assert.equal(received.get("a.txt")?.toString(), "hello");
  assert.equal(received.get("b c.txt")?.byteLength, 0);
  assert.deepEqual(await upload.result, {
    sessionId: "session-1",
    files: [
      { name: "a.txt", sizeBytes: 5, checksum: sha256 },
      { name: "b c.txt", sizeBytes: 0, checksum: sha256 },
    ],
  });
  assert.deepEqual(server.operations(), [
    "updateSession.create",
    "updateSession.get",
    "updateSessionFile.add",
    "updateSessionFile.get",
    "updateSessionFile.add",
    "updateSessionFile.get",
    "updateSession.complete",
    "updateSession.get",
  ]);
  const specs = server.requests
    .filter(({ operation }) => operation === "updateSessionFile.add")
    .map(({ input }) => input["file_spec"]);
  assert.deepEqual(specs, [
    { name: "a.txt", source_type: "PUSH", size: 5 },
    { name: "b c.txt", source_type: "PUSH", size: 0 },
  ]);
});

test("removeOthers takes out what is neither sent nor kept", async (t) => {
  const { client, server } = await rig(t);
  await client.upload({
    itemId: "item",
    files: [file("a.txt", "x")],
    removeOthers: true,
    keep: ["kept.txt"],
  }).result;
  const removed = server.requests
    .filter(({ operation }) => operation === "updateSessionFile.remove")
    .map(({ input }) => input["file_name"]);
  assert.deepEqual(removed, ["old.txt"]);
});

test("a refused byte stream ends the session with fail and the server's words", async (t) => {
  const refuse: ByteHandler = async (request, response) => {
    await buffer(request);
    response.writeHead(507).end(
      JSON.stringify({
        error_type: "UNABLE_TO_ALLOCATE_RESOURCE",
        messages: [
          {
            id: "contentlib.server.storage_full",
            default_message: "The storage is full.",
            args: [],
          },
        ],
      }),
    );
  };
  const { client, session } = await rig(t, undefined, refuse);
  const upload = client.upload({ itemId: "item", files: [file("a.txt", "hello")] });
  const events: UploadEvent[] = [];
  await assert.rejects(
    async () => {
      for await (const event of upload) events.push(event);
    },
    (error) => {
      assert.ok(error instanceof LibraryError);
      assert.equal(error.class, "unable_to_allocate_resource");
      assert.equal(error.code, "contentlib.server.storage_full");
      assert.equal(error.operation, "upload");
      return true;
    },
  );
  assert.deepEqual(session, { state: "ERROR", failure: "The storage is full." });
  assert.deepEqual(events.at(-1), {
    type: "failed",
    sessionId: "session-1",
    isEnded: true,
    isKept: false,
  });
  await assert.rejects(upload.result, LibraryError);
});

test("bytes are sent again from the first one when the connection breaks", async (t) => {
  let attempts = 0;
  const flaky: ByteHandler = async (request, response) => {
    attempts += 1;
    if (attempts < 3) response.destroy();
    else {
      await store(request, response);
    }
  };
  const received: Buffer[] = [];
  const store = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push(await buffer(request));
    response.end();
  };
  const ready = {
    name: "a.txt",
    source_type: "PUSH",
    status: "READY",
    bytes_transferred: 5,
    size: 5,
  };
  const { client } = await rig(
    t,
    ({ operation }) => {
      if (operation !== "updateSessionFile.get") return undefined;
      return { output: attempts < 3 ? { ...ready, status: "WAITING_FOR_TRANSFER" } : ready };
    },
    flaky,
  );
  const upload = client.upload({ itemId: "item", files: [file("a.txt", "hello")] });
  const events = await eventsOf(upload);
  assert.equal(events.filter(({ type }) => type === "resending").length, 2);
  assert.deepEqual(received.map(String), ["hello"]);
});

test("a stream is never sent again by itself", async (t) => {
  let attempts = 0;
  const { client, session } = await rig(t, undefined, (_request, response) => {
    attempts += 1;
    response.destroy();
  });
  const stream = new Blob(["hello"]).stream();
  const upload = client.upload({
    itemId: "item",
    files: [{ name: "a.txt", source: streamSource(stream, 5) }],
  });
  await assert.rejects(upload.result, ConnectionError);
  assert.equal(attempts, 1);
  assert.equal(session.state, "ERROR");
});

test("a server that cut the bytes because it had judged them is asked why", async (t) => {
  const reason = {
    id: "contentlib.transfer.size_mismatch",
    default_message: "Too short.",
    args: [],
  };
  const { client } = await rig(
    t,
    ({ operation }) =>
      operation === "updateSessionFile.get"
        ? {
            output: {
              name: "a.txt",
              source_type: "PUSH",
              status: "ERROR",
              bytes_transferred: 0,
              error_message: reason,
            },
          }
        : undefined,
    (_request, response) => void response.destroy(),
  );
  await assert.rejects(client.upload({ itemId: "item", files: [file("a.txt", "hello")] }).result, {
    name: "LibraryError",
    code: "contentlib.transfer.size_mismatch",
    message: "Too short.",
  });
});

test("the server's other digest than the one sent is a ProtocolError, and nothing is completed", async (t) => {
  const { client, session, server } = await rig(t);
  const source = blobSource(new Blob(["hello"]));
  const lying: UploadFile = {
    name: "a.txt",
    source: {
      ...source,
      send: async (request) => ({
        ...(await source.send(request)),
        digest: { algorithm: "SHA256", checksum: "cd".repeat(32) },
      }),
    },
  };
  await assert.rejects(client.upload({ itemId: "item", files: [lying] }).result, (error) => {
    assert.ok(error instanceof ProtocolError);
    assert.match(error.message, /^a\.txt was damaged on its way/);
    return true;
  });
  assert.equal(session.state, "ERROR");
  assert.ok(!server.operations().includes("updateSession.complete"));
});

test("complete whose answer is lost: DONE is success", async (t) => {
  const { client, server, session } = await rig(t, ({ operation }) => {
    if (operation !== "updateSession.complete") return undefined;
    session.state = "DONE";
    return { cut: true };
  });
  await client.upload({ itemId: "item", files: [file("a.txt", "x")] }).result;
  assert.equal(server.operations().filter((id) => id === "updateSession.complete").length, 1);
});

test("complete whose request is lost: ACTIVE is tried again", async (t) => {
  let completes = 0;
  const { client, session } = await rig(t, ({ operation }) =>
    operation === "updateSession.complete" && (completes += 1) < 3 ? { cut: true } : undefined,
  );
  await client.upload({ itemId: "item", files: [file("a.txt", "x")] }).result;
  assert.equal(completes, 3);
  assert.equal(session.state, "DONE");
});

test("complete whose first answer was only late: the refused repeat is looked up and is success", async (t) => {
  let completes = 0;
  const { client, session } = await rig(t, ({ operation }) => {
    if (operation !== "updateSession.complete") return undefined;
    completes += 1;
    if (completes === 1) return { cut: true };
    session.state = "DONE";
    return { fault: "not_allowed_in_current_state" };
  });
  await client.upload({ itemId: "item", files: [file("a.txt", "x")] }).result;
  assert.equal(completes, 2);
});

test("complete that is refused is an error at once, and the session is ended", async (t) => {
  let completes = 0;
  const { client, session } = await rig(t, ({ operation }) => {
    if (operation !== "updateSession.complete") return undefined;
    completes += 1;
    return { fault: "not_allowed_in_current_state", text: "Not received." };
  });
  await assert.rejects(client.upload({ itemId: "item", files: [file("a.txt", "x")] }).result, {
    class: "not_allowed_in_current_state",
  });
  assert.equal(completes, 1);
  assert.deepEqual(session, { state: "ERROR", failure: "Not received." });
});

test("a session that ended as canceled while complete was lost is an error that says so", async (t) => {
  const { client, session } = await rig(t, ({ operation }) => {
    if (operation !== "updateSession.complete") return undefined;
    session.state = "CANCELED";
    return { cut: true };
  });
  await assert.rejects(client.upload({ itemId: "item", files: [file("a.txt", "x")] }).result, {
    name: "ProtocolError",
    message: "The update session ended as CANCELED.",
  });
});

test("an abort cuts the bytes, fails the session, and is an AbortedError", async (t) => {
  const arrived = Promise.withResolvers<void>();
  const { client, session } = await rig(t, undefined, () => arrived.resolve());
  const upload = client.upload({ itemId: "item", files: [file("a.txt", "x")] });
  await arrived.promise;
  upload.abort();
  await assert.rejects(upload.result, AbortedError);
  assert.deepEqual(session, { state: "ERROR", failure: "The client gave the upload up." });
});

test("an abort while the session is being created ends the session that may have been made", async (t) => {
  const abort = new AbortController();
  const tokens: unknown[] = [];
  const { client, session } = await rig(t, ({ operation, input }) => {
    if (operation !== "updateSession.create") return undefined;
    tokens.push(input["client_token"]);
    if (tokens.length > 1) return undefined;
    queueMicrotask(() => abort.abort());
    return { hang: true };
  });
  await assert.rejects(
    client.upload({ itemId: "item", files: [], removeOthers: true, signal: abort.signal }).result,
    AbortedError,
  );
  assert.equal(tokens.length, 2);
  assert.equal(tokens[0], tokens[1]);
  assert.equal(session.state, "ERROR");
});

test("the session is kept alive with its progress while bytes are slow", async (t) => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { client, server, system } = await rig(
    t,
    ({ operation }) => {
      if (operation === "updateSession.keepAlive") queueMicrotask(release.resolve);
      return operation === "updateSessionFile.get"
        ? {
            output: {
              name: "a",
              source_type: "PUSH",
              status: "READY",
              bytes_transferred: 2,
              size: 2,
            },
          }
        : undefined;
    },
    async (request, response) => {
      await buffer(request);
      arrived.resolve();
      await release.promise;
      response.end();
    },
  );
  const source = { ...blobSource(new Blob(["xy"])), sizeBytes: 4 };
  const upload = client.upload({
    itemId: "item",
    files: [
      {
        name: "a",
        source: {
          ...source,
          send: async (request) => {
            request.onProgress(3);
            return await source.send(request);
          },
        },
      },
    ],
  });
  await arrived.promise;
  system.advance(60_000);
  await upload.result;
  const beats = server.requests.filter(({ operation }) => operation === "updateSession.keepAlive");
  assert.deepEqual(
    beats.map(({ input }) => input["client_progress"]),
    [75],
  );
});

test("a session the server has ended stops the upload with the server's words", async (t) => {
  const arrived = Promise.withResolvers<void>();
  const { client, system } = await rig(
    t,
    ({ operation }) =>
      operation === "updateSession.keepAlive"
        ? { fault: "not_found", text: "It expired at noon." }
        : undefined,
    () => arrived.resolve(),
  );
  const upload = client.upload({ itemId: "item", files: [file("a.txt", "x")] });
  await arrived.promise;
  system.advance(60_000);
  await assert.rejects(upload.result, {
    name: "LibraryError",
    class: "not_found",
    message: "It expired at noon.",
  });
});

test("with a time to go on for, an upload that does not get on is given up when it is over, and not before", async (t) => {
  for (const [retryForMs, fewest, most] of [
    [60_000, 12, 40],
    [600_000, 120, 300],
  ] as const) {
    let sent = 0;
    const bytes: ByteHandler = (request, response) => {
      sent += 1;
      request.resume().on("end", () => response.writeHead(503).end());
    };
    const { client, system } = await rig(t, undefined, bytes, { retryForMs });
    const startedAt = system.now();
    const files = [file("a.iso", "x")];
    await assert.rejects(client.upload({ itemId: "item", files }).result, { status: 503 });
    assert.ok(sent >= fewest && sent <= most, String(sent));
    assert.ok(system.now() - startedAt >= retryForMs);
  }
});
