import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { WIRES, type Binding, type Wire } from "../bindings/binding.ts";
import { bindingOf, operationIdsOn } from "../bindings/binding-of.ts";
import { FAULT_STATUSES } from "../bindings/statuses.ts";
import { OPERATIONS } from "../operations/operations.ts";
import {
  FAULT_CLASSES,
  IMPLICIT_FAULT_CLASSES,
  type FaultClass,
} from "../vocabulary/fault-class.ts";
import { OPERATION_IDS, type OperationId } from "../vocabulary/operation-ids.ts";
import { pathKeyOf } from "./open-api.ts";
import { parametersOf, shapeOf } from "./shape.ts";
import type { MemberShape, ObjectShape, Shape } from "../vocabulary/shape.ts";

/*
 * Holds the operations against the published machine-readable description, where a copy of it lies beside the repository.
 * The description is not part of the repository.
 */

interface Described {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Described>>;
  readonly required?: readonly string[];
  readonly items?: Described;
  readonly additionalProperties?: Described;
}

interface DescribedParameter {
  readonly in: "path" | "query" | "body";
  readonly name: string;
  readonly required?: boolean;
  readonly schema?: Described;
}

interface DescribedOperation {
  readonly parameters?: readonly DescribedParameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: Described }>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly definitions: Readonly<Record<string, Described>>;
}

const folder = resolve(import.meta.dirname, "../../../../../shared/reference");
const FILES = ["content-8.0.2.json", "session-8.0.2.json", "cis-session-8.0.2.json"];
const isThere = FILES.every((file) => existsSync(join(folder, file)));
const skip = isThere ? false : "the published description does not lie beside this clone";

