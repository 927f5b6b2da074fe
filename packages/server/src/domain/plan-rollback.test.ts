import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault, messageOf } from "@contentlib/contract/vocabulary";
import { aDigest, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import fc from "fast-check";
import type { Item, ItemFile } from "./item.ts";
import { pickRollback, planRollback } from "./plan-rollback.ts";
import { checkContentAllowed, OVF_DEFAULT_POLICY } from "./security-policy.ts";

const NOW = BUILT_AT + 5000;
const userName = "administrator@vsphere.local";
const library = aLibrary();
const [disk, readme] = [
  anItemFile({ name: "disk.vmdk", version: 2 }),
  anItemFile({ name: "readme.txt" }),
];
const item = anItem({
  libraryId: library.id,
  version: 4,
  metadataVersion: 4,
  contentVersion: 9,
  files: [disk, readme],
});

type Input = Parameters<typeof planRollback>[0];

const plan = (files: readonly ItemFile[], over: Partial<Input> = {}) =>
  planRollback({ item, library, to: { contentVersion: 7, files }, userName, now: NOW, ...over });

const planned = (files: readonly ItemFile[], over: Partial<Input> = {}) => {
  const outcome = plan(files, over);
  assert.ok(!isFault(outcome), JSON.stringify(outcome));
  return outcome;
};

describe("picking a content version to go back to", () => {
  const pick = (kept: readonly number[], wished?: string) =>
    pickRollback({ item, library, kept, ...(wished === undefined ? {} : { wished }) });

  test("it is the one wished, or the one before the present", () => {
    assert.equal(pick([9, 8, 7], "7"), 7);
    assert.equal(pick([9, 8, 7]), 8);
    assert.equal(pick([9, 6]), 6);
  });

  test("the present one is refused, whether or not others are kept", () => {
    const fault = faultOf("item.version_is_present", item.id, "9");
    assert.deepEqual(pick([9, 8], "9"), fault);
    assert.deepEqual(pick([9], "9"), fault);
  });

  test("one that is not kept is not found, and those that are are named", () => {
    for (const wished of ["6", "10", "07", "", "two", "1e1", "-8"])
      assert.deepEqual(
        pick([9, 8, 7], wished),
        faultOf("item.version_not_kept", item.id, wished, "9, 8, 7"),
      );
    assert.deepEqual(pick([], "2"), faultOf("item.version_not_kept", item.id, "2", "none"));
  });

  test("of many that are kept only the newest are named", () => {
    const kept = Array.from({ length: 100 }, (_, index) => 200 - index);
    const outcome = pick(kept, "1");
    assert.ok(isFault(outcome));
    assert.match(
      messageOf(outcome).default_message,
      /200, 199, .*181 and older ones down to 101\.$/,
    );
  });

  test("without one before the present there is nothing to go back to", () => {
    const fault = faultOf("item.no_version_before", item.id, "9");
    assert.deepEqual(pick([9]), fault);
    assert.deepEqual(pick([]), fault);
  });

  test("items of a subscribed library are their publisher's", () => {
    const subscribed = aLibrary({ type: "SUBSCRIBED" });
    assert.deepEqual(
      pickRollback({ item, library: subscribed, kept: [9, 8] }),
      faultOf("library.wrong_type", subscribed.id, "SUBSCRIBED", "LOCAL"),
    );
  });
});

test("a rollback is a new content version by whoever makes it, and says where it goes back to", () => {
  const files = [readme, { ...disk, digest: aDigest(), version: 1 }];
  const back = [readme, { ...files[1], version: 3 }];
  assert.deepEqual(plan(files), {
    item: { ...item, files: back, contentVersion: 10, modifiedAt: NOW },
    revision: {
      itemId: item.id,
      contentVersion: 10,
      at: NOW,
      userName,
      message: "Rollback to 7",
      files: back,
    },
  });
});

test("what is said of it stands behind that, and must be fit to be kept", () => {
  const { revision } = planned([disk], { message: "the new kernel panics" });
  assert.equal(revision.message, "Rollback to 7: the new kernel panics");
  assert.equal(planned([disk], { message: "" }).revision.message, "Rollback to 7");
  const refused = plan([disk], { message: "a\u0007bell" });
  assert.ok(isFault(refused));
  assert.equal(refused.fault, "item.invalid_change_message");
});

test("a name that is not there now begins at version 1 again", () => {
  const gone = anItemFile({ name: "gone.iso", version: 5 });
  assert.deepEqual(planned([gone]).item.files, [{ ...gone, version: 1 }]);
});

test("going back to no files at all is fine", () => {
  assert.deepEqual(planned([]).item.files, []);
});

test("the time of the last change never moves back", () => {
  assert.equal(planned([disk], { now: BUILT_AT - 1 }).item.modifiedAt, item.modifiedAt);
});

test("a policy refuses what it refuses of a completed session", () => {
  const secured = aLibrary({ securityPolicyId: OVF_DEFAULT_POLICY.id });
  const ovf = { ...item, type: "OVF" };
  const fault = checkContentAllowed(secured, "OVF", null);
  assert.ok(fault);
  assert.deepEqual(plan([disk], { item: ovf, library: secured }), fault);
  assert.deepEqual(plan([], { item: ovf, library: secured }), fault);
  planned([disk], { library: secured });
  planned([disk], { item: ovf });
});

test("an item whose type became one without files gets none back", () => {
  const template = { ...item, type: "vm-template", files: [] };
  assert.deepEqual(
    plan([disk], { item: template }),
    faultOf("update_session.unsupported_item", item.id, "vm-template"),
  );
  planned([], { item: template });
});

const DIGESTS = Array.from({ length: 4 }, () => aDigest());

const someFiles = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom("a", "b", "c", "d", "e"),
      digest: fc.constantFrom(...DIGESTS),
      version: fc.integer({ min: 1, max: 9 }),
    }),
    { selector: ({ name }) => name },
  )
  .map((files) => files.map((file) => anItemFile(file)));

const bytesOf = ({ files }: Pick<Item, "files">) => files.map(({ version: _, ...bytes }) => bytes);

test("law: the item holds the very files of then, in their order, and no name has two kinds of bytes under one version", () => {
  fc.assert(
    fc.property(someFiles, someFiles, (present, former) => {
      const before = { ...item, files: present };
      const { item: after, revision } = planned(former, { item: before });
      assert.deepEqual(bytesOf(after), bytesOf({ files: former }));
      assert.deepEqual(revision.files, after.files);
      assert.equal(revision.contentVersion, after.contentVersion);
      for (const file of after.files) {
        const now = present.find(({ name }) => name === file.name);
        if (now !== undefined)
          assert.equal(file.version === now.version, file.digest === now.digest, file.name);
      }
    }),
  );
});

test("law: going back and back again restores what there was, two content versions later", () => {
  fc.assert(
    fc.property(someFiles, someFiles, (present, former) => {
      const before = { ...item, files: present };
      const { item: between } = planned(former, { item: before });
      const to = { contentVersion: before.contentVersion, files: present };
      const { item: after } = planned([], { item: between, to });
      assert.deepEqual(bytesOf(after), bytesOf(before));
      assert.equal(after.contentVersion, before.contentVersion + 2);
    }),
  );
});
