import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

const A = `${api.OURS}/secrets`;

/** How the operations on secrets travel. */
export const SECRET_BINDINGS = {
  "secret.set": { api: { ...api.post(A, api.bare("set_spec")), status: 204 } },
  "secret.list": { api: api.get(A) },
  "secret.delete": { api: api.remove(`${A}/{name}`) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
