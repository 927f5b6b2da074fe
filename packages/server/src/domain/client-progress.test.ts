import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import fc from "fast-check";
import { parseClientProgress, raiseClientProgress } from "./client-progress.ts";

describe("client progress", () => {
  for (const [given, value] of [
    [0, 0],
    [100, 100],
    [37, 37],
    ["60", 60],
    ["007", 7],
    ["+5", 5],
    ["-0", 0],
  ] as const) {
    test(`S25: ${JSON.stringify(given)} is ${value}`, () =>
      assert.ok(parseClientProgress(given) === value));
  }

  for (const given of [
    -1,
    101,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "",
    " 5",
    "5.0",
    "1e2",
    "half",
    "101",
    "-1",
    "٣",
  ]) {
    test(`S25: ${JSON.stringify(given)} is refused, and told`, () => {
      assert.deepEqual(
        parseClientProgress(given),
        faultOf("client_progress.invalid", String(given)),
      );
    });
  }

  test("S25: a long nonsense is told in part", () => {
    const fault = parseClientProgress("9".repeat(1000));
    assert.ok(isFault(fault));
    assert.equal(fault.args[0]?.length, 40);
  });

  test("S23, S24: it rises to a greater value and stays with an equal, a smaller or none", () => {
    assert.equal(raiseClientProgress(40, 60), 60);
    assert.equal(raiseClientProgress(40, 40), 40);
    assert.equal(raiseClientProgress(40, "10"), 40);
    assert.equal(raiseClientProgress(40, undefined), 40);
  });

  test("S25 law: whatever is given, it is a fault, or a whole number from the present value to 100", () => {
    const anything = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.integer().map(String));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), anything, (present, given) => {
        const next = raiseClientProgress(present, given);
        if (isFault(next)) return;
        assert.ok(Number.isInteger(next) && next >= present && next <= 100);
      }),
    );
  });
});
