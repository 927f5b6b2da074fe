import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { aCall, type RigStorage } from "@contentlib/testkit/rigs/app-rig";
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
import { previewOf, typed, validated } from "@contentlib/testkit/rigs/package-rig";
import { SessionRig } from "@contentlib/testkit/rigs/session-rig";

const NOT_APPLICABLE = { state: "NOT_APPLICABLE" };

describe("S130: an image", () => {
  test("is taken as it is, and looked at when the session is completed", async () => {
    const rig = await openImageRig();
    await pushBytes(rig, "x.iso", SHORT_IMAGE);
    await pushBytes(rig, "empty.iso", NO_IMAGE);
    assert.deepEqual(await validated(rig), { missing: [], invalid: {} });
    await rig.complete();
    const { version, images, findings, ...others } = await factsOf(rig);
    assert.deepEqual(others, {});
    assert.equal(version, "2");
    assert.deepEqual(
      images?.map(({ file, formats }) => [file, formats]),
      [
        ["x.iso", ["ISO9660"]],
        ["empty.iso", []],
      ],
    );
    assert.deepEqual(
      findings?.map(({ code, severity, file }) => [code, severity, file]),
      [
        ["iso.shorter_than_volume", "WARNING", "x.iso"],
        ["iso.no_volume", "WARNING", "empty.iso"],
      ],
    );
    assert.match(findings[0]?.text ?? "", BOTH_SIZES);
    const item = await rig.item();
    assert.equal(item.security_compliance, true);
    assert.ok(!("certificate_verification_info" in item));
  });

  for (const rejects of [false, true])
    test(`has no preview at any moment, ${rejects ? "refused" : "taken"} or not`, async () => {
      const rig = await openImageRig({ rejects });
      const states = [await previewOf(rig)];
      const added = await rig.add("x.iso");
      states.push(await previewOf(rig));
      await sendBytes(rig, added, SHORT_IMAGE).catch(() => undefined);
      states.push(await previewOf(rig));
      await sendBytes(rig, added, GOOD_IMAGE);
      states.push(await previewOf(rig));
      await rig.restart();
      states.push(await previewOf(rig));
      assert.deepEqual(states, Array(5).fill(NOT_APPLICABLE));
      await rig.complete();
    });

  test("of an item of no type is a file like any other", async () => {
    const rig = await SessionRig.open();
    await setRejects(rig, true);
    await pushBytes(rig, "x.iso", SHORT_IMAGE);
    await rig.complete();
    assert.deepEqual(await factsOf(rig), { version: "2" });
  });
});

/** A storage whose calls are written down. */
const noted =
  (calls: string[]) =>
  (storage: RigStorage): RigStorage => ({
    ...storage,
    blobs: blobStoreAround(storage.blobs, async (verb, proceed) => {
      calls.push(verb);
      return await proceed();
    }),
    catalog: new Proxy(storage.catalog, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...given: unknown[]): unknown => {
          calls.push(String(name));
          return Reflect.apply(member, target, given);
        };
      },
    }),
  });

describe("S130: what an image costs", () => {
  const callsOf = async (type: string) => {
    const calls: string[] = [];
    const rig = await SessionRig.open(noted(calls));
    await typed(rig, type);
    await pushBytes(rig, "warm.txt", NO_IMAGE);
    const taken = (): readonly string[] => calls.splice(0);
    taken();
    const added = await rig.add("x.iso");
    const adding = taken();
    await sendBytes(rig, added, GOOD_IMAGE);
    const sending = taken();
    await rig.complete();
    return { adding, sending, completing: taken() };
  };

  test("until it is complete is what any file costs, but for a look at its library", async () => {
    const plain = await callsOf("");
    const iso = await callsOf("iso");
    assert.deepEqual(iso.sending, plain.sending);
    assert.deepEqual(
      iso.adding.toSpliced(iso.adding.indexOf("findLibrary"), 1).toSorted(),
      plain.adding.toSorted(),
    );
  });

  test("when it is completed is one look at its head, before anybody waits", async () => {
    const { completing } = await callsOf("iso");
    const looks = completing.filter((call) => call.startsWith("open"));
    assert.deepEqual(looks, ["openStaged"]);
    assert.ok(completing.indexOf("openStaged") < completing.indexOf("pin"));
  });
});

describe("S131: what is known of images", () => {
  test("is kept with the content version: a rollback brings it back, and a copy has it", async () => {
    const rig = await openImageRig();
    await pushBytes(rig, "x.iso", GOOD_IMAGE);
    await rig.complete();
    await rig.openSession();
    await pushBytes(rig, "x.iso", SHORT_IMAGE);
    await rig.complete();
    assert.equal((await factsOf(rig)).findings?.length, 1);
    await rig.handlers["itemVersion.rollback"]({ library_item: rig.itemId, version: "2" }, aCall());
    assert.deepEqual(await factsOf(rig), {
      version: "4",
      images: [GOOD_IMAGE_FACTS],
      findings: [],
    });
    const { library_id } = await rig.item();
    const copy = await rig.handlers["item.copy"](
      {
        source_library_item_id: rig.itemId,
        destination_create_spec: { library_id, name: "copy" },
      },
      aCall(),
    );
    assert.deepEqual((await factsOf(rig, copy)).images, [GOOD_IMAGE_FACTS]);
  });
});

test("S98: an item that becomes one of images has them looked at when its session is completed", async () => {
  const rig = await SessionRig.open();
  await pushBytes(rig, "x.iso", GOOD_IMAGE);
  await rig.handlers["item.update"](
    { library_item_id: rig.itemId, update_spec: { type: "iso" } },
    aCall(),
  );
  assert.deepEqual(await previewOf(rig), NOT_APPLICABLE);
  await rig.complete();
  assert.deepEqual((await factsOf(rig)).images, [GOOD_IMAGE_FACTS]);
});
