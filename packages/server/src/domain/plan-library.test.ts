import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import { aLibraryId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary } from "@contentlib/testkit/builders/libraries";
import type { Library } from "./library.ts";
import {
  checkLocal,
  checkSubscribed,
  planLibraryCreate,
  planLibraryUpdate,
  planSubscribedLibraryCreate,
} from "./plan-library.ts";
import type {
  LibraryPatch,
  LibraryService,
  LibraryWish,
  SubscribedLibraryWish,
} from "./plan-library.ts";
import { OVF_DEFAULT_POLICY } from "./security-policy.ts";

const NOW = BUILT_AT + 5000;
const id = aLibraryId();

const create = (wish: LibraryWish, datastores: readonly string[] = []) =>
  planLibraryCreate({ id, wish, datastores, now: NOW });

const created = (wish: LibraryWish): Library => {
  const library = create(wish);
  assert.ok(!isFault(library));
  return library;
};

describe("creating a library", () => {
  test("a name is enough: the rest has defaults", () => {
    assert.deepEqual(create({ name: "images" }), {
      id,
      type: "LOCAL",
      name: "images",
      description: "",
      createdAt: NOW,
      modifiedAt: NOW,
      version: 1,
      storageBackings: [{ type: "OTHER" }],
    });
  });

  test("a name is needed", () => {
    assert.deepEqual(create({}), faultOf("request.missing_member", "name"));
    assert.deepEqual(
      create({ name: "" }),
      faultOf("library.invalid_property", "name", "it is empty"),
    );
  });

  test("a description has its limit", () => {
    const fault = faultOf(
      "library.invalid_property",
      "description",
      "it has 2001 characters, and at most 2000 are allowed",
    );
    assert.deepEqual(create({ name: "a", description: "x".repeat(2001) }), fault);
  });

  test("optimization and a security policy are kept; a policy that is not there is not found", () => {
    assert.equal(
      created({ name: "a", optimizeRemotePublishing: true }).optimizeRemotePublishing,
      true,
    );
    const { id: securityPolicyId } = OVF_DEFAULT_POLICY;
    const secured = created({ name: "a", securityPolicyId: securityPolicyId.toUpperCase() });
    assert.equal(secured.securityPolicyId, securityPolicyId);
    assert.ok(!("securityPolicyId" in created({ name: "a" })));
    assert.deepEqual(
      create({ name: "a", securityPolicyId: "p" }),
      faultOf("security_policy.not_found", "p"),
    );
  });

  test("a datastore is kept as told where its id will do, and refused where it will not", () => {
    const storageBackings = [{ type: "DATASTORE", datastoreId: "datastore-15" }] as const;
    const wish = { name: "a", storageBackings };
    const fault = faultOf("library.datastore_not_found", "datastore-15");
    assert.deepEqual(created(wish).storageBackings, storageBackings);
    assert.deepEqual(create(wish, ["datastore-16"]), fault);
    const subscribed = planSubscribedLibraryCreate({ id, wish, datastores: ["b"], now: NOW });
    assert.deepEqual(subscribed, fault);
  });

  test("publish_info is kept, with the hash in place of the password", () => {
    const publishInfo = { authenticationMethod: "BASIC", published: true, password: "p" } as const;
    const wish = { name: "a", publishInfo };
    const secrets = { passwordHash: "hash" };
    const library = planLibraryCreate({ id, wish, secrets, datastores: [], now: NOW });
    assert.ok(!isFault(library));
    const { password: _, ...told } = publishInfo;
    const kept = { ...told, persistJsonEnabled: false, passwordHash: "hash" };
    assert.deepEqual(library.publishInfo, kept);
    assert.deepEqual(create(wish), faultOf("request.missing_member", "publish_info.password"));
  });

  test("a subscribed library is made as a local one is, and with its source", () => {
    const subscriptionInfo = {
      authenticationMethod: "BASIC",
      automaticSyncEnabled: false,
      onDemand: true,
      subscriptionUrl: "http://publisher.example/lib.json",
      userName: "vcsp",
    } as const;
    const secrets = { sealedPassword: "sealed" };
    const plan = (wish: SubscribedLibraryWish) =>
      planSubscribedLibraryCreate({ id, wish, secrets, datastores: [], now: NOW });
    const common = { name: "a", description: "b", optimizeRemotePublishing: false };
    assert.deepEqual(
      plan({ ...common, subscriptionInfo: { ...subscriptionInfo, password: "p" } }),
      {
        ...created(common),
        type: "SUBSCRIBED",
        subscriptionInfo: { ...subscriptionInfo, sealedPassword: "sealed" },
      },
    );
    assert.deepEqual(plan(common), faultOf("request.missing_member", "subscription_info"));
    assert.deepEqual(plan({ ...common, name: "" }), create({ ...common, name: "" }));
  });
});

