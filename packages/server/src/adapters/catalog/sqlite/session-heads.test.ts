import assert from "node:assert/strict";
import { test } from "node:test";
import type { UpdateSessionId } from "../../../domain/ids.ts";
import type { UpdateSession } from "../../../domain/update-session.ts";
import { SessionHeads } from "./session-heads.ts";

const ID = "6f1d0c1e-3c9b-4f5e-9d0a-5f0a5b1c2d3e" as UpdateSessionId;

/** Heads over a catalog of one session, whose row version is `rev`; counts its reads. */
const counted = () => {
  const catalog = { rev: 1, reads: 0, heads: new SessionHeads() };
  const find = (id = ID): number | undefined =>
    catalog.heads.find(id, () => {
      catalog.reads += 1;
      return { value: { id } as UpdateSession, rev: catalog.rev };
    })?.rev;
  return { catalog, find };
};

test("a head is read once, until something is written", () => {
  const { catalog, find } = counted();
  assert.equal(find(), 1);
  assert.equal(find(), 1);
  assert.equal(catalog.reads, 1);
  catalog.heads.writeBegins();
  catalog.rev = 2;
  catalog.heads.writeEnds();
  assert.equal(find(), 2);
  assert.equal(find(), 2);
  assert.equal(catalog.reads, 2);
});

test("while a write is under way every look is a read, and none of them is kept", () => {
  const { catalog, find } = counted();
  catalog.heads.writeBegins();
  catalog.heads.writeBegins();
  catalog.heads.writeEnds();
  assert.equal(find(), 1);
  catalog.rev = 2;
  assert.equal(find(), 2);
  catalog.rev = 3;
  catalog.heads.writeEnds();
  assert.equal(find(), 3);
  assert.equal(catalog.reads, 3);
});

test("that there is no such session is known as well, and only so many are", () => {
  const heads = new SessionHeads();
  let reads = 0;
  const none = (): null => {
    reads += 1;
    return null;
  };
  assert.equal(heads.find(ID, none), null);
  assert.equal(heads.find(ID, none), null);
  assert.equal(reads, 1);
  for (let n = 0; n < 1_000; n += 1) heads.find(`other ${String(n)}` as UpdateSessionId, none);
  heads.find(ID, none);
  assert.equal(reads, 1_002);
});
