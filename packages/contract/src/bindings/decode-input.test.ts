import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeInput, MEMBERS_READ_MAX, type RawInput } from "./decode-input.ts";
import { matchRoute } from "./match-route.ts";
import type { FaultValue } from "../vocabulary/faults.ts";

const R = "/rest/com/vmware/content/library/item";
const A = "/api/content/library/item";
const TOKEN = "0d3f6c1b-7a52-4c0e-8d1f-2b9a6e4c5f70";

interface Sent {
  readonly headerClientToken?: string;
  readonly strict?: boolean;
}

const decoded = (
  line: string,
  body?: unknown,
  { strict = false, ...sent }: Sent = {},
): RawInput | FaultValue => {
  const [method = "", target = ""] = line.split(" ");
  const [path = "", query = ""] = target.split("?");
  const match = matchRoute(path.startsWith("/rest") ? "rest" : "api", method, path, query, {
    strict,
  });
  if (match.kind !== "match") assert.fail(`${line}: ${JSON.stringify(match)}`);
  return decodeInput(match, { body, strict, ...sent });
};

const inputOf = (line: string, body?: unknown, sent: Sent = {}): unknown => {
  const outcome = decoded(line, body, sent);
  if (!("input" in outcome)) assert.fail(`${line}: ${JSON.stringify(outcome)}`);
  return outcome.input;
};

const refusedSentence = (line: string, body?: unknown): string | undefined => {
  const outcome = decoded(line, body, { strict: true });
  assert.ok("fault" in outcome, line);
  assert.equal(outcome.fault, "request.tolerance_refused");
  return outcome.args[0];
};

test("wrapped and bare structures give the same input on both forms", () => {
  const spec = { library_item_id: "I" };
  for (const path of [`${R}/update-session`, `${A}/update-session`]) {
    assert.deepEqual(inputOf(`POST ${path}`, spec), { create_spec: spec });
    assert.deepEqual(inputOf(`POST ${path}`, { create_spec: spec }), { create_spec: spec });
  }
});

test("a strict server wants the wrapping of the form", () => {
  const spec = { library_item_id: "I" };
  assert.match(refusedSentence(`POST ${R}/update-session`, spec) ?? "", /wrapped/);
  assert.match(refusedSentence(`POST ${A}/update-session`, { create_spec: spec }) ?? "", /wrapped/);
  assert.ok(
    "input" in decoded(`POST ${R}/update-session`, { create_spec: spec }, { strict: true }),
  );
  assert.ok("input" in decoded(`POST ${A}/update-session`, spec, { strict: true }));
});

test("no body, null, an empty one and an empty structure are the same", () => {
  for (const path of [`${R}/update-session/id:S`, `${A}/update-session/S`]) {
    for (const body of [undefined, null, {}, { update_spec: {} }, { update_spec: null }]) {
      assert.deepEqual(
        inputOf(`PATCH ${path}`, body),
        { update_session_id: "S", update_spec: {} },
        JSON.stringify(body),
      );
    }
  }
});

test("a client token is taken from body, query and header on both forms", () => {
  const input = { client_token: TOKEN, create_spec: { library_item_id: "I" } };
  for (const path of [`${R}/update-session`, `${A}/update-session`]) {
    assert.deepEqual(inputOf(`POST ${path}`, input), input);
    assert.deepEqual(inputOf(`POST ${path}`, { client_token: TOKEN, library_item_id: "I" }), input);
    assert.deepEqual(inputOf(`POST ${path}?client_token=${TOKEN}`, input.create_spec), input);
    assert.deepEqual(
      inputOf(`POST ${path}`, input.create_spec, { headerClientToken: TOKEN }),
      input,
    );
    assert.deepEqual(
      inputOf(`POST ${path}?client_token=${TOKEN}`, input, { headerClientToken: TOKEN }),
      input,
    );
  }
});

test("two different client tokens are a conflict", () => {
  const body = { client_token: TOKEN, create_spec: { library_item_id: "I" } };
  const conflict = { fault: "request.conflicting_values", args: ["client_token"] };
  assert.deepEqual(decoded(`POST ${R}/update-session?client_token=other`, body), conflict);
  assert.deepEqual(
    decoded(`POST ${A}/update-session`, body, { headerClientToken: "other" }),
    conflict,
  );
  assert.deepEqual(
    decoded(`POST ${A}/update-session?client_token=a`, {}, { headerClientToken: "b" }),
    conflict,
  );
});

test("a client token header counts only where a token is taken", () => {
  assert.deepEqual(inputOf(`GET ${A}/I`, undefined, { headerClientToken: TOKEN }), {
    library_item_id: "I",
  });
});

test("a path parameter may be repeated in the body when it is equal", () => {
  const spec = { name: "a", source_type: "PUSH" };
  const line = `POST ${R}/updatesession/file/id:S?~action=add`;
  assert.deepEqual(inputOf(line, { update_session_id: "S", file_spec: spec }), {
    update_session_id: "S",
    file_spec: spec,
  });
  assert.deepEqual(inputOf(line, { update_session_id: "S", ...spec }), {
    update_session_id: "S",
    file_spec: spec,
  });
  assert.deepEqual(decoded(line, { update_session_id: "T", file_spec: spec }), {
    fault: "request.conflicting_values",
    args: ["update_session_id"],
  });
});

