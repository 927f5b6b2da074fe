import assert from "node:assert/strict";
import { test } from "node:test";
import type { Wire } from "./binding.ts";
import { matchRoute, type RouteMatch, type RouteOutcome } from "./match-route.ts";

const R = "/rest/com/vmware/content/library/item";
const A = "/api/content/library/item";

/** A request line: `GET /path?query`. */
const outcomeOf = (line: string, strict = false): RouteOutcome => {
  const [method = "", target = ""] = line.split(" ");
  const cut = target.indexOf("?");
  const path = cut < 0 ? target : target.slice(0, cut);
  const wire: Wire = path.startsWith("/rest") ? "rest" : "api";
  return matchRoute(wire, method, path, cut < 0 ? "" : target.slice(cut + 1), { strict });
};

const matched = (line: string): RouteMatch => {
  const outcome = outcomeOf(line);
  if (outcome.kind !== "match") assert.fail(`${line}: ${JSON.stringify(outcome)}`);
  return outcome;
};

/** The operation a request reaches, with the parameters of path and query. */
const reached = (line: string): readonly [string, Readonly<Record<string, string>>] => {
  const { operationId, pathInput, query } = matched(line);
  return [operationId, { ...pathInput, ...Object.fromEntries(query) }];
};

const isRefused = (line: string): void => {
  const outcome = outcomeOf(line, true);
  assert.ok(outcome.kind === "fault", line);
  assert.equal(outcome.fault.fault, "request.tolerance_refused", line);
  assert.equal(outcomeOf(line).kind, "match", line);
};

test("id:X, id%3AX and X reach the same object on both forms", () => {
  for (const path of [
    `${R}/update-session/id:S`,
    `${R}/update-session/id%3AS`,
    `${R}/update-session/S`,
  ]) {
    assert.deepEqual(reached(`GET ${path}`), ["updateSession.get", { update_session_id: "S" }]);
  }
  for (const path of [
    `${A}/update-session/id:S`,
    `${A}/update-session/id%3aS`,
    `${A}/update-session/S`,
  ]) {
    assert.deepEqual(reached(`GET ${path}`), ["updateSession.get", { update_session_id: "S" }]);
  }
});

test("a strict server wants the prefix on /rest and refuses it on /api", () => {
  isRefused(`GET ${R}/update-session/S`);
  isRefused(`GET ${A}/update-session/id:S`);
  assert.equal(outcomeOf(`GET ${R}/update-session/id:S`, true).kind, "match");
  assert.equal(outcomeOf(`GET ${R}/update-session/id%3AS`, true).kind, "match");
  assert.equal(outcomeOf(`GET ${A}/update-session/S`, true).kind, "match");
});

test("an identifier may hold colons, and loses one prefix only", () => {
  assert.deepEqual(reached(`GET ${R}/update-session/id:a:b`)[1], { update_session_id: "a:b" });
  assert.deepEqual(reached(`GET ${R}/update-session/id%3Aa%3Ab`)[1], { update_session_id: "a:b" });
  assert.deepEqual(reached(`GET ${R}/update-session/id:id:a`)[1], { update_session_id: "id:a" });
});

test("a file name in the path is decoded once and keeps what looks like a prefix", () => {
  const file = (name: string) => reached(`GET ${A}/update-session/S/file/${name}`)[1]["file_name"];
  assert.equal(file("a%20b%23c%3Fd%25%2Fe"), "a b#c?d%/e");
  assert.equal(file("%2525"), "%25");
  assert.equal(file("id:x"), "id:x");
  assert.equal(file("a+b"), "a+b");
  assert.equal(file(".."), "..");
});

test("malformed percent-encoding in the path is a fault of the caller", () => {
  for (const line of [
    `GET ${A}/%`,
    `GET ${A}/update-session/S/file/%ff`,
    "GET /api/%zz",
    "GET /rest/%E4",
  ]) {
    const outcome = outcomeOf(line);
    assert.ok(outcome.kind === "fault", line);
    assert.equal(outcome.fault.fault, "request.invalid_member", line);
  }
});

