import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { sourceOf } from "@contentlib/testkit/bytes/byte-sources";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import {
  BOTH_SIZES,
  factsOf,
  GOOD_IMAGE,
  GOOD_IMAGE_FACTS,
  NO_IMAGE,
  openImageRig,
  pushBytes,
  sendBytes,
  setRejects,
  SHORT_IMAGE,
} from "@contentlib/testkit/rigs/image-rig";
import { previewOf, validated } from "@contentlib/testkit/rigs/package-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

const NOT_APPLICABLE = { state: "NOT_APPLICABLE" };

const CODES = /iso\.shorter_than_volume/;

describe("S132: in a library that rejects bad images, one", () => {
  test("turns ERROR with its last byte, with both sizes, the code and what to do", async () => {
    const rig = await openImageRig({ rejects: true });
    const added = await rig.add("x.iso");
    const text = await refusedWith("transfer.file_refused", sendBytes(rig, added, SHORT_IMAGE));
    assert.match(text, BOTH_SIZES);
    assert.match(text, /Download the image again/);
    const { status, error_message } = await rig.file("x.iso");
    assert.equal(status, "ERROR");
    assert.equal(error_message?.default_message, text);
    assert.ok(error_message.args.some((arg) => CODES.test(arg)));
    assert.deepEqual(await rig.staged(), []);
    assert.deepEqual(await validated(rig), { missing: [], invalid: { "x.iso": text } });
    await refusedWith("update_session.file_not_received", rig.complete());
    assert.equal((await rig.session()).state, "ACTIVE");
    await sendBytes(rig, added, GOOD_IMAGE);
    await rig.complete();
    assert.deepEqual(await factsOf(rig), {
      version: "2",
      images: [GOOD_IMAGE_FACTS],
      findings: [],
    });
  });

  test("without a volume does so as well, and sent in pieces", async () => {
    const rig = await openImageRig({ rejects: true });
    const added = await rig.add("x.iso", { size: NO_IMAGE.length });
    const half = NO_IMAGE.length / 2;
    const sent = { contentLengthBytes: half };
    await rig.append(added, sourceOf([NO_IMAGE.subarray(half)]), sent);
    const rest = rig.append(added, sourceOf([NO_IMAGE.subarray(half)]), {
      ...sent,
      offsetBytes: half,
    });
    assert.match(await refusedWith("transfer.file_refused", rest), /no volume/);
    assert.equal((await rig.file("x.iso")).status, "ERROR");
  });

  test("is ERROR in the answer of add where its bytes are here", async () => {
    const rig = await openImageRig();
    await pushBytes(rig, "x.iso", SHORT_IMAGE);
    await rig.complete();
    await setRejects(rig, true);
    await rig.openSession();
    const { status } = await rig.add("again.iso", {
      size: SHORT_IMAGE.length,
      checksum_info: {
        algorithm: "SHA256",
        checksum: createHash("sha256").update(SHORT_IMAGE).digest("hex"),
      },
    });
    assert.equal(status, "ERROR");
  });

  test("that the item has from before refuses a change until it is replaced or removed", async () => {
    const rig = await openImageRig();
    await pushBytes(rig, "x.iso", SHORT_IMAGE);
    await rig.complete();
    await setRejects(rig, true);
    await rig.openSession();
    await pushBytes(rig, "readme.txt", NO_IMAGE);
    const { invalid } = await validated(rig);
    assert.match(invalid["x.iso"] ?? "", BOTH_SIZES);
    assert.match(await refusedWith("update_session.file_unusable", rig.complete()), BOTH_SIZES);
    assert.equal((await rig.session()).state, "ACTIVE");
    await pushBytes(rig, "x.iso", GOOD_IMAGE);
    await rig.complete();
    assert.deepEqual((await factsOf(rig)).images, [GOOD_IMAGE_FACTS]);
  });
});

test("S132: a copy and a rollback bring what is here, bad or not", async () => {
  const rig = await openImageRig();
  await pushBytes(rig, "x.iso", SHORT_IMAGE);
  await rig.complete();
  await rig.openSession();
  await pushBytes(rig, "x.iso", GOOD_IMAGE);
  await rig.complete();
  await setRejects(rig, true);
  await rig.handlers["itemVersion.rollback"]({ library_item: rig.itemId }, aCall());
  const { library_id } = await rig.item();
  const destination_create_spec = { library_id, name: "copy" };
  const copied = { source_library_item_id: rig.itemId, destination_create_spec };
  const copy = await rig.handlers["item.copy"](copied, aCall());
  assert.equal((await factsOf(rig, copy)).findings?.length, 1);
});

describe("S133: a session that is open while its library", () => {
  test("begins to reject them refuses from the next add on, and then what came before too", async () => {
    const rig = await openImageRig();
    await pushBytes(rig, "x.iso", SHORT_IMAGE);
    await setRejects(rig, true);
    const { invalid } = await validated(rig);
    assert.match(invalid["x.iso"] ?? "", BOTH_SIZES);
    await refusedWith("transfer.file_refused", pushBytes(rig, "y.iso", SHORT_IMAGE));
    await pushBytes(rig, "y.iso", GOOD_IMAGE);
    assert.equal((await rig.file("x.iso")).status, "ERROR");
    await refusedWith("update_session.file_not_received", rig.complete());
    assert.deepEqual(await previewOf(rig), NOT_APPLICABLE);
    await pushBytes(rig, "x.iso", GOOD_IMAGE);
    await rig.complete();
  });

  test("begins to reject them is not completed without another look", async () => {
    const rig = await openImageRig();
    await pushBytes(rig, "x.iso", SHORT_IMAGE);
    await setRejects(rig, true);
    await refusedWith("update_session.file_unusable", rig.complete());
    assert.equal((await rig.session()).state, "ACTIVE");
  });

  test("begins to reject them in the very moment of complete refuses", async () => {
    let isArmed = false;
    const rig = await openImageRig({
      around: (storage) => ({
        ...storage,
        catalog: catalogAround(storage.catalog, async (name, proceed) => {
          if (isArmed && name.includes("revision.put")) {
            isArmed = false;
            await setRejects(rig, true);
          }
          return await proceed();
        }),
      }),
    });
    await pushBytes(rig, "x.iso", SHORT_IMAGE);
    isArmed = true;
    await refusedWith("update_session.file_unusable", rig.complete());
    assert.deepEqual(await rig.itemFiles(), []);
    assert.equal((await rig.session()).state, "ACTIVE");
    await setRejects(rig, false);
    await rig.complete();
  });

  test("ceases to reject them takes them at once", async () => {
    const rig = await openImageRig({ rejects: true });
    const added = await rig.add("x.iso");
    await setRejects(rig, false);
    await sendBytes(rig, added, SHORT_IMAGE);
    await rig.complete();
    assert.equal((await factsOf(rig)).findings?.length, 1);
  });

  test("rejects them gets another type takes them as they are", async () => {
    const rig = await openImageRig({ rejects: true });
    await rig.handlers["item.update"](
      { library_item_id: rig.itemId, update_spec: { type: "plain" } },
      aCall(),
    );
    await pushBytes(rig, "x.iso", SHORT_IMAGE);
    await rig.complete();
    assert.deepEqual(await factsOf(rig), { version: "2" });
  });
});
