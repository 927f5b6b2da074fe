import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import { anAccount, aGrant } from "@contentlib/testkit/builders/accounts";
import type { RigUser } from "@contentlib/testkit/rigs/access-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { OPEN_SOURCE } from "@contentlib/testkit/rigs/library-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import type { Call, Handlers } from "../call.ts";
import { Fault } from "../fault.ts";

let rig: AccessRig;
let library: string;
let item: string;
let viewer: RigUser;
let stranger: RigUser;
beforeEach(async () => {
  rig = await AccessRig.open();
  library = await rig.library();
  item = await rig.filledItem(library);
  viewer = await rig.user("viewer", library);
  stranger = await rig.user("viewer", await rig.library("elsewhere"));
});

const UNKNOWN = "00000000-0000-4000-8000-00000000dead";

suite("whoever sees and may not do is told what is missing, on what, and who can grant it", () => {
  const create = (call: Call): Promise<unknown> =>
    rig.handlers["item.create"]({ create_spec: { library_id: library, name: "fedora" } }, call);

  test("on a library: its own administrators come first", async () => {
    const keeper = await rig.user("administrator", library);
    assert.equal(
      await refusedWith("access.missing_right", create(viewer.call())),
      "ContentLibrary.AddLibraryItem on library images is needed, which comes with the role editor. It can be granted by an " +
        `administrator of it: ${keeper.name}@vsphere.local, administrator@vsphere.local.`,
    );
  });

  test("at most three are named, members of groups among them, and none who is disabled", async () => {
    const members = [await rig.user(), await rig.user(), await rig.user(), await rig.user()];
    const create_spec = { name: "keepers", members: members.map(({ id }) => id) };
    const group = await rig.handlers["group.create"]({ create_spec }, aCall());
    await rig.handlers["grant.create"](
      { create_spec: { group, role: "ADMINISTRATOR", library_id: library } },
      aCall(),
    );
    const [first, ...others] = members;
    const update_spec = { disabled: true };
    await rig.handlers["user.update"]({ user: first?.id ?? "", update_spec }, aCall());
    const text = await refusedWith("access.missing_right", create(viewer.call()));
    const names = others.map(({ name }) => `${name}@vsphere.local`);
    assert.ok(text.endsWith(`administrator of it: ${names.join(", ")}.`), text);
  });

  test("on an item, and on everything", async () => {
    const onItem = await refusedWith(
      "access.missing_right",
      rig.handlers["item.delete"]({ library_item_id: item }, viewer.call()),
    );
    assert.match(onItem, /^ContentLibrary\.DeleteLibraryItem on library item debian is needed/);
    const onAll = await refusedWith(
      "access.missing_right",
      rig.handlers["localLibrary.create"]({ create_spec: { name: "mine" } }, viewer.call()),
    );
    assert.equal(
      onAll,
      "ContentLibrary.CreateLocalLibrary on everything is needed, which comes with the role administrator. It can be granted by " +
        "an administrator of everything: administrator@vsphere.local.",
    );
  });

  test("of a session of somebody else: whose it is", async () => {
    const session = await rig.updateSession(item, aCall());
    const editor = await rig.user("editor", library);
    const text = await refusedWith(
      "access.not_owner",
      rig.handlers["updateSession.keepAlive"]({ update_session_id: session }, editor.call()),
    );
    assert.ok(text.includes("administrator@vsphere.local"), text);
    // Not even who may do everything sends files in the name of somebody else.
    const own = await rig.updateSession(await rig.item(library, "own"), editor.call());
    await refusedWith("access.not_owner", rig.addFile(own, "a.iso", aCall()));
    await rig.handlers["updateSession.cancel"]({ update_session_id: own }, aCall());
  });
});

/** What a call says, with its own id taken out. */
const saying = async (work: Promise<unknown>, id: string): Promise<string> => {
  try {
    return JSON.stringify(await work);
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return JSON.stringify(error.values).replaceAll(id, "ID");
  }
};

type AnyHandler = (input: object, call: Call) => Promise<unknown>;

