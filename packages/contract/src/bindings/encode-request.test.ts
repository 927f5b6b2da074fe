import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeRequest } from "./encode-request.ts";

const R = "/rest/com/vmware/content/library/item";
const A = "/api/content/library/item";

test("identifiers stand behind id: on /rest and bare on /api", () => {
  assert.deepEqual(encodeRequest("rest", "updateSession.get", { update_session_id: "S" }), {
    method: "GET",
    path: `${R}/update-session/id:S`,
    query: "",
  });
  assert.deepEqual(encodeRequest("api", "updateSession.get", { update_session_id: "S" }), {
    method: "GET",
    path: `${A}/update-session/S`,
    query: "",
  });
});

test("structures are wrapped with the token beside them on /rest, and bare with the token in the query on /api", () => {
  const input = { client_token: "T", create_spec: { library_item_id: "I" } };
  assert.deepEqual(encodeRequest("rest", "updateSession.create", input), {
    method: "POST",
    path: `${R}/update-session`,
    query: "",
    body: input,
  });
  assert.deepEqual(encodeRequest("api", "updateSession.create", input), {
    method: "POST",
    path: `${A}/update-session`,
    query: "client_token=T",
    body: { library_item_id: "I" },
  });
});

test("a name in the path is percent-encoded", () => {
  const input = { update_session_id: "S", file_name: "ä b/#?%.iso" };
  assert.equal(
    encodeRequest("api", "updateSessionFile.get", input).path,
    `${A}/update-session/S/file/%C3%A4%20b%2F%23%3F%25.iso`,
  );
  assert.deepEqual(encodeRequest("rest", "updateSessionFile.get", input), {
    method: "POST",
    path: `${R}/updatesession/file/id:S`,
    query: "~action=get",
    body: { file_name: "ä b/#?%.iso" },
  });
});

test("a name that would change the address is refused", () => {
  for (const name of ["", ".", "..", undefined]) {
    const input = { update_session_id: "S", file_name: name };
    assert.throws(() => encodeRequest("api", "updateSessionFile.remove", input), RangeError);
  }
});

test("half a character is replaced, not thrown at", () => {
  const input = { library_item_id: "I", name: "\ud800" };
  assert.equal(encodeRequest("api", "itemFile.get", input).query, "name=%EF%BF%BD");
});

test("a call without members has no body", () => {
  assert.deepEqual(encodeRequest("api", "updateSession.keepAlive", { update_session_id: "S" }), {
    method: "POST",
    path: `${A}/update-session/S`,
    query: "action=keep-alive",
  });
  assert.deepEqual(
    encodeRequest("rest", "updateSession.keepAlive", {
      update_session_id: "S",
      client_progress: 0,
    }),
    {
      method: "POST",
      path: `${R}/update-session/id:S`,
      query: "~action=keep-alive",
      body: { client_progress: 0 },
    },
  );
});
