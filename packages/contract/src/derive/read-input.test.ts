import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault, type FaultValue } from "../vocabulary/faults.ts";
import type { OperationId } from "../vocabulary/operation-ids.ts";
import { readInput, type ReadInput } from "./read-input.ts";
import { NESTING_LEVELS_MAX } from "./readers.ts";

const read = <Id extends OperationId>(id: Id, raw: Record<string, unknown>): ReadInput<Id> => {
  const outcome = readInput(id, raw, { strict: false });
  if (isFault(outcome)) assert.fail(`${outcome.fault}: ${outcome.args.join(", ")}`);
  return outcome;
};

const faulted = (id: OperationId, raw: Record<string, unknown>, strict = false): FaultValue => {
  const outcome = readInput(id, raw, { strict });
  assert.ok(isFault(outcome), JSON.stringify(outcome));
  return outcome;
};

const add = (file_spec: unknown) => ({ update_session_id: "S", file_spec });
const FILE = { name: "a", source_type: "PUSH" };

test("null is absent, wherever it stands", () => {
  const raw = { client_token: null, create_spec: { library_item_id: "I", warning_behavior: null } };
  assert.deepEqual(read("updateSession.create", raw).input, {
    create_spec: { library_item_id: "I" },
  });
  assert.deepEqual(read("updateSessionFile.add", add({ ...FILE, unknown: null })).input, add(FILE));
});

test("an unknown member is refused by its path", () => {
  assert.deepEqual(faulted("updateSessionFile.add", add({ ...FILE, color: 1 })), {
    fault: "request.unsupported_property",
    args: ["file_spec.color"],
  });
  assert.deepEqual(faulted("updateSession.complete", { update_session_id: "S", force: true }), {
    fault: "request.unsupported_property",
    args: ["force"],
  });
  const nested = { ...FILE, checksum_info: { checksum: "x", salt: "y" } };
  assert.deepEqual(faulted("updateSessionFile.add", add(nested)).args, [
    "file_spec.checksum_info.salt",
  ]);
});

test("a member of the model that the operation does not use is left out, in any form, and named", () => {
  const spec = {
    library_item_id: "I",
    id: 5,
    state: "ANYTHING",
    preview_info: [[]],
    expiration_time: {},
  };
  const { input, ignored } = read("updateSession.create", { create_spec: spec });
  assert.deepEqual(input, { create_spec: { library_item_id: "I" } });
  assert.deepEqual(ignored, ["id", "state", "preview_info", "expiration_time"]);
});

test("members that newer releases know are known", () => {
  const endpoint = { uri: "https://a/", ssl_certificate: "PEM" };
  const { input, ignored } = read(
    "updateSessionFile.add",
    add({ ...FILE, source_endpoint: endpoint }),
  );
  assert.deepEqual(input, add({ ...FILE, source_endpoint: endpoint }));
  assert.deepEqual(ignored, []);
  const update = { library_id: "L", update_spec: { state_info: {}, configuration_info: {} } };
  assert.deepEqual(read("library.update", update).ignored, ["state_info", "configuration_info"]);
});

test("update of a session hands on what it compares, with any value, and names it", () => {
  const update_spec = {
    state: 17,
    library_item_id: ["x"],
    preview_info: { state: null, a: [null, { b: null }] },
  };
  const { input, ignored } = read("updateSession.update", { update_session_id: "S", update_spec });
  assert.deepEqual(input, {
    update_session_id: "S",
    update_spec: { state: 17, library_item_id: ["x"], preview_info: { a: [null, {}] } },
  });
  assert.deepEqual(ignored, ["state", "library_item_id", "preview_info"]);
});

test("a value that is only compared may not be nested without end", () => {
  const nested = (levels: number): unknown => (levels === 0 ? "x" : [nested(levels - 1)]);
  const update = (levels: number) => ({
    update_session_id: "S",
    update_spec: { state: nested(levels) },
  });
  assert.ok(read("updateSession.update", update(NESTING_LEVELS_MAX)));
  assert.equal(
    faulted("updateSession.update", update(NESTING_LEVELS_MAX + 1)).fault,
    "request.invalid_member",
  );
  const bottomless: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
  const raw = { update_session_id: "S", update_spec: { preview_info: bottomless } };
  assert.equal(faulted("updateSession.update", raw).fault, "request.invalid_member");
});

test("a missing member is named with its path", () => {
  assert.deepEqual(faulted("updateSession.create", { create_spec: {} }), {
    fault: "request.missing_member",
    args: ["create_spec.library_item_id"],
  });
  assert.deepEqual(faulted("item.list", {}), {
    fault: "request.missing_member",
    args: ["library_id"],
  });
  const warning = {
    update_session_id: "S",
    update_spec: { warning_behavior: [{ ignored: true }] },
  };
  assert.deepEqual(faulted("updateSession.update", warning).args, [
    "update_spec.warning_behavior[0].type",
  ]);
});

