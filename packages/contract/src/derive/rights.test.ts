import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { Operation } from "../operations/operation.ts";
import { OPERATIONS } from "../operations/operations.ts";
import { OPERATION_IDS, type OperationId } from "../vocabulary/operation-ids.ts";
import { OPERATION_RIGHTS } from "../vocabulary/operation-rights.ts";
import type { OperationRight, Right, RightObject, Role } from "../vocabulary/right.ts";
import type { MemberShape } from "../vocabulary/shape.ts";
import { openApi } from "./open-api.ts";
import { rightsFiles } from "./rights.ts";
import { parametersOf } from "./shape.ts";

const root = resolve(import.meta.dirname, "../../../..");

const rightsOf = (id: OperationId): readonly Right[] => {
  const right: OperationRight = OPERATION_RIGHTS[id];
  return [right, ...(right.also ?? [])];
};

const everyRight = OPERATION_IDS.flatMap((id) =>
  rightsOf(id).map((right): readonly [OperationId, Right] => [id, right]),
);

/** What a table says, however wide its columns are. */
const withoutPadding = (text: string): string =>
  text.replaceAll(/ +\|/g, " |").replaceAll(/-{3,}/g, "---");

test("the table that runs is the one the operations give; else: npm run generate", () => {
  assert.deepEqual(Object.keys(OPERATION_RIGHTS), [...OPERATION_IDS]);
  for (const id of OPERATION_IDS) assert.deepEqual(OPERATION_RIGHTS[id], OPERATIONS[id].right, id);
});

test("the page of rights is the one the operations give; else: npm run generate", () => {
  const page = rightsFiles().find(({ path }) => path.endsWith(".md"));
  assert.ok(page);
  const onDisk = readFileSync(join(root, page.path), "utf8");
  assert.equal(withoutPadding(onDisk), withoutPadding(page.text));
});

test("the page of rights has a row for every operation, under its service", () => {
  const page = rightsFiles().find(({ path }) => path.endsWith(".md"))?.text ?? "";
  const sections = new Map(
    page.split("\n## ").map((section) => [section.slice(0, section.indexOf("\n")), section]),
  );
  for (const id of OPERATION_IDS) {
    const { service, method, right } = OPERATIONS[id];
    const row = `| \`${method}\` | \`${right.privilege}\` |`;
    assert.equal(sections.get(service)?.split(row).length, 2, id);
  }
});

/** The parameter of that path, and whether every step to it has to be there. */
const parameterAt = (id: OperationId, path: string) => {
  let members: ReadonlyMap<string, MemberShape> = parametersOf(OPERATIONS[id].input).members;
  let isRequired = true;
  let found: MemberShape | undefined;
  for (const name of path.split(".")) {
    found = members.get(name);
    assert.ok(found, `${id} has a parameter ${path}`);
    isRequired &&= found.required;
    members = found.shape.kind === "object" ? found.shape.members : new Map();
  }
  return { kind: found?.shape.kind, isRequired };
};

const isSession = ({ kind }: RightObject): boolean => kind.endsWith("-session");

test("every object is found by a text that the operation takes, or what it is then is told", () => {
  for (const [id, { on }] of everyRight) {
    if (!("parameter" in on)) continue;
    const { kind, isRequired } = parameterAt(id, on.parameter);
    assert.equal(kind, "string", `${id} ${on.parameter}`);
    assert.equal("whenAbsent" in on, !isRequired, `${id} ${on.parameter}`);
  }
});

test("every object that an operation names by an id of its own is asked about", () => {
  const named = /^(?:library_id|library|library_item_id|library_item|(?:up|down)\w+_session_id)$/;
  for (const id of OPERATION_IDS) {
    const asked = rightsOf(id).map(({ on }) => ("parameter" in on ? on.parameter : ""));
    for (const name of parametersOf(OPERATIONS[id].input).members.keys())
      // What is listed there is cut down to what the caller may see.
      if (named.test(name) && id !== "grant.list") assert.ok(asked.includes(name), `${id} ${name}`);
  }
});

test("what others need is told of sessions, and of nothing else", () => {
  for (const [id, { on, others }] of everyRight)
    assert.equal(others !== undefined, isSession(on), id);
});

test("a privilege of the API stands with an operation of the API", () => {
  for (const [id, { privilege }] of everyRight) {
    const { origin }: Operation = OPERATIONS[id];
    assert.match(privilege, /^(?:System|ContentLibrary|contentlib)\.[A-Z][A-Za-z]+$/, id);
    if (origin !== "ours") assert.doesNotMatch(privilege, /^contentlib\./, id);
  }
});

const idsWith = (role: Role | "none", effects: readonly Operation["effect"][]) =>
  OPERATION_IDS.filter(
    (id) => OPERATION_RIGHTS[id].role === role && effects.includes(OPERATIONS[id].effect),
  ).toSorted();

const CHANGES = ["once", "idempotent"] as const;

test("a viewer changes nothing but sessions of one's own", () => {
  assert.deepEqual(idsWith("viewer", CHANGES), [
    "downloadSession.cancel",
    "downloadSession.create",
    "downloadSession.delete",
    "downloadSession.fail",
    "downloadSession.keepAlive",
    "downloadSessionFile.prepare",
    "itemVersion.download",
    "updateSession.cancel",
    "updateSession.delete",
    "updateSession.fail",
  ]);
  for (const id of idsWith("viewer", CHANGES))
    if (id !== "downloadSession.create" && id !== "itemVersion.download")
      assert.match(OPERATION_RIGHTS[id].others ?? "", /^(?:editor|nobody)$/, id);
});

test("without any role one changes only what is one's own", () => {
  assert.deepEqual(idsWith("none", CHANGES), [
    "login.create",
    "login.delete",
    "token.create",
    "token.delete",
    "user.update",
  ]);
  for (const id of idsWith("none", CHANGES))
    assert.ok(id.startsWith("login.") || OPERATION_RIGHTS[id].on.kind === "self", id);
});

test("an editor changes items and what is in them, and is needed for looking only where he alone may, or where it goes out", () => {
  assert.deepEqual(idsWith("editor", ["safe"]), [
    "probe.get",
    "updateSessionFile.probe",
    "updateSessionFile.validate",
  ]);
  for (const id of idsWith("editor", CHANGES))
    assert.match(id, /^(?:item|itemVersion|subscribedItem|updateSession|updateSessionFile)\./, id);
});

test("what holds for the whole server is for administrators of everything", () => {
  const onEverything = OPERATION_IDS.filter((id) => OPERATION_RIGHTS[id].on.kind === "everything");
  for (const id of onEverything) assert.equal(OPERATION_RIGHTS[id].role, "administrator", id);
  for (const id of [
    "audit.list",
    "configuration.update",
    "localLibrary.create",
    "sessionOverview.list",
    "subscribedLibrary.create",
    "trustedCertificate.create",
    "trustedCertificate.delete",
    "user.create",
  ] as const)
    assert.ok(onEverything.includes(id), id);
});

test("the descriptions tell of the right of each operation", () => {
  const { paths } = openApi("api", "1.2.3") as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  };
  for (const described of Object.values(paths).flatMap((verbs) => Object.values(verbs))) {
    const id = described["operationId"] as OperationId;
    assert.deepEqual(described["x-contentlib-right"], OPERATION_RIGHTS[id], id);
  }
});
