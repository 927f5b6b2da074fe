import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseLibraryId } from "@contentlib/server/domain/ids";
import { PortError } from "@contentlib/server/ports/port-error";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { LibraryRig } from "@contentlib/testkit/rigs/library-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import { updateLocalLibrary } from "../library/update.ts";

type Patch = Parameters<LibraryRig["handlers"]["localLibrary.update"]>[0]["update_spec"];

const PASSWORD = "first secret";
const BASIC = { authentication_method: "BASIC", published: true, password: PASSWORD } as const;

const updater =
  (rig: LibraryRig, library_id: string) =>
  (update_spec: Patch, ignored: string[] = []): Promise<void> =>
    rig.handlers["localLibrary.update"]({ library_id, update_spec }, aCall(ignored));

const shown = async (rig: LibraryRig, id: string) => (await rig.get(id)).publish_info;

const kept = async (rig: LibraryRig, id: string) => {
  const libraryId = parseLibraryId(id);
  assert.ok(libraryId);
  return (await rig.storage.catalog.findLibrary(libraryId))?.value.publishInfo;
};

describe("publish_info of a local library", () => {
  test("is always shown, with the address under which the caller reaches the server", async () => {
    const rig = await LibraryRig.open();
    const id = await rig.local();
    const publish_url = `http://127.0.0.1:8697/cls/vcsp/lib/${id}/lib.json`;
    const plain = {
      authentication_method: "NONE",
      published: false,
      publish_url,
      user_name: "vcsp",
      persist_json_enabled: false,
    };
    assert.deepEqual(await shown(rig, id), plain);
    await updater(rig, id)({ publish_info: { published: true, persist_json_enabled: true } });
    const published = { ...plain, published: true, persist_json_enabled: true };
    assert.deepEqual(await shown(rig, id), published);
    const call = { ...aCall(), baseUrl: "https://library.example:443" };
    const elsewhere = await rig.handlers["localLibrary.get"]({ library_id: id }, call);
    assert.equal(
      elsewhere.publish_info?.publish_url,
      `https://library.example:443/cls/vcsp/lib/${id}/lib.json`,
    );
    assert.equal(elsewhere.version, "2");
  });

  test("keeps the hash of its password, and shows neither", async () => {
    const rig = await LibraryRig.open();
    const id = await rig.local(BASIC);
    assert.equal((await kept(rig, id))?.passwordHash, `plain:${PASSWORD}`);
    assert.doesNotMatch(JSON.stringify(await rig.get(id)), /secret|hash|plain/);
    assert.equal((await shown(rig, id))?.authentication_method, "BASIC");
  });

  test("changes of what is protected need the right current password", async () => {
    const rig = await LibraryRig.open();
    const id = await rig.local(BASIC);
    const update = updater(rig, id);
    for (const publish_info of [
      { password: "second secret" },
      { authentication_method: "NONE" },
      { published: false },
    ] as const) {
      await refusedWith("request.missing_member", update({ publish_info }));
      const text = await refusedWith(
        "library.invalid_property",
        update({ publish_info: { ...publish_info, current_password: "wrong secret" } }),
      );
      assert.doesNotMatch(text, /secret/);
    }
    assert.equal((await rig.get(id)).version, "1");
    const current_password = PASSWORD;
    await update({ publish_info: { password: "second secret", current_password } });
    await refusedWith(
      "library.invalid_property",
      update({ publish_info: { published: false, current_password } }),
    );
    const second = "second secret";
    await update({ publish_info: { authentication_method: "NONE", current_password: second } });
    assert.equal((await kept(rig, id))?.passwordHash, undefined);
    assert.equal((await rig.get(id)).version, "3");
  });

  test("a password beside NONE is not kept, and named as ignored", async () => {
    const rig = await LibraryRig.open();
    const told = { authentication_method: "NONE", published: true, password: PASSWORD } as const;
    const ignored: string[] = [];
    const id = await rig.local(told, ignored);
    assert.deepEqual(ignored, ["publish_info.password"]);
    assert.equal((await kept(rig, id))?.passwordHash, undefined);
    const again: string[] = [];
    await updater(rig, id)({ publish_info: { password: "other secret" } }, again);
    assert.deepEqual(again, ["publish_info.password"]);
    const none: string[] = [];
    await rig.local(BASIC, none);
    assert.deepEqual(none, []);
  });

  test("what a new library can not be told of publishing is named as ignored", async () => {
    const rig = await LibraryRig.open();
    const echoed = { publish_url: "https://elsewhere.example/lib.json", user_name: "vcsp" };
    const ignored: string[] = [];
    const id = await rig.local({ ...BASIC, ...echoed, current_password: "none yet" }, ignored);
    assert.deepEqual(ignored, ["publish_info.publish_url", "publish_info.current_password"]);
    assert.notEqual((await shown(rig, id))?.publish_url, echoed.publish_url);
    const again: string[] = [];
    await updater(rig, id)({ publish_info: echoed }, again);
    assert.deepEqual(again, ["publish_info.publish_url"]);
  });

  test("a password is judged against the library as it is at the commit", async () => {
    let meanwhile: (() => Promise<void>) | null = null;
    const rig = await LibraryRig.open((storage) => ({
      ...storage,
      catalog: catalogAround(storage.catalog, async (name, proceed) => {
        const other = meanwhile;
        if (name.startsWith("commit of library.put")) {
          meanwhile = null;
          await other?.();
        }
        return await proceed();
      }),
    }));
    const id = await rig.local(BASIC);
    const update = updater(rig, id);
    meanwhile = () =>
      update({ publish_info: { password: "second secret", current_password: PASSWORD } });
    await refusedWith(
      "library.invalid_property",
      update({ publish_info: { published: false, current_password: PASSWORD } }),
    );
    assert.equal(meanwhile, null, "nobody came in between");
    assert.equal((await shown(rig, id))?.published, true);
  });

  test("when too many passwords wait, the caller is told to come again", async () => {
    const rig = await LibraryRig.open();
    const id = await rig.local();
    const busy = async (): Promise<never> => {
      throw new PortError("unavailable", "Too many passwords wait to be checked.");
    };
    const update = updateLocalLibrary({
      catalog: rig.storage.catalog,
      clock: rig.clock,
      hasher: { hash: busy, verify: busy },
      seal: { seal: (text) => text, open: (text) => text },
    });
    const update_spec = { publish_info: BASIC };
    await refusedWith("server.unavailable", update({ library_id: id, update_spec }, aCall()));
  });
});
