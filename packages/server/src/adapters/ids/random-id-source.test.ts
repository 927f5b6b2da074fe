import assert from "node:assert/strict";
import { test } from "node:test";
import {
  parseEntryId,
  parseGrantId,
  parseGroupId,
  parseLibraryId,
  parseSubscriptionId,
  parseTokenId,
  parseUpdateSessionId,
} from "../../domain/ids.ts";
import { RandomIdSource } from "./random-id-source.ts";

test("ids are UUIDs that the parsers take, and no two are equal", () => {
  const ids = new RandomIdSource();
  const made = [
    ids.libraryId(),
    ids.itemId(),
    ids.updateSessionId(),
    ids.downloadSessionId(),
    ids.entryId(),
    ids.stagedId(),
    ids.subscriptionId(),
    ids.accountId(),
    ids.groupId(),
    ids.tokenId(),
    ids.grantId(),
  ];
  assert.equal(new Set(made).size, made.length);
  assert.notEqual(parseLibraryId(ids.libraryId()), null);
  assert.notEqual(parseUpdateSessionId(ids.updateSessionId()), null);
  assert.notEqual(parseSubscriptionId(ids.subscriptionId()), null);
  assert.notEqual(parseEntryId(ids.entryId()), null);
  assert.notEqual(parseGroupId(ids.groupId()), null);
  assert.notEqual(parseTokenId(ids.tokenId()), null);
  assert.notEqual(parseGrantId(ids.grantId()), null);
});

test("login ids have 128 bits and access tokens 256, in lower-case hexadecimal digits", () => {
  const ids = new RandomIdSource();
  assert.match(ids.loginId(), /^[0-9a-f]{32}$/);
  assert.match(ids.accessToken(), /^[0-9a-f]{64}$/);
  assert.notEqual(ids.loginId(), ids.loginId());
});
