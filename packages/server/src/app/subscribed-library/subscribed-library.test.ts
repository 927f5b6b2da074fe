import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { parseLibraryId } from "@contentlib/server/domain/ids";
import { anItem } from "@contentlib/testkit/builders/libraries";
import { aTlsIdentity } from "@contentlib/testkit/builders/tls-certificates";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { LibraryRig, OPEN_SOURCE } from "@contentlib/testkit/rigs/library-rig";
import { LOOPBACK_FENCE, startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import { AesSecretSeal } from "../../adapters/auth/aes-secret-seal.ts";
import { SystemClock } from "../../adapters/clock/system-clock.ts";
import { HttpRemoteSource } from "../../adapters/remote/http-source.ts";

const NOWHERE = "00000000-0000-4000-8000-00000000abcd";
const TOKEN = "11111111-0000-4000-8000-000000000001";
const PASSWORD = "open sesame";
const BASIC = {
  ...OPEN_SOURCE,
  authentication_method: "BASIC",
  user_name: "vcsp",
  password: PASSWORD,
} as const;

const idOf = (text: string) => {
  const id = parseLibraryId(text);
  assert.ok(id);
  return id;
};
const kept = async (rig: LibraryRig, id: string) =>
  (await rig.storage.catalog.findLibrary(idOf(id)))?.value.subscriptionInfo;

describe("a subscribed library", () => {
  test("is kept as told, shown by both services that can, and listed among its kind", async () => {
    const rig = await LibraryRig.open();
    const local = await rig.local();
    const id = await rig.subscribed();
    const library = await rig.get(id);
    assert.deepEqual(
      await rig.handlers["subscribedLibrary.get"]({ library_id: id }, aCall()),
      library,
    );
    assert.equal(library.type, "SUBSCRIBED");
    assert.equal(library.version, "1");
    assert.deepEqual(library.storage_backings, [{ type: "OTHER" }]);
    assert.deepEqual(library.subscription_info, OPEN_SOURCE);
    assert.equal(library.publish_info, undefined);
    assert.equal(library.last_sync_time, undefined);
    const { handlers } = rig;
    assert.deepEqual(await wholeList(await handlers["subscribedLibrary.list"]({}, aCall())), [id]);
    assert.deepEqual(await wholeList(await handlers["localLibrary.list"]({}, aCall())), [local]);
    assert.deepEqual(await wholeList(await handlers["library.list"]({}, aCall())), [local, id]);
    const spec = { type: "SUBSCRIBED" } as const;
    assert.deepEqual(await wholeList(await handlers["library.find"]({ spec }, aCall())), [id]);
  });

  test("is made once for a client token", async () => {
    const rig = await LibraryRig.open();
    const create_spec = { name: "copies", subscription_info: OPEN_SOURCE };
    const create = () =>
      rig.handlers["subscribedLibrary.create"]({ client_token: TOKEN, create_spec }, aCall());
    const first = await create();
    assert.equal(await create(), first);
  });

  test("keeps its datastore as told, where that is one of this server's", async () => {
    const rig = await LibraryRig.open(undefined, { datastores: ["datastore-15"] });
    const create = (datastore_id: string) => {
      const storage_backings = [{ type: "DATASTORE", datastore_id }] as const;
      const create_spec = { name: "copies", subscription_info: OPEN_SOURCE, storage_backings };
      return rig.handlers["subscribedLibrary.create"]({ create_spec }, aCall());
    };
    const { storage_backings } = await rig.get(await create("datastore-15"));
    assert.deepEqual(storage_backings, [{ type: "DATASTORE", datastore_id: "datastore-15" }]);
    const text = await refusedWith("library.datastore_not_found", create("datastore-16"));
    assert.match(text, /datastore-16.*CONTENTLIB_DATASTORES/);
  });

  test("seals its password, which no answer shows", async () => {
    const rig = await LibraryRig.open();
    const id = await rig.subscribed(BASIC);
    const sealed = (await kept(rig, id))?.sealedPassword ?? "";
    const seal = new AesSecretSeal(Buffer.alloc(32, 2));
    assert.equal(seal.open(sealed, `library:${id}`), PASSWORD);
    const other = await rig.subscribed();
    assert.throws(() => seal.open(sealed, `library:${other}`), portErrorWith("corrupt"));
    const subscription_info = { authentication_method: "BASIC", password: "other" } as const;
    await rig.handlers["subscribedLibrary.update"](
      { library_id: other, update_spec: { subscription_info } },
      aCall(),
    );
    const changed = (await kept(rig, other))?.sealedPassword ?? "";
    assert.equal(seal.open(changed, `library:${other}`), "other");
    const library = await rig.get(id);
    const { password: _, ...told } = BASIC;
    assert.deepEqual(library.subscription_info, told);
    assert.doesNotMatch(JSON.stringify(library), /sesame/);
    const text = await refusedWith(
      "library.invalid_property",
      rig.subscribed({ ...BASIC, subscription_url: `https://vcsp:${PASSWORD.slice(5)}@host/` }),
    );
    assert.doesNotMatch(text, /sesame/);
  });

  test("a password beside NONE is not kept, and named as ignored", async () => {
    const rig = await LibraryRig.open();
    const ignored: string[] = [];
    const id = await rig.subscribed({ ...OPEN_SOURCE, password: PASSWORD }, ignored);
    assert.deepEqual(ignored, ["subscription_info.password"]);
    assert.equal((await kept(rig, id))?.sealedPassword, undefined);
  });

  test("is updated by its own service and in common members by Library, with its version", async () => {
    const rig = await LibraryRig.open();
    const library_id = await rig.subscribed();
    const { handlers } = rig;
    const update = (
      update_spec: Parameters<(typeof handlers)["subscribedLibrary.update"]>[0]["update_spec"],
    ) => handlers["subscribedLibrary.update"]({ library_id, update_spec }, aCall());
    await update({ name: "other", subscription_info: { on_demand: false }, version: "1" });
    const changed = await rig.get(library_id);
    assert.equal(changed.name, "other");
    assert.deepEqual(changed.subscription_info, { ...OPEN_SOURCE, on_demand: false });
    assert.equal(changed.version, "2");
    await update({ name: "other", subscription_info: { on_demand: false } });
    assert.equal((await rig.get(library_id)).version, "2");
    await refusedWith("library.stale_version", update({ version: "1" }));
    await refusedWith("library.invalid_property", update({ subscription_info: { password: "" } }));
    const update_spec = { name: "third" };
    await handlers["library.update"]({ library_id, update_spec }, aCall());
    const renamed = await rig.get(library_id);
    assert.deepEqual([renamed.name, renamed.version], ["third", "3"]);
  });

  test("is deleted by its own service", async () => {
    const rig = await LibraryRig.open();
    const library_id = await rig.subscribed();
    await rig.handlers["subscribedLibrary.delete"]({ library_id }, aCall());
    await refusedWith("library.not_found", rig.get(library_id));
  });

  test("gives nothing up where that is allowed, and follows nobody", async () => {
    const rig = await LibraryRig.open();
    const { handlers } = rig;
    const onDemand = { library_id: await rig.subscribed() };
    await handlers["subscribedLibrary.evict"](onDemand, aCall());
    const whole = { library_id: await rig.subscribed({ ...OPEN_SOURCE, on_demand: false }) };
    await refusedWith("library.not_on_demand", handlers["subscribedLibrary.evict"](whole, aCall()));
    await refusedWith("library.unsupported", handlers["subscribedLibrary.sync"](whole, aCall()));
  });

  test("each service refuses the other's kind, and both what is nowhere", async () => {
    const rig = await LibraryRig.open();
    const { handlers } = rig;
    const local = await rig.local();
    const subscribed = await rig.subscribed();
    const update_spec = { name: "x" };
    const calls = {
      localLibrary: ["get", "delete", "publish"],
      subscribedLibrary: ["get", "delete", "evict", "sync"],
    } as const;
    for (const [service, other] of [
      ["localLibrary", subscribed],
      ["subscribedLibrary", local],
    ] as const) {
      const asked = [
        ...calls[service].map(
          (method) => (library_id: string) =>
            // The methods of a service are the keys of `calls`.
            handlers[`${service}.${method}` as "localLibrary.get"]({ library_id }, aCall()),
        ),
        (library_id: string) => handlers[`${service}.update`]({ library_id, update_spec }, aCall()),
      ];
      for (const ask of asked) {
        await refusedWith("library.wrong_type", ask(other));
        await refusedWith("library.not_found", ask(NOWHERE));
        await refusedWith("library.not_found", ask("no id"));
      }
    }
    assert.deepEqual((await rig.get(local)).name, "images");
    assert.deepEqual((await rig.get(subscribed)).name, "copies");
  });
});

describe("items of a subscribed library", () => {
  test("are nobody's to make, change, delete, fill or copy into", async () => {
    const rig = await LibraryRig.open();
    const { handlers } = rig;
    const library_id = await rig.subscribed();
    const source_library_item_id = await rig.item(await rig.local());
    const item = anItem({ libraryId: idOf(library_id) });
    await rig.storage.catalog.commit([{ kind: "item.put", item, rev: null }]);
    const { id: library_item_id } = item;
    const asked = [
      rig.item(library_id),
      handlers["item.update"]({ library_item_id, update_spec: { name: "x" } }, aCall()),
      handlers["item.delete"]({ library_item_id }, aCall()),
      handlers["updateSession.create"]({ create_spec: { library_item_id } }, aCall()),
      handlers["item.copy"](
        { source_library_item_id, destination_create_spec: { library_id, name: "copy" } },
        aCall(),
      ),
      handlers["item.publish"]({ library_item_id, force_sync_content: true }, aCall()),
    ];
    for (const ask of asked) await refusedWith("library.wrong_type", ask);
    const shown = await handlers["item.get"]({ library_item_id }, aCall());
    assert.equal(shown.name, item.name);
  });

  test("are the only ones for SubscribedItem, which acts on none", async () => {
    const rig = await LibraryRig.open();
    const { handlers } = rig;
    const itemOf = async (on_demand: boolean): Promise<string> => {
      const libraryId = idOf(await rig.subscribed({ ...OPEN_SOURCE, on_demand }));
      const item = anItem({ libraryId });
      await rig.storage.catalog.commit([{ kind: "item.put", item, rev: null }]);
      return item.id;
    };
    const sync = (library_item_id: string) =>
      handlers["subscribedItem.sync"]({ library_item_id, force_sync_content: true }, aCall());
    const evict = (library_item_id: string) =>
      handlers["subscribedItem.evict"]({ library_item_id }, aCall());
    const local = await rig.item(await rig.local());
    for (const ask of [sync, evict]) {
      await refusedWith("item.wrong_type", ask(local));
      for (const id of [NOWHERE, "no id"]) await refusedWith("item.not_found", ask(id));
      await refusedWith("library.unsupported", ask(await itemOf(true)));
    }
    await refusedWith("library.not_on_demand", evict(await itemOf(false)));
  });
});

describe("probe", () => {
  const probe = async (subscription_url: string) => {
    const rig = await LibraryRig.open();
    const subscription_info = { subscription_url };
    return await rig.handlers["subscribedLibrary.probe"]({ subscription_info }, aCall());
  };

  test("an address that can not be one is an answer, and is repeated without its login", async () => {
    const answer = await probe("https://vcsp:sesame@publisher.example/lib.json");
    assert.equal(answer.status, "INVALID_URL");
    assert.equal(answer.ssl_thumbprint, undefined);
    const [first, why] = answer.error_messages;
    assert.equal(first?.id, "com.vmware.vdcs.cls-main.invalid_url_format");
    assert.deepEqual(first.args, ["https://publisher.example/lib.json"]);
    assert.match(why?.default_message ?? "", /login/);
    assert.doesNotMatch(JSON.stringify(answer), /sesame/);
    for (const text of ["", "lib.json", "gopher://publisher.example/", "http://"])
      assert.equal((await probe(text)).status, "INVALID_URL", text);
  });

  test("a storage address is unsupported, and none at all is missing", async () => {
    await refusedWith("library.unsupported", probe("ds:///vmfs/volumes/1/lib.json"));
    const rig = await LibraryRig.open();
    await refusedWith(
      "request.missing_member",
      rig.handlers["subscribedLibrary.probe"]({ subscription_info: {} }, aCall()),
    );
  });

  test("a publisher is asked with its login, and known by what is told of its certificate", async (t) => {
    const seen: (string | undefined)[] = [];
    const identity = aTlsIdentity();
    const publisher = await startRemoteServer(
      (request, response) => {
        seen.push(request.headers.authorization);
        response.end("{}");
      },
      { identity },
    );
    t.after(async () => await publisher.close());
    const fence = LOOPBACK_FENCE;
    const remote = new HttpRemoteSource({ clock: new SystemClock(), fence, proxy: null });
    const rig = await AccessRig.open(undefined, undefined, { remote });
    const ask = async (members: object) =>
      await rig.handlers["subscribedLibrary.probe"](
        { subscription_info: { subscription_url: `${publisher.origin}/lib.json`, ...members } },
        aCall(),
      );
    const { fingerprint: ssl_thumbprint } = new X509Certificate(identity.certPem);
    const untrusted = await ask({});
    assert.equal(untrusted.status, "CERTIFICATE_ERROR");
    assert.equal(untrusted.ssl_thumbprint, ssl_thumbprint);
    assert.deepEqual(seen, []);
    assert.deepEqual(await ask({ ssl_thumbprint }), {
      status: "SUCCESS",
      ssl_thumbprint,
      error_messages: [],
    });
    const login = { authentication_method: "BASIC", password: PASSWORD };
    await ask({ ...login, ssl_certificate: identity.certPem });
    await ask({ ...login, user_name: "ada", ssl_thumbprint });
    await ask({ ...login, authentication_method: "NONE", ssl_thumbprint });
    const basic = (name: string): string =>
      `Basic ${Buffer.from(`${name}:${PASSWORD}`).toString("base64")}`;
    assert.deepEqual(seen, [undefined, basic("vcsp"), basic("ada"), undefined]);
    await refusedWith("request.invalid_member", ask({ ssl_thumbprint: "x" }));
  });
});