test("one trailing slash and a bare question mark change nothing", () => {
  for (const line of [
    `GET ${R}/update-session/`,
    `GET ${R}/update-session?`,
    `GET ${R}/update-session/?`,
  ]) {
    assert.deepEqual(reached(line), ["updateSession.list", {}]);
  }
  assert.deepEqual(
    reached(`POST ${A}/update-session/S/?action=complete`)[0],
    "updateSession.complete",
  );
  assert.equal(outcomeOf(`GET ${R}/update-session//`).kind, "fault");
  assert.equal(outcomeOf(`GET ${R}//update-session`).kind, "fault");
});

test("either name of the action works on either form", () => {
  for (const query of ["~action=cancel", "action=cancel", "%7Eaction=cancel"]) {
    assert.equal(reached(`POST ${R}/update-session/id:S?${query}`)[0], "updateSession.cancel");
    assert.equal(reached(`POST ${A}/update-session/S?${query}`)[0], "updateSession.cancel");
  }
  const outcome = outcomeOf(`POST ${R}/update-session/id:S?~action=cancel&action=fail`);
  assert.ok(outcome.kind === "fault");
  assert.deepEqual(outcome.fault, { fault: "request.conflicting_values", args: ["action"] });
});

test("keep_alive is keep-alive, save for a strict server", () => {
  assert.equal(
    reached(`POST ${A}/update-session/S?action=keep_alive`)[0],
    "updateSession.keepAlive",
  );
  isRefused(`POST ${A}/download-session/S?action=keep_alive`);
});

test("an unknown action, path or missing action is no operation", () => {
  const lines = [
    `POST ${R}/update-session/id:S?~action=explode`,
    `POST ${R}/update-session/id:S`,
    "POST /api/content/library",
    "GET /api/content/nothing",
    "GET /rest/com/vmware/content",
    "GET /api",
    "GET /api/",
    `GET ${A}/S/file/x/y`,
    `GET ${R}/update-session/id:`,
    `DELETE ${A}/update-session/S?action=cancel`,
    `POST ${R}/updatesession/file?~action=add`,
  ];
  for (const line of lines) {
    const outcome = outcomeOf(line);
    assert.ok(outcome.kind === "fault", line);
    assert.equal(outcome.fault.fault, "request.no_such_operation", line);
  }
});

test("a verb that an address does not take is named with those it takes", () => {
  const allowed = (line: string) => {
    const outcome = outcomeOf(line);
    assert.ok(outcome.kind === "method_not_allowed", line);
    return [...outcome.allow].toSorted();
  };
  for (const verb of ["PUT", "HEAD", "OPTIONS"]) {
    assert.deepEqual(allowed(`${verb} ${A}/update-session/S`), ["DELETE", "GET", "PATCH", "POST"]);
    assert.deepEqual(allowed(`${verb} ${R}/update-session`), ["GET", "POST"]);
  }
  assert.deepEqual(allowed("PATCH /api/session"), ["DELETE", "GET", "POST"]);
  assert.deepEqual(allowed(`DELETE ${A}/S/file`), ["GET"]);
});

test("create takes an action create", () => {
  assert.equal(reached(`POST ${R}/update-session?~action=create`)[0], "updateSession.create");
  assert.equal(reached(`POST ${A}?action=create`)[0], "item.create");
});

test("a query overrides the verb of a POST, and of nothing else", () => {
  assert.equal(reached(`POST ${R}/update-session/id:S?~method=delete`)[0], "updateSession.delete");
  assert.equal(reached(`POST ${R}/update-session?~method=POST`)[0], "updateSession.create");
  assert.equal(reached(`GET ${R}/update-session?~method=POST`)[0], "updateSession.list");
  assert.equal(outcomeOf(`POST ${R}/update-session?~method=PUT`).kind, "method_not_allowed");
});

test("filters may stand behind filter.", () => {
  assert.deepEqual(reached(`GET ${R}/update-session?filter.library_item_id=I`), [
    "updateSession.list",
    { library_item_id: "I" },
  ]);
});

