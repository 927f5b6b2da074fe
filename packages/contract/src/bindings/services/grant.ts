import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

const A = `${api.OURS}/grants`;

/** How the operations on grants travel. */
export const GRANT_BINDINGS = {
  "grant.create": { api: { ...api.post(A, api.bare("create_spec")), status: 201 } },
  "grant.list": { api: api.get(A, "user", "group", "token_id", "library_id") },
  "grant.delete": { api: api.remove(`${A}/{grant_id}`) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
