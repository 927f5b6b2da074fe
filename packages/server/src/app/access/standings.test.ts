import assert from "node:assert/strict";
import { test } from "node:test";
import { anAccessToken, anAccount } from "@contentlib/testkit/builders/accounts";
import { ManualClock } from "../../adapters/clock/manual-clock.ts";
import { SHUT_OUT, Standings } from "./standings.ts";

const account = anAccount();
const nobodysGrants = { account: [], token: [] };

test("how somebody stands is at hand for whoever asked before, until anything about access changes", async () => {
  let reads = 0;
  const standings = new Standings(
    {
      findAccount: async () => {
        reads += 1;
        return { value: account, rev: 1 };
      },
      findTokenById: async () => null,
      grantsFor: async () => nobodysGrants,
    },
    new ManualClock(),
  );
  const who = { accountId: account.id };
  assert.equal(standings.present(who), null);
  const standing = await standings.of(who);
  assert.equal(standings.present(who), standing);
  assert.equal(standings.present({ ...who }), null, "another object has not asked");
  standings.changed();
  assert.equal(standings.present(who), null);
  await standings.of(who);
  assert.equal(reads, 2);
});

test("a token that expires is shut out at that moment, though its standing is at hand", async () => {
  const clock = new ManualClock();
  const token = anAccessToken({ expiresAt: clock.now() + 1000 });
  const standings = new Standings(
    {
      findAccount: async () => ({ value: account, rev: 1 }),
      findTokenById: async () => token,
      grantsFor: async () => nobodysGrants,
    },
    clock,
  );
  const who = { accountId: account.id, tokenId: token.id };
  await standings.of(who);
  assert.equal(standings.present(who)?.isLetIn, true);
  await clock.advance(1000);
  assert.equal(standings.present(who), SHUT_OUT);
});
