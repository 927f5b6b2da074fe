import { api } from "../api.ts";
import { members, NO_BODY, type OperationBindings } from "../binding.ts";

const A = `${api.OURS}/items/{library_item}`;
const A_ONE = `${A}/versions/{version}`;
const TOKEN = { query: ["client_token"] };

/** How the operations on kept content versions travel. */
export const ITEM_VERSION_BINDINGS = {
  "itemVersion.get": { api: api.get(A_ONE) },
  "itemVersion.download": {
    api: { ...api.post(A_ONE, NO_BODY), action: "download", status: 201, ...TOKEN },
  },
  "itemVersion.rollback": {
    api: { ...api.ask(A, "rollback", members("version", "message")), ...TOKEN },
  },
} as const satisfies Readonly<Record<string, OperationBindings>>;
