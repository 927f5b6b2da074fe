import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { PublishInfo } from "./library.ts";
import { createPublishInfo, UNPUBLISHED, updatePublishInfo } from "./publish-info.ts";
import type { PublishInfoWish, PublishSecrets } from "./publish-info.ts";

const told = { authenticationMethod: "NONE", published: false } as const;
const HASHED = { passwordHash: "hash of new" };

const missing = (member: string) => faultOf("request.missing_member", `publish_info.${member}`);
const invalid = (member: string, reason: string) =>
  faultOf("library.invalid_property", `publish_info.${member}`, reason);

describe("publishing at create", () => {
  test("NONE is kept as told, with the default for the index files", () => {
    assert.deepEqual(createPublishInfo({ ...told, published: true }, {}), {
      authenticationMethod: "NONE",
      published: true,
      persistJsonEnabled: false,
    });
  });

  test("BASIC keeps the hash of its password and never the password", () => {
    const wish = {
      authenticationMethod: "BASIC",
      published: true,
      userName: "vcsp",
      password: "new",
      persistJsonEnabled: true,
    } as const;
    assert.deepEqual(createPublishInfo(wish, HASHED), {
      authenticationMethod: "BASIC",
      published: true,
      persistJsonEnabled: true,
      passwordHash: "hash of new",
    });
  });

  test("a password beside NONE is not kept", () => {
    const info = createPublishInfo({ ...told, password: "new" }, HASHED);
    assert.doesNotMatch(JSON.stringify(info), /new/);
  });

  const refusals: readonly (readonly [string, PublishInfoWish, ReturnType<typeof faultOf>])[] = [
    ["no method", { published: false }, missing("authentication_method")],
    ["no published", { authenticationMethod: "NONE" }, missing("published")],
    ["another user", { ...told, userName: "me" }, invalid("user_name", "it can only be vcsp")],
    ["an empty password", { ...told, password: "" }, invalid("password", "it is empty")],
    ["BASIC without one", { ...told, authenticationMethod: "BASIC" }, missing("password")],
    [
      "a password beyond all measure",
      { ...told, password: "x".repeat(257) },
      invalid("password", "it has 257 characters, and at most 256 are allowed"),
    ],
  ];
  for (const [what, wish, fault] of refusals) {
    test(`${what} is refused`, () => assert.deepEqual(createPublishInfo(wish, {}), fault));
  }
});

describe("publishing at update", () => {
  const basic: PublishInfo = {
    authenticationMethod: "BASIC",
    published: true,
    persistJsonEnabled: false,
    passwordHash: "hash",
  };
  const right = { isCurrentPasswordRight: true };
  const update = (
    wish: PublishInfoWish,
    secrets: PublishSecrets = {},
    present: PublishInfo | undefined = basic,
  ) => updatePublishInfo(present, wish, secrets);

  test("a library that was never told anything begins unpublished", () => {
    assert.deepEqual(updatePublishInfo(undefined, { published: true }, {}), {
      ...UNPUBLISHED,
      published: true,
    });
    assert.equal(updatePublishInfo(undefined, { published: false }, {}), undefined);
  });

  test("what does not touch the password needs none, and no change is the same value", () => {
    assert.deepEqual(update({ persistJsonEnabled: true }), { ...basic, persistJsonEnabled: true });
    for (const wish of [
      {},
      { published: true },
      { authenticationMethod: "BASIC" as const, userName: "vcsp", persistJsonEnabled: false },
    ])
      assert.equal(update(wish), basic);
  });

  const guarded = {
    "a new password": [{ password: "new" }, HASHED, { ...basic, passwordHash: "hash of new" }],
    "turning authentication off": [
      { authenticationMethod: "NONE" },
      {},
      { authenticationMethod: "NONE", published: true, persistJsonEnabled: false },
    ],
    unpublishing: [{ published: false }, {}, { ...basic, published: false }],
  } as const satisfies Readonly<
    Record<string, readonly [PublishInfoWish, PublishSecrets, PublishInfo]>
  >;
  for (const [what, [wish, secrets, after]] of Object.entries(guarded)) {
    test(`${what} needs the right current password`, () => {
      assert.deepEqual(update(wish, secrets), missing("current_password"));
      const wrong = invalid("current_password", "it is not the present password");
      const asked = { ...wish, currentPassword: "present" };
      assert.deepEqual(update(asked, secrets), wrong);
      assert.deepEqual(update(asked, { ...secrets, isCurrentPasswordRight: false }), wrong);
      assert.deepEqual(update(asked, { ...secrets, ...right }), after);
    });
  }

  test("an unpublished BASIC library keeps its password, and is published again without it", () => {
    const unpublished = { ...basic, published: false };
    assert.deepEqual(update({ published: true }, {}, unpublished), basic);
  });

  test("turning authentication on needs a password, and no current one", () => {
    const open = { ...UNPUBLISHED, published: true };
    const wish = { authenticationMethod: "BASIC" } as const;
    assert.deepEqual(update(wish, {}, open), missing("password"));
    assert.deepEqual(update({ ...wish, password: "new" }, HASHED, open), {
      ...basic,
      passwordHash: "hash of new",
    });
  });

  test("a BASIC library without a hash is left alone until it is published", () => {
    const { passwordHash: _, ...bare } = { ...basic, published: false };
    const changed = update({ persistJsonEnabled: true }, {}, bare);
    assert.equal(isFault(changed), false);
    assert.deepEqual(update({ published: true }, {}, bare), missing("password"));
    const wish = { published: true, password: "new" };
    assert.deepEqual(update(wish, HASHED, bare), { ...basic, passwordHash: "hash of new" });
  });

  test("what create refuses, update refuses", () => {
    assert.deepEqual(update({ userName: "me" }), invalid("user_name", "it can only be vcsp"));
    assert.deepEqual(
      update({ password: "", currentPassword: "present" }, right),
      invalid("password", "it is empty"),
    );
  });
});
