import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readSubscriptionUrl } from "./subscription-url.ts";

describe("the address of a publisher", () => {
  for (const [text, origin] of [
    ["http://example.com/lib.json", "http://example.com:80"],
    ["HTTPS://Example.COM/cls/vcsp/lib/1/lib.json?a=b#c", "https://example.com:443"],
    ["https://host:8443", "https://host:8443"],
    ["https://[2001:db8::1]:443/lib%20one.json", "https://[2001:db8::1]:443"],
    ["http://10.0.0.1:65535/x", "http://10.0.0.1:65535"],
  ] as const) {
    test(`${text} can be followed`, () =>
      assert.deepEqual(readSubscriptionUrl(text), { kind: "http", origin }));
  }

  for (const [text, scheme] of [
    ["ds:///vmfs/volumes/1/lib/lib.json", "ds"],
    ["NFS://server/path/lib.json?version=4", "nfs"],
    ["smb://server/share/lib.json", "smb"],
    ["file:///mnt/lib.json", "file"],
  ] as const) {
    test(`${text} lies on storage`, () =>
      assert.deepEqual(readSubscriptionUrl(text), { kind: "storage", scheme }));
  }

  for (const [text, reason] of [
    ["", "empty"],
    [`http://host/${"x".repeat(2000)}`, "longer"],
    ["http://host/a b", "characters"],
    ["http://host/\n", "characters"],
    ["http://höst/", "characters"],
    ["http://host/100%", "characters"],
    ["example.com/lib.json", "scheme"],
    ["//host/lib.json", "scheme"],
    ["ftp://host/lib.json", "scheme is not one of"],
    ["http:", "host"],
    ["http:///lib.json", "host"],
    ["http://-host-/", "host"],
    ["http://host:port/", "host"],
    ["http://host:0/", "port"],
    ["http://host:65536/", "port"],
    ["https://me:secret@host/lib.json", "login"],
  ] as const) {
    test(`${JSON.stringify(text.slice(0, 40))} is refused for its ${reason}`, () => {
      const url = readSubscriptionUrl(text);
      assert.ok(url.kind === "invalid");
      assert.match(url.reason, new RegExp(reason));
      assert.doesNotMatch(url.reason, /secret/);
    });
  }
});
