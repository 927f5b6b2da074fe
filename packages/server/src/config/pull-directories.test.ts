import assert from "node:assert/strict";
import { test } from "node:test";
import type { Place } from "./config.ts";
import { readConfig } from "./config.ts";
import { parsePullDirectory } from "./pull-directories.ts";

const PLACE: Place = { cloneRoot: null, homeDirectory: "/home/ada", workingDirectory: "/srv" };

const read = (text: string) => {
  const outcome = readConfig({}, ["--pull-directories", text], PLACE);
  return outcome.kind === "config" ? outcome.config.pullDirectories : outcome.sentence;
};

test("a directory has an absolute path, and a name where it stands for a datastore", () => {
  for (const [text, name, path] of [
    ["/srv/isos", null, "/srv/isos"],
    ["/srv/isos/", null, "/srv/isos"],
    ["/srv//a/../isos//", null, "/srv/isos"],
    ["san=/srv/isos", "san", "/srv/isos"],
    ["san 1=/srv/iso=s", "san 1", "/srv/iso=s"],
    ["/srv/a=b", null, "/srv/a=b"],
    ["Datastore-1=/mnt/b c", "Datastore-1", "/mnt/b c"],
  ] as const)
    assert.deepEqual(parsePullDirectory(text), { name, path }, text);
});

test("what is none is refused: all there is, a relative path, and a name that addresses could not have", () => {
  for (const text of [
    "",
    "/",
    "//",
    "san=/",
    "/srv/..",
    "srv",
    "./srv",
    "san=srv",
    "=/srv",
    "a/b=/srv",
    "vmfs=/srv",
    ".=/srv",
    "..=/srv",
    "a=b=/srv",
    "/srv\n",
    "~/isos",
  ])
    assert.equal(parsePullDirectory(text), null, JSON.stringify(text));
});

test("several are joined by commas, none is the default, and no two have one name", () => {
  assert.deepEqual(read("/srv/isos, san=/mnt/san"), [
    { name: null, path: "/srv/isos" },
    { name: "san", path: "/mnt/san" },
  ]);
  assert.deepEqual(read(""), []);
  for (const text of ["san=/a,san=/b", "/srv,", "srv", "/srv,/"])
    assert.match(JSON.stringify(read(text)), /--pull-directories must be directories joined by/);
  const twice = read("/srv/isos,san=/srv/isos,san2=/srv/isos");
  assert.equal(twice.length, 3);
});

test("files that hold secrets are known by all the settings that name one", () => {
  const env = { CONTENTLIB_ADMIN_PASSWORD_FILE: "", CONTENTLIB_PROFILE_FILE: "own.json" };
  const flags = ["--tls-cert", "a.crt", "--tls-key", "/etc/a.key"];
  const outcome = readConfig(env, flags, PLACE);
  assert.ok(outcome.kind === "config");
  assert.deepEqual(outcome.config.secretFiles, ["/srv/own.json", "/etc/a.key"]);
});