test("a marker in the query tells get from list", () => {
  assert.equal(reached(`GET ${A}/I/file`)[0], "itemFile.list");
  assert.deepEqual(reached(`GET ${A}/I/file?name=a`), [
    "itemFile.get",
    { library_item_id: "I", name: "a" },
  ]);
  assert.deepEqual(reached(`GET ${A}/I/storage?file_name=a`), [
    "itemStorage.get",
    { library_item_id: "I", file_name: "a" },
  ]);
  assert.equal(
    reached(`GET ${A}/download-session/D/file?file_name=a`)[0],
    "downloadSessionFile.get",
  );
  assert.equal(reached(`GET ${A}/download-session/D/file`)[0], "downloadSessionFile.list");
});

test("name and file_name stand for each other, save for a strict server", () => {
  assert.deepEqual(reached(`GET ${A}/I/file?file_name=a`), [
    "itemFile.get",
    { library_item_id: "I", name: "a" },
  ]);
  assert.deepEqual(reached(`GET ${A}/I/storage?name=a`)[1], {
    library_item_id: "I",
    file_name: "a",
  });
  isRefused(`GET ${A}/I/file?file_name=a`);
  isRefused(`GET ${A}/download-session/D/file?name=a`);
});

test("a path key sent as it is printed is read, save by a strict server", () => {
  assert.deepEqual(reached(`GET ${A}?library_id?library_id=L`), ["item.list", { library_id: "L" }]);
  isRefused(`GET ${A}?library_id?library_id=L`);
});

test("the files of a session are reached by every address clients use", () => {
  for (const action of ["add", "get", "remove", "validate"]) {
    const lines = [
      `POST ${R}/updatesession/file/id:S?~action=${action}`,
      `POST ${R}/update-session/id:S/file?~action=${action}`,
      `POST ${A}/updatesession/file?update_session_id=S&action=${action}`,
    ];
    for (const line of lines)
      assert.deepEqual(reached(line), [`updateSessionFile.${action}`, { update_session_id: "S" }]);
    lines.slice(1).forEach(isRefused);
  }
  assert.equal(
    reached(`GET ${R}/updatesession/file?update_session_id=S`)[0],
    "updateSessionFile.list",
  );
  assert.equal(reached(`GET ${R}/update-session/id:S/file`)[0], "updateSessionFile.list");
  assert.equal(
    reached(`GET ${A}/updatesession/file?update_session_id=S`)[0],
    "updateSessionFile.list",
  );
  assert.equal(outcomeOf(`POST ${A}/update-session/S/file?action=add`, true).kind, "match");
});

test("a source is probed beside the sessions, and at the address that carries over from /rest", () => {
  for (const line of [
    `POST ${R}/updatesession/file?~action=probe`,
    `POST ${A}/update-session/file?action=probe`,
    `POST ${A}/updatesession/file?action=probe`,
  ])
    assert.equal(reached(line)[0], "updateSessionFile.probe", line);
});

test("update by POST is an update, save for a strict server", () => {
  assert.equal(reached(`POST ${R}/update-session/id:S?~action=update`)[0], "updateSession.update");
  assert.equal(
    reached("POST /api/content/local-library/L?action=update")[0],
    "localLibrary.update",
  );
  isRefused(`POST ${A}/I?action=update`);
});

test("the login is shown by GET on /rest too", () => {
  assert.equal(reached("GET /rest/com/vmware/cis/session")[0], "login.get");
  assert.equal(reached("POST /rest/com/vmware/cis/session?~action=get")[0], "login.get");
});

test("force-delete is delete", () => {
  assert.equal(
    reached("DELETE /rest/com/vmware/content/local-library/id:L?~action=force-delete")[0],
    "localLibrary.delete",
  );
  assert.equal(
    reached("POST /api/content/local-library/L?action=force-delete")[0],
    "localLibrary.delete",
  );
});

test("a body is read only where it counts", () => {
  assert.equal(matched("POST /api/session").readsBody, false);
  assert.equal(matched(`DELETE ${A}/I`).readsBody, false);
  assert.equal(matched(`GET ${A}/I`).readsBody, false);
  assert.equal(matched(`POST ${A}/update-session/S?action=complete`).readsBody, true);
});

test("an error repeats only so much of the address", () => {
  const outcome = outcomeOf(`GET /api/${"x".repeat(10_000)}`);
  assert.ok(outcome.kind === "fault");
  assert.ok(outcome.fault.args.join("").length < 300);
});
