import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import { anItemId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import { planItemCopy } from "./plan-item-copy.ts";
import type { ItemWish } from "./plan-item.ts";
import { checkContentAllowed, OVF_DEFAULT_POLICY } from "./security-policy.ts";

const NOW = BUILT_AT + 5000;
const id = anItemId();
const userName = "administrator@vsphere.local";
const library = aLibrary();
const [disk, readme] = [
  anItemFile({ name: "disk.vmdk", version: 7 }),
  anItemFile({ name: "readme.txt" }),
];
const source = anItem({
  libraryId: library.id,
  name: "debian",
  description: "as it was shipped",
  type: "OVF",
  version: 4,
  metadataVersion: 4,
  contentVersion: 9,
  files: [disk, readme],
});
const empty = anItem({ type: "iso", contentVersion: 5 });
const secured = aLibrary({ securityPolicyId: OVF_DEFAULT_POLICY.id });
const subscribed = aLibrary({ type: "SUBSCRIBED" });

const copy = (wish: ItemWish, over: Partial<Parameters<typeof planItemCopy>[0]> = {}) =>
  planItemCopy({ id, source, library, wish, userName, now: NOW, ...over });

test("a copy has the bytes of the source as its one completed change, made by whoever copies", () => {
  const files = [{ ...disk, version: 1 }, readme];
  assert.deepEqual(copy({ name: "copy" }), {
    item: {
      id,
      libraryId: library.id,
      name: "copy",
      description: "as it was shipped",
      type: "OVF",
      createdAt: NOW,
      modifiedAt: NOW,
      version: 1,
      metadataVersion: 1,
      contentVersion: 2,
      files,
    },
    revision: { itemId: id, contentVersion: 2, at: NOW, userName, files },
  });
});

test("a copy of an item without files is an empty item, whatever its content version was", () => {
  const outcome = copy({ name: "copy" }, { source: empty });
  assert.ok(!isFault(outcome));
  assert.equal(outcome.revision, null);
  assert.deepEqual(
    [outcome.item.files, outcome.item.contentVersion, outcome.item.type],
    [[], 1, "iso"],
  );
});

test("description and type are the source's unless they are given; an empty description is given", () => {
  const outcome = copy({ name: "copy", description: "", type: "plain" });
  assert.ok(!isFault(outcome));
  assert.deepEqual([outcome.item.description, outcome.item.type], ["", "plain"]);
});

test("the copy goes into the library that is given", () => {
  const other = aLibrary();
  const outcome = copy({ name: "debian" }, { library: other });
  assert.ok(!isFault(outcome));
  assert.equal(outcome.item.libraryId, other.id);
});

describe("what can not be copied", () => {
  test("a name is needed, and each text has its rule", () => {
    assert.deepEqual(copy({}), faultOf("request.missing_member", "name"));
    assert.deepEqual(copy({ name: "" }), faultOf("item.invalid_property", "name", "it is empty"));
  });

  test("a subscribed library takes no items", () => {
    const fault = faultOf("library.wrong_type", subscribed.id, "SUBSCRIBED", "LOCAL");
    assert.deepEqual(copy({ name: "copy" }, { library: subscribed }), fault);
  });

  test("S74: files that the policy of the library refuses", () => {
    const fault = checkContentAllowed(secured, "OVF", null);
    assert.ok(fault !== null);
    assert.deepEqual(copy({ name: "copy" }, { library: secured }), fault);
    const typed = copy({ name: "copy", type: "ovf" }, { library: secured });
    assert.deepEqual(typed, checkContentAllowed(secured, "ovf", null));
    assert.equal(isFault(copy({ name: "copy", type: "iso" }, { library: secured })), false);
    const bare = { ...source, files: [] };
    assert.equal(isFault(copy({ name: "copy" }, { source: bare, library: secured })), false);
  });

  test("files into a type whose content is not made of files", () => {
    const outcome = copy({ name: "copy", type: "VM-template" });
    assert.ok(isFault(outcome));
    assert.deepEqual([outcome.fault, outcome.args[0]], ["item.invalid_property", "type"]);
    const bare = copy({ name: "copy", type: "vm-template" }, { source: empty });
    assert.equal(isFault(bare), false);
  });
});
