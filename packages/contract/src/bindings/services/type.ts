import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

/** How the operations on the kinds of items travel. */
export const TYPE_BINDINGS = {
  "type.list": { rest: rest.get(`${rest.CONTENT}/type`), api: api.get(`${api.CONTENT}/type`) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
