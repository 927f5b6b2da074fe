import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ApiCatalog,
  type ApiService,
  type ApiStructure,
  builtin,
  listOfType,
  optionalOf,
  structureOf,
} from "./api-type.ts";
import { describeApi } from "./described-api.ts";

const structure = (name: string): ApiStructure => ({
  name,
  about: name,
  isError: false,
  fields: [],
  unions: [],
});

const service = (name: string, takes?: string): ApiService => ({
  name,
  about: name,
  operations: new Map([
    [
      "get",
      {
        name: "get",
        about: name,
        params:
          takes === undefined
            ? []
            : [{ name: "spec", type: optionalOf(listOfType(structureOf(takes))), about: "" }],
        output: builtin("VOID"),
        errors: [],
        authentication: "session",
      },
    ],
  ]),
});

const catalogOf = (
  services: readonly ApiService[],
  structures: readonly string[],
  enumerations: readonly string[] = [],
): ApiCatalog => ({
  services: new Map(services.map((each) => [each.name, each])),
  structures: new Map(structures.map((name) => [name, structure(name)])),
  enumerations: new Map(enumerations.map((name) => [name, { name, values: ["A"] }])),
});

const namesOf = (entries: readonly { readonly name: string }[] | undefined) =>
  entries?.map(({ name }) => name);

test("a structure below a service belongs to it, any other to its package", () => {
  const api = describeApi(catalogOf([service("a.b.c.files")], ["a.b.c.files.info", "a.b.c.model"]));
  assert.deepEqual(namesOf(api.structuresIn("a.b.c.files")), ["a.b.c.files.info"]);
  assert.deepEqual(namesOf(api.packages.get("a.b.c")?.structures), ["a.b.c.model"]);
  assert.deepEqual([...api.packages.keys()], ["a.b.c"]);
});

test("where a service and a package have one name, a structure is the service's if its operations take it", () => {
  const services = [service("a.b.items", "a.b.items.find_spec"), service("a.b.items.files")];
  const api = describeApi(catalogOf(services, ["a.b.items.find_spec", "a.b.items.endpoint"]));
  assert.deepEqual(namesOf(api.structuresIn("a.b.items")), ["a.b.items.find_spec"]);
  assert.deepEqual(namesOf(api.packages.get("a.b.items")?.structures), ["a.b.items.endpoint"]);
});

test("an enumeration belongs to the structure it is named for, to a service, or to a package", () => {
  const enumerations = ["a.b.c.files.info.state", "a.b.c.files.kind", "a.b.c.status"];
  const api = describeApi(catalogOf([service("a.b.c.files")], ["a.b.c.files.info"], enumerations));
  assert.deepEqual(namesOf(api.enumerationsIn("a.b.c.files.info")), ["a.b.c.files.info.state"]);
  assert.deepEqual(namesOf(api.enumerationsIn("a.b.c.files")), ["a.b.c.files.kind"]);
  assert.deepEqual(namesOf(api.packages.get("a.b.c")?.enumerations), ["a.b.c.status"]);
  assert.deepEqual(api.enumerationsIn("a.b.c"), []);
});

test("a component holds the packages whose first three segments are its name", () => {
  const api = describeApi(
    catalogOf([service("a.b.c.files"), service("a.b.c.d.more"), service("a.b.x.other")], []),
  );
  const packages = [...api.components].map(([name, component]) => [
    name,
    namesOf(component.packages),
  ]);
  assert.deepEqual(packages, [
    ["a.b.c", ["a.b.c", "a.b.c.d"]],
    ["a.b.x", ["a.b.x"]],
  ]);
});
