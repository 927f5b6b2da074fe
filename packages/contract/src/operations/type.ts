import { listOf, parameters } from "../models/schema.ts";
import { typeInfo } from "../models/type.ts";
import type { Operation } from "./operation.ts";

/** The kinds of items that the server understands. */
export const TYPE_OPERATIONS = {
  "type.list": {
    id: "type.list",
    service: "com.vmware.content.type",
    method: "list",
    summary: "Lists the kinds of items whose files this server understands.",
    effect: "safe",
    right: {
      privilege: "ContentLibrary.TypeIntrospection",
      role: "none",
      on: { kind: "anything" },
    },
    input: parameters({}),
    output: listOf(typeInfo, "The kinds; items of any other type are kept as plain files."),
    faults: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
