import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { startStandIn } from "@contentlib/testkit/client/stand-in-server";
import { createClient } from "./client.ts";
import { blobSource, streamSource } from "./upload-source.ts";
import type { UploadSource } from "./upload-source.ts";

/** A server of another make, which never tells how a transfer stands; answers what its endpoint was shown as login. */
async function upload(t: TestContext, source: UploadSource) {
  const shown: unknown[] = [];
  let state = "ACTIVE";
  const server = await startStandIn(
    ({ operation }, url) => {
      if (operation === "updateSession.complete") state = "DONE";
      const waiting = {
        name: "a",
        source_type: "PUSH",
        status: "WAITING_FOR_TRANSFER",
        bytes_transferred: 0,
        upload_endpoint: { uri: `${url}/bytes/a` },
      };
      switch (operation) {
        case "login.create":
          return { output: "login" };
        case "updateSession.create":
          return { output: "S" };
        case "updateSession.get":
          return { output: { state, expiration_time: new Date(300_000).toISOString() } };
        default:
          return { output: waiting };
      }
    },
    (request, response) => {
      shown.push(request.headers["vmware-api-session-id"]);
      request.resume().on("end", () => response.end());
    },
  );
  t.after(server.close);
  const client = createClient({ url: server.url, token: "t", system: manualSystem(0) });
  const { files } = await client.upload({ itemId: "I", files: [{ name: "a", source }] }).result;
  return { files, shown };
}

test("a file that waits although its bytes were taken is there, at another make of server", async (t) => {
  const { files, shown } = await upload(t, blobSource(new Blob(["hello"])));
  assert.deepEqual(files, [{ name: "a", sizeBytes: 5, checksum: undefined }]);
  assert.deepEqual(shown, ["login"], "its endpoint asks for the login");
});

test("of a stream it has the size that was sent", async (t) => {
  const { files } = await upload(t, streamSource(new Blob(["hello!"]).stream()));
  assert.equal(files[0]?.sizeBytes, 6);
});
