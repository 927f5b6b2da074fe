import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PortError } from "../../../ports/port-error.ts";
import { carryError, revealError } from "./calls.ts";
import { isDiskFailure, portErrorOf } from "./sqlite-errors.ts";

const sqliteError = (errcode: number): Error =>
  Object.assign(new Error("from SQLite"), { code: "ERR_SQLITE_ERROR", errcode });

const IOERR_FSYNC = 10 | (4 << 8);

describe("errors of SQLite", () => {
  test("tell of the world by the kinds of the port, extended codes like plain ones", () => {
    const kinds = {
      5: "unavailable",
      8: "denied",
      11: "corrupt",
      13: "full",
      26: "corrupt",
      [IOERR_FSYNC]: "unavailable",
    };
    for (const [code, kind] of Object.entries(kinds)) {
      const cause = sqliteError(Number(code));
      const error = portErrorOf(cause);
      assert.ok(error instanceof PortError);
      assert.deepEqual([error.kind, error.cause], [kind, cause]);
    }
  });

  test("only a lock of another is worth another try", () => {
    const retryOf = (code: number): unknown => (portErrorOf(sqliteError(code)) as PortError).retry;
    assert.deepEqual([5, 6, 10, 13].map(retryOf), ["safe", "safe", "never", "never"]);
  });

  test("a mistake in a statement stays what it is", () => {
    for (const error of [sqliteError(1), sqliteError(19 | (5 << 8)), new TypeError("no"), "text"]) {
      assert.equal(portErrorOf(error), error);
    }
  });

  test("a failing disk is told from a full one", () => {
    assert.equal(isDiskFailure(portErrorOf(sqliteError(IOERR_FSYNC))), true);
    assert.equal(isDiskFailure(portErrorOf(sqliteError(13))), false);
    assert.equal(isDiskFailure(new Error("no")), false);
  });

  test("keep kind, sentence and cause on the way out of a worker", () => {
    const error = portErrorOf(sqliteError(13));
    const revealed = revealError(structuredClone(carryError(error)));
    assert.ok(error instanceof PortError && revealed instanceof PortError);
    assert.deepEqual(
      [revealed.kind, revealed.retry, revealed.message],
      [error.kind, error.retry, error.message],
    );
    assert.match(String(revealed.cause), /from SQLite/);
    const bug = revealError(structuredClone(carryError(new TypeError("a slip"))));
    assert.ok(!(bug instanceof PortError));
    assert.match(bug.message, /a slip/);
  });
});
