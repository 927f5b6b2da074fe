import { librarySettingInfo, librarySettingUpdateSpec } from "../models/library-setting.ts";
import { nothing, of, parameters, text } from "../models/schema.ts";
import type { Operation } from "./operation.ts";

const service = "contentlib.libraries.settings";
const libraryId = text("Id of the library.");

/** The settings of a library that are not the API's own. */
export const LIBRARY_SETTING_OPERATIONS = {
  "librarySetting.get": {
    id: "librarySetting.get",
    service,
    method: "get",
    summary: "Shows the settings of a library that are not the API's own.",
    effect: "safe",
    right: {
      privilege: "System.Read",
      role: "viewer",
      on: { kind: "library", parameter: "library" },
    },
    input: parameters({ library: libraryId }),
    output: librarySettingInfo,
    faults: ["not_found"],
    origin: "ours",
  },
  "librarySetting.update": {
    id: "librarySetting.update",
    service,
    method: "update",
    summary:
      "Changes the settings of a library that are not the API's own; absent members stay as they are.",
    effect: "idempotent",
    right: {
      privilege: "contentlib.UpdateLibrarySettings",
      role: "administrator",
      on: { kind: "library", parameter: "library" },
    },
    input: parameters({
      library: libraryId,
      update_spec: of(librarySettingUpdateSpec, "The changes."),
    }),
    output: nothing,
    faults: ["not_found"],
    origin: "ours",
  },
} as const satisfies Readonly<Record<string, Operation>>;
