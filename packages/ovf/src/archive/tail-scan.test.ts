import assert from "node:assert/strict";
import { test } from "node:test";
import { hasNonZero } from "./tail-scan.ts";

test("a byte that is not zero is found wherever it lies, in views that begin anywhere", () => {
  for (let start = 0; start < 5; start += 1)
    for (let length = 0; length < 14; length += 1) {
      const view = new Uint8Array(new ArrayBuffer(32), start, length);
      assert.equal(hasNonZero(view), false);
      for (let at = 0; at < length; at += 1) {
        view[at] = 1;
        assert.equal(hasNonZero(view), true, `${start}, ${length}, ${at}`);
        view[at] = 0;
      }
    }
});
