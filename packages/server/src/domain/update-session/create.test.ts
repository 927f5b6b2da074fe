import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault, messageOf } from "@contentlib/contract/vocabulary";
import { anAccountId, anUpdateSessionId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import { anUpdateSession } from "@contentlib/testkit/builders/sessions";
import { viewSessionFile } from "../session-file/view.ts";
import { createUpdateSession } from "./create.ts";
import { itemBusy } from "./guard.ts";

const id = anUpdateSessionId();
const owner = { id: anAccountId(), name: "administrator" };
const library = aLibrary();
const item = anItem({
  libraryId: library.id,
  contentVersion: 4,
  files: [anItemFile({ name: "a.iso" }), anItemFile({ name: "b.iso" })],
});

const create = (over: Partial<Parameters<typeof createUpdateSession>[0]> = {}) =>
  createUpdateSession({ id, owner, item, library, now: BUILT_AT, timeoutMs: 300_000, ...over });

const created = (over: Partial<Parameters<typeof createUpdateSession>[0]> = {}) => {
  const outcome = create(over);
  assert.ok(!isFault(outcome));
  return outcome;
};

describe("creating an update session", () => {
  test("S8: it is ACTIVE, at progress 0, on the content version of its item, with a full timeout ahead", () => {
    assert.deepEqual(created().session, {
      id,
      ownerId: owner.id,
      ownerName: "administrator",
      itemId: item.id,
      itemContentVersion: 4,
      createdAt: BUILT_AT,
      clientProgress: 0,
      expiresAt: BUILT_AT + 300_000,
      state: "ACTIVE",
    });
  });

  test("S14: it begins with the item's files, READY and left alone", () => {
    const views = created().files.map((file) => viewSessionFile(file, null));
    assert.deepEqual(
      views,
      item.files.map(({ name, sizeBytes, checksum }) => ({
        name,
        source: "NONE",
        status: "READY",
        bytesTransferred: sizeBytes,
        sizeBytes,
        checksum,
      })),
    );
    assert.deepEqual(created({ item: anItem() }).files, []);
  });

  test("S13: it may know at once which warnings to ignore", () => {
    const warningBehavior = [{ type: "SELF_SIGNED_CERTIFICATE", ignored: true }] as const;
    assert.deepEqual(created({ warningBehavior }).session.warningBehavior, warningBehavior);
    const fault = create({ warningBehavior: [{ type: "BAD", ignored: true }] });
    assert.equal(isFault(fault) ? fault.fault : null, "update_session.invalid_warning_behavior");
  });

  test("S6: the item of a subscribed library is the wrong type", () => {
    const subscribed = aLibrary({ type: "SUBSCRIBED" });
    assert.deepEqual(
      create({ library: subscribed }),
      faultOf("library.wrong_type", subscribed.id, "SUBSCRIBED", "LOCAL"),
    );
  });

  test("S7: a template has no files to change, in whichever case it is spelt", () => {
    for (const type of ["vm-template", "VM-Template"]) {
      const template = anItem({ type });
      assert.deepEqual(
        create({ item: template }),
        faultOf("update_session.unsupported_item", template.id, type),
      );
    }
  });

  test("S10: the refusal of a second session names item, holder and expiry", () => {
    const holder = anUpdateSession({ itemId: item.id, ownerName: "alice" });
    const text = `Item ${item.id} already has an active update session ${holder.id} of alice, which expires at 2024-01-01T00:05:00.000Z.`;
    assert.equal(messageOf(itemBusy(holder)).default_message, text);
  });
});
