import { groupCreateSpec, groupInfo, groupUpdateSpec } from "../models/group.ts";
import { listOf, nothing, of, parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "contentlib.groups";
const group = text("Id of the group, or the name.");
const right = {
  privilege: "contentlib.ManageGroups",
  role: "administrator",
  on: { kind: "everything" },
} as const;

/** Users who are granted roles together. */
export const GROUP_OPERATIONS = {
  "group.create": {
    id: "group.create",
    service,
    method: "create",
    summary: "Makes a group and answers its id.",
    effect: "once",
    right,
    input: parameters({ create_spec: of(groupCreateSpec, "What the group is made of.") }),
    output: text("Id of the group."),
    faults: ["already_exists", "not_found"],
    origin: "ours",
  },
  "group.list": {
    id: "group.list",
    service,
    method: "list",
    summary: "Lists the groups.",
    effect: "safe",
    right,
    input: parameters({}),
    output: listOf(groupInfo, "The groups, in the order of their names."),
    faults: [],
    origin: "ours",
  },
  "group.get": {
    id: "group.get",
    service,
    method: "get",
    summary: "Shows a group.",
    effect: "safe",
    right,
    input: parameters({ group }),
    output: groupInfo,
    faults: ["not_found"],
    origin: "ours",
  },
  "group.update": {
    id: "group.update",
    service,
    method: "update",
    summary:
      "Changes a group; active sessions of those who lose a right by it, and their transfers, end before this answers.",
    effect: "idempotent",
    right,
    input: parameters({ group, update_spec: of(groupUpdateSpec, "The changes.") }),
    output: nothing,
    faults: ["already_exists", "not_allowed_in_current_state", "not_found", "resource_busy"],
    origin: "ours",
  },
  "group.delete": {
    id: "group.delete",
    service,
    method: "delete",
    summary:
      "Deletes a group with its grants; active sessions of those who lose a right by it, and their transfers, end before this answers.",
    effect: "idempotent",
    right,
    input: parameters({ group }),
    output: nothing,
    faults: ["not_allowed_in_current_state", "not_found", "resource_busy"],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
