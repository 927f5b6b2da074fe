import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault } from "../vocabulary/faults.ts";
import { parseQuery, type Query } from "./query.ts";

const parsed = (raw: string): Query => {
  const query = parseQuery(raw);
  if (isFault(query)) assert.fail(`${raw} is a fault: ${query.fault}`);
  return query;
};

test("no query, and a query of nothing, hold nothing", () => {
  for (const raw of ["", "&", "&&"]) {
    assert.deepEqual([...parsed(raw).parameters], []);
    assert.equal(parsed(raw).action, "");
  }
});

test("the action stands under either name, encoded or not, anywhere in the query", () => {
  for (const raw of [
    "~action=get",
    "action=get",
    "%7Eaction=get",
    "%7eaction=g%65t",
    "x=1&~action=get",
  ]) {
    assert.equal(parsed(raw).action, "get", raw);
  }
});

test("two actions are taken only when they agree", () => {
  assert.equal(parsed("~action=get&action=get").action, "get");
  assert.deepEqual(parseQuery("~action=get&action=add"), {
    fault: "request.conflicting_values",
    args: ["action"],
  });
  assert.deepEqual(parseQuery("library_id=a&library_id=b"), {
    fault: "request.conflicting_values",
    args: ["library_id"],
  });
});

test("keep_alive is keep-alive, and noted", () => {
  assert.equal(parsed("action=keep_alive").action, "keep-alive");
  assert.deepEqual(parsed("action=keep_alive").tolerances, ["actionSpelling"]);
  assert.deepEqual(parsed("action=keep-alive").tolerances, []);
});

test("a doubled name is the name, and noted", () => {
  const query = parsed("library_id?library_id=X");
  assert.equal(query.parameters.get("library_id"), "X");
  assert.deepEqual(query.tolerances, ["doubledQueryName"]);
  assert.equal(parsed("a?b=X").parameters.get("a?b"), "X");
});

test("a bare name beside its value is the documented address, sent as it stands", () => {
  for (const raw of ["file_name&file_name=a.iso", "file_name=a.iso&file_name"]) {
    const query = parsed(raw);
    assert.deepEqual([...query.parameters], [["file_name", "a.iso"]], raw);
    assert.deepEqual(query.tolerances, []);
  }
  assert.deepEqual([...parsed("file_name").parameters], [["file_name", ""]]);
  for (const raw of ["name&name=a&name=b", "name=a&name&name=b", "name=&name=b"])
    assert.ok(isFault(parseQuery(raw)), raw);
});

test("filter.x is x", () => {
  assert.equal(parsed("filter.library_item_id=X").parameters.get("library_item_id"), "X");
});

test("values are decoded once, with plus as a space", () => {
  assert.equal(parsed("file_name=a+b%2Bc%2520d%3D").parameters.get("file_name"), "a b+c%20d=");
  assert.equal(parsed("file_name=%C3%A4").parameters.get("file_name"), "ä");
  assert.equal(parsed("file_name").parameters.get("file_name"), "");
});

test("malformed percent-encoding is the fault of the caller", () => {
  for (const raw of ["a=%", "a=%zz", "%E4=1", "a=%C3%28", "x=1&a=%ff"]) {
    assert.deepEqual(parseQuery(raw), {
      fault: "request.invalid_member",
      args: ["the query", "its percent-encoding is malformed"],
    });
  }
});

test("a query may name a verb", () => {
  assert.equal(parsed("~method=delete").verb, "DELETE");
  assert.equal(parsed("~method=delete").parameters.size, 0);
});
