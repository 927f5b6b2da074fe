import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault, messageOf } from "@contentlib/contract/vocabulary";
import { aMessage, anUpdateSession } from "@contentlib/testkit/builders/sessions";
import fc from "fast-check";
import { WARNING_TYPES } from "../package.ts";
import { updateUpdateSession } from "./update.ts";

const session = anUpdateSession({
  warningBehavior: [{ type: "EXPIRED_CERTIFICATE", ignored: true }],
});
const warningBehavior = [{ type: "SELF_SIGNED_CERTIFICATE", ignored: true }] as const;
const elsewhere = "11111111-1111-4111-8111-111111111111";

describe("updating an update session", () => {
  test("S19, S21: the new list takes the place of the old one, and nothing else changes", () => {
    assert.deepEqual(updateUpdateSession(session, { warningBehavior }), {
      ...session,
      warningBehavior,
    });
    assert.deepEqual(updateUpdateSession(session, { warningBehavior: [] }), {
      ...session,
      warningBehavior: [],
    });
  });

  test("S20: with warning_behavior it succeeds whatever else is there", () => {
    const patch = {
      warningBehavior,
      libraryItemId: elsewhere,
      state: "DONE",
      previewInfo: { state: "AVAILABLE" },
    };
    assert.deepEqual(updateUpdateSession(session, patch), { ...session, warningBehavior });
  });

  for (const [member, patch] of [
    ["library_item_id", { libraryItemId: elsewhere }],
    ["library_item_id", { libraryItemId: [session.itemId] }],
    ["state", { state: "DONE" }],
    ["state", { state: 17 }],
    ["preview_info", { previewInfo: { state: "AVAILABLE" } }],
    ["preview_info", { previewInfo: { state: "NOT_APPLICABLE", warnings: [{}] } }],
    ["preview_info", { previewInfo: {} }],
    ["preview_info", { previewInfo: "NOT_APPLICABLE" }],
  ] as const) {
    test(`S20: without it, ${JSON.stringify(patch)} is refused by name`, () => {
      const fault = faultOf("update_session.not_updatable", member);
      assert.deepEqual(updateUpdateSession(session, patch), fault);
      assert.match(messageOf(fault).default_message, new RegExp(`${member}.*warning_behavior`));
    });
  }

  test("S20: the preview of a package may be sent back as it is shown, and no other", () => {
    const message = aMessage();
    const warnings = [{ type: "EXPIRED_CERTIFICATE", message }] as const;
    const packaged = {
      ...session,
      package: { type: "ovf", preview: { state: "AVAILABLE", warnings }, algorithms: [] },
    } as const;
    const echo = (previewInfo: unknown) => updateUpdateSession(packaged, { previewInfo });
    const shown = { type: "EXPIRED_CERTIFICATE", message, ignored: false };
    const certificate_info = { subject: "/CN=x" };
    assert.equal(echo({ state: "AVAILABLE", warnings: [shown], certificate_info }), packaged);
    for (const other of [
      { state: "AVAILABLE" },
      { state: "AVAILABLE", warnings: [] },
      { state: "AVAILABLE", warnings: [shown, shown] },
      { state: "AVAILABLE", warnings: [{ ...shown, type: "UNTRUSTED_CERTIFICATE" }] },
      { state: "AVAILABLE", warnings: ["EXPIRED_CERTIFICATE"] },
      { state: "NOT_APPLICABLE" },
    ])
      assert.deepEqual(echo(other), faultOf("update_session.not_updatable", "preview_info"));
  });

  for (const patch of [
    {},
    { libraryItemId: session.itemId.toUpperCase(), state: "active" },
    { previewInfo: { state: "NOT_APPLICABLE", warnings: [], certificate_info: null } },
  ]) {
    test(`S20: ${JSON.stringify(patch)} changes nothing and is no error`, () => {
      assert.equal(updateUpdateSession(session, patch), session);
    });
  }

  for (const [what, list] of [
    ["an unknown type", [{ type: "RUSTY_CERTIFICATE", ignored: true }]],
    ["a repeated type", [...warningBehavior, { type: "self_signed_certificate", ignored: false }]],
  ] as const) {
    test(`S21: ${what} is refused`, () => {
      const fault = updateUpdateSession(session, { warningBehavior: list });
      assert.equal(isFault(fault) ? fault.fault : null, "update_session.invalid_warning_behavior");
    });
  }

  test("S19 law: whatever is sent, no member but the warning behaviour differs afterwards", () => {
    const wish = fc.record({
      type: fc.oneof(fc.constantFrom(...WARNING_TYPES), fc.string()),
      ignored: fc.boolean(),
    });
    const patches = fc.record(
      {
        warningBehavior: fc.array(wish, { maxLength: 5 }),
        libraryItemId: fc.anything(),
        state: fc.anything(),
        previewInfo: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(patches, (patch) => {
        const updated = updateUpdateSession(session, patch);
        if (isFault(updated)) return;
        const behavior = updated.warningBehavior ?? [];
        assert.deepEqual({ ...updated, warningBehavior: [] }, { ...session, warningBehavior: [] });
        assert.equal(new Set(behavior.map(({ type }) => type)).size, behavior.length);
      }),
    );
  });
});
