import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault } from "@contentlib/contract/vocabulary";
import { aLibrary } from "@contentlib/testkit/builders/libraries";
import { rejectsImages } from "./bad-images.ts";
import { planLibrarySettingUpdate } from "./plan-library-setting.ts";
import { revisionsKeptIn } from "./revision.ts";

const SERVER = { revisionsKept: 5 };

test("a number of its own counts until it is taken away, and moves neither version nor time", () => {
  const plain = aLibrary();
  assert.equal(revisionsKeptIn(plain, SERVER), 5);
  const own = planLibrarySettingUpdate(plain, { revisionsKept: 30 });
  assert.ok(!isFault(own));
  assert.deepEqual(own, { ...plain, revisionsKept: 30 });
  assert.equal(revisionsKeptIn(own, SERVER), 30);
  assert.deepEqual(planLibrarySettingUpdate(own, { unsetRevisionsKept: true }), plain);
});

test("an update that changes nothing gives the very same value back", () => {
  const plain = aLibrary();
  const own = aLibrary({ revisionsKept: 2 });
  for (const [library, patch] of [
    [plain, {}],
    [plain, { unsetRevisionsKept: true }],
    [plain, { unsetRevisionsKept: false }],
    [own, {}],
    [own, { unsetRevisionsKept: false }],
    [own, { revisionsKept: 2 }],
    [own, { revisionsKept: 2, unsetRevisionsKept: false }],
  ] as const)
    assert.equal(planLibrarySettingUpdate(library, patch), library);
});

test("a number out of its range, or given and taken away at once, is refused", () => {
  for (const patch of [
    { revisionsKept: 0 },
    { revisionsKept: -1 },
    { revisionsKept: 1_001 },
    { revisionsKept: 7, unsetRevisionsKept: true },
  ]) {
    const outcome = planLibrarySettingUpdate(aLibrary(), patch);
    assert.ok(isFault(outcome));
    assert.equal(outcome.fault, "library.invalid_property");
  }
});

test("bad images are rejected until they are not; the other setting stays", () => {
  const plain = aLibrary({ revisionsKept: 2 });
  const strict = planLibrarySettingUpdate(plain, { rejectsBadImages: true });
  assert.ok(!isFault(strict));
  assert.deepEqual(strict, { ...plain, rejectsBadImages: true });
  for (const patch of [{ rejectsBadImages: true }, {}, { revisionsKept: 2 }])
    assert.equal(planLibrarySettingUpdate(strict, patch), strict);
  assert.deepEqual(planLibrarySettingUpdate(strict, { rejectsBadImages: false }), plain);
  assert.equal(planLibrarySettingUpdate(plain, { rejectsBadImages: false }), plain);
  assert.deepEqual(
    planLibrarySettingUpdate(plain, { revisionsKept: 3, rejectsBadImages: true }),
    aLibrary({ ...plain, revisionsKept: 3, rejectsBadImages: true }),
  );
});

test("only items of type iso heed it, in whatever case", () => {
  const strict = aLibrary({ rejectsBadImages: true });
  assert.deepEqual(
    ["iso", "ISO", "ovf", "", "iso "].map((type) => rejectsImages(strict, type)),
    [true, true, false, false, false],
  );
  assert.equal(rejectsImages(aLibrary(), "iso"), false);
});
