import assert from "node:assert/strict";

const patterns: ReadonlyMap<unknown, RegExp> = new Map([
  ["<id>", /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ["<login>", /^\w{32}$/],
  ["<cookie>", /^vmware-api-session-id=\w{32}(?:;|$)/],
  ["<time>", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/],
  ["<url>", /^http:\/\/127\.0\.0\.1:\d+\/\S+$/],
  ["<text>", /\S/],
]);

/**
 * Fails unless the value has the shape: the same value, or one that fits the kind named in its place (`<id>`, `<time>`,
 * `<list>`, ...). An object may have further members: clients skip what they do not know.
 */
export function matchShape(found: unknown, shape: unknown, place: string): void {
  const pattern = patterns.get(shape);
  if (pattern !== undefined) {
    assert.equal(typeof found, "string", place);
    assert.match(String(found), pattern, place);
  } else if (shape === "<list>") {
    assert.ok(Array.isArray(found), `${place} is a list`);
  } else if (shape === "<integer>") {
    assert.ok(Number.isSafeInteger(found), `${place} is an integer`);
  } else if (Array.isArray(shape)) {
    assert.ok(Array.isArray(found), `${place} is a list`);
    assert.equal(found.length, shape.length, `how many ${place} has`);
    for (const [index, element] of shape.entries()) {
      matchShape(found[index], element, `${place}[${index}]`);
    }
  } else if (typeof shape === "object" && shape !== null) {
    assert.ok(typeof found === "object" && found !== null, `${place} is an object`);
    const members = found as Readonly<Record<string, unknown>>;
    for (const [name, member] of Object.entries(shape)) {
      matchShape(members[name], member, `${place}.${name}`);
    }
  } else {
    assert.equal(found, shape, place);
  }
}
