import assert from "node:assert/strict";
import { test } from "node:test";
import type { FenceRefusal, FenceRule, NetworkFence } from "./network-fence.ts";
import { judgeAddress, judgeHost } from "./network-fence.ts";

const CLOSED: NetworkFence = { deny: [], allow: [] };
const OWN = ["192.168.7.7", "2001:db8::7", "fe80::7%eth0"];

const network = (text: string, ports: FenceRule["ports"] = null): FenceRule => {
  const [address = "", bits] = text.split("/");
  return { kind: "network", address, bits: Number(bits ?? 32), ports };
};
const named = (pattern: string, ports: FenceRule["ports"] = null): FenceRule => ({
  kind: "host",
  pattern,
  ports,
});

const judge = (
  address: string,
  fence: NetworkFence = CLOSED,
  place = { host: "files.example", port: 443 },
): FenceRefusal | null => judgeAddress(fence, place, { address, ownAddresses: OWN });

/** Of each class what is refused, and the nearest that is not. */
const CLASSES: readonly (readonly [FenceRefusal, refused: string[], open: string[]])[] = [
  [
    "loopback",
    ["127.0.0.0", "127.0.0.1", "127.255.255.255", "::1"],
    ["126.255.255.255", "128.0.0.0", "::1:0:0:2"],
  ],
  ["unspecified", ["0.0.0.0", "0.255.255.255", "::"], ["1.0.0.0"]],
  [
    "link-local",
    ["169.254.0.0", "169.254.255.255", "fe80::", "febf:ffff::1", "fe80::1%eth0"],
    ["169.253.255.255", "169.255.0.0", "fec0::1", "fe7f::1"],
  ],
  [
    "multicast",
    ["224.0.0.0", "239.255.255.255", "ff00::", "ff02::1"],
    ["223.255.255.255", "240.0.0.0", "feff::1"],
  ],
  ["broadcast", ["255.255.255.255"], ["255.255.255.254"]],
  [
    "metadata",
    [
      "169.254.169.254",
      "fd00:ec2::254",
      "fd00:ec2::23",
      "fd00:ec2:ffff:ffff:ffff:ffff:ffff:ffff",
      "fd00:42::42",
      "100.100.100.200",
      "192.0.0.192",
      "168.63.129.16",
      "fd20:ce::254",
    ],
    [
      "fd00:ec1::254",
      "fd00:ec3::254",
      "fd00:42::43",
      "100.100.100.201",
      "192.0.0.193",
      "168.63.129.17",
      "fd20:ce::255",
    ],
  ],
  ["own", ["192.168.7.7", "2001:db8::7"], ["192.168.7.8", "2001:db8::8"]],
];

for (const [kind, refused, open] of CLASSES) {
  test(`addresses of the class ${kind} are refused, and those just outside are not`, () => {
    for (const address of refused) assert.equal(judge(address), kind, address);
    for (const address of open) assert.equal(judge(address), null, address);
  });
}

