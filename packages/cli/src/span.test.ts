import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSpan } from "./span.ts";

test("spans have a unit, and end within a day", () => {
  assert.deepEqual(["0s", "30s", "5m", "24h"].map(parseSpan), [0, 30_000, 300_000, 86_400_000]);
  for (const word of ["", "5", "5d", "-1s", "1.5h", "25h", "9999999s"])
    assert.throws(() => parseSpan(word), /span|24h/, word);
});