test("members at the top of a body are not unwrapped", () => {
  const line = `POST ${R}/update-session/id:S?~action=fail`;
  assert.deepEqual(inputOf(line, { spec: { client_error_message: "x" } }), {
    update_session_id: "S",
    spec: { client_error_message: "x" },
  });
});

test("progress and client_progress stand for each other, save for a strict server", () => {
  assert.deepEqual(inputOf(`POST ${A}/update-session/S?action=keep-alive`, { progress: 5 }), {
    update_session_id: "S",
    client_progress: 5,
  });
  assert.deepEqual(
    inputOf(`POST ${R}/download-session/id:D?~action=keep-alive`, { client_progress: 5 }),
    {
      download_session_id: "D",
      progress: 5,
    },
  );
  assert.match(
    refusedSentence(`POST ${A}/update-session/S?action=keep-alive`, { progress: 5 }) ?? "",
    /progress/,
  );
  assert.deepEqual(
    decoded(`POST ${A}/update-session/S?action=keep-alive`, { progress: 5, client_progress: 6 }),
    {
      fault: "request.conflicting_values",
      args: ["client_progress"],
    },
  );
});

test("name and file_name stand for each other in a body, save for a strict server", () => {
  assert.deepEqual(inputOf(`POST ${R}/file/id:I?~action=get`, { file_name: "a" }), {
    library_item_id: "I",
    name: "a",
  });
  assert.deepEqual(inputOf(`POST ${R}/storage/id:I?~action=get`, { name: "a" }), {
    library_item_id: "I",
    file_name: "a",
  });
  assert.match(
    refusedSentence(`POST ${R}/file/id:I?~action=get`, { file_name: "a" }) ?? "",
    /name/,
  );
});

test("fail without a message passes, save with a strict server", () => {
  for (const body of [undefined, {}, { client_error_message: null }]) {
    assert.deepEqual(inputOf(`POST ${A}/update-session/S?action=fail`, body), {
      update_session_id: "S",
    });
    assert.match(
      refusedSentence(`POST ${A}/update-session/S?action=fail`, body) ?? "",
      /client_error_message/,
    );
  }
});

test("an unknown query parameter is refused by name", () => {
  assert.deepEqual(decoded(`GET ${A}/I?color=red`), {
    fault: "request.unsupported_property",
    args: ["color"],
  });
  assert.deepEqual(decoded("POST /api/session?client_token=x"), {
    fault: "request.unsupported_property",
    args: ["client_token"],
  });
});

test("a body that is no object is refused, and one that does not count is not looked at", () => {
  for (const body of [[], "text", 5, true]) {
    const outcome = decoded(`POST ${A}/update-session`, body);
    assert.ok("fault" in outcome);
    assert.equal(outcome.fault, "request.invalid_member");
  }
  assert.deepEqual(inputOf("POST /api/session", "anything"), {});
  assert.deepEqual(inputOf(`DELETE ${A}/I`, []), { library_item_id: "I" });
});

test("of a body with more members than any structure has no more are gathered than name the first unknown one", () => {
  const many = Object.fromEntries(Array.from({ length: 80_000 }, (_, index) => [`m${index}`, 1]));
  const nulls = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`n${index}`, null]));
  const body = { library_item_id: "I", ...nulls, ...many };
  for (const line of [`POST ${A}/update-session`, `POST ${R}/update-session`]) {
    const { create_spec: spec } = inputOf(line, body) as { readonly create_spec: object };
    const names = Object.keys(spec);
    assert.deepEqual(names.slice(0, 2), ["library_item_id", "m0"]);
    assert.ok(names.length <= MEMBERS_READ_MAX, String(names.length));
  }
  const flat = inputOf(`POST ${A}/update-session/S?action=complete`, many);
  assert.ok(Object.keys(flat as object).length <= MEMBERS_READ_MAX + 1);
  const late = { ...nulls, library_item_id: "I" };
  assert.deepEqual(inputOf(`POST ${A}/update-session`, late), {
    create_spec: { library_item_id: "I" },
  });
});

test("members with the names of inherited properties are members like any other", () => {
  const body: unknown = JSON.parse(
    '{"__proto__": {"x": 1}, "constructor": 1, "fault": "request.malformed"}',
  );
  const input = inputOf(`POST ${A}/update-session`, body);
  assert.deepEqual(Object.keys(input as object), ["create_spec"]);
  const flat = inputOf(`POST ${A}/update-session/S?action=complete`, body);
  assert.deepEqual(Object.keys(flat as object).toSorted(), [
    "__proto__",
    "constructor",
    "fault",
    "update_session_id",
  ]);
  assert.equal(Object.getPrototypeOf(flat), Object.prototype);
});

test("an integer in the query is one, and what is none stays for the reader of the input to refuse", () => {
  const limitOf = (text: string): unknown =>
    (inputOf(`GET /api/contentlib/audit?limit=${text}`) as { readonly limit: unknown }).limit;
  assert.equal(limitOf("20"), 20);
  assert.equal(limitOf("-1"), -1);
  for (const text of ["", "1e3", "0x10", "1.5", "1%20", "99999999999999999"])
    assert.equal(limitOf(text), decodeURIComponent(text));
  const { before } = inputOf("GET /api/contentlib/audit?before=20") as { readonly before: unknown };
  assert.equal(before, "20");
});
