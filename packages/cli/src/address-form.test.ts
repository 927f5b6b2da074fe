import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  idAddress,
  itemAddress,
  libraryAddress,
  parseItemAddress,
  parseLibraryAddress,
} from "./address-form.ts";
import type { AddressPart } from "./address-form.ts";
import { Failure } from "./failure.ts";

const ID = "00000000-0000-4000-8000-0000000000ab";
const named = (name: string): AddressPart => ({ kind: "name", name, maybeId: false });

/** Names the API allows, the awkward ones often. */
const awkward = [
  "a/b",
  "/",
  "a@3",
  "@3",
  "100%",
  "%2F",
  "--help",
  "-",
  " a ",
  "'\"`$(x)",
  "\\",
  ".",
  "..",
  "💿".repeat(80),
  "שלום",
  "\u202eabc",
  "a\u2028b",
  "id:x",
  `ID:${ID}`,
  ID,
];
const names = fc.oneof(
  fc.constantFrom(...awkward),
  fc
    .string({ unit: "binary", minLength: 1, maxLength: 80 })
    .filter((name) => !/\p{Cc}/u.test(name)),
);
const versions = fc.option(fc.integer({ min: 1, max: 1e9 }).map(String));

test("an address made of names means exactly those names", () => {
  fc.assert(
    fc.property(names, names, versions, (library, item, version) => {
      assert.deepEqual(parseLibraryAddress(libraryAddress(library)), named(library));
      assert.deepEqual(parseItemAddress(itemAddress(library, item, version ?? undefined)), [
        { library: named(library), item: named(item), version },
      ]);
    }),
  );
});

test("a slash at the end of a library counts for nothing, so that completed words can be used", () => {
  assert.deepEqual(parseLibraryAddress("images/"), named("images"));
  assert.deepEqual(parseLibraryAddress("images%2F"), named("images/"));
});

test("an address steers no terminal, begins with no dash, and keeps what needs no code", () => {
  assert.equal(itemAddress("team/images", "--a@3"), "team%2Fimages/%2D-a%403");
  assert.equal(libraryAddress("\u202eabc"), "%E2%80%AEabc");
  assert.equal(itemAddress("Ben's images", "über 10", "4"), "Ben's images/über 10@4");
  assert.equal(libraryAddress(ID), `%30${ID.slice(1)}`);
});

test("ids stand alone, in either place, and with a version", () => {
  const id = { kind: "id", id: ID } as const;
  assert.deepEqual(parseLibraryAddress(idAddress(ID.toUpperCase())), id);
  assert.deepEqual(parseItemAddress(idAddress(ID)), [{ library: null, item: id, version: null }]);
  assert.deepEqual(parseItemAddress(`id:${ID}/id:${ID}`), [
    { library: id, item: id, version: null },
  ]);
  assert.deepEqual(parseItemAddress(`id:${ID}@3`)[0], { library: null, item: id, version: "3" });
  assert.deepEqual(parseItemAddress(`id:${ID}/a/b`), [
    { library: id, item: named("a/b"), version: null },
  ]);
  assert.deepEqual(parseItemAddress(`images/${ID}`), [
    {
      library: named("images"),
      item: { kind: "name", name: ID, maybeId: true },
      version: null,
    },
  ]);
});

test("a slash that could be part of a name gives each reading; digits behind an @ are a version", () => {
  const read = (address: string) =>
    parseItemAddress(address).map(({ library, item, version }) => [
      library?.kind === "name" ? library.name : null,
      item?.kind === "name" ? item.name : null,
      version,
    ]);
  assert.deepEqual(read("a/b/c"), [
    ["a", "b/c", null],
    ["a/b", "c", null],
  ]);
  assert.deepEqual(read("a/b@3"), [["a", "b", "3"]]);
  assert.deepEqual(read("a/b%403"), [["a", "b@3", null]]);
  assert.deepEqual(read("a/b@host"), [["a", "b@host", null]]);
  assert.deepEqual(read("a/b@03"), [["a", "b@03", null]]);
});

test("what makes no sense is told with how to write it", () => {
  for (const [address, hint] of [
    ["images/50%", /written %25/],
    ["images/%FF", /written %25/],
    ["id:nope/x", /written %3A/],
    ["images", /LIBRARY\/ITEM/],
    ["/x", /LIBRARY\/ITEM/],
    ["images/", /LIBRARY\/ITEM/],
    ["", /images/],
  ] as const) {
    assert.throws(
      () => parseItemAddress(address),
      (error) => error instanceof Failure && error.exitCode === 2 && hint.test(error.hint ?? ""),
      address,
    );
  }
});
