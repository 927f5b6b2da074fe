import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isFault } from "@contentlib/contract/vocabulary";
import { messageOf } from "@contentlib/contract/vocabulary";
import type { FaultCode } from "@contentlib/contract/vocabulary";
import { parseSource } from "./parse-source.ts";
import type { SourceWish } from "./parse-source.ts";

const PRINT = "3D:0A:5B:7C:11:F2:9E:4A:66:80:D1:23:45:67:89:AB:CD:EF:01:23";

const parse = (uri: string, more: Partial<SourceWish> = {}) =>
  parseSource(
    { fileName: "a.iso", uri, pin: {}, isStorageOpen: false, ...more },
    { read: () => null },
  );

const refused = (outcome: ReturnType<typeof parse>): { code: FaultCode; text: string } => {
  assert.ok(isFault(outcome));
  return { code: outcome.fault, text: messageOf(outcome).default_message };
};

describe("S58, S100: what a source says", () => {
  test("address and pin are kept, or address and secret", () => {
    const [uri, url] = ["HTTPS://depot.example/a.iso?x=1", "https://depot.example/a.iso?x=1"];
    const pin = { thumbprint: { member: "t", text: PRINT } };
    const digest = PRINT.replaceAll(":", "").toLowerCase();
    assert.deepEqual(parse(uri, { pin }), {
      source: { url, pin: { kind: "thumbprint", digest } },
      login: null,
    });
    assert.deepEqual(parse(uri, { secret: "depot" }), {
      source: { url, secret: "depot" },
      login: null,
    });
  });

  test("S118: a secret is not told to whom its caller vouches for", () => {
    const key = `sha256//${"A".repeat(42)}A=`;
    for (const pin of [
      { thumbprint: { member: "t", text: PRINT } },
      { key: { member: "k", text: key } },
      { authority: { member: "a", text: key } },
    ]) {
      const { code, text } = refused(parse("https://depot.example/a", { pin, secret: "depot" }));
      assert.equal(code, "update_session.invalid_file");
      assert.match(text, /an administrator trust the certificate/);
    }
    const empty = { thumbprint: { member: "t", text: "" } };
    assert.ok(!isFault(parse("https://depot.example/a", { pin: empty, secret: "depot" })));
  });

  test("a login is taken out of the address; an empty secret is none", () => {
    assert.deepEqual(parse("https://ada:ses%20ame@depot.example/a.iso", { secret: "" }), {
      source: { url: "https://depot.example/a.iso" },
      login: { userName: "ada", password: "ses ame" },
    });
  });

  for (const [uri, code] of [
    ["gopher://depot.example/a", "update_session.invalid_file"],
    ["depot.example/a.iso", "update_session.invalid_file"],
    ["https://ada:sesame@:80/", "update_session.invalid_file"],
    ["", "update_session.invalid_file"],
  ] as const) {
    test(`${JSON.stringify(uri)} is refused, and not repeated`, () => {
      const { code: found, text } = refused(parse(uri));
      assert.equal(found, code);
      assert.doesNotMatch(text, /sesame/);
    });
  }

  describe("a file of this machine", () => {
    const uris = ["file:///srv/a%20b.iso", "ds:///vmfs/volumes/san/a.iso?serverId=1"];

    test("is one only where directories are open", () => {
      for (const uri of uris) {
        assert.equal(refused(parse(uri)).code, "update_session.pull_unsupported");
        const outcome = parse(uri, { isStorageOpen: true, secret: "" });
        assert.deepEqual(outcome, { source: { url: uri }, login: null });
      }
    });

    test("shows no certificate, which is not asked for then, and is told no secret", () => {
      const pin = { thumbprint: { member: "t", text: PRINT } };
      for (const uri of uris) {
        assert.deepEqual(parse(uri, { isStorageOpen: true, pin }), {
          source: { url: uri },
          login: null,
        });
        const { code, text } = refused(parse(uri, { isStorageOpen: true, secret: "depot" }));
        assert.equal(code, "update_session.invalid_file");
        assert.match(text, /contentlib_secret/);
      }
    });

    test("has an address that leads no step back", () => {
      for (const uri of ["file:///srv/../etc/passwd", "ds:///san", "file://elsewhere/a"]) {
        const { code, text } = refused(parse(uri, { isStorageOpen: true }));
        assert.equal(code, "update_session.invalid_file");
        assert.doesNotMatch(text, /passwd|elsewhere/);
      }
    });
  });

  test("a wrong pin is refused, and a secret beside a login", () => {
    const pin = { key: { member: "source_endpoint.contentlib_key_pin", text: "x" } };
    assert.equal(refused(parse("https://a.example/", { pin })).code, "request.invalid_member");
    const both = refused(parse("https://ada:sesame@a.example/", { secret: "depot" }));
    assert.equal(both.code, "update_session.invalid_file");
    assert.match(both.text, /one of them/);
    assert.doesNotMatch(both.text, /sesame/);
  });
});
