import { OPERATION_IDS, type OperationId } from "../vocabulary/operation-ids.ts";
import type { Binding, Wire } from "./binding.ts";
import { BINDINGS } from "./bindings.ts";

/** How an operation travels on a wire. Throws RangeError where the wire does not have it. */
export const bindingOf = (wire: Wire, operationId: OperationId): Binding => {
  const binding = BINDINGS[wire][operationId];
  if (binding === undefined) throw new RangeError(`${operationId} has no form on /${wire}.`);
  return binding;
};

/** The operations that a wire has. */
export const operationIdsOn = (wire: Wire): readonly OperationId[] =>
  OPERATION_IDS.filter((id) => BINDINGS[wire][id] !== undefined);