const readDescription = (): Description => {
  const parts = FILES.map(
    (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Description,
  );
  return {
    paths: Object.assign({}, ...parts.map(({ paths }) => paths)) as Description["paths"],
    definitions: Object.assign(
      {},
      ...parts.map(({ definitions }) => definitions),
    ) as Description["definitions"],
  };
};

/** Members of results that the description knows and that are never shown. */
const NEVER_SHOWN = ["unset_security_policy_id", "password", "current_password", "ssl_thumbprint"];

/** Members that only newer releases know. */
const NEWER = ["state_info", "configuration_info", "ssl_certificate", "optimize_sync_storage"];

/** Members that this server adds are told from the API's own by their names. */
const isOurs = (name: string): boolean => name.startsWith("contentlib_");

/** Members the description lets a caller leave out, though its text calls them required at create. */
const REQUIRED_BY_TEXT: Readonly<Record<string, readonly string[]>> = {
  LocalLibraryCreateSpec: ["name"],
  SubscribedLibraryCreateSpec: ["name", "subscription_info"],
  ItemCreateSpec: ["library_id", "name"],
  ItemCopySpec: ["library_id", "name"],
  UpdateSessionCreateSpec: ["library_item_id"],
  DownloadSessionCreateSpec: ["library_item_id"],
  StorageBacking: ["type"],
};

const description = isThere ? readDescription() : { paths: {}, definitions: {} };

const resolved = (schema: Described): Described => {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  const found = description.definitions[name];
  assert.ok(found, `the description defines ${name}`);
  return resolved(found);
};

const describedOperation = (wire: Wire, binding: Binding): DescribedOperation | undefined => {
  const keys = [pathKeyOf(wire, binding), `${binding.path}?${binding.query?.[0] ?? ""}`];
  return keys
    .map((key) => description.paths[key]?.[binding.verb.toLowerCase()])
    .find((found) => found !== undefined);
};

type Direction = "in" | "out";

const compareMembers = (
  shape: ObjectShape,
  schema: Described,
  direction: Direction,
  at: string,
): void => {
  const theirs = schema.properties ?? {};
  const members = [...shape.members].filter(([name]) => !isOurs(name));
  const ours = new Set([
    ...members.map(([name]) => name),
    ...(direction === "in" ? shape.ignored : []),
  ]);
  for (const name of ours) {
    assert.ok(name in theirs || NEWER.includes(name), `${at}.${name} is described`);
  }
  for (const name of Object.keys(theirs)) {
    assert.ok(
      ours.has(name) || (direction === "out" && NEVER_SHOWN.includes(name)),
      `${at}.${name} is ours too`,
    );
  }
  const theirsRequired = schema.required ?? [];
  for (const [name, member] of members) {
    if (direction === "out")
      assert.ok(member.required || !theirsRequired.includes(name), `${at}.${name} is always sent`);
    if (direction === "in" && member.required) {
      const isRequired =
        theirsRequired.includes(name) || REQUIRED_BY_TEXT[shape.name]?.includes(name);
      assert.ok(isRequired, `${at}.${name} is required by the description`);
    }
    const described = theirs[name];
    if (described !== undefined) compare(member.shape, described, direction, `${at}.${name}`);
  }
};

const met = new Set<string>();

/** Holds a shape against a described schema: kinds, members, required marks and the values of enumerations. */
const compare = (shape: Shape, schema: Described, direction: Direction, at: string): void => {
  const theirs = resolved(schema);
  switch (shape.kind) {
    case "object": {
      const key = `${direction} ${shape.name} ${schema.$ref ?? at}`;
      if (shape.name !== "" && met.has(key)) return;
      met.add(key);
      compareMembers(shape, theirs, direction, at);
      return;
    }
    case "list":
      assert.equal(theirs.type, "array", at);
      compare(shape.element, theirs.items ?? {}, direction, `${at}[]`);
      return;
    case "enumeration":
      assert.deepEqual([...shape.values].toSorted(), [...(theirs.enum ?? [])].toSorted(), at);
      return;
    case "map":
      assert.ok(theirs.additionalProperties !== undefined || theirs.type === "array", at);
      return;
    case "string":
    case "integer":
    case "number":
    case "boolean":
      assert.equal(theirs.type, shape.kind, at);
      assert.equal(theirs.enum, undefined, at);
      return;
    case "anything":
    case "nothing":
      return;
  }
};

const namedMember = (id: OperationId, name: string): MemberShape => {
  const member = parametersOf(OPERATIONS[id].input).members.get(name);
  assert.ok(member, `${id} has a parameter ${name}`);
  return member;
};

const compareBody = (
  id: OperationId,
  { body }: Binding,
  parameter: DescribedParameter | undefined,
): void => {
  const schema = parameter?.schema && resolved(parameter.schema);
  if (body.kind === "none" || (body.kind === "members" && body.names.length === 0)) {
    assert.equal(schema, undefined, `${id} has no body`);
    return;
  }
  assert.ok(schema, `${id} has a body`);
  if (body.kind === "bare") {
    compare(namedMember(id, body.name).shape, schema, "in", `${id} ${body.name}`);
    return;
  }
  const names = body.kind === "wrapped" ? [...body.beside, body.name] : body.names;
  assert.deepEqual(Object.keys(schema.properties ?? {}).toSorted(), [...names].toSorted(), id);
  const alsoRequired = body.kind === "members" ? (body.required ?? []) : [];
  const required = names.filter(
    (name) => namedMember(id, name).required || alsoRequired.includes(name),
  );
  assert.deepEqual([...(schema.required ?? [])].toSorted(), required.toSorted(), id);
  for (const name of names)
    compare(namedMember(id, name).shape, schema.properties?.[name] ?? {}, "in", `${id} ${name}`);
};

const compareParameters = (
  id: OperationId,
  binding: Binding,
  described: readonly DescribedParameter[],
): void => {
  const inPath = described.filter((parameter) => parameter.in === "path").map(({ name }) => name);
  assert.deepEqual(
    [...binding.path.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name),
    inPath,
    id,
  );
  const inQuery = described.filter((parameter) => parameter.in === "query");
  assert.deepEqual(
    [...(binding.query ?? [])],
    inQuery.map(({ name }) => name),
    id,
  );
  for (const { name, required } of inQuery)
    assert.equal(namedMember(id, name).required, required ?? false, `${id} ${name}`);
};

const compareResult = (
  wire: Wire,
  id: OperationId,
  binding: Binding,
  described: DescribedOperation,
): void => {
  const successes = Object.keys(described.responses).filter((status) => status < "300");
  assert.deepEqual(successes, [String(binding.status)], id);
  const schema = described.responses[String(binding.status)]?.schema;
  const shape = shapeOf(OPERATIONS[id].output);
  assert.equal(schema === undefined, shape.kind === "nothing", `${id} answers nothing`);
  if (schema === undefined) return;
  const result = wire === "api" ? schema : resolved(schema).properties?.["value"];
  assert.ok(result, `${id} answers in value`);
  compare(shape, result, "out", `${id} result`);
};

/** Each described status of an error stands for a class that the operation may answer, with that very status. */
const compareErrors = (wire: Wire, id: OperationId, described: DescribedOperation): void => {
  const declared: readonly FaultClass[] = [...OPERATIONS[id].faults, ...IMPLICIT_FAULT_CLASSES];
  for (const [status, { schema }] of Object.entries(described.responses)) {
    if (status < "300") continue;
    const name = schema?.$ref?.replace(/^.*(?:\.|VapiStdErrors)/, "") ?? "";
    const words = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
    const faultClass = FAULT_CLASSES.find((known) => known === words.replace(/_error$/, ""));
    assert.ok(faultClass, `${id}: ${name} is a known class`);
    assert.ok(declared.includes(faultClass), `${id} may answer ${faultClass}`);
    assert.equal(String(FAULT_STATUSES[faultClass][wire]), status, `${id} ${faultClass}`);
  }
};

const describedIds = (wire: Wire): readonly OperationId[] =>
  operationIdsOn(wire).filter((id) => !("origin" in OPERATIONS[id]));

for (const wire of WIRES) {
  test(`every described operation of /${wire} is one of ours`, { skip }, () => {
    const base = wire === "rest" ? /^\/rest\/(?:com\/vmware\/)?content\// : /^\/api\/content\//;
    const described = Object.entries(description.paths).flatMap(([path, verbs]) =>
      base.test(path) ? Object.keys(verbs) : [],
    );
    const ours = describedIds(wire).filter((id) => base.test(bindingOf(wire, id).path));
    assert.equal(described.length, wire === "rest" ? 66 : 71);
    assert.equal(ours.length, described.length);
  });

  for (const id of describedIds(wire)) {
    test(`${id} on /${wire} is what the published description says`, { skip }, () => {
      const binding = bindingOf(wire, id);
      const described = describedOperation(wire, binding);
      assert.ok(described, `${binding.verb} ${binding.path} is described`);
      const parameters = described.parameters ?? [];
      compareParameters(id, binding, parameters);
      compareBody(
        id,
        binding,
        parameters.find((parameter) => parameter.in === "body"),
      );
      compareResult(wire, id, binding, described);
      compareErrors(wire, id, described);
    });
  }
}

test("what the description does not have is marked", () => {
  const marked = OPERATION_IDS.filter((id) => "origin" in OPERATIONS[id]);
  const ours = marked.filter((id) => OPERATIONS[id].service.startsWith("contentlib."));
  assert.deepEqual(
    marked.filter((id) => !ours.includes(id)),
    ["library.delete", "updateSessionFile.probe"],
  );
  const nouns = new Set(ours.map((id) => id.slice(0, id.indexOf("."))));
  assert.deepEqual([...nouns].toSorted(), [
    "audit",
    "event",
    "grant",
    "group",
    "itemFact",
    "itemVersion",
    "librarySetting",
    "probe",
    "secret",
    "sessionOverview",
    "token",
    "user",
    "whoami",
  ]);
});
