import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { portErrorWith } from "@contentlib/testkit/errors/port-error-with";
import { HandClock } from "@contentlib/testkit/suites/catalog-subject";
import { ListPlaces, PLACE_WAIT_MAX_MS } from "./list-places.ts";

const BYTES_MAX = 100;

let clock: HandClock;
let places: ListPlaces;
beforeEach(() => {
  clock = new HandClock();
  places = new ListPlaces(clock.after, BYTES_MAX);
});

/** Opens a list of so many bytes. */
const open = async (bytes: number): Promise<void> => {
  await places.take();
  places.opened(bytes);
};

/** Takes a place, and tells whether it is had yet. */
const taking = (): { readonly taken: Promise<void>; isWaiting(): boolean } => {
  let isWaiting = true;
  const taken = places.take().then(() => {
    isWaiting = false;
  });
  return { taken, isWaiting: () => isWaiting };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("many short lists are held at once, and few long ones", async () => {
  for (let count = 0; count < BYTES_MAX; count += 1) await open(1);
  const next = taking();
  await turn();
  assert.ok(next.isWaiting());
  places.giveBack(1);
  await next.taken;
  places.opened(BYTES_MAX);
  const after = taking();
  for (let count = 1; count < BYTES_MAX; count += 1) places.giveBack(1);
  await turn();
  assert.ok(after.isWaiting());
  places.giveBack(BYTES_MAX);
  await after.taken;
});

test("a list that is longer than all room together is read alone", async () => {
  await open(5 * BYTES_MAX);
  const next = taking();
  await turn();
  assert.ok(next.isWaiting());
  places.giveBack(5 * BYTES_MAX);
  await next.taken;
});

test("no list is opened while nobody knows how long the one before it is, and then in their order", async () => {
  await places.take();
  const [first, second] = [taking(), taking()];
  await turn();
  assert.ok(first.isWaiting() && second.isWaiting());
  places.opened(1);
  await first.taken;
  await turn();
  assert.ok(second.isWaiting());
  places.opened(0);
  await second.taken;
});

test("who finds no room for long may come again, and leaves the turn to those behind", async () => {
  await open(BYTES_MAX);
  const early = places.take();
  clock.pass(PLACE_WAIT_MAX_MS - 1);
  const late = taking();
  clock.pass(1);
  await assert.rejects(early, (error) => {
    portErrorWith("unavailable")(error);
    assert.equal((error as { readonly retry?: unknown }).retry, "safe");
    return true;
  });
  assert.ok(late.isWaiting());
  places.giveBack(BYTES_MAX);
  await late.taken;
});

test("closing refuses all that wait", async () => {
  await open(BYTES_MAX);
  const waiting = [places.take(), places.take()];
  places.close();
  for (const each of waiting) await assert.rejects(each, portErrorWith("unavailable"));
});
