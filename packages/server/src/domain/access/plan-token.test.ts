import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault, messageOf } from "@contentlib/contract/vocabulary";
import {
  aDigest,
  anAccountId,
  aLibraryId,
  aTokenId,
  BUILT_AT,
} from "@contentlib/testkit/builders/ids";
import type { TokenWish } from "./plan-token.ts";
import { planTokenCreate, TOKEN_GRANTS_MAX } from "./plan-token.ts";

const parts = { id: aTokenId(), accountId: anAccountId(), hash: aDigest(), now: BUILT_AT };

const plan = (wish: Partial<TokenWish>, makerEnd: number | null = null) =>
  planTokenCreate({ ...parts, makerEnd, wish: { label: "nightly", grants: [], ...wish } });

const refusal = (wish: Partial<TokenWish>, makerEnd: number | null = null): string => {
  const planned = plan(wish, makerEnd);
  assert.ok(isFault(planned), JSON.stringify(planned));
  return messageOf(planned).default_message;
};

test("a token keeps what it is for, whose it is, and when it ends", () => {
  const { now: createdAt, ...rest } = parts;
  assert.deepEqual(plan({}), { ...rest, label: "nightly", createdAt });
  const inAnHour = new Date(BUILT_AT + 3_600_000).toISOString();
  assert.deepEqual(plan({ expiresTime: inAnHour }), {
    ...rest,
    label: "nightly",
    createdAt,
    expiresAt: BUILT_AT + 3_600_000,
  });
});

test("an end that has come, or is no time, is refused", () => {
  assert.match(refusal({ expiresTime: new Date(BUILT_AT).toISOString() }), /not in the future/);
  for (const text of ["", "tomorrow", "2031-02-31T00:00:00Z", "2031-01-01", "1893456000000"])
    assert.match(refusal({ expiresTime: text }), /is no time/, text);
});

test("what is made by a token that expires lives no longer", () => {
  const makerEnd = BUILT_AT + 1000;
  const endingAt = (at: number) => ({ expiresTime: new Date(at).toISOString() });
  for (const wish of [{}, endingAt(makerEnd + 1)])
    assert.match(refusal(wish, makerEnd), /expires at .*nothing that it makes may live longer/);
  assert.ok(!isFault(plan(endingAt(makerEnd), makerEnd)));
});

test("a token needs a name", () => {
  assert.match(refusal({ label: "" }), /name .*is empty/);
  assert.match(refusal({ label: "a\nb" }), /control character/);
});

test("grants name each place once, and are bounded", () => {
  const libraryId = aLibraryId();
  assert.match(
    refusal({
      grants: [
        { role: "viewer", libraryId },
        { role: "editor", libraryId },
      ],
    }),
    /twice/,
  );
  const many = Array.from({ length: TOKEN_GRANTS_MAX }, () => ({
    role: "viewer" as const,
    libraryId: aLibraryId(),
  }));
  const planned = plan({ grants: many });
  assert.ok(!isFault(planned) && planned.isCutDown === true);
  assert.match(refusal({ grants: [...many, { role: "viewer" }] }), /more than 100/);
});
