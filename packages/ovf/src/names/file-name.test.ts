import assert from "node:assert/strict";
import { test } from "node:test";
import { NAME_BYTES_MAX } from "../limits.ts";
import { findingOfName, nameFaultOf } from "./file-name.ts";

const ACCEPTED = [
  "disk1.vmdk",
  "my disk (1).vmdk",
  "nostalgia.OVF",
  "100%.vmdk",
  "a%2Fb.vmdk",
  "Prüfung.iso",
  "見本.vmdk",
  "a..b",
  "~x",
  "console.iso",
  "com.vmdk",
  "COM10.txt",
  "nulls",
  "aux-1.iso",
  "x.000000000",
];

const REFUSED = [
  "",
  ".",
  "..",
  "../x",
  "a/b",
  "/etc/passwd",
  "a\\b",
  "C:disk",
  "a:b",
  "a\u0000b",
  "a\nb",
  "a\u007f",
  "a\u0085",
  " a",
  "a ",
  "a\u00a0",
  ".hidden",
  "a.",
  "CON",
  "con.txt",
  "Nul.tar.gz",
  "COM1",
  "lpt9.iso",
  "COM\u00b2.x",
  "conout$",
  "a\ud800",
];

test("names that products write are accepted", () => {
  for (const name of ACCEPTED) assert.equal(nameFaultOf(name), null, name);
});

test("names that mean a path, a device or nothing visible are refused", () => {
  for (const name of REFUSED) assert.equal(nameFaultOf(name), "refused", JSON.stringify(name));
  const finding = findingOfName("a/b", "x.ova");
  assert.deepEqual(
    [finding?.code, finding?.file, finding?.subject],
    ["name.refused", "x.ova", "a/b"],
  );
});

test("a name is measured in bytes of UTF-8, and the longest is accepted", () => {
  const longest = ["n".repeat(NAME_BYTES_MAX), "見".repeat(85), `${"🙂".repeat(63)}abc`];
  for (const name of longest) {
    assert.equal(nameFaultOf(name), null);
    assert.equal(nameFaultOf(`${name}n`), "too_long");
  }
  const finding = findingOfName("見".repeat(86), "x.ova");
  assert.deepEqual(
    [finding?.code, finding?.expected, finding?.actual],
    ["name.too_long", "255", "258"],
  );
  assert.equal(findingOfName("disk.vmdk", "x.ova"), null);
});
