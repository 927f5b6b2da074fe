import assert from "node:assert/strict";
import { test } from "node:test";
import type { Place } from "./connection-places.ts";
import { ConnectionPlaces } from "./connection-places.ts";

const PROXY = "10.0.0.1";

const fresh = (max: number): ConnectionPlaces =>
  new ConnectionPlaces(max, (address) => address === PROXY);

const takeFrom = (places: ConnectionPlaces, address: string): Place =>
  places.take(places.shareOf(address));

const admissions = (
  places: ConnectionPlaces,
  addresses: readonly string[],
): Record<string, number> => {
  const counts = { admitted: 0, refused: 0, cut: 0 };
  for (const address of addresses) counts[takeFrom(places, address).admission] += 1;
  return counts;
};

const many = (count: number, address: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => address(at));

test("one network gets half of the places, and leaves the other half to others", () => {
  const places = fresh(400);
  assert.deepEqual(
    admissions(
      places,
      many(1000, () => "203.0.113.9"),
    ),
    {
      admitted: 200,
      refused: 25,
      cut: 775,
    },
  );
  assert.deepEqual(
    admissions(
      places,
      many(200, (at) => `198.51.100.${at}`),
    ),
    {
      admitted: 200,
      refused: 0,
      cut: 0,
    },
  );
  assert.deepEqual(admissions(places, ["192.0.2.1"]), { admitted: 0, refused: 0, cut: 1 });
});

test("a customer with a whole network of IPv6 is one", () => {
  const places = fresh(400);
  const counts = admissions(
    places,
    many(300, (at) => `2001:db8:0:1:${at.toString(16)}::1`),
  );
  assert.equal(counts["admitted"], 200);
  assert.equal(takeFrom(places, "2001:db8:0:2::1").admission, "admitted");
});

test("a proxy has no share of its own, for it stands for many", () => {
  const places = fresh(400);
  assert.equal(
    admissions(
      places,
      many(400, () => PROXY),
    )["admitted"],
    400,
  );
  assert.equal(takeFrom(places, PROXY).admission, "refused");
});

/** That a network without a connection gets what a small server gives to one. */
const assertSmallShare = (places: ConnectionPlaces): void =>
  assert.deepEqual(
    admissions(
      places,
      many(40, () => "203.0.113.9"),
    ),
    { admitted: 16, refused: 16, cut: 8 },
  );

test("a small server gives 16 to one network at least, and refuses 16 in words", () => {
  const places = fresh(20);
  assertSmallShare(places);
});

test("places that are given back are there again, of each kind", () => {
  const places = fresh(16);
  const taken = many(40, () => "203.0.113.9").map((address) => takeFrom(places, address));
  assert.ok(places.isUsedUp("203.0.113.9"));
  for (const place of taken) places.giveBack(place);
  assert.ok(!places.isUsedUp("203.0.113.9"));
  assertSmallShare(places);
});

test("places are scarce when a sixteenth is left", () => {
  const places = fresh(160);
  for (let at = 0; at < 149; at += 1) takeFrom(places, PROXY);
  assert.ok(!places.areScarce);
  takeFrom(places, PROXY);
  assert.ok(places.areScarce);
});
