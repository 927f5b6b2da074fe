import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";
import { rest } from "../rest.ts";

// Alone among the services, this one stands on /rest without com/vmware, and its ids stand there bare.
const R = "/rest/content/library/item/{library_item}/changes";
const R_TOO = `${rest.CONTENT}/library/item/id:{library_item}/changes`;
const A = `${api.CONTENT}/library/item/{library_item}/changes`;

/** How the operations on the content versions of an item travel. */
export const ITEM_CHANGE_BINDINGS = {
  "itemChange.list": {
    rest: rest.also(rest.get(R), { ...rest.get(R_TOO), tolerance: "changesPath" }),
    api: api.get(A),
  },
  "itemChange.get": {
    rest: rest.also(rest.get(`${R}/{version}`), {
      ...rest.get(`${R_TOO}/{version}`),
      tolerance: "changesPath",
    }),
    api: api.get(`${A}/{version}`),
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
