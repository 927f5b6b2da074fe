import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import { aLibraryId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary } from "@contentlib/testkit/builders/libraries";
import type { Library } from "./library.ts";
import { checkLocal, planLibraryCreate, planLibraryUpdate } from "./plan-library.ts";
import type { LibraryPatch, LibraryWish } from "./plan-library.ts";

const NOW = BUILT_AT + 5000;
const id = aLibraryId();

const create = (wish: LibraryWish) => planLibraryCreate({ id, wish, now: NOW });

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

  test("optimization is kept, security policies are not there", () => {
    assert.equal(
      created({ name: "a", optimizeRemotePublishing: true }).optimizeRemotePublishing,
      true,
    );
    assert.deepEqual(
      create({ name: "a", securityPolicyId: "p" }),
      faultOf("library.unsupported", "security policies"),
    );
  });

  describe("storage backings", () => {
    for (const storageBackings of [[], [{ type: "OTHER" }]] as const) {
      test(`${JSON.stringify(storageBackings)} is the default place`, () => {
        assert.deepEqual(created({ name: "a", storageBackings }).storageBackings, [
          { type: "OTHER" },
        ]);
      });
    }

    for (const storageBackings of [
      [{ type: "OTHER" }, { type: "OTHER" }],
      [{ type: "DATASTORE", datastoreId: "datastore-1" }],
      [{ type: "OTHER", storageUri: "nfs://host/share" }],
    ] as const) {
      test(`${JSON.stringify(storageBackings)} is unsupported`, () => {
        const fault = create({ name: "a", storageBackings });
        assert.equal(isFault(fault) ? fault.fault : null, "library.unsupported");
      });
    }

    for (const storageBackings of [
      [{ type: "DATASTORE" }],
      [{ type: "DATASTORE", datastoreId: "d", storageUri: "nfs://host/share" }],
      [{ type: "OTHER", datastoreId: "d" }],
    ] as const) {
      test(`${JSON.stringify(storageBackings)} contradicts itself`, () => {
        const fault = create({ name: "a", storageBackings });
        assert.equal(isFault(fault) ? fault.fault : null, "library.invalid_property");
      });
    }
  });

  describe("publish_info", () => {
    const told = { authenticationMethod: "NONE", published: false } as const;

    test("is kept while nothing is to be published, without a password", () => {
      const wish = {
        authenticationMethod: "BASIC",
        published: false,
        userName: "vcsp",
        password: "secret",
      } as const;
      const library = created({ name: "a", publishInfo: wish });
      const { password: _, ...kept } = wish;
      assert.deepEqual(library.publishInfo, { ...kept, persistJsonEnabled: false });
      assert.doesNotMatch(JSON.stringify(library), /secret/);
    });

    test("to publish is unsupported", () => {
      const fault = create({ name: "a", publishInfo: { ...told, published: true } });
      assert.equal(isFault(fault) ? fault.fault : null, "library.unsupported");
    });

    for (const [what, publishInfo, code, member] of [
      [
        "no method",
        { published: false },
        "request.missing_member",
        "publish_info.authentication_method",
      ],
      [
        "no published",
        { authenticationMethod: "NONE" },
        "request.missing_member",
        "publish_info.published",
      ],
      [
        "another user",
        { ...told, userName: "me" },
        "library.invalid_property",
        "publish_info.user_name",
      ],
      [
        "an empty password",
        { ...told, password: "" },
        "library.invalid_property",
        "publish_info.password",
      ],
      [
        "BASIC without one",
        { ...told, authenticationMethod: "BASIC" },
        "request.missing_member",
        "publish_info.password",
      ],
    ] as const) {
      test(`${what} is refused`, () => {
        const fault = create({ name: "a", publishInfo });
        assert.ok(isFault(fault));
        assert.equal(fault.fault, code);
        assert.equal(fault.args[0], member);
      });
    }
  });
});

describe("updating a library", () => {
  const library = aLibrary({ name: "images", description: "old", version: 3 });
  const update = (
    patch: LibraryPatch,
    service: "Library" | "LocalLibrary" = "LocalLibrary",
    of = library,
  ) => planLibraryUpdate({ library: of, service, patch, now: NOW });

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
    const fault = update({ publishInfo: { published: true } }, "LocalLibrary", of);
    assert.equal(isFault(fault) ? fault.fault : null, "library.unsupported");
  });

  test("a library of the other kind is the wrong type for LocalLibrary", () => {
    const subscribed = aLibrary({ type: "SUBSCRIBED" });
    const fault = faultOf("library.wrong_type", subscribed.id, "SUBSCRIBED", "LOCAL");
    assert.deepEqual(update({ name: "b" }, "LocalLibrary", subscribed), fault);
    assert.deepEqual(checkLocal(subscribed), fault);
    assert.equal(isFault(update({ name: "b" }, "Library", subscribed)), false);
  });
});
