import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemError } from "@contentlib/testkit/faults/file-system-around";

import { PortError } from "../../../ports/port-error.ts";
import { orNullIfAbsent, portErrorOf } from "./file-errors.ts";

describe("portErrorOf", () => {
  for (const [code, kind] of [
    ["ENOSPC", "full"],
    ["EDQUOT", "full"],
    ["ENOENT", "absent"],
    ["EEXIST", "exists"],
    ["EACCES", "denied"],
    ["EROFS", "denied"],
    ["EIO", "unavailable"],
    ["EMFILE", "unavailable"],
  ] as const) {
    it(`says ${kind} for ${code} and keeps the cause`, () => {
      const cause = systemError(code);
      const error = portErrorOf(cause, "It failed.");
      assert.equal(error.kind, kind);
      assert.equal(error.cause, cause);
      assert.equal(error.message, `It failed. (${code})`);
    });
  }

  it("calls a repeat safe only where the caller says so and it may help", () => {
    assert.equal(portErrorOf(systemError("EIO"), "It failed.", "safe").retry, "safe");
    assert.equal(portErrorOf(systemError("EIO"), "It failed.").retry, "never");
    assert.equal(portErrorOf(systemError("ENOSPC"), "It failed.", "safe").retry, "never");
  });

  it("leaves a PortError as it is, and calls what it does not know unavailable", () => {
    const known = new PortError("corrupt", "It is broken.");
    assert.equal(portErrorOf(known, "It failed."), known);
    assert.equal(portErrorOf("a string", "It failed.").kind, "unavailable");
  });
});

describe("orNullIfAbsent", () => {
  it("gives null for what is not there, and throws everything else on", async () => {
    assert.equal(await orNullIfAbsent(Promise.reject(systemError("ENOENT"))), null);
    assert.equal(await orNullIfAbsent(Promise.resolve(5)), 5);
    await assert.rejects(orNullIfAbsent(Promise.reject(systemError("EIO"))), { code: "EIO" });
  });
});
