import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULT_CLASSES } from "../vocabulary/fault-class.ts";
import { faultOf, messageOf } from "../vocabulary/faults.ts";
import { WIRES } from "./binding.ts";
import { bindingOf, operationIdsOn } from "./binding-of.ts";
import { decodeReply, encodeFault, encodeReply } from "./replies.ts";

const MESSAGE = messageOf(faultOf("update_session.not_found", "S"));

test("a result stands in value on /rest and by itself on /api", () => {
  assert.deepEqual(encodeReply("rest", "updateSession.create", "S"), {
    status: 200,
    body: { value: "S" },
  });
  assert.deepEqual(encodeReply("api", "updateSession.create", "S"), { status: 201, body: "S" });
  assert.deepEqual(encodeReply("rest", "updateSession.list", []), {
    status: 200,
    body: { value: [] },
  });
  assert.deepEqual(encodeReply("api", "updateSession.list", []), { status: 200, body: [] });
});

test("no result is an empty reply", () => {
  assert.deepEqual(encodeReply("rest", "updateSession.complete", undefined), { status: 200 });
  assert.deepEqual(encodeReply("api", "updateSession.complete", undefined), { status: 204 });
});

test("statuses of success follow the description", () => {
  const created = operationIdsOn("api").filter((id) => bindingOf("api", id).status === 201);
  assert.deepEqual(created.toSorted(), [
    "downloadSession.create",
    "grant.create",
    "group.create",
    "item.create",
    "itemVersion.download",
    "localLibrary.create",
    "login.create",
    "subscribedLibrary.create",
    "subscription.create",
    "token.create",
    "trustedCertificate.create",
    "updateSession.create",
    "updateSessionFile.add",
    "user.create",
  ]);
  for (const id of operationIdsOn("rest")) assert.equal(bindingOf("rest", id).status, 200);
});

test("an error has the envelope, the type and the status of its wire", () => {
  assert.deepEqual(encodeFault("rest", "not_found", [MESSAGE]), {
    status: 404,
    body: {
      type: "com.vmware.vapi.std.errors.not_found",
      value: { error_type: "NOT_FOUND", messages: [{ ...MESSAGE }] },
    },
  });
  assert.deepEqual(encodeFault("api", "not_found", [MESSAGE]), {
    status: 404,
    body: { error_type: "NOT_FOUND", messages: [{ ...MESSAGE }] },
  });
});

test("a challenge stands inside the error", () => {
  const challenge = 'Basic realm="contentlib"';
  assert.deepEqual(
    encodeFault("api", "unauthenticated", [MESSAGE], { challenge }).body["challenge"],
    challenge,
  );
  const rest = encodeFault("rest", "unauthenticated", [MESSAGE], { challenge }).body;
  assert.deepEqual(rest["value"], {
    error_type: "UNAUTHENTICATED",
    messages: [{ ...MESSAGE }],
    challenge,
  });
});

test("the classes whose status differs between the wires are these six", () => {
  const differing = FAULT_CLASSES.filter(
    (name) =>
      encodeFault("rest", name, [MESSAGE]).status !== encodeFault("api", name, [MESSAGE]).status,
  );
  assert.deepEqual(differing, [
    "canceled",
    "concurrent_change",
    "error",
    "resource_busy",
    "resource_inaccessible",
    "unverified_peer",
  ]);
  assert.equal(encodeFault("rest", "resource_busy", [MESSAGE]).status, 400);
  assert.equal(encodeFault("api", "resource_busy", [MESSAGE]).status, 500);
  assert.equal(encodeFault("api", "concurrent_change", [MESSAGE]).status, 409);
});

test("every error is read back as it was written", () => {
  for (const wire of WIRES) {
    for (const name of FAULT_CLASSES) {
      const { status, body } = encodeFault(wire, name, [MESSAGE]);
      assert.deepEqual(decodeReply(wire, "updateSession.get", status, body), {
        fault: { class: name, messages: [MESSAGE] },
      });
    }
  }
});

test("an error without an error_type is known by its type, and without either by its status", () => {
  const old = { type: "com.vmware.vapi.std.errors.resource_busy", value: { messages: [] } };
  assert.deepEqual(decodeReply("rest", "item.get", 400, old), {
    fault: { class: "resource_busy", messages: [] },
  });
  const classes = [400, 401, 403, 404, 409, 500, 503, 504].map((status) => {
    const reply = decodeReply("api", "item.get", status, undefined);
    return "fault" in reply ? reply.fault.class : undefined;
  });
  assert.deepEqual(classes, [
    "invalid_request",
    "unauthenticated",
    "unauthorized",
    "not_found",
    "concurrent_change",
    "internal_server_error",
    "service_unavailable",
    "timed_out",
  ]);
});

test("an error of any shape is read as well as it can be", () => {
  const bodies = [
    "<html>",
    5,
    null,
    [],
    { messages: "x" },
    { value: [] },
    { messages: [5, null, {}, ["x"]] },
  ];
  for (const body of bodies) {
    assert.deepEqual(decodeReply("rest", "item.get", 404, body), {
      fault: { class: "not_found", messages: [] },
    });
  }
  assert.deepEqual(decodeReply("api", "item.get", 404, { messages: ["gone"] }), {
    fault: { class: "not_found", messages: [{ id: "", default_message: "gone", args: [] }] },
  });
});

test("an empty list that is null, as other servers write it, is a list", () => {
  const lists = ["item.find", "library.list", "updateSessionFile.list"] as const;
  for (const id of lists) {
    assert.deepEqual(decodeReply("rest", id, 200, { value: null }), { output: [] });
    assert.deepEqual(decodeReply("api", id, 200, null), { output: [] });
  }
  assert.deepEqual(decodeReply("api", "item.get", 200, null), { output: null });
});

test("a success that lacks its envelope or is no success is malformed", () => {
  assert.ok("malformed" in decodeReply("rest", "item.get", 200, { id: "I" }));
  assert.ok("malformed" in decodeReply("rest", "item.get", 200, []));
  assert.ok("malformed" in decodeReply("api", "item.get", 302, undefined));
  assert.deepEqual(decodeReply("rest", "item.delete", 200, undefined), { output: undefined });
});
