import { configurationModel, configurationUpdateSpec } from "../models/configuration.ts";
import { nothing, of, parameters } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "com.vmware.content.configuration";

/** Settings of the whole service. */
export const CONFIGURATION_OPERATIONS = {
  "configuration.get": {
    id: "configuration.get",
    service,
    method: "get",
    summary: "Shows the settings that hold for every library of this server.",
    effect: "safe",
    right: { privilege: "ContentLibrary.GetConfiguration", role: "none", on: { kind: "anything" } },
    input: parameters({}),
    output: configurationModel,
    faults: [],
  },
  "configuration.update": {
    id: "configuration.update",
    service,
    method: "update",
    summary: "Changes the settings of this server, all at once; absent members stay as they are.",
    effect: "idempotent",
    right: {
      privilege: "ContentLibrary.UpdateConfiguration",
      role: "administrator",
      on: { kind: "everything" },
    },
    input: parameters({ model: of(configurationUpdateSpec, "The changes.") }),
    output: nothing,
    faults: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
