import assert from "node:assert/strict";
import { test } from "node:test";
import { PinoJournal } from "./pino-journal.ts";
import { PUT_OFF_LINE_MS, PUT_OFF_NETWORKS_MAX, PutOffLines } from "./put-off-lines.ts";

const why = "too many failed attempts";

test("the first of a network has a line, those after it in that minute are counted in one more", () => {
  const lines = new PutOffLines();
  assert.deepEqual(lines.at(0, { address: "192.0.2.1", why }), [{ address: "192.0.2.1", why }]);
  for (let now = 1; now <= 500; now += 1)
    assert.deepEqual(lines.at(now, { address: "192.0.2.1", why }), []);
  assert.deepEqual(lines.at(501, { address: "2001:db8::1", why }), [
    { address: "2001:db8::1", why },
  ]);
  assert.deepEqual(lines.at(502, { address: "2001:db8::2", why }), [], "of the same network");
  assert.deepEqual(lines.at(PUT_OFF_LINE_MS, { address: "192.0.2.7", why }), [
    { address: "192.0.2.1", why, untold: 500 },
    { address: "192.0.2.7", why },
  ]);
  assert.deepEqual(lines.at(PUT_OFF_LINE_MS + 501, { address: "192.0.2.1", why }), [
    { address: "2001:db8::1", why, untold: 1 },
    { address: "192.0.2.1", why },
  ]);
});

test("however many networks there are, a minute has so many lines", () => {
  const lines = new PutOffLines();
  let count = 0;
  for (let number = 0; number < PUT_OFF_NETWORKS_MAX * 3; number += 1) {
    const address = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
    count += lines.at(0, { address, why }).length;
  }
  assert.equal(count, PUT_OFF_NETWORKS_MAX + 1);
});

test("the log warns of it", () => {
  const written: Record<string, unknown>[] = [];
  const stream = {
    write: (line: string) => void written.push(JSON.parse(line) as Record<string, unknown>),
  };
  let now = 0;
  const journal = new PinoJournal("info", stream, () => now);
  const event = { address: "192.0.2.1", why: "too many passwords to check" } as const;
  for (let times = 0; times < 10; times += 1) journal.loginPutOff(event);
  now = PUT_OFF_LINE_MS;
  journal.loginPutOff(event);
  assert.deepEqual(
    written.map((line) => [line["level"], line["event"], line["address"], line["untold"]]),
    [
      ["warn", "login.put_off", "192.0.2.1", undefined],
      ["warn", "login.put_off", "192.0.2.1", 9],
      ["warn", "login.put_off", "192.0.2.1", undefined],
    ],
  );
});