suite("what one may not see is as if it had never been", () => {
  const same = async (
    id: keyof Handlers,
    input: (id: string) => object,
    hidden: string,
  ): Promise<void> => {
    const handler = rig.handlers[id] as AnyHandler;
    const told = await saying(handler(input(hidden), stranger.call()), hidden);
    assert.equal(told, await saying(handler(input(UNKNOWN), stranger.call()), UNKNOWN), id);
  };

  test("a library", async () => {
    await same("library.get", (library_id) => ({ library_id }), library);
    await same("item.list", (library_id) => ({ library_id }), library);
    await same("subscribedLibrary.get", (library_id) => ({ library_id }), library);
    await same(
      "library.update",
      (library_id) => ({ library_id, update_spec: { name: "" } }),
      library,
    );
    await same("library.delete", (library_id) => ({ library_id }), library);
  });

  test("an item, whatever else is wrong with the call", async () => {
    await same("item.get", (library_item_id) => ({ library_item_id }), item);
    await same("updateSession.list", (library_item_id) => ({ library_item_id }), item);
    for (const client_token of ["none", undefined]) {
      const create = (library_item_id: string): object => ({
        create_spec: { library_item_id },
        ...(client_token === undefined ? {} : { client_token }),
      });
      await same("updateSession.create", create, item);
      await same("downloadSession.create", create, item);
    }
  });

  test("sessions of both kinds, and grants", async () => {
    const session = await rig.updateSession(item, aCall());
    const { id: download } = await rig.download(item, aCall());
    await same("updateSession.get", (id) => ({ update_session_id: id }), session);
    await same("updateSession.cancel", (id) => ({ update_session_id: id }), session);
    await same("updateSessionFile.list", (id) => ({ update_session_id: id }), session);
    await same("downloadSession.get", (id) => ({ download_session_id: id }), download);
    await same("downloadSession.delete", (id) => ({ download_session_id: id }), download);
    const [grant] = await rig.storage.catalog.listGrants({
      subject: { kind: "account", id: viewer.id },
    });
    await same("grant.delete", (grant_id) => ({ grant_id }), grant?.id ?? "");
  });

  test("a library that somebody is to be granted, whoever that is", async () => {
    for (const user of [viewer.id, "nobody"])
      await refusedWith(
        "library.not_found",
        rig.handlers["grant.create"](
          { create_spec: { user, role: "VIEWER", library_id: library } },
          stranger.call(),
        ),
      );
  });

  test("the source of a copy, where to copy it to, and both", async () => {
    const editor = await rig.user("editor", await rig.library("own"));
    const [own] = await rig.storage.catalog.listGrants({
      subject: { kind: "account", id: editor.id },
    });
    const ownItem = await rig.item(own?.libraryId ?? "", "own");
    const copy = (source: string, destination: string): Promise<string> =>
      saying(
        rig.handlers["item.copy"](
          {
            source_library_item_id: source,
            destination_create_spec: { library_id: destination, name: "copy" },
          },
          editor.call(),
        ),
        source,
      );
    const to = own?.libraryId ?? "";
    assert.equal(await copy(item, to), await copy(UNKNOWN, to));
    assert.equal(
      (await copy(ownItem, library)).replaceAll(library, "ID"),
      (await copy(ownItem, UNKNOWN)).replaceAll(UNKNOWN, "ID"),
    );
    assert.equal(
      (await copy(item, library)).replaceAll(library, "ID"),
      (await copy(UNKNOWN, UNKNOWN)).replaceAll(UNKNOWN, "ID"),
    );
  });

  test("to others' lapsed sessions a stranger's list is no hindrance", async () => {
    const session = await rig.updateSession(item, aCall());
    await rig.send(await rig.addFile(session, "b.iso", aCall()), "bytes");
    await rig.clock.advance(600_000);
    const call = stranger.call();
    await refusedWith(
      "item.not_found",
      rig.handlers["updateSession.list"]({ library_item_id: item }, call),
    );
    assert.deepEqual(await Array.fromAsync(rig.storage.blobs.listStaged()), []);
  });
});

suite("lists and searches show what one sees", () => {
  const ids = async (id: keyof Handlers, input: object, call: Call): Promise<readonly string[]> =>
    await wholeList((await (rig.handlers[id] as AnyHandler)(input, call)) as readonly string[]);

  test("libraries", async () => {
    const copies = await rig.handlers["subscribedLibrary.create"](
      { create_spec: { name: "images", subscription_info: OPEN_SOURCE } },
      aCall(),
    );
    const call = viewer.call();
    assert.deepEqual(await ids("library.list", {}, call), [library]);
    assert.deepEqual(await ids("localLibrary.list", {}, call), [library]);
    assert.deepEqual(await ids("subscribedLibrary.list", {}, call), []);
    assert.deepEqual(await ids("library.find", { spec: { name: "images" } }, call), [library]);
    assert.equal((await ids("library.list", {}, aCall())).length, 3);
    const everywhere = await rig.user("viewer");
    assert.equal((await ids("library.list", {}, everywhere.call())).length, 3);
    assert.deepEqual(await ids("subscribedLibrary.list", {}, everywhere.call()), [copies]);
    assert.deepEqual(await ids("library.list", {}, (await rig.user()).call()), []);
  });

  test("items", async () => {
    const hidden = await rig.item(await rig.library("hidden"));
    const find = (spec: object, call: Call): Promise<readonly string[]> =>
      ids("item.find", { spec }, call);
    assert.deepEqual(await find({ name: "debian" }, viewer.call()), [item]);
    assert.deepEqual(await find({ library_id: library }, viewer.call()), [item]);
    assert.deepEqual(await find({ library_id: library }, stranger.call()), []);
    assert.deepEqual(await find({ library_id: UNKNOWN }, stranger.call()), []);
    assert.deepEqual(await find({ name: "debian" }, (await rig.user()).call()), []);
    assert.deepEqual(new Set(await find({ name: "debian" }, aCall())), new Set([item, hidden]));
  });
});

