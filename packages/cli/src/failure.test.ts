import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError, LibraryError, PushError } from "@contentlib/client";
import { reportOf } from "./failure.ts";

const SESSION = "0b7f2d3a-5a4e-4f0e-9d0a-3c1f0a9b8c7d";

/** The error of a server that says that the item is busy, with these arguments. */
const busy = (...args: readonly string[]): Error =>
  Object.assign(new Error("Busy."), {
    kind: "library",
    class: "resource_busy",
    code: "contentlib.update_session.exists",
    messages: [{ args }],
    requestId: "1",
  });

test("a busy item's session is named in the commands that show and end it", () => {
  assert.equal(
    reportOf(busy("item", SESSION), false).hint,
    `See it: contentlib session show ${SESSION}; end it: contentlib session cancel ${SESSION}`,
  );
});

test("a server puts nothing but an id into a command that people paste", () => {
  for (const arg of [`${SESSION};reboot`, `${SESSION}\nreboot`, "01234567-$(reboot)", "`reboot`"])
    assert.equal(
      reportOf(busy("item", arg), false).hint,
      "See whose it is: contentlib session ls",
      arg,
    );
});

test("a gateway that has no answer of the server is a matter of the connection", () => {
  const error = new GatewayError("The gateway at https://h answered 502 Bad Gateway.", {
    status: 502,
  });
  const { exitCode, message, hint } = reportOf(error, false);
  assert.deepEqual([exitCode, message], [6, error.message]);
  assert.match(hint ?? "", /behind the gateway/);
});

test("what can not be sent is a line that makes no sense, and a refusal names its file", () => {
  const invalid = new PushError("invalid", "Two of the files are called a.iso.", {
    fileName: "a.iso",
  });
  assert.deepEqual(reportOf(invalid, false), {
    exitCode: 2,
    message: "Two of the files are called a.iso.",
    fileName: "a.iso",
  });
  const cause = new LibraryError({ class: "invalid_argument", messages: [], status: 400 });
  const refusal = Object.defineProperty(cause, "fileName", { value: "b.iso" });
  const report = reportOf(refusal, false);
  assert.deepEqual([report.exitCode, report.fileName], [4, "b.iso"]);
  assert.match(report.message, /^b\.iso: The server refused/);
  assert.equal(reportOf(new PushError("source", "x"), false).exitCode, 1);
});
