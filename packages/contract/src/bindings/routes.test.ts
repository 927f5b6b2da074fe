import assert from "node:assert/strict";
import { test } from "node:test";
import { bindingOf, operationIdsOn } from "./binding-of.ts";
import { OPERATION_IDS, type OperationId } from "../vocabulary/operation-ids.ts";
import { WIRES } from "./binding.ts";
import { ambiguitiesOf, checkRoutes, routesOf, treeOf } from "./routes.ts";

test("no two operations share an address", () => {
  for (const wire of WIRES) assert.deepEqual(ambiguitiesOf(routesOf(wire)), []);
  assert.doesNotThrow(checkRoutes);
});

test("an address with two owners is refused, whatever its parameters are called", () => {
  const [first, ...others] = routesOf("api").filter(
    ({ operationId }) => operationId === "library.get",
  );
  assert.ok(first);
  const twin = {
    ...first,
    operationId: "localLibrary.get",
    path: "/api/content/library/{other_id}",
  } as const;
  assert.deepEqual(ambiguitiesOf([first, ...others, twin]), [
    "GET /api/content/library/{} action= marker=: library.get and localLibrary.get",
  ]);
  assert.throws(() => treeOf([first, twin]), /Ambiguous routes/);
});

test("every operation of a wire has a documented address there, and is on one wire at least", () => {
  for (const wire of WIRES) {
    const documented = new Set(
      routesOf(wire).flatMap((route) => (route.tolerance === undefined ? [route.operationId] : [])),
    );
    assert.deepEqual([...documented].toSorted(), operationIdsOn(wire).toSorted());
  }
  assert.deepEqual(operationIdsOn("api"), [...OPERATION_IDS]);
});

test("what the older wire lacks is refused with a sentence", () => {
  assert.throws(() => bindingOf("rest", "securityPolicy.list"), /has no form on \/rest/);
  const isOurs = (id: OperationId) => bindingOf("api", id).path.startsWith("/api/contentlib/");
  const missing = OPERATION_IDS.filter((id) => !operationIdsOn("rest").includes(id));
  assert.deepEqual(OPERATION_IDS.filter(isOurs), missing.filter(isOurs));
  assert.deepEqual(missing.filter((id) => !isOurs(id)).toSorted(), [
    "library.delete",
    "securityPolicy.list",
    "trustedCertificate.create",
    "trustedCertificate.delete",
    "trustedCertificate.get",
    "trustedCertificate.list",
  ]);
});
