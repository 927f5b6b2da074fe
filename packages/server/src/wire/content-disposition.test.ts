import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { attachmentOf } from "./content-disposition.ts";

test("no name breaks out of the header, and every name is told exactly", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const header = attachmentOf(name);
      const parts =
        /^attachment; filename="([ !#-[\]-~]*)"; filename\*=UTF-8''([A-Za-z0-9!._~%-]*)$/.exec(
          header,
        );
      assert.notEqual(parts, null, header);
      assert.equal(decodeURIComponent(parts?.[2] ?? ""), name.toWellFormed());
    }),
  );
});
