import assert from "node:assert/strict";
import { test } from "node:test";
import { addressBytes, parseCertificateName } from "./certificate-name.ts";

test("a name has one spelling", () => {
  for (const [text, expected] of [
    ["Lib.Example", "lib.example"],
    ["build_host", "build_host"],
    ["127.0.0.1", "127.0.0.1"],
    ["[::1]", "::1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["FD00::0A", "fd00::a"],
    ["::ffff:10.0.0.1", "::ffff:a00:1"],
  ] as const)
    assert.equal(parseCertificateName(text), expected);
});

test("what no certificate can be for is no name", () => {
  for (const text of [
    "",
    "*.lib.example",
    "a..b",
    "-a",
    "a b",
    "fe80::1%eth0",
    `${"a".repeat(64)}`,
  ])
    assert.equal(parseCertificateName(text), null, text);
  assert.equal(parseCertificateName(`${"a.".repeat(127)}a`), null);
});

test("an address has 4 bytes or 16", () => {
  assert.deepEqual([...addressBytes("10.0.0.255")], [10, 0, 0, 255]);
  assert.deepEqual([...addressBytes("::1")], [...Array.from({ length: 15 }, () => 0), 1]);
  assert.deepEqual(
    [...addressBytes("::")],
    Array.from({ length: 16 }, () => 0),
  );
  assert.equal(
    Buffer.from(addressBytes("fd00:1:2::a00:1")).toString("hex"),
    "fd0000010002000000000000" + "0a000001",
  );
  assert.equal(
    Buffer.from(addressBytes("2001:db8:1:2:3:4:5:6")).toString("hex"),
    "20010db8000100020003000400050006",
  );
});
