import assert from "node:assert/strict";
import { test } from "node:test";
import { WIRES } from "../bindings/binding.ts";
import { BINDINGS } from "../bindings/bindings.ts";
import { OPERATION_IDS } from "../vocabulary/operation-ids.ts";
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
      [...OPERATION_IDS].toSorted(),
    );
    for (const id of OPERATION_IDS) {
      const binding = BINDINGS[wire][id];
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
