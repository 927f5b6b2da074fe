import assert from "node:assert/strict";
import { test } from "node:test";
import { clientErrorMessage } from "./client-error-message.ts";

test("S46: the client's words stand as they are", () => {
  assert.deepEqual(clientErrorMessage("disk read error on {0}", "update_session"), {
    id: "contentlib.update_session.failed_by_client",
    default_message: "disk read error on {0}",
    args: [],
  });
});

test("S47: without words a standard text stands", () => {
  assert.equal(
    clientErrorMessage(undefined, "update_session").default_message,
    "Failed by the client.",
  );
  assert.equal(clientErrorMessage("", "download_session").default_message, "Failed by the client.");
});

test("S47: too many words are cut between characters, never inside one", () => {
  const text = clientErrorMessage("💥".repeat(5000), "update_session").default_message;
  assert.equal(text, "💥".repeat(4000));
  assert.equal(clientErrorMessage("x".repeat(4000), "update_session").default_message.length, 4000);
});

test("S47: half a character becomes a replacement character", () => {
  assert.equal(clientErrorMessage("a\ud800", "update_session").default_message, "a\ufffd");
});