describe("updating a library", () => {
  const library = aLibrary({ name: "images", description: "old", version: 3 });
  const update = (patch: LibraryPatch, service: LibraryService = "LocalLibrary", of = library) =>
    planLibraryUpdate({ library: of, service, patch, now: NOW });

  test("a change moves version by one and the time", () => {
    assert.deepEqual(update({ description: "" }), {
      ...library,
      description: "",
      version: 4,
      modifiedAt: NOW,
    });
  });

  test("the time never goes back with the clock", () => {
    const later = { ...library, modifiedAt: NOW + 1 };
    const updated = update({ name: "other" }, "LocalLibrary", later);
    assert.equal(isFault(updated) ? null : updated.modifiedAt, NOW + 1);
  });

  for (const patch of [
    {},
    { name: "images" },
    { name: "images", description: "old", version: "3" },
  ]) {
    test(`${JSON.stringify(patch)} changes nothing`, () => assert.equal(update(patch), library));
  }

  test("a stale version is refused, by each service in its own class", () => {
    const args = [library.id, "3", "2"] as const;
    assert.deepEqual(
      update({ version: "2", name: "b" }),
      faultOf("library.stale_version", ...args),
    );
    assert.deepEqual(
      update({ version: "2", name: "b" }, "Library"),
      faultOf("library.stale_version_argument", ...args),
    );
  });

  test("an invalid text changes nothing", () => {
    assert.deepEqual(
      update({ name: "", description: "new" }),
      faultOf("library.invalid_property", "name", "it is empty"),
    );
  });

  test("publish_info is merged by LocalLibrary and never touched by Library", () => {
    const publishInfo = {
      authenticationMethod: "NONE",
      published: false,
      persistJsonEnabled: false,
    } as const;
    const of = { ...library, publishInfo };
    const patch = { publishInfo: { persistJsonEnabled: true } };
    assert.deepEqual(update(patch, "LocalLibrary", of), {
      ...of,
      publishInfo: { ...publishInfo, persistJsonEnabled: true },
      version: 4,
      modifiedAt: NOW,
    });
    assert.equal(update(patch, "Library", of), of);
    assert.equal(update({ publishInfo: { published: false } }, "LocalLibrary", of), of);
    assert.deepEqual(
      update({ publishInfo: { userName: "me" } }, "LocalLibrary", of),
      faultOf("library.invalid_property", "publish_info.user_name", "it can only be vcsp"),
    );
    assert.equal(update({ publishInfo: { published: false } }), library);
  });

  test("subscription_info is merged by SubscribedLibrary and never touched by Library", () => {
    const subscriptionInfo = {
      authenticationMethod: "NONE",
      automaticSyncEnabled: false,
      onDemand: true,
      subscriptionUrl: "http://publisher.example/lib.json",
    } as const;
    const of = aLibrary({ type: "SUBSCRIBED", subscriptionInfo });
    const patch = { subscriptionInfo: { onDemand: false } };
    assert.deepEqual(update(patch, "SubscribedLibrary", of), {
      ...of,
      subscriptionInfo: { ...subscriptionInfo, onDemand: false },
      version: 2,
      modifiedAt: NOW,
    });
    assert.equal(update(patch, "Library", of), of);
    assert.equal(update({ subscriptionInfo: { onDemand: true } }, "SubscribedLibrary", of), of);
    const args = [of.id, "1", "2"] as const;
    assert.deepEqual(
      update({ ...patch, version: "2" }, "SubscribedLibrary", of),
      faultOf("library.stale_version", ...args),
    );
  });

  for (const service of ["Library", "LocalLibrary"] as const) {
    test(`a security policy is set, kept and taken away through ${service}`, () => {
      const { id: securityPolicyId } = OVF_DEFAULT_POLICY;
      const secured = update({ securityPolicyId }, service);
      assert.deepEqual(secured, { ...library, securityPolicyId, version: 4, modifiedAt: NOW });
      assert.ok(!isFault(secured));
      assert.equal(update({ securityPolicyId }, service, secured), secured);
      assert.deepEqual(update({ name: "other" }, service, secured), {
        ...secured,
        name: "other",
        version: 5,
      });
      assert.deepEqual(update({ securityPolicyId: null }, service, secured), {
        ...library,
        version: 5,
        modifiedAt: NOW,
      });
      assert.equal(update({ securityPolicyId: null }, service), library);
      const fault = faultOf("security_policy.not_found", "p");
      assert.deepEqual(update({ name: "other", securityPolicyId: "p" }, service), fault);
    });
  }

  test("a library of the other kind is the wrong type for either service", () => {
    const subscribed = aLibrary({ type: "SUBSCRIBED" });
    const fault = faultOf("library.wrong_type", subscribed.id, "SUBSCRIBED", "LOCAL");
    assert.deepEqual(update({ name: "b" }, "LocalLibrary", subscribed), fault);
    assert.deepEqual(checkLocal(subscribed), fault);
    assert.equal(isFault(update({ name: "b" }, "Library", subscribed)), false);
    const other = faultOf("library.wrong_type", library.id, "LOCAL", "SUBSCRIBED");
    assert.deepEqual(update({ name: "b" }, "SubscribedLibrary"), other);
    assert.deepEqual(checkSubscribed(library), other);
    assert.equal(checkSubscribed(subscribed), null);
  });
});
