import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

const A = `${api.OURS}/tokens`;

/** How the operations on tokens travel. */
export const TOKEN_BINDINGS = {
  "token.create": { api: { ...api.post(A, api.bare("create_spec")), status: 201 } },
  "token.list": { api: api.get(A, "user") },
  "token.delete": { api: api.remove(`${A}/{token_id}`) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
