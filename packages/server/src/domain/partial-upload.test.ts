import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aPushedFile } from "@contentlib/testkit/builders/sessions";
import fc from "fast-check";
import type { AppendRequest } from "./partial-upload.ts";
import { isWhole, lengthOf, refuseAppend } from "./partial-upload.ts";

const file = aPushedFile({ name: "boot.iso" });

const anAppend = (over: Partial<AppendRequest> = {}): AppendRequest => ({
  offsetBytes: 4,
  lengthBytes: null,
  isLast: null,
  contentLengthBytes: null,
  ...over,
});

describe("bytes behind those that are here", () => {
  const cases = [
    { what: "nothing told", length: null, over: {}, refused: null },
    { what: "the length as it is known", length: 10, over: { lengthBytes: 10 }, refused: null },
    { what: "a length for the first time", length: null, over: { lengthBytes: 9 }, refused: null },
    { what: "another length", length: 10, over: { lengthBytes: 9 }, refused: "length" },
    { what: "an offset before the end", length: 10, over: { offsetBytes: 3 }, refused: "offset" },
    { what: "an offset behind the end", length: 10, over: { offsetBytes: 5 }, refused: "offset" },
    {
      what: "another length at a wrong offset: the length can not be mended",
      length: 10,
      over: { lengthBytes: 9, offsetBytes: 5 },
      refused: "length",
    },
    { what: "bytes up to the end", length: 10, over: { contentLengthBytes: 6 }, refused: null },
    { what: "bytes over the end", length: 10, over: { contentLengthBytes: 7 }, refused: "length" },
    {
      what: "bytes over the end that is told with them",
      length: null,
      over: { lengthBytes: 10, contentLengthBytes: 7 },
      refused: "length",
    },
    {
      what: "last bytes that end short",
      length: 10,
      over: { contentLengthBytes: 5, isLast: true },
      refused: "length",
    },
    {
      what: "last bytes that end well",
      length: 10,
      over: { contentLengthBytes: 6, isLast: true },
      refused: null,
    },
    {
      what: "bytes that are not the last and reach the end",
      length: 10,
      over: { contentLengthBytes: 6, isLast: false },
      refused: null,
    },
    {
      what: "a length below the bytes that are here",
      length: null,
      over: { lengthBytes: 3 },
      refused: "length",
    },
    {
      what: "last bytes of no told number",
      length: 10,
      over: { isLast: true },
      refused: null,
    },
    {
      what: "last bytes without any length",
      length: null,
      over: { contentLengthBytes: 5, isLast: true },
      refused: null,
    },
  ] as const;

  for (const { what, length, over, refused } of cases) {
    test(`${what}: ${refused === null ? "let in" : `refused for the ${refused}`}`, () => {
      const fault = refuseAppend(file, { durableBytes: 4, lengthBytes: length }, anAppend(over));
      assert.equal(fault?.fault ?? null, refused === null ? null : `transfer.${refused}_mismatch`);
    });
  }

  test("an offset that does not fit is told with the one that does", () => {
    const fault = refuseAppend(
      file,
      { durableBytes: 4, lengthBytes: null },
      anAppend({ offsetBytes: 7 }),
    );
    assert.deepEqual(fault?.args, ["boot.iso", "4", "7"]);
  });
});

test("a declared size counts before a told length", () => {
  assert.equal(lengthOf(file, null), null);
  assert.equal(lengthOf(file, { lengthBytes: 7 }), 7);
  assert.equal(lengthOf(aPushedFile({ declaredSizeBytes: 9 }), { lengthBytes: 7 }), 9);
});

describe("laws of bytes in pieces", () => {
  const bytes = fc.nat({ max: 20 });
  const maybe = fc.option(bytes, { nil: null });
  const asked = fc.record({
    offsetBytes: bytes,
    lengthBytes: maybe,
    isLast: fc.option(fc.boolean(), { nil: null }),
    contentLengthBytes: maybe,
  });

  test("what is let in begins at the end, and never goes beyond a length that is known", () => {
    fc.assert(
      fc.property(bytes, maybe, asked, (durableBytes, lengthBytes, request) => {
        if (refuseAppend(file, { durableBytes, lengthBytes }, request) !== null) return;
        assert.equal(request.offsetBytes, durableBytes);
        const length = lengthBytes ?? request.lengthBytes;
        if (length === null || request.contentLengthBytes === null) return;
        assert.ok(durableBytes + request.contentLengthBytes <= length);
      }),
    );
  });

  test("a client that asks where it is and sends the rest is always let in, and the file is whole then", () => {
    fc.assert(
      fc.property(bytes, bytes, fc.boolean(), (durableBytes, restBytes, isTold) => {
        const length = durableBytes + restBytes;
        const request = {
          offsetBytes: durableBytes,
          lengthBytes: isTold ? length : null,
          isLast: null,
          contentLengthBytes: restBytes,
        };
        assert.equal(refuseAppend(file, { durableBytes, lengthBytes: length }, request), null);
        assert.ok(isWhole(length, length, null));
      }),
    );
  });

  test("only the last bytes make a file whole whose length nobody knows", () => {
    fc.assert(
      fc.property(bytes, fc.option(fc.boolean(), { nil: null }), (received, isLast) =>
        assert.equal(isWhole(received, null, isLast), isLast === true),
      ),
    );
  });
});
