import { api } from "../api.ts";
import { members, type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

const R = `${rest.CONTENT}/library/item/file`;
const A = `${api.CONTENT}/library/item/{library_item_id}/file`;

/** How the operations on the files of an item travel. */
export const ITEM_FILE_BINDINGS = {
  "itemFile.list": { rest: rest.get(R, "library_item_id"), api: api.get(A) },
  "itemFile.get": {
    rest: rest.act(`${R}/id:{library_item_id}`, "get", members("name")),
    api: api.getBy(A, "name"),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
