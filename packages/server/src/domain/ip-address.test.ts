import assert from "node:assert/strict";
import { test } from "node:test";
import { isInNetwork, parseHostAddress, parseIpAddress } from "./ip-address.ts";

const read = (text: string): string | undefined => parseHostAddress(text)?.join(".");

test("an IPv4 address is read in every spelling that a resolver takes", () => {
  for (const spelling of [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0X7F.1",
    "0177.0.0.01",
    "017700000001",
    "0x7f.0.0x0.1",
    "::ffff:127.0.0.1",
    "[::FFFF:7f00:1]",
    "::ffff:127.0.0.1%lo",
  ])
    assert.equal(read(spelling), "127.0.0.1", spelling);
  assert.equal(read("0x"), "0.0.0.0");
  assert.equal(read("0"), "0.0.0.0");
  assert.equal(read("255.255.255.255"), "255.255.255.255");
  assert.equal(read("4294967295"), "255.255.255.255");
});

test("an IPv6 address is read with brackets and zones, and with IPv4 at its end", () => {
  const [bytes, zoned, mixed] = ["[fe80::1:2]", "fe80::1:2%eth0", "64:ff9b::10.0.0.1"].map(
    (text) => parseHostAddress(text) ?? [],
  );
  assert.deepEqual(bytes, [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2]);
  assert.deepEqual(zoned, bytes);
  assert.deepEqual(mixed?.slice(0, 4), [0, 0x64, 0xff, 0x9b]);
  assert.deepEqual(mixed?.slice(12), [10, 0, 0, 1]);
  assert.deepEqual(parseIpAddress("::"), Array(16).fill(0));
});

test("what is no address is a name", () => {
  for (const name of [
    "",
    ".",
    "localhost",
    "256.1.1.1",
    "1.2.3.4.5",
    "1..1",
    "4294967296",
    "0x100000000",
    "09.0.0.1",
    "1.16777216",
    "a.1",
    "[::1",
    "::1::",
  ])
    assert.equal(parseHostAddress(name), null, name);
});

test("the standard spellings alone are what a socket says", () => {
  assert.equal(parseIpAddress("127.1"), null);
  assert.equal(parseIpAddress("[::1]"), null);
  assert.deepEqual(parseIpAddress("10.0.0.7"), [10, 0, 0, 7]);
});

test("a network has the addresses that begin with its bits", () => {
  const [inside, outside] = [parseIpAddress("172.31.255.255"), parseIpAddress("172.32.0.0")];
  const network = parseIpAddress("172.16.0.0");
  assert.ok(inside !== null && outside !== null && network !== null);
  assert.equal(isInNetwork(inside, network, 12), true);
  assert.equal(isInNetwork(outside, network, 12), false);
  assert.equal(isInNetwork(outside, network, 0), true);
  assert.equal(isInNetwork(network, network, 32), true);
  assert.equal(isInNetwork(parseIpAddress("::") ?? [], network, 0), false);
});
