import assert from "node:assert/strict";
import { test } from "node:test";
import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import { DATASTORE_ID_CHARACTERS_MAX } from "./names.ts";
import { chooseStorageBackings } from "./storage-backing.ts";
import type { StorageBackingWish } from "./storage-backing.ts";

const onDatastore = (datastoreId: string): readonly StorageBackingWish[] => [
  { type: "DATASTORE", datastoreId },
];

const codeOf = (
  wishes: readonly StorageBackingWish[],
  datastores: readonly string[] = [],
): string | null => {
  const outcome = chooseStorageBackings(wishes, datastores);
  return isFault(outcome) ? outcome.fault : null;
};

for (const wishes of [undefined, [], [{ type: "OTHER" }]] as const) {
  test(`${JSON.stringify(wishes) ?? "nothing"} is the default place, whatever datastores there are`, () => {
    for (const datastores of [[], ["datastore-15"]])
      assert.deepEqual(chooseStorageBackings(wishes, datastores), [{ type: "OTHER" }]);
  });
}

test("where no datastores are named every id does, and is kept as told", () => {
  const longest = "\u{1F4BE}".repeat(DATASTORE_ID_CHARACTERS_MAX);
  for (const id of ["datastore-15", " Datastore 15, old ", longest])
    assert.deepEqual(chooseStorageBackings(onDatastore(id), []), onDatastore(id));
});

test("where datastores are named no other id does, not even in another case", () => {
  const datastores = ["datastore-15", "datastore-16"];
  for (const id of datastores)
    assert.deepEqual(chooseStorageBackings(onDatastore(id), datastores), onDatastore(id));
  for (const id of ["datastore-1", "Datastore-15", "datastore-15 "])
    assert.deepEqual(
      chooseStorageBackings(onDatastore(id), datastores),
      faultOf("library.datastore_not_found", id),
    );
});

test("an id that can be none is invalid, also where datastores are named", () => {
  for (const datastores of [[], ["datastore-15"]])
    for (const id of ["", "a\nb", "a\u007f", "\ud800", "x".repeat(DATASTORE_ID_CHARACTERS_MAX + 1)])
      assert.equal(codeOf(onDatastore(id), datastores), "library.invalid_property", id);
});

test("two places are unsupported, and so is one that a URI names", () => {
  const [datastore] = onDatastore("datastore-15");
  assert.ok(datastore);
  for (const wishes of [
    [{ type: "OTHER" }, { type: "OTHER" }],
    [datastore, datastore],
    [{ type: "OTHER", storageUri: "nfs://host/share" }],
  ] as const)
    assert.equal(codeOf(wishes), "library.unsupported");
});

for (const wish of [
  { type: "DATASTORE" },
  { type: "DATASTORE", datastoreId: "d", storageUri: "nfs://host/share" },
  { type: "DATASTORE", storageUri: "nfs://host/share" },
  { type: "OTHER", datastoreId: "d" },
] as const) {
  test(`${JSON.stringify(wish)} contradicts itself, whatever datastores there are`, () => {
    for (const datastores of [[], ["e"]])
      assert.equal(codeOf([wish], datastores), "library.invalid_property");
  });
}
