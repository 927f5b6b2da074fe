import assert from "node:assert/strict";
import { test } from "node:test";
import { WIRES } from "../bindings/binding.ts";
import { bindingOf, operationIdsOn } from "../bindings/binding-of.ts";
import { openApi, pathKeyOf } from "./open-api.ts";

interface DescribedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
  readonly requestBody?: { readonly required: boolean };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const documentOf = (wire: (typeof WIRES)[number]) => openApi(wire, "1.2.3") as unknown as Document;

const operationsOf = (document: Document): readonly DescribedOperation[] =>
  Object.values(document.paths).flatMap((verbs) => Object.values(verbs));

test("each document describes every operation once, at its documented address", () => {
  for (const wire of WIRES) {
    const document = documentOf(wire);
    assert.deepEqual(
      operationsOf(document)
        .map(({ operationId }) => operationId)
        .toSorted(),
      operationIdsOn(wire).toSorted(),
    );
    for (const id of operationIdsOn(wire)) {
      const binding = bindingOf(wire, id);
      const described = document.paths[pathKeyOf(wire, binding)]?.[binding.verb.toLowerCase()];
      assert.equal(described?.operationId, id);
    }
  }
});

test("every reference leads to a structure", () => {
  for (const wire of WIRES) {
    const document = documentOf(wire);
    const references = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    const names = new Set([...references].map(([, name]) => name ?? ""));
    assert.ok(names.size > 20);
    for (const name of names) assert.ok(document.components.schemas[name], name);
    assert.deepEqual([...names].toSorted(), Object.keys(document.components.schemas).toSorted());
  }
});

test("every operation tells its errors and needs a login, save the login itself", () => {
  for (const wire of WIRES) {
    for (const { operationId, responses, security } of operationsOf(documentOf(wire))) {
      assert.ok(responses["401"] && responses["400"] && responses["503"], operationId);
      const schemes = security.flatMap((scheme) => Object.keys(scheme));
      assert.deepEqual(
        schemes,
        operationId === "login.create" ? ["password", "token"] : ["login", "cookie"],
      );
    }
  }
});

test("the same class stands at the status of its wire", () => {
  const busy = (wire: (typeof WIRES)[number]) =>
    operationsOf(documentOf(wire))
      .filter(({ operationId }) => operationId === "updateSession.create")
      .flatMap(({ responses }) => Object.entries(responses))
      .filter(([, { description }]) => description.includes("resource_busy"))
      .map(([status]) => status);
  assert.deepEqual(busy("rest"), ["400"]);
  assert.deepEqual(busy("api"), ["500"]);
});

interface DescribedSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, DescribedSchema>>;
}

const schemaOf = (wire: (typeof WIRES)[number], name: string): DescribedSchema => {
  const schema = documentOf(wire).components.schemas[name];
  assert.ok(schema, name);
  return schema as DescribedSchema;
};

test("a structure that callers send has no other members, save those that are taken and ignored", () => {
  for (const wire of WIRES) {
    const sent = schemaOf(wire, "ItemCreateSpec");
    assert.equal(sent["additionalProperties"], false);
    const ignored = Object.keys(sent["patternProperties"] ?? {}).join();
    assert.match("version", new RegExp(ignored));
    for (const name of ["name", "versions", "colour"])
      assert.doesNotMatch(name, new RegExp(ignored));
    assert.equal("additionalProperties" in schemaOf(wire, "ItemModel"), false);
  }
});

test("integers end where JSON readers stop being exact, and tokens of the client are UUIDs", () => {
  const size = schemaOf("api", "UpdateSessionFileAddSpec").properties?.["size"];
  assert.equal(size?.["maximum"], Number.MAX_SAFE_INTEGER);
  assert.equal(size?.["minimum"], Number.MIN_SAFE_INTEGER);
  const tokens = JSON.stringify(documentOf("api")).match(
    /"name":"client_token".{0,200}?"format":"uuid"/g,
  );
  assert.ok((tokens?.length ?? 0) >= 4);
});

test("a body may be absent where nothing in it must be there, and tells what it is refused for unread", () => {
  for (const wire of WIRES) {
    const operations = operationsOf(documentOf(wire));
    const bodyOf = (id: string) =>
      operations.find(({ operationId }) => operationId === id)?.requestBody?.required;
    assert.equal(bodyOf("item.update"), false);
    assert.equal(bodyOf("item.create"), true);
    for (const { operationId, requestBody, responses } of operations)
      for (const status of ["408", "413", "415"])
        assert.equal(status in responses, requestBody !== undefined, `${operationId} ${status}`);
  }
});
