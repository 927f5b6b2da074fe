import assert from "node:assert/strict";
import { test } from "node:test";
import type { Call } from "@contentlib/server/app/call";
import { Fault } from "@contentlib/server/app/fault";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";

const open = async () => {
  const rig = await AccessRig.open();
  const { handlers } = rig;
  return {
    rig,
    handlers,
    whoami: async (call: Call, input: { can?: string; on?: string } = {}) =>
      await handlers["whoami.get"](input, call),
  };
};

test("everybody is told who he is, how he came, and what he may do", async () => {
  const { rig, handlers, whoami } = await open();
  const images = await rig.library();
  const ben = await rig.user("editor", images);
  await handlers["group.create"]({ create_spec: { name: "builders", members: [ben.id] } }, aCall());
  await handlers["grant.create"]({ create_spec: { group: "builders", role: "VIEWER" } }, aCall());
  assert.deepEqual(await whoami(ben.call()), {
    user_id: ben.id,
    user: ben.name,
    groups: ["builders"],
    role: "VIEWER",
    libraries: [{ library_id: images, role: "EDITOR" }],
  });
  const token = await rig.token(ben, { name: "nightly", grants: [{ role: "VIEWER" }] });
  assert.deepEqual(await whoami(token.call()), {
    user_id: ben.id,
    user: ben.name,
    groups: ["builders"],
    token_id: token.id,
    token_name: "nightly",
    role: "VIEWER",
    libraries: [],
  });
});

test("a library that is gone is not among those where one may do something", async () => {
  const { rig, handlers, whoami } = await open();
  const [images, disks] = [await rig.library(), await rig.library("disks")];
  const ben = await rig.user("editor", images);
  await handlers["grant.create"](
    { create_spec: { user: ben.id, role: "VIEWER", library_id: disks } },
    aCall(),
  );
  assert.equal((await whoami(ben.call())).libraries.length, 2);
  await handlers["localLibrary.delete"]({ library_id: images }, aCall());
  assert.deepEqual((await whoami(ben.call())).libraries, [{ library_id: disks, role: "VIEWER" }]);
});

test("the answer beforehand is the one that comes, word for word", async () => {
  const { rig, handlers, whoami } = await open();
  const [images, disks] = [await rig.library(), await rig.library("disks")];
  const item = await rig.filledItem(images);
  const hidden = await rig.item(disks);
  const viewer = await rig.user("viewer", images);
  const narrow = await rig.token(viewer, { grants: [{ role: "VIEWER" }] });
  const asked: readonly (readonly [Call, string, string, () => Promise<unknown>])[] = [
    [
      viewer.call(),
      "item.get",
      item,
      () => handlers["item.get"]({ library_item_id: item }, viewer.call()),
    ],
    [
      viewer.call(),
      "com.vmware.content.library.item.create",
      images,
      () =>
        handlers["item.create"]({ create_spec: { library_id: images, name: "x" } }, viewer.call()),
    ],
    [
      viewer.call(),
      "item.get",
      hidden,
      () => handlers["item.get"]({ library_item_id: hidden }, viewer.call()),
    ],
    [
      viewer.call(),
      "library.get",
      disks,
      () => handlers["library.get"]({ library_id: disks }, viewer.call()),
    ],
    [
      viewer.call(),
      "user.get",
      viewer.id,
      () => handlers["user.get"]({ user: viewer.id }, viewer.call()),
    ],
    [
      viewer.call(),
      "user.get",
      "administrator",
      () => handlers["user.get"]({ user: "administrator" }, viewer.call()),
    ],
    [
      narrow.call(),
      "user.update",
      viewer.id,
      () =>
        handlers["user.update"](
          { user: viewer.id, update_spec: { description: "x" } },
          narrow.call(),
        ),
    ],
  ];
  for (const [call, can, on, doIt] of asked) {
    const answer = await whoami(call, { can, on });
    const refusal = await doIt().then(
      () => null,
      (error: unknown) => error,
    );
    assert.equal(answer.can, refusal === null, can);
    assert.equal(answer.why, refusal instanceof Fault ? refusal.message : undefined, can);
  }
});

test("of two objects the one that fits is asked about, and what the other one needs is said in words", async () => {
  const { rig, whoami, handlers } = await open();
  const [images, disks] = [await rig.library(), await rig.library("disks")];
  const item = await rig.filledItem(images);
  const hidden = await rig.item(disks);
  const keeper = await rig.user("administrator", images);
  const viewer = await rig.user("viewer", images);
  const subscribe = { can: "subscription.create", on: images };
  const told = await whoami(keeper.call(), subscribe);
  assert.equal(told.can, true);
  assert.deepEqual(told.besides, [
    "ContentLibrary.UpdateSubscribedLibrary, which comes with the role administrator, is needed on the library that " +
      "spec.subscribed_library.subscribed_library names, or on everything where none is named, too.",
  ]);
  const { can, besides } = await whoami(aCall(), subscribe);
  assert.deepEqual([can, besides], [true, undefined]);
  assert.match((await whoami(viewer.call(), subscribe)).why ?? "", /AddSubscription on library/);

  for (const on of [images, item]) {
    const copy = await whoami(keeper.call(), { can: "item.copy", on });
    assert.equal(copy.can, true);
    const [sentence, ...others] = copy.besides ?? [];
    assert.deepEqual(others, []);
    const other =
      on === images ? /System\.Read.* library item that / : /AddLibraryItem.* library that /;
    assert.match(sentence ?? "", other);
  }
  // Whoever may fill no library at all can not copy into one.
  const nowhere = await whoami(viewer.call(), { can: "item.copy", on: item });
  assert.equal(nowhere.can, false);
  assert.match(nowhere.why ?? "", /AddLibraryItem on a library is needed.* role editor/);
  assert.equal((await whoami(viewer.call(), { can: "item.copy", on: images })).can, false);

  const session = await handlers["updateSession.create"](
    { create_spec: { library_item_id: item } },
    keeper.call(),
  );
  const follow = await whoami(viewer.call(), { can: "event.stream", on: session });
  assert.deepEqual([follow.can, follow.besides], [true, undefined]);
  // What is hidden is not told from what never was.
  const unknown = "00000000-0000-4000-8000-00000000dead";
  const [why = "", never = ""] = [
    (await whoami(keeper.call(), { can: "item.copy", on: hidden })).why,
    (await whoami(keeper.call(), { can: "item.copy", on: unknown })).why,
  ];
  assert.equal(why.replaceAll(hidden, "ID"), never.replaceAll(unknown, "ID"));
  assert.match(why, /no library/i);
});

test("what needs no object is asked without one, and all else with one", async () => {
  const { rig, whoami } = await open();
  const viewer = await rig.user("viewer");
  assert.equal((await whoami(viewer.call(), { can: "library.list" })).can, true);
  const refused = await whoami(viewer.call(), { can: "localLibrary.create" });
  assert.equal(refused.can, false);
  assert.match(refused.why ?? "", /administrator@vsphere.local/);
  await refusedWith("access.invalid_property", whoami(viewer.call(), { can: "item.create" }));
  await refusedWith("access.invalid_property", whoami(viewer.call(), { on: viewer.id }));
  await refusedWith("access.invalid_property", whoami(viewer.call(), { can: "item.destroy" }));
});
