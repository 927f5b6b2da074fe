import { api } from "../api.ts";
import { members, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/configuration`;
const A = `${api.CONTENT}/configuration`;

/** How the operations on the settings of the service travel. */
export const CONFIGURATION_BINDINGS = {
  "configuration.get": { rest: rest.act(R, "get", members()), api: api.get(A) },
  "configuration.update": {
    rest: rest.update(R, rest.wrapped("model")),
    api: api.update(A, api.bare("model")),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
