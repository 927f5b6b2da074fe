import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

const A = `${api.OURS}/users`;

/** How the operations on users travel. */
export const USER_BINDINGS = {
  "user.create": { api: { ...api.post(A, api.bare("create_spec")), status: 201 } },
  "user.list": { api: api.get(A) },
  "user.get": { api: api.get(`${A}/{user}`) },
  "user.update": { api: api.update(`${A}/{user}`) },
  "user.delete": { api: api.remove(`${A}/{user}`) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
