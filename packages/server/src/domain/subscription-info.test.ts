import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import { aLibraryId, aSubscriptionId } from "@contentlib/testkit/builders/ids";
import type { SubscriptionInfo } from "./library.ts";
import { createSubscriptionInfo, updateSubscriptionInfo } from "./subscription-info.ts";
import type { SubscriptionInfoWish } from "./subscription-info.ts";

const URL_TEXT = "https://publisher.example/cls/vcsp/lib/1/lib.json";
const told = {
  authenticationMethod: "NONE",
  automaticSyncEnabled: false,
  onDemand: true,
  subscriptionUrl: URL_TEXT,
} as const;
const PRINT = Array.from({ length: 20 }, (_, at) => `A${(at % 10).toString()}`);
const PEM = `-----BEGIN CERTIFICATE-----\nMIIB\nAA==\n-----END CERTIFICATE-----`;

const missing = (member: string) =>
  faultOf("request.missing_member", `subscription_info.${member}`);

const assertInvalid = (outcome: unknown, member: string): void => {
  assert.ok(isFault(outcome), JSON.stringify(outcome));
  assert.equal(outcome.fault, "library.invalid_property");
  assert.equal(outcome.args[0], `subscription_info.${member}`);
};

describe("the source of a new subscribed library", () => {
  test("is kept as told", () => assert.deepEqual(createSubscriptionInfo(told, undefined), told));

  for (const [member, name] of [
    ["authentication_method", "authenticationMethod"],
    ["automatic_sync_enabled", "automaticSyncEnabled"],
    ["on_demand", "onDemand"],
    ["subscription_url", "subscriptionUrl"],
  ] as const) {
    test(`${member} is needed`, () => {
      const { [name]: _, ...others } = told;
      assert.deepEqual(createSubscriptionInfo(others, undefined), missing(member));
    });
  }

  test("BASIC keeps its sealed password, and needs one", () => {
    const wish = { ...told, authenticationMethod: "BASIC", userName: "" } as const;
    assert.deepEqual(createSubscriptionInfo({ ...wish, password: "open" }, "sealed"), {
      ...wish,
      sealedPassword: "sealed",
    });
    assert.deepEqual(createSubscriptionInfo(wish, undefined), missing("password"));
  });

  test("a password beside NONE is not kept", () =>
    assert.deepEqual(createSubscriptionInfo({ ...told, password: "open" }, "sealed"), told));

  test("a print is kept in one spelling, and an empty one is none", () => {
    for (const sslThumbprint of [PRINT.join(":"), PRINT.join(""), PRINT.join(":").toLowerCase()]) {
      const info = createSubscriptionInfo({ ...told, sslThumbprint }, undefined);
      assert.ok(!isFault(info));
      assert.equal(info.sslThumbprint, PRINT.join(":").toLowerCase());
    }
    assert.deepEqual(createSubscriptionInfo({ ...told, sslThumbprint: "" }, undefined), told);
  });

  test("a certificate is kept as its one PEM block", () => {
    const info = createSubscriptionInfo({ ...told, sslCertificate: `\n${PEM}\n` }, undefined);
    assert.ok(!isFault(info));
    assert.equal(info.sslCertificate, PEM);
  });

  test("the subscription it belongs to is kept, whole or not at all", () => {
    const source = { libraryId: aLibraryId(), subscriptionId: aSubscriptionId() };
    assert.deepEqual(createSubscriptionInfo({ ...told, source }, undefined), { ...told, source });
    const { libraryId, subscriptionId } = source;
    assert.deepEqual(
      createSubscriptionInfo({ ...told, source: { libraryId } }, undefined),
      missing("source_info.subscription"),
    );
    assert.deepEqual(
      createSubscriptionInfo({ ...told, source: { subscriptionId } }, undefined),
      missing("source_info.source_library"),
    );
  });

  const ids = { libraryId: aLibraryId(), subscriptionId: aSubscriptionId() };
  const refusals: readonly (readonly [string, SubscriptionInfoWish])[] = [
    ["subscription_url", { subscriptionUrl: "https://me:open@host/" }],
    ["subscription_url", { subscriptionUrl: "gopher://host/" }],
    ["password", { password: "" }],
    ["password", { password: "x".repeat(257) }],
    ["user_name", { userName: "a:b" }],
    ["user_name", { userName: "a\nb" }],
    ["ssl_thumbprint", { sslThumbprint: PRINT.slice(1).join(":") }],
    ["ssl_thumbprint", { sslThumbprint: `${PRINT.join(":")}:` }],
    ["ssl_certificate", { sslCertificate: "MIIB" }],
    ["ssl_certificate", { sslCertificate: `${PEM}\n${PEM}` }],
    ["ssl_certificate", { sslCertificate: PEM.replace("MIIB", "A".repeat(32_768)) }],
    ["source_info.source_library", { source: { ...ids, libraryId: "x" } }],
    ["source_info.subscription", { source: { ...ids, subscriptionId: "x" } }],
  ];
  for (const [member, wish] of refusals) {
    test(`${JSON.stringify(wish).slice(0, 60)} is refused, by create and update`, () => {
      assertInvalid(createSubscriptionInfo({ ...told, ...wish }, undefined), member);
      assertInvalid(updateSubscriptionInfo(told, wish, undefined), member);
    });
  }

  test("a source on storage is unsupported", () => {
    const fault = createSubscriptionInfo({ ...told, subscriptionUrl: "ds:///lib.json" }, undefined);
    assert.equal(isFault(fault) ? fault.fault : null, "library.unsupported");
  });
});