test("private addresses are open, for sources live there", () => {
  for (const address of ["10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "fd12::1"])
    assert.equal(judge(address), null, address);
});

test("what is refused is refused in every spelling, and inside of IPv6", () => {
  const cases: readonly (readonly [string, FenceRefusal])[] = [
    ["::ffff:127.0.0.1", "loopback"],
    ["::ffff:a9fe:a9fe", "metadata"],
    ["[::ffff:0:0]", "unspecified"],
    ["2130706433", "loopback"],
    ["0x7f.1", "loopback"],
    ["0251.0376.0251.0376", "metadata"],
    ["::127.0.0.1", "loopback"],
    ["::ffff:0:127.0.0.1", "loopback"],
    ["64:ff9b::127.0.0.1", "loopback"],
    ["64:ff9b::a9fe:a9fe", "metadata"],
    ["64:ff9b:1::169.254.169.254", "metadata"],
    ["64:ff9b:1::", "unspecified"],
    ["64:ff9b:1:7f00:0:100::", "loopback"],
    ["64:ff9b:1:7f:0:1::", "loopback"],
    ["64:ff9b:1:0:7f:0:100:0", "loopback"],
    ["2002:7f00:1::", "loopback"],
    ["2002:a9fe:a9fe::1", "metadata"],
    ["2001:0:7f00:1::", "loopback"],
    ["2001:0:808:808:0:0:80ff:fffe", "loopback"],
    ["fd00::5efe:127.0.0.1", "loopback"],
    ["fd00::200:5efe:127.0.0.1", "loopback"],
    ["64:ff9b::192.168.7.7", "own"],
  ];
  for (const [address, refusal] of cases) assert.equal(judge(address), refusal, address);
  for (const address of [
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::8.8.8.8",
    "64:ff9b:2::127.0.0.1",
    "2003:7f00:1::",
    "2001:1:7f00:1::",
    "fd00::5eff:127.0.0.1",
    "::ffff:8.8.8.8",
  ])
    assert.equal(judge(address), null, address);
});

test("what no resolver should say is refused", () => {
  assert.equal(judge("localhost"), "unspecified");
  assert.equal(judge(""), "unspecified");
});

test("what is allowed is open, as far as the entry goes", () => {
  const allow = [network("127.0.0.1"), network("169.254.169.254", { from: 80, to: 81 })];
  const fence = { deny: [], allow };
  assert.equal(judge("127.0.0.1", fence), null);
  assert.equal(judge("127.0.0.2", fence), "loopback");
  assert.equal(judge("::ffff:127.0.0.1", fence), null);
  assert.equal(judge("64:ff9b::127.0.0.1", fence), null);
  const on = (port: number) => judge("169.254.169.254", fence, { host: "x.example", port });
  assert.deepEqual([79, 80, 81, 82].map(on), ["metadata", null, null, "metadata"]);
  assert.equal(judge("192.168.7.7", { deny: [], allow: [network("192.168.7.0/24")] }), null);
  const all = { deny: [], allow: [network("::ffff:127.0.0.0/104"), network("::1/128")] };
  assert.equal(judge("127.9.9.9", all), null);
  assert.equal(judge("::1", all), null);
  assert.equal(judge("128.0.0.1", { deny: all.allow, allow: [] }), null);
});

test("a network opens no metadata service in it, and a rule for the one address does", () => {
  const cases = [
    ["0.0.0.0/0", "169.254.169.254", "169.254.169.254"],
    ["169.254.0.0/16", "169.254.169.254", "169.254.169.254"],
    ["169.254.169.254/31", "169.254.169.254", "::ffff:169.254.169.254/128"],
    ["::ffff:169.254.0.0/112", "169.254.169.254", "169.254.169.254/32"],
    ["100.64.0.0/10", "100.100.100.200", "100.100.100.200"],
    ["fd00::/8", "fd00:ec2::254", "fd00:ec2::254/128"],
    ["fd00:ec2::254/127", "fd00:ec2::254", "fd00:ec2::254/128"],
    ["0.0.0.0/0", "64:ff9b::a9fe:a9fe", "169.254.169.254"],
  ] as const;
  for (const [wide, address, single] of cases) {
    assert.equal(judge(address, { deny: [], allow: [network(wide)] }), "metadata", wide);
    assert.equal(judge(address, { deny: [], allow: [network(single)] }), null, single);
  }
  assert.equal(judge("169.254.1.1", { deny: [], allow: [network("169.254.0.0/16")] }), null);
});

test("a name opens loopback and own addresses, and never those that its owner might lead to", () => {
  const fence = { deny: [], allow: [named("files.example")] };
  assert.equal(judge("127.0.0.1", fence), null);
  assert.equal(judge("192.168.7.7", fence), null);
  for (const [kind, refused] of CLASSES.filter(([one]) => one !== "loopback" && one !== "own"))
    assert.equal(judge(refused[0] ?? "", fence), kind);
  assert.equal(judge("127.0.0.1", fence, { host: "other.example", port: 443 }), "loopback");
});

test("names are compared whole, below a star, without case and without a dot at the end", () => {
  const at = (pattern: string, host: string): FenceRefusal | null =>
    judgeHost({ deny: [named(pattern)], allow: [] }, { host, port: 443 });
  const cases: readonly (readonly [pattern: string, host: string, fits: boolean])[] = [
    ["a.example", "A.Example", true],
    ["a.example", "a.example.", true],
    ["a.example", "a.example..", true],
    ["*.example", "a.example...", true],
    ["a.example", "b.a.example", false],
    ["*.example", "a.b.example", true],
    ["*.example", "example", false],
    ["*.example", "aexample", false],
    ["*", "anything", true],
    ["*", "10.0.0.1", true],
    ["*.1", "10.0.0.1", false],
  ];
  for (const [pattern, host, fits] of cases)
    assert.equal(at(pattern, host), fits ? "denied" : null, `${pattern} ${host}`);
});

test("what is denied wins over what is allowed, by name, network and port", () => {
  const everything = [named("*"), network("0.0.0.0/0")];
  const fence = {
    deny: [network("10.0.0.0/8"), named("*.bad.example"), named("*", { from: 25, to: 25 })],
    allow: everything,
  };
  assert.equal(judge("10.9.9.9", fence), "denied");
  assert.equal(judge("64:ff9b::10.9.9.9", fence), "denied");
  assert.equal(judge("11.0.0.0", fence), null);
  assert.equal(judge("8.8.8.8", fence, { host: "x.bad.example", port: 443 }), "denied");
  assert.equal(judge("8.8.8.8", fence, { host: "good.example", port: 25 }), "denied");
  assert.equal(judge("127.0.0.1", fence), null);
  assert.equal(judgeHost(fence, { host: "good.example", port: 443 }), null);
});
