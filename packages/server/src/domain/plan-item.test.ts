import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import { anItemId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import {
  checkItemDelete,
  checkSubscribedItem,
  itemNameTaken,
  itemSizeBytes,
  planItemCreate,
  planItemUpdate,
} from "./plan-item.ts";
import type { ItemPatch, ItemWish } from "./plan-item.ts";

const NOW = BUILT_AT + 5000;
const library = aLibrary();
const subscribed = aLibrary({ type: "SUBSCRIBED" });

describe("creating an item", () => {
  const id = anItemId();
  const create = (wish: ItemWish, of = library) =>
    planItemCreate({ id, library: of, wish, now: NOW });

  test("it is empty, and its three counters begin at 1", () => {
    assert.deepEqual(create({ name: "debian", type: "iso" }), {
      id,
      libraryId: library.id,
      name: "debian",
      description: "",
      type: "iso",
      createdAt: NOW,
      modifiedAt: NOW,
      version: 1,
      metadataVersion: 1,
      contentVersion: 1,
      files: [],
    });
  });

  test("a name is needed; each text has its rule", () => {
    assert.deepEqual(create({}), faultOf("request.missing_member", "name"));
    assert.deepEqual(create({ name: "" }), faultOf("item.invalid_property", "name", "it is empty"));
    const tooLong = "it has 2001 characters, and at most 2000 are allowed";
    assert.deepEqual(
      create({ name: "a", description: "x".repeat(2001) }),
      faultOf("item.invalid_property", "description", tooLong),
    );
    const control = "it holds the control character U+0000";
    assert.deepEqual(
      create({ name: "a", type: "\0" }),
      faultOf("item.invalid_property", "type", control),
    );
  });

  test("a subscribed library takes no items", () => {
    const fault = faultOf("library.wrong_type", subscribed.id, "SUBSCRIBED", "LOCAL");
    assert.deepEqual(create({ name: "a" }, subscribed), fault);
  });
});

describe("updating an item", () => {
  const item = anItem({
    name: "debian",
    type: "iso",
    version: 2,
    metadataVersion: 2,
    contentVersion: 7,
    files: [anItemFile()],
  });
  const update = (patch: ItemPatch, of = item, inside = library) =>
    planItemUpdate({ item: of, library: inside, patch, now: NOW });

  test("a change moves the two property counters and the time, and no other", () => {
    const expected = { ...item, name: "Debian", version: 3, metadataVersion: 3, modifiedAt: NOW };
    assert.deepEqual(update({ name: "Debian", version: "2" }), expected);
  });

  for (const patch of [{}, { name: "debian" }, { type: "iso", description: "", version: "2" }]) {
    test(`${JSON.stringify(patch)} changes nothing`, () => assert.equal(update(patch), item));
  }

  test("a stale version is refused", () => {
    assert.deepEqual(
      update({ version: "1", name: "b" }),
      faultOf("item.stale_version", item.id, "2", "1"),
    );
  });

  test("the type is fixed while there are files, but for its spelling", () => {
    assert.deepEqual(update({ type: "ovf" }), faultOf("item.type_fixed", item.id, "iso"));
    assert.deepEqual(update({ type: "ISO" }), {
      ...item,
      type: "ISO",
      version: 3,
      metadataVersion: 3,
      modifiedAt: NOW,
    });
    const empty = anItem({ type: "iso" });
    assert.deepEqual(update({ type: "ovf" }, empty), {
      ...empty,
      type: "ovf",
      version: 2,
      metadataVersion: 2,
      modifiedAt: NOW,
    });
  });

  test("an invalid name, and an item of a subscribed library, are refused", () => {
    assert.deepEqual(update({ name: "" }), faultOf("item.invalid_property", "name", "it is empty"));
    const fault = faultOf("library.wrong_type", subscribed.id, "SUBSCRIBED", "LOCAL");
    assert.deepEqual(update({ name: "b" }, item, subscribed), fault);
  });
});

test("the size of an item is the sum of its files", () => {
  assert.equal(itemSizeBytes(anItem()), 0);
  assert.equal(
    itemSizeBytes(anItem({ files: [anItemFile({ sizeBytes: 3 }), anItemFile({ sizeBytes: 4 })] })),
    7,
  );
});

test("a taken name is told with its library", () => {
  const images = aLibrary({ name: "images" });
  const text = `Library images (${images.id}) already has an item named debian.`;
  assert.equal(messageOf(itemNameTaken("debian", images)).default_message, text);
});

test("an item of a local library is its users' to delete, one of a subscribed library its publisher's", () => {
  assert.equal(checkItemDelete(library), null);
  assert.deepEqual(
    checkItemDelete(subscribed),
    faultOf("library.wrong_type", subscribed.id, "SUBSCRIBED", "LOCAL"),
  );
  const item = anItem({ libraryId: library.id });
  assert.equal(checkSubscribedItem(item, subscribed), null);
  assert.deepEqual(
    checkSubscribedItem(item, library),
    faultOf("item.wrong_type", item.id, library.id, "LOCAL", "SUBSCRIBED"),
  );
});
