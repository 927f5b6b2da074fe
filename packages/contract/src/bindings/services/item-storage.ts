import { api } from "../api.ts";
import { members, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/library/item/storage`;
const A = `${api.CONTENT}/library/item/{library_item_id}/storage`;

/** How the operations on where the files of an item are stored travel. */
export const ITEM_STORAGE_BINDINGS = {
  "itemStorage.list": { rest: rest.get(R, "library_item_id"), api: api.get(A) },
  "itemStorage.get": {
    rest: rest.act(`${R}/id:{library_item_id}`, "get", members("file_name")),
    api: api.getBy(A, "file_name"),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
