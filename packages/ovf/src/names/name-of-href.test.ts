import assert from "node:assert/strict";
import { test } from "node:test";
import { type HrefMeaning, nameOfHref } from "./name-of-href.ts";

const named = (name: string): HrefMeaning => ({ kind: "name", name });

test("an href is decoded once and composed", () => {
  for (const [href, name] of [
    ["disk1.vmdk", "disk1.vmdk"],
    ["./disk1.vmdk", "disk1.vmdk"],
    ["my%20disk.vmdk", "my disk.vmdk"],
    ["a%2525.vmdk", "a%25.vmdk"],
    ["Pru%CC%88fung.iso", "Prüfung.iso"],
    ["Pru\u0308fung.iso", "Prüfung.iso"],
    ["a?b#c.vmdk", "a?b#c.vmdk"],
  ] as const)
    assert.deepEqual(nameOfHref(href), named(name), href);
});

test("what is not encoded is taken as it is written", () => {
  for (const href of ["my disk.vmdk", "100%.vmdk", "a%zz.vmdk", "%FF.vmdk", "50%25%.vmdk"])
    assert.deepEqual(nameOfHref(href), named(href), href);
});

test("addresses are remote", () => {
  for (const href of [
    "http://example.org/disk.vmdk",
    "HTTPS://example.org/x",
    "file:///etc/passwd",
    "file:/etc/passwd",
    "//example.org/x",
    "s3://bucket/x",
    "data:,x",
  ])
    assert.deepEqual(nameOfHref(href), { kind: "remote" }, href);
});

test("paths and names that are not acceptable are refused, encoded or not", () => {
  for (const href of [
    "../disk.vmdk",
    "..%2fdisk.vmdk",
    "%2e%2e",
    "sub/disk.vmdk",
    "sub%5Cdisk.vmdk",
    "\\\\server\\share\\disk.vmdk",
    "/disk.vmdk",
    "C:\\disk.vmdk",
    "./../x",
    "a%00b",
    "CON.vmdk",
    "%20x",
    "n".repeat(256),
  ])
    assert.deepEqual(nameOfHref(href), { kind: "refused" }, href);
});
