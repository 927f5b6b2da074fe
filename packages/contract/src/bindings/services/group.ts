import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

const A = `${api.OURS}/groups`;

/** How the operations on groups travel. */
export const GROUP_BINDINGS = {
  "group.create": { api: { ...api.post(A, api.bare("create_spec")), status: 201 } },
  "group.list": { api: api.get(A) },
  "group.get": { api: api.get(`${A}/{group}`) },
  "group.update": { api: api.update(`${A}/{group}`) },
  "group.delete": { api: api.remove(`${A}/{group}`) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
