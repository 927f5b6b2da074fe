import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault, messageOf } from "@contentlib/contract/vocabulary";
import { parseChangeMessage } from "./change-message.ts";

test("what is said is kept as it is, up to a thousand characters however many bytes they take", () => {
  for (const text of [
    "Fixes the boot order",
    " with spaces ",
    "grün 💾",
    "💾".repeat(1_000),
    "As a commit says it\n\n- one line\n\t- and another\n",
  ])
    assert.equal(parseChangeMessage(text, "message"), text);
});

test("an empty text says nothing", () => {
  assert.equal(parseChangeMessage(undefined, "message"), undefined);
  assert.equal(parseChangeMessage("", "message"), undefined);
});

test("what can not be kept is refused, and the refusal says where it stands and why", () => {
  for (const [text, why] of [
    ["a\rb", /U\+000D/],
    ["\u001b[31m", /U\+001B/],
    ["a\u0000", /U\+0000/],
    ["\u0085", /U\+0085/],
    ["\ud800", /not valid Unicode/],
    ["a".repeat(1_001), /1001 characters/],
  ] as const) {
    const outcome = parseChangeMessage(text, "the note");
    assert.ok(isFault(outcome), text);
    assert.equal(outcome.fault, "item.invalid_change_message");
    assert.match(messageOf(outcome).default_message, /the note/);
    assert.match(messageOf(outcome).default_message, why);
  }
});