describe("the source of a subscribed library after an update", () => {
  const basic: SubscriptionInfo = {
    ...told,
    authenticationMethod: "BASIC",
    userName: "vcsp",
    sealedPassword: "sealed",
    sslThumbprint: PRINT.join(":").toLowerCase(),
    sslCertificate: PEM,
  };
  const update = (wish: SubscriptionInfoWish, sealed?: string, present = basic) =>
    updateSubscriptionInfo(present, wish, sealed);

  test("absent members stay, and no change is the same value", () => {
    assert.deepEqual(update({ onDemand: false, automaticSyncEnabled: true }), {
      ...basic,
      onDemand: false,
      automaticSyncEnabled: true,
    });
    for (const wish of [{}, { ...told, authenticationMethod: "BASIC" as const, userName: "vcsp" }])
      assert.equal(update(wish), basic);
  });

  test("a new password replaces the old one; NONE forgets it", () => {
    assert.deepEqual(update({ password: "other" }, "new seal"), {
      ...basic,
      sealedPassword: "new seal",
    });
    const { sealedPassword: _, ...open } = basic;
    assert.deepEqual(update({ authenticationMethod: "NONE" }), {
      ...open,
      authenticationMethod: "NONE",
    });
  });

  test("BASIC after NONE needs a password", () => {
    const wish = { authenticationMethod: "BASIC" } as const;
    assert.deepEqual(update(wish, undefined, told), missing("password"));
    assert.deepEqual(update({ ...wish, password: "p" }, "seal", told), {
      ...told,
      authenticationMethod: "BASIC",
      sealedPassword: "seal",
    });
  });

  test("the password of one publisher is not sent to another", () => {
    const elsewhere = { subscriptionUrl: "https://other.example/lib.json" };
    assert.deepEqual(update(elsewhere), missing("password"));
    assert.deepEqual(
      update({ subscriptionUrl: URL_TEXT.replace("https", "http") }),
      missing("password"),
    );
    assert.deepEqual(update({ ...elsewhere, password: "p" }, "seal"), {
      ...basic,
      ...elsewhere,
      sealedPassword: "seal",
    });
    const besideIt = { subscriptionUrl: "https://PUBLISHER.example:443/other/lib.json" };
    assert.deepEqual(update(besideIt), { ...basic, ...besideIt });
    assert.deepEqual(update(elsewhere, undefined, told), { ...told, ...elsewhere });
  });

  test("an empty print or certificate takes it away", () => {
    const { sslThumbprint: _print, sslCertificate: _pem, ...others } = basic;
    const none = { sslThumbprint: "", sslCertificate: "" };
    assert.deepEqual(update({ ...none, password: "p" }, "sealed"), others);
    const open = { ...told, sslThumbprint: "aa", sslCertificate: PEM };
    assert.deepEqual(update(none, undefined, open), told);
  });

  test("the password is not sent to one who is known by other marks", () => {
    const { sslThumbprint: _print, sslCertificate: _pem, ...unmarked } = basic;
    const sslThumbprint = PRINT.toReversed().join(":");
    const sslCertificate = PEM.replace("MIIB", "MIIC");
    const parsed = { sslThumbprint: sslThumbprint.toLowerCase(), sslCertificate };
    const login = { password: "p" };
    for (const name of ["sslThumbprint", "sslCertificate"] as const) {
      const change = { [name]: { sslThumbprint, sslCertificate }[name] };
      const changed = { [name]: parsed[name], sealedPassword: "seal" };
      for (const present of [basic, unmarked]) {
        assert.deepEqual(update(change, undefined, present), missing("password"), name);
        const next = update({ ...change, ...login }, "seal", present);
        assert.deepEqual(next, { ...present, ...changed });
      }
      assert.deepEqual(update({ [name]: "" }), missing("password"), name);
      assert.equal(update({ [name]: "" }, undefined, unmarked), unmarked);
      assert.equal(update({ [name]: basic[name] }), basic);
    }
    assert.equal(update({ sslThumbprint: PRINT.join("") }), basic);
  });
});
