import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultClass } from "@contentlib/contract/vocabulary";
import {
  AbortedError,
  ConnectionError,
  DigestMismatchError,
  LibraryError,
  ProtocolError,
  TimeoutError,
} from "./errors.ts";
import { PushError, pushErrorOf } from "./push-error.ts";

const refusal = (faultClass: FaultClass, id = "x"): LibraryError =>
  new LibraryError(
    {
      class: faultClass,
      messages: [{ id, default_message: "No.", args: ["a"] }],
      status: 400,
    },
    { requestId: "request-7" },
  );

const cases: readonly (readonly [string, Error, boolean])[] = [
  ["aborted", new AbortedError("x", {}), true],
  ["busy", refusal("resource_busy"), false],
  ["connection", new ConnectionError("x", {}), true],
  ["connection", refusal("service_unavailable"), true],
  ["digest_mismatch", new DigestMismatchError("x", {}), false],
  ["digest_mismatch", refusal("invalid_argument", "contentlib.transfer.checksum_mismatch"), false],
  ["digest_mismatch", refusal("invalid_argument", "contentlib.transfer.size_mismatch"), false],
  ["not_found", refusal("not_found"), false],
  ["protocol", new ProtocolError("x", {}), false],
  ["refused", refusal("unable_to_allocate_resource"), false],
  ["session_ended", refusal("not_found", "contentlib.update_session.expired"), true],
  ["session_ended", refusal("not_found", "contentlib.update_session.not_found"), true],
  [
    "session_ended",
    refusal("not_allowed_in_current_state", "contentlib.update_session.invalid_state"),
    true,
  ],
  [
    "session_ended",
    refusal("not_allowed_in_current_state", "contentlib.transfer.session_ended"),
    true,
  ],
  ["source", new Error("EIO"), false],
  ["superseded", refusal("not_allowed_in_current_state", "contentlib.transfer.superseded"), false],
  ["timeout", new TimeoutError("x", {}), true],
  ["unauthorized", refusal("unauthorized"), false],
  ["unauthorized", refusal("unauthenticated"), false],
  ["untrusted", new ConnectionError("x", { untrustedOrigin: "https://a" }), false],
];

for (const [code, cause, canGoOn] of cases) {
  const seen = cause instanceof LibraryError ? `${cause.class} ${cause.code}` : cause.name;
  test(`${seen} becomes ${code}, and ${canGoOn ? "can" : "can not"} be gone on with`, () => {
    const error = pushErrorOf(cause);
    assert.deepEqual([error.code, error.canGoOn], [code, canGoOn]);
    assert.equal(error.kind, "push");
    assert.equal(error.message, cause.message);
    assert.equal(error.cause, cause);
  });
}

test("a push error has the server's request id and its own words, and stays itself", () => {
  const error = pushErrorOf(refusal("not_found"));
  assert.equal(error.requestId, "request-7");
  assert.deepEqual(error.detail, [{ id: "x", default_message: "No.", args: ["a"] }]);
  assert.equal(pushErrorOf(error), error);
  assert.deepEqual(new PushError("not_found", "x").detail, []);
});
