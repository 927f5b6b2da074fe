import assert from "node:assert/strict";
import { test } from "node:test";
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
