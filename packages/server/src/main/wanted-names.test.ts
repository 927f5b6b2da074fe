import assert from "node:assert/strict";
import { test } from "node:test";
import { lackingNames, wantedNames, withNames } from "./wanted-names.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };
const EVERYWHERE = { host: "0.0.0.0", port: 0 };

test("a certificate is for the public name first, then what the server listens on, the machine and loopback", () => {
  assert.deepEqual(
    wantedNames({ publicUrl: "https://lib.example:443", listen: EVERYWHERE, hostName: "Build-7" }),
    ["lib.example", "build-7", "localhost", "127.0.0.1", "::1"],
  );
  assert.deepEqual(
    wantedNames({
      publicUrl: "https://[fd00::0:7]:443",
      listen: { host: "10.0.0.7", port: 1 },
      hostName: "localhost",
    }),
    ["fd00::7", "10.0.0.7", "localhost", "127.0.0.1", "::1"],
  );
  assert.deepEqual(
    wantedNames({
      publicUrl: null,
      listen: { host: "127.9.9.9", port: 1 },
      hostName: "no name at all",
    }),
    ["localhost", "127.0.0.1", "::1", "127.9.9.9"],
  );
});

test("the machine's own name is missed only where no public URL says how clients come", () => {
  const sources = { listen: EVERYWHERE, hostName: "3f2a9c" };
  const publicUrl = "https://lib.example:443";
  const present = ["lib.example", "old", "localhost", "127.0.0.1", "::1"];
  assert.deepEqual(lackingNames(present, { ...sources, publicUrl }), []);
  assert.deepEqual(lackingNames(present, { ...sources, publicUrl: null }), ["3f2a9c"]);
  assert.deepEqual(lackingNames(["old"], { ...sources, listen: LOOPBACK, publicUrl }), [
    "lib.example",
    "127.0.0.1",
  ]);
});

test("names are added once, and the ones that were there stay", () => {
  assert.deepEqual(withNames(["old"], ["new", "old", "::"]), [
    "old",
    "new",
    "localhost",
    "127.0.0.1",
    "::1",
  ]);
});
