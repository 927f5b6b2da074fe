import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromBase64, toBase64 } from "./base64.ts";
import { textOfBytes } from "./text-of-bytes.ts";

test("bytes go into Base64 and come back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      assert.equal(toBase64(bytes), Buffer.from(bytes).toString("base64"));
      assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
    }),
  );
  assert.deepEqual(fromBase64(" AQ\r\nID\n"), Uint8Array.of(1, 2, 3));
  for (const text of ["A", "AQ!D", "AQ=ID"]) assert.equal(fromBase64(text), null);
});

test("text is UTF-8 where it can be, else each byte is a character", () => {
  assert.equal(textOfBytes(Buffer.from("größe")), "größe");
  assert.equal(textOfBytes(Buffer.from("größe\u0080", "latin1")), "größe\u0080");
});
