import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ApiCatalog,
  type ApiField,
  type ApiOperation,
  type ApiType,
  builtin,
  enumerationOf,
  listOfType,
  mapOfType,
  optionalOf,
  setOfType,
  structureOf,
} from "./api-type.ts";
import { commandOptions, outputFields } from "./command-options.ts";

const text = builtin("STRING");

const fields = (members: Readonly<Record<string, ApiType>>): readonly ApiField[] =>
  Object.entries(members).map(([name, type]) => ({ name, type, about: `About ${name}.` }));

const catalog = (
  structures: Readonly<Record<string, Readonly<Record<string, ApiType>>>>,
): ApiCatalog => ({
  services: new Map(),
  enumerations: new Map(),
  structures: new Map(
    Object.entries(structures).map(([name, members]) => [
      name,
      { name, about: "", isError: false, fields: fields(members), unions: [] },
    ]),
  ),
});

const operation = (
  params: Readonly<Record<string, ApiType>>,
  output: ApiType = builtin("VOID"),
): ApiOperation => ({
  name: "do",
  about: "",
  params: fields(params),
  output,
  errors: [],
  authentication: "session",
});

const optionsOf = (api: ApiCatalog, params: Readonly<Record<string, ApiType>>) =>
  (commandOptions(api, operation(params)) as readonly Readonly<Record<string, string>>[]).map(
    ({ long_option, field_name, type, generic }) => [long_option, field_name, type, generic],
  );

test("each kind of parameter has its word, and says whether it may be left out or repeated", () => {
  const params = {
    client_token: optionalOf(text),
    size: builtin("LONG"),
    secret: builtin("SECRET"),
    created_at: builtin("DATE_TIME"),
    kind: enumerationOf("a.kind"),
    names: listOfType(text),
    tags: optionalOf(setOfType(builtin("ID"))),
    rules: mapOfType(text, text),
    specs: optionalOf(listOfType(structureOf("a.spec"))),
  };
  assert.deepEqual(optionsOf(catalog({ "a.spec": { name: text } }), params), [
    ["client-token", "client_token", "string", "OPTIONAL"],
    ["size", "size", "long", "NONE"],
    ["secret", "secret", "secret", "NONE"],
    ["created-at", "created_at", "datetime", "NONE"],
    ["kind", "kind", "a.kind", "NONE"],
    ["names", "names", "string", "LIST"],
    ["tags", "tags", "id", "OPTIONAL_LIST"],
    ["rules", "rules", "complex", "NONE"],
    ["specs", "specs", "complex", "OPTIONAL"],
  ]);
});

test("members of structures are options of their own; what holds them makes them optional", () => {
  const api = catalog({
    "a.spec": { name: text, endpoint: optionalOf(structureOf("a.endpoint")) },
    "a.endpoint": { uri: builtin("URI") },
  });
  assert.deepEqual(optionsOf(api, { spec: structureOf("a.spec") }), [
    ["name", "spec.name", "string", "NONE"],
    ["endpoint-uri", "spec.endpoint.uri", "uri", "OPTIONAL"],
  ]);
});

test("a name that is taken gets a number", () => {
  const api = catalog({ "a.spec": { name: text } });
  const params = { name: text, spec: structureOf("a.spec"), other: structureOf("a.spec") };
  assert.deepEqual(
    optionsOf(api, params).map(([name]) => name),
    ["name", "name-2", "name-3"],
  );
});

test("a structure inside itself has no options, and is headed once", () => {
  const api = catalog({ "a.node": { name: text, child: optionalOf(structureOf("a.node")) } });
  assert.deepEqual(optionsOf(api, { node: structureOf("a.node") }), [
    ["name", "node.name", "string", "NONE"],
  ]);
  assert.deepEqual(outputFields(api, operation({}, listOfType(structureOf("a.node")))), [
    {
      structure_id: "a.node",
      output_fields: [
        { field_name: "name", display_name: "Name" },
        { field_name: "child", display_name: "Child" },
      ],
    },
  ]);
});

test("the structures in lists and maps are headed too", () => {
  const api = catalog({
    "a.list": { some_rules: mapOfType(text, structureOf("a.rule")) },
    "a.rule": { name: text },
  });
  const headed = outputFields(api, operation({}, structureOf("a.list"))) as readonly object[];
  assert.deepEqual(headed, [
    {
      structure_id: "a.list",
      output_fields: [{ field_name: "some_rules", display_name: "SomeRules" }],
    },
    { structure_id: "a.rule", output_fields: [{ field_name: "name", display_name: "Name" }] },
  ]);
});
