import type { OperationId } from "../vocabulary/operation-ids.ts";
import { API } from "./api.ts";
import type { Binding, Wire } from "./binding.ts";
import { REST } from "./rest.ts";

/** How every operation travels, on each wire. */
export const BINDINGS: Readonly<Record<Wire, Readonly<Record<OperationId, Binding>>>> = {
  rest: REST,
  api: API,
};
