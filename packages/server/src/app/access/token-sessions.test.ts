import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import type { RigUser } from "@contentlib/testkit/rigs/access-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import { LongList } from "../call.ts";

let rig: AccessRig;
let library: string;
let item: string;
let editor: RigUser;
beforeEach(async () => {
  rig = await AccessRig.open();
  library = await rig.library();
  item = await rig.filledItem(library);
  editor = await rig.user("editor", library);
});

suite("a token is good for the sessions that were made with it", () => {
  test("in one made by password it can do nothing that would outlive it", async () => {
    const session = await rig.updateSession(item, editor.call());
    const { id } = await rig.download(item, editor.call());
    const token = await rig.token(editor);
    const told = await refusedWith("access.not_owner", rig.addFile(session, "b.iso", token.call()));
    assert.match(told, new RegExp(`${editor.name}@vsphere.local by another login`));
    await refusedWith(
      "access.not_owner",
      rig.handlers["downloadSessionFile.prepare"](
        { download_session_id: id, file_name: "a.iso" },
        token.call(),
      ),
    );
    // What editors may do with everybody's sessions it may, too.
    await rig.handlers["updateSession.get"]({ update_session_id: session }, token.call());
    await rig.handlers["updateSession.cancel"]({ update_session_id: session }, token.call());
  });

  test("nor in one of another token, where its upload endpoint would let a viewer write", async () => {
    const session = await rig.updateSession(item, (await rig.token(editor)).call());
    const segment = await rig.addFile(session, "b.iso", editor.call());
    const viewer = await rig.token(editor, { grants: [{ role: "VIEWER", library_id: library }] });
    const input = { update_session_id: session };
    await refusedWith(
      "access.not_owner",
      rig.handlers["updateSessionFile.list"](input, viewer.call()),
    );
    await rig.send(segment, "by password all sessions are one's own");
  });

  test("revoking it ends the addresses in its own", async () => {
    const token = await rig.token(editor);
    const session = await rig.updateSession(item, token.call());
    const segment = await rig.addFile(session, "b.iso", token.call());
    await rig.handlers["token.delete"]({ token_id: token.id }, aCall());
    await assert.rejects(rig.send(segment, "too late"));
  });
});

const listed = async (
  id: "updateSession.list" | "downloadSession.list",
  user: Pick<RigUser, "call">,
): Promise<readonly unknown[]> => await wholeList(await rig.handlers[id]({}, user.call()));

test("lists of sessions leave out what the caller does not see", async () => {
  const other = await rig.library("other");
  const elsewhere = await rig.filledItem(other);
  await rig.handlers["grant.create"](
    { create_spec: { user: editor.id, role: "EDITOR", library_id: other } },
    aCall(),
  );
  const near = await rig.updateSession(item, editor.call());
  const far = await rig.updateSession(elsewhere, editor.call());
  const nearDown = await rig.download(item, editor.call());
  const farDown = await rig.download(elsewhere, editor.call());
  assert.equal((await listed("updateSession.list", editor)).length, 2);
  const narrow = await rig.token(editor, { grants: [{ role: "EDITOR", library_id: library }] });
  assert.deepEqual(await listed("updateSession.list", narrow), [near]);
  assert.deepEqual(await listed("downloadSession.list", narrow), [nearDown.id]);
  const blind = await rig.token(editor, { grants: [{ role: "VIEWER" }] });
  assert.deepEqual(await listed("updateSession.list", blind), []);
  // Seeing everything is not enough either: the sessions are another login's.
  const everywhere = await rig.user("editor");
  await rig.updateSession(await rig.item(library, "fedora"), everywhere.call());
  const sighted = await rig.token(everywhere, { grants: [{ role: "VIEWER" }] });
  assert.equal((await listed("updateSession.list", everywhere)).length, 1);
  assert.deepEqual(await listed("updateSession.list", sighted), []);
  const whole = await rig.token(editor);
  assert.deepEqual(
    new Set(await listed("downloadSession.list", whole)),
    new Set([nearDown.id, farDown.id]),
  );
  assert.ok((await listed("updateSession.list", whole)).includes(far));
});

test("a repeated client token answers nothing that was made under a right that is gone", async () => {
  const client_token = "11111111-2222-4333-8444-555555555555";
  const other = await rig.library("other");
  const create_spec = { library_id: library, name: "mine" };
  const made = await rig.handlers["item.create"]({ client_token, create_spec }, editor.call());
  const again = rig.handlers["item.create"]({ client_token, create_spec }, editor.call());
  assert.equal(await again, made);
  await rig.takeAll(editor);
  const grant = { user: editor.id, role: "EDITOR", library_id: other } as const;
  await rig.handlers["grant.create"]({ create_spec: grant }, aCall());
  await refusedWith(
    "library.not_found",
    rig.handlers["item.create"]({ client_token, create_spec }, editor.call()),
  );
  const elsewhere = { library_id: other, name: "mine" };
  await refusedWith(
    "item.not_found",
    rig.handlers["item.create"]({ client_token, create_spec: elsewhere }, editor.call()),
  );
  await rig.handlers["grant.create"](
    { create_spec: { user: editor.id, role: "VIEWER", library_id: library } },
    aCall(),
  );
  await refusedWith(
    "access.missing_right",
    rig.handlers["item.create"]({ client_token, create_spec: elsewhere }, editor.call()),
  );
});

