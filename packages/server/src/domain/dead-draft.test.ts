import assert from "node:assert/strict";
import { test } from "node:test";
import { messageOf } from "@contentlib/contract/vocabulary";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import { anUpdateSession } from "@contentlib/testkit/builders/sessions";
import { draftNameTaken, isDraft } from "./dead-draft.ts";

test("S80: a draft never had content, and a session was opened on it", () => {
  assert.ok(isDraft(anItem(), "unfinished"));
  assert.ok(!isDraft(anItem(), "none"), "nobody's");
  assert.ok(!isDraft(anItem(), "completed"), "meant to be empty");
  assert.ok(!isDraft(anItem({ contentVersion: 2 }), "unfinished"), "had content");
  assert.ok(!isDraft(anItem({ files: [anItemFile()] }), "unfinished"), "has content");
});

test("the refusal says what holds the name, until when, and what to do", () => {
  const library = aLibrary({ name: "images" });
  const item = anItem({ name: "debian", libraryId: library.id });
  const holder = anUpdateSession({ itemId: item.id, expiresAt: 0, ownerName: "somebody" });
  const { default_message: text } = messageOf(draftNameTaken(item, library, holder));
  for (const word of [
    "images",
    library.id,
    "debian",
    holder.id,
    "somebody",
    "1970-01-01T00:00:00.000Z",
  ])
    assert.ok(text.includes(word), text);
  assert.match(text, /Complete or cancel that session, or create the item again/);
});
