import { api } from "../api.ts";
import { members, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/library`;
const A = `${api.CONTENT}/library`;
const R_ONE = `${R}/id:{library_id}`;
const A_ONE = `${A}/{library_id}`;

/** How the operations on libraries of any kind travel. */
export const LIBRARY_BINDINGS = {
  "library.list": { rest: rest.get(R), api: api.get(A) },
  "library.get": { rest: rest.get(R_ONE), api: api.get(A_ONE) },
  "library.update": { rest: rest.update(R_ONE), api: api.update(A_ONE) },
  "library.delete": {
    api: api.also(
      api.remove(A_ONE),
      { ...api.remove(A_ONE), action: "force-delete" },
      api.act(A_ONE, "force-delete", members()),
    ),
  },
  "library.find": {
    rest: rest.act(R, "find", rest.wrapped("spec")),
    api: api.ask(A, "find", api.bare("spec")),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