test("a wrong type is named with what is expected and what came", () => {
  assert.deepEqual(faulted("updateSessionFile.add", add({ ...FILE, name: 5 })).args, [
    "file_spec.name",
    "a string is expected, not a number",
  ]);
  assert.deepEqual(faulted("updateSessionFile.add", add([])).args, [
    "file_spec",
    "an object is expected, not a list",
  ]);
  assert.deepEqual(faulted("item.find", { spec: { cached: "true" } }).args, [
    "spec.cached",
    "true or false is expected, not a string",
  ]);
  const warnings = { update_session_id: "S", update_spec: { warning_behavior: {} } };
  assert.deepEqual(
    faulted("updateSession.update", warnings).args[1],
    "a list is expected, not an object",
  );
});

test("integers may be decimal strings, save for a strict server", () => {
  assert.deepEqual(
    read("updateSessionFile.add", add({ ...FILE, size: "12345" })).input,
    add({ ...FILE, size: 12345 }),
  );
  const keepAlive = { update_session_id: "S", client_progress: "60" };
  assert.deepEqual(read("updateSession.keepAlive", keepAlive).input, {
    update_session_id: "S",
    client_progress: 60,
  });
  assert.equal(
    faulted("updateSession.keepAlive", keepAlive, true).fault,
    "request.tolerance_refused",
  );
});

test("what is no integer, or too large for one, is refused with a text that says so", () => {
  const size = (value: unknown) =>
    faulted("updateSessionFile.add", add({ ...FILE, size: value })).args[1];
  assert.equal(size(1.5), "an integer is expected, not 1.5");
  // Reading JSON has rounded it already: a number the client never sent must not be held against it.
  assert.match(size(2 ** 53) ?? "", /^it is beyond what an integer can hold, 9007199254740991/);
  assert.match(size("9999999999999999999") ?? "", /beyond/);
  assert.match(size(JSON.parse("1e999")) ?? "", /beyond/);
  for (const value of ["-5", "1.5", "1e3", "", " 1", "0x10", "12345678901234567890"]) {
    assert.equal(size(value), "an integer is expected, not a string", value);
  }
  assert.equal(size(true), "an integer is expected, not true or false");
  assert.deepEqual(
    read("updateSessionFile.add", add({ ...FILE, size: -1 })).input,
    add({ ...FILE, size: -1 }),
  );
  assert.ok(
    Object.is(
      read("updateSession.keepAlive", { update_session_id: "S", client_progress: -0 }).input
        .client_progress,
      0,
    ),
  );
});

test("enumerations are read in any case, save by a strict server", () => {
  assert.deepEqual(
    read("updateSessionFile.add", add({ name: "a", source_type: "push" })).input,
    add(FILE),
  );
  assert.equal(
    faulted("updateSessionFile.add", add({ name: "a", source_type: "push" }), true).fault,
    "request.tolerance_refused",
  );
  assert.deepEqual(
    faulted("updateSessionFile.add", add({ name: "a", source_type: "SHOVE" })).args,
    ["file_spec.source_type", "one of NONE, PUSH, PULL is expected, not SHOVE"],
  );
});

test("digest algorithms are read in the spellings manifests use", () => {
  const spellings: readonly (readonly [string, string])[] = [
    ["SHA-256", "SHA256"],
    ["SHA2-256", "SHA256"],
    ["sha2-512", "SHA512"],
    ["sha-1", "SHA1"],
    ["md5", "MD5"],
  ];
  for (const [sent, meant] of spellings) {
    const checksum = (algorithm: string) =>
      add({ ...FILE, checksum_info: { algorithm, checksum: "x" } });
    assert.deepEqual(read("updateSessionFile.add", checksum(sent)).input, checksum(meant));
    assert.equal(
      faulted("updateSessionFile.add", checksum(sent), true).fault,
      "request.tolerance_refused",
    );
  }
  const unknown = add({ ...FILE, checksum_info: { algorithm: "SHA2-1", checksum: "x" } });
  assert.equal(faulted("updateSessionFile.add", unknown).fault, "request.invalid_member");
});

test("the caller's own text is repeated only so far", () => {
  const long = "x".repeat(100_000);
  const texts = [
    faulted("updateSession.complete", { update_session_id: "S", [long]: 1 }),
    faulted("updateSessionFile.add", add({ name: "a", source_type: long })),
  ];
  for (const { args } of texts) assert.ok(args.join("").length < 500);
});

test("members with the names of inherited properties are unknown members", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const raw = JSON.parse(
      `{"create_spec": {"library_item_id": "I", "${name}": {"x": 1}}}`,
    ) as Record<string, unknown>;
    assert.deepEqual(faulted("updateSession.create", raw).args, [`create_spec.${name}`]);
  }
});
