import assert from "node:assert/strict";
import { test } from "node:test";
import { readRemoteUrl, REMOTE_URL_CHARACTERS_MAX, toldUrl } from "./remote-url.ts";

test("an address of http or https is served, without its login and its fragment", () => {
  const http = (url: string, login: object | null = null) => ({ kind: "http", url, login });
  const cases: readonly (readonly [string, object])[] = [
    ["https://files.example/a.iso", http("https://files.example/a.iso")],
    ["HTTP://Files.Example:8080", http("http://Files.Example:8080")],
    ["https://files.example/a?b=c#part", http("https://files.example/a?b=c")],
    ["https://[::1]:8443/a", http("https://[::1]:8443/a")],
    [
      "https://ada:p%40ss@files.example/a",
      http("https://files.example/a", { userName: "ada", password: "p@ss" }),
    ],
    [
      "https://ada@files.example/",
      http("https://files.example/", { userName: "ada", password: "" }),
    ],
    [
      "https://a:b:c@d@files.example/",
      http("https://files.example/", { userName: "a", password: "b:c@d" }),
    ],
    ["https://@files.example/", http("https://files.example/")],
    ["https://:@files.example/", http("https://files.example/")],
    ["https://files.example/@path", http("https://files.example/@path")],
    ["https://files.example?user@x", http("https://files.example?user@x")],
  ];
  for (const [text, url] of cases) assert.deepEqual(readRemoteUrl(text), url, text);
  const long = `https://files.example/${"x".repeat(REMOTE_URL_CHARACTERS_MAX - 22)}`;
  assert.equal(readRemoteUrl(long).kind, "http");
});

test("other schemes are told apart", () => {
  for (const [text, scheme] of [
    ["ds:///vmfs/volumes/1/a.iso", "ds"],
    ["file:///etc/passwd", "file"],
    ["FTP://files.example/", "ftp"],
  ] as const)
    assert.deepEqual(readRemoteUrl(text), { kind: "storage", scheme }, text);
});

test("what is no address says why, and never what it was", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["", /empty/],
    ["files.example/a.iso", /does not begin with a scheme/],
    ["https://", /names no host/],
    ["https:///a.iso", /names no host/],
    ["https://ada:sesame@", /names no host/],
    ["https://files.example:0/", /port/],
    ["https://files.example:65536/", /port/],
    ["https://files.example/a b", /characters/],
    ["https://files.example\\@evil.example/", /characters/],
    ["https://files.example/%zz", /characters/],
    ["https://files.example/\n", /characters/],
    ["https://%ff:sesame@files.example/", /UTF-8/],
    [`https://files.example/${"x".repeat(REMOTE_URL_CHARACTERS_MAX)}`, /longer than 8000/],
  ];
  for (const [text, reason] of cases) {
    const url = readRemoteUrl(text);
    assert.ok(url.kind === "invalid", text);
    assert.match(url.reason, reason);
    assert.doesNotMatch(url.reason, /sesame/);
  }
});

test("what is repeated of an address holds no login and nothing that signs it", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["https://ada:sesame@files.example/a@b?key=sesame#sesame", "https://files.example/a@b"],
    ["https://files.example/a@b", "https://files.example/a@b"],
    ["ftp://ada:sesame@files.example/a", "ftp://files.example/a"],
    ["ftp:ada:sesame@files.example", "files.example"],
    ["//ada:sesame@files.example/a", "//files.example/a"],
    ["ada:sesame@files.example", "files.example"],
    [" https://ada:sesame@files.example", " https://files.example"],
    ["https:\\\\ada:sesame@files.example", "https:\\\\files.example"],
    ["https://ada:ses/ame@files.example/a", "https://files.example/a"],
    ["https://ada:ses?ame@files.example/a", "https://files.example/a"],
    ["https://ada:ses#ame@files.example/a", "https://files.example/a"],
    ["https://ada:ses@ame@:99999/", "https://:99999/"],
    ["no address", "no address"],
    ["", ""],
  ];
  for (const [text, told] of cases) assert.equal(toldUrl(text), told, text);
  const long = `https://ada:${"sesame".repeat(REMOTE_URL_CHARACTERS_MAX)}@files.example/a`;
  assert.equal(toldUrl(long), "https://files.example/a");
});

test("a text of a whole body costs milliseconds, whatever it is made of", () => {
  const size = 1024 * 1024;
  for (const piece of ["/", "\\", " ", "@", "a", "a:", "?", "%", "https://", "//@"])
    for (const end of ["", "@", "@files.example/", "\n"]) {
      const text = piece.repeat(size / piece.length) + end;
      const before = process.cpuUsage();
      const told = toldUrl(text);
      const { user, system } = process.cpuUsage(before);
      assert.ok(user + system < 500_000, `${piece} ${user + system} us`);
      assert.ok(told.length <= 2 * REMOTE_URL_CHARACTERS_MAX, piece);
    }
});