suite("a token that is cut down", () => {
  test("does what both its user and its own grants let it", async () => {
    const editor = await rig.user("editor");
    const token = await rig.token(editor, {
      grants: [{ role: "ADMINISTRATOR", library_id: library }],
    });
    await rig.handlers["item.create"](
      { create_spec: { library_id: library, name: "fedora" } },
      token.call(),
    );
    await refusedWith(
      "access.missing_right",
      rig.handlers["library.delete"]({ library_id: library }, token.call()),
    );
    // Where the token alone falls short, no grant to its user would help.
    const keeper = await rig.user("administrator", library);
    const narrow = await rig.token(keeper, {
      name: "narrow",
      grants: [{ role: "VIEWER", library_id: library }],
    });
    const text = await refusedWith(
      "access.narrowed_token",
      rig.handlers["library.delete"]({ library_id: library }, narrow.call()),
    );
    assert.match(text, /token narrow,.* ContentLibrary\.DeleteLibrary on library images needs/);
    const other = await rig.library("other");
    await refusedWith(
      "library.not_found",
      rig.handlers["library.get"]({ library_id: other }, token.call()),
    );
    await rig.handlers["library.get"]({ library_id: other }, editor.call());
  });

  test("does nothing more when its last library is gone", async () => {
    const keeper = await rig.user("administrator");
    const token = await rig.token(keeper, { grants: [{ role: "EDITOR", library_id: library }] });
    await rig.handlers["library.delete"]({ library_id: library }, aCall());
    await rig.restart();
    const answer = await rig.handlers["library.list"]({}, token.call());
    assert.deepEqual(await wholeList(answer), []);
    await refusedWith(
      "access.narrowed_token",
      rig.handlers["localLibrary.create"]({ create_spec: { name: "mine" } }, token.call()),
    );
  });
});

suite("what the rights cost", () => {
  /** The rig again, with a count of what is read of the catalog. */
  const counted = async (): Promise<{ readonly rig: AccessRig; reads(): readonly string[] }> => {
    const read: string[] = [];
    const counting = await AccessRig.open((storage) => ({
      ...storage,
      catalog: new Proxy(storage.catalog, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== "function") return member;
          return (...args: readonly unknown[]): unknown => {
            if (/^(?:find|list|grants)/.test(String(name))) read.push(String(name));
            return Reflect.apply(member, target, args);
          };
        },
      }),
    }));
    return { rig: counting, reads: () => read.splice(0) };
  };

  test("a viewer of one library, and an administrator, read no more than the item", async () => {
    const { rig: own, reads } = await counted();
    const images = await own.library();
    const library_item_id = await own.item(images);
    const accounts = Array.from({ length: 1_000 }, () => anAccount());
    await own.storage.catalog.commit(
      accounts.map((account) => ({ kind: "account.put", account, rev: null })),
    );
    const libraries = [
      images,
      ...(await Promise.all(Array.from({ length: 9 }, () => own.library()))),
    ];
    await own.storage.catalog.commit(
      accounts.flatMap(({ id }) =>
        libraries.map((libraryId) => ({
          kind: "grant.put" as const,
          grant: aGrant({ subject: { kind: "account", id }, libraryId: libraryId as never }),
        })),
      ),
    );
    const one = await own.user("viewer", images);
    const call = one.call();
    await own.restart();
    const get = (by: Call): Promise<unknown> => own.handlers["item.get"]({ library_item_id }, by);
    await get(call);
    reads();
    await get(call);
    assert.deepEqual(reads(), ["findItem"]);
    await get(aCall());
    reads();
    await get(aCall());
    assert.deepEqual(reads(), ["findItem"]);
  });

  test("looking at a session again reads its head and nothing else", async () => {
    const { rig: own, reads } = await counted();
    const library_id = await own.library();
    const by = (await own.user("editor", library_id)).call();
    const update_session_id = await own.updateSession(await own.item(library_id), by);
    const look = () => own.handlers["updateSession.get"]({ update_session_id }, by);
    await look();
    reads();
    await look();
    assert.deepEqual(reads(), ["findSessionHead"]);
  });

  test("sending a file reads nothing for rights that is not known already", async () => {
    const { rig: own, reads } = await counted();
    const library_id = await own.library();
    const by = (await own.user("editor", library_id)).call();
    const session = await own.updateSession(await own.item(library_id), by);
    reads();
    await own.addFile(session, "a.iso", by);
    assert.deepEqual(reads(), [
      "findSessionHead",
      "findSessionHead",
      "findNamedFile",
      "findItem",
      "findKeptPartial",
    ]);
  });
});
