import { api } from "../api.ts";
import { members, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/library/item`;
const A = `${api.CONTENT}/library/item`;
const R_ONE = `${R}/id:{library_item_id}`;
const A_ONE = `${A}/{library_item_id}`;
const COPY = "destination_create_spec";
const PUBLISH = members("force_sync_content", "subscriptions");

/** How the operations on library items travel. */
export const ITEM_BINDINGS = {
  "item.create": { rest: rest.create(R), api: api.create(A) },
  "item.copy": {
    rest: rest.act(
      `${R}/id:{source_library_item_id}`,
      "copy",
      rest.wrapped(COPY, ["client_token"]),
    ),
    api: {
      ...api.ask(`${A}/{source_library_item_id}`, "copy", api.bare(COPY)),
      query: ["client_token"],
    },
  },
  "item.get": { rest: rest.get(R_ONE), api: api.get(A_ONE) },
  "item.update": { rest: rest.update(R_ONE), api: api.update(A_ONE) },
  "item.delete": { rest: rest.remove(R_ONE), api: api.remove(A_ONE) },
  "item.list": { rest: rest.get(R, "library_id"), api: api.get(A, "library_id") },
  "item.find": {
    rest: rest.act(R, "find", rest.wrapped("spec")),
    api: api.ask(A, "find", api.bare("spec")),
  },
  "item.publish": {
    rest: rest.act(R_ONE, "publish", PUBLISH),
    api: api.act(A_ONE, "publish", PUBLISH),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
