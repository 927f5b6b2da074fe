import { api } from "../api.ts";
import { type OperationBindings } from "../binding.ts";

const A = `${api.OURS}/libraries/{library}/settings`;

/** How the settings of a library that are not the API's own are read and changed. */
export const LIBRARY_SETTING_BINDINGS = {
  "librarySetting.get": { api: api.get(A) },
  "librarySetting.update": { api: api.update(A) },
} as const satisfies Readonly<Record<string, OperationBindings>>;