test("so it is with a content version that a rollback made: it lies in the item", async () => {
  const client_token = "11111111-2222-4333-8444-666666666666";
  const item = await rig.item(library, "rolled back");
  for (const name of ["a.iso", "b.iso"]) {
    const session = await rig.updateSession(item, aCall());
    await rig.send(await rig.addFile(session, name, aCall()), name);
    await rig.handlers["updateSession.complete"]({ update_session_id: session }, aCall());
  }
  const rollBack = (library_item: string): Promise<string> =>
    rig.handlers["itemVersion.rollback"]({ client_token, library_item }, editor.call());
  assert.equal(await rollBack(item), "4");
  assert.equal(await rollBack(item), "4");
  await rig.takeAll(editor);
  const other = await rig.library("other");
  await rig.handlers["grant.create"](
    { create_spec: { user: editor.id, role: "EDITOR", library_id: other } },
    aCall(),
  );
  const elsewhere = await rig.item(other, "elsewhere");
  for (const named of [item, elsewhere]) await refusedWith("item.not_found", rollBack(named));
});

suite("a list under way", () => {
  const started = async (user: RigUser): Promise<AsyncIterator<readonly string[]>> => {
    const answer = await rig.handlers["library.list"]({}, user.call());
    assert.ok(answer instanceof LongList);
    return answer.pages[Symbol.asyncIterator]();
  };

  test("goes on after a change that is no matter to its caller", async () => {
    const pages = await started(editor);
    await rig.takeAll(await rig.user("viewer"));
    assert.deepEqual((await pages.next()).value, [library]);
  });

  test("fails once its caller lost sight of what it tells", async () => {
    const pages = await started(editor);
    await rig.takeAll(editor);
    await refusedWith("library.not_found", pages.next());
    const all = await rig.user("viewer");
    const everything = await started(all);
    await rig.takeAll(all);
    await refusedWith("access.missing_right", everything.next());
  });

  test("fails once its caller is shut out", async () => {
    const pages = await started(editor);
    const update_spec = { disabled: true };
    await rig.handlers["user.update"]({ user: editor.id, update_spec }, aCall());
    await refusedWith("login.required", pages.next());
  });
});

test("subscriptions leave out the name of a subscribed library that the caller does not see", async () => {
  const publisher = await rig.handlers["localLibrary.create"](
    {
      create_spec: {
        name: "published",
        publish_info: { published: true, authentication_method: "NONE" },
      },
    },
    aCall(),
  );
  const subscription = await rig.handlers["subscription.create"](
    {
      library: publisher,
      spec: {
        subscribed_library: {
          target: "CREATE_NEW",
          location: "LOCAL",
          new_subscribed_library: {
            name: "secret",
            storage_backings: [],
            automatic_sync_enabled: false,
            on_demand: true,
          },
        },
      },
    },
    aCall(),
  );
  const keeper = await rig.user("administrator", publisher);
  const [summary] = await rig.handlers["subscription.list"]({ library: publisher }, keeper.call());
  assert.equal(summary?.subscribed_library_name, "");
  const input = { library: publisher, subscription };
  const info = await rig.handlers["subscription.get"](input, keeper.call());
  assert.equal(info.subscribed_library_name, "");
  assert.equal(info.subscribed_library, summary?.subscribed_library);
  const seen = await rig.handlers["subscription.get"](input, aCall());
  assert.equal(seen.subscribed_library_name, "secret");
});

test("a token that is cut down is told of no grants on libraries it does not see", async () => {
  const other = await rig.library("other");
  const grants = [{ role: "VIEWER", library_id: library }] as const;
  await rig.handlers["grant.create"](
    { create_spec: { user: editor.id, role: "EDITOR", library_id: other } },
    aCall(),
  );
  await rig.token(editor, { grants: [{ role: "VIEWER", library_id: other }] });
  const narrow = await rig.token(editor, { grants: [...grants] });
  const toldTo = async (user: Pick<RigUser, "call">): Promise<ReadonlySet<string | undefined>> => {
    const all = await rig.handlers["grant.list"]({}, user.call());
    const tokens = await rig.handlers["token.list"]({}, user.call());
    return new Set(
      [...all, ...tokens.flatMap((token) => token.grants)].map((one) => one.library_id),
    );
  };
  assert.deepEqual(await toldTo(narrow), new Set([library]));
  assert.deepEqual(await toldTo(editor), new Set([library, other]));
});
