import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiType } from "./api-type.ts";
import {
  builtin,
  enumerationOf,
  listOfType,
  optionalOf,
  setOfType,
  structureOf,
} from "./api-type.ts";
import { catalogOf, contractCatalog } from "./contract-catalog.ts";

const CONTENT = "com.vmware.content";
const ITEM = `${CONTENT}.library.item`;
const catalog = contractCatalog();

const typeOf = (structure: string, member: string): ApiType | undefined =>
  catalog.structures.get(structure)?.fields.find(({ name }) => name === member)?.type;

const operation = (service: string, name: string) => {
  const found = catalog.services.get(service)?.operations.get(name);
  assert.ok(found !== undefined, `${service}.${name}`);
  return found;
};

test("what is shown, what creates and what changes are one structure with the members of all", () => {
  const model = `${ITEM}.update_session_model`;
  assert.deepEqual(
    new Set(catalog.structures.get(model)?.fields.map(({ name }) => name)),
    new Set([
      "id",
      "library_item_id",
      "library_item_content_version",
      "error_message",
      "client_progress",
      "state",
      "expiration_time",
      "preview_info",
      "warning_behavior",
    ]),
  );
  const { params } = operation(`${ITEM}.update_session`, "create");
  assert.deepEqual(params.find(({ name }) => name === "create_spec")?.type, structureOf(model));
  assert.deepEqual(operation(`${ITEM}.update_session`, "get").output, structureOf(model));
});

test("a form that takes anything gives way to one that says what it is", () => {
  // An update hands these on to be compared, in any form.
  const model = `${ITEM}.update_session_model`;
  assert.deepEqual(typeOf(model, "state"), optionalOf(enumerationOf(`${model}.state`)));
  const alone = catalogOf(["updateSession.update"]).structures.get(model);
  const state = alone?.fields.find(({ name }) => name === "state");
  assert.deepEqual(state?.type, optionalOf(builtin("OPAQUE")));
});

test("each kind of value has its own type", () => {
  const info = `${ITEM}.updatesession.file.info`;
  const message = structureOf("com.vmware.vapi.std.localizable_message");
  const expected: readonly (readonly [string, string, ApiType])[] = [
    [info, "name", builtin("STRING")],
    [info, "bytes_transferred", builtin("LONG")],
    [info, "size", optionalOf(builtin("LONG"))],
    [info, "status", enumerationOf(`${ITEM}.transfer_status`)],
    [info, "error_message", optionalOf(message)],
    [info, "keep_in_storage", optionalOf(builtin("BOOLEAN"))],
    [`${ITEM}.transfer_endpoint`, "uri", builtin("URI")],
    [`${ITEM}.changes.info`, "time", builtin("DATE_TIME")],
    [`${CONTENT}.library.publish_info`, "password", optionalOf(builtin("SECRET"))],
    [`${ITEM}.updatesession.file.validation_result`, "missing_files", setOfType(builtin("STRING"))],
    ["com.vmware.vapi.std.localization_param", "d", optionalOf(builtin("DOUBLE"))],
  ];
  for (const [structure, member, type] of expected)
    assert.deepEqual(typeOf(structure, member), type, `${structure}.${member}`);
});

test("strings that name objects are identifiers, and no others", () => {
  const id = builtin("ID");
  assert.deepEqual(operation(`${ITEM}.update_session`, "create").output, id);
  assert.deepEqual(operation(`${CONTENT}.library`, "list").output, listOfType(id));
  assert.deepEqual(operation("com.vmware.cis.session", "create").output, builtin("SECRET"));
  const item = `${CONTENT}.library.item_model`;
  assert.deepEqual(typeOf(item, "library_id"), optionalOf(id));
  assert.deepEqual(typeOf(item, "content_version"), optionalOf(id));
  assert.deepEqual(typeOf(item, "metadata_version"), optionalOf(builtin("STRING")));
  assert.deepEqual(typeOf(`${ITEM}.changes.summary`, "version"), id);
  assert.deepEqual(typeOf("com.vmware.vapi.std.localizable_message", "id"), builtin("STRING"));
});

test("a login alone is made by password", () => {
  const byPassword = [...catalog.services.values()].flatMap((service) =>
    [...service.operations.values()]
      .filter(({ authentication }) => authentication !== "session")
      .map(({ name, authentication }) => `${service.name}.${name} ${authentication}`),
  );
  assert.deepEqual(byPassword, ["com.vmware.cis.session.create password"]);
});
