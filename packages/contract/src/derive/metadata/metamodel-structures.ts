import {
  type ApiEnumeration,
  type ApiField,
  type ApiStructure,
  type ApiType,
  builtin,
  enumerationOf,
  listOfType,
  mapOfType,
  optionalOf,
  structureOf,
} from "./api-type.ts";
import { metadataStructure, unionOf } from "./metadata-operation.ts";

/** The package of the services that describe the API's type system. */
export const METAMODEL = "com.vmware.vapi.metadata.metamodel";

const model = (name: string): ApiType => structureOf(`${METAMODEL}.${name}`);
const byId = (value: ApiType): ApiType => mapOfType(builtin("ID"), value);
const byName = (value: ApiType): ApiType => mapOfType(builtin("STRING"), value);

const NAME = ["name", builtin("STRING"), "Its name."] as const;
const METADATA = ["metadata", byName(model("element_map")), "What else is said of it."] as const;
const DOCUMENTATION = ["documentation", builtin("STRING"), "What it is, in sentences."] as const;
const ENUMERATIONS = [
  "enumerations",
  byId(model("enumeration_info")),
  "Enumerations declared in it.",
] as const;
const CONSTANTS = [
  "constants",
  byName(model("constant_info")),
  "Constants declared in it.",
] as const;
const STRUCTURES = [
  "structures",
  byId(model("structure_info")),
  "Structures declared in it.",
] as const;

const define = (
  name: string,
  about: string,
  fields: readonly (readonly [string, ApiType, ApiField["about"]])[],
  ...unions: Parameters<typeof unionOf>[]
): ApiStructure =>
  metadataStructure(
    `${METAMODEL}.${name}`,
    about,
    fields,
    unions.map((union) => unionOf(...union)),
  );

const TYPE_STRUCTURES: readonly ApiStructure[] = [
  define(
    "type",
    "A type.",
    [
      ["category", enumerationOf(`${METAMODEL}.type.category`), "Kind of the type."],
      [
        "builtin_type",
        optionalOf(enumerationOf(`${METAMODEL}.type.builtin_type`)),
        "Which of the types without a name it is.",
      ],
      ["user_defined_type", optionalOf(model("user_defined_type")), "What it is named."],
      ["generic_instantiation", optionalOf(model("generic_instantiation")), "What it holds."],
    ],
    [
      "category",
      {
        builtin_type: ["BUILTIN"],
        user_defined_type: ["USER_DEFINED"],
        generic_instantiation: ["GENERIC"],
      },
    ],
  ),
  define("user_defined_type", "A type with a name.", [
    ["resource_type", builtin("STRING"), "Whether it is a structure or an enumeration."],
    ["resource_id", builtin("ID"), "Name of the structure or enumeration."],
  ]),
  define(
    "generic_instantiation",
    "A type made of others.",
    [
      [
        "generic_type",
        enumerationOf(`${METAMODEL}.generic_instantiation.generic_type`),
        "How it is made.",
      ],
      ["element_type", optionalOf(model("type")), "What a list, set or optional value holds."],
      ["map_key_type", optionalOf(model("type")), "What the keys of a map are."],
      ["map_value_type", optionalOf(model("type")), "What the values of a map are."],
    ],
    [
      "generic_type",
      {
        element_type: ["LIST", "OPTIONAL", "SET"],
        map_key_type: ["MAP"],
        map_value_type: ["MAP"],
      },
    ],
  ),
];

const ELEMENT_STRUCTURES: readonly ApiStructure[] = [
  define("element_map", "What is said of something under one heading.", [
    ["elements", byName(model("element_value")), "The values by name."],
  ]),
  define(
    "element_value",
    "A value of the metadata.",
    [
      ["type", enumerationOf(`${METAMODEL}.element_value.type`), "Kind of the value."],
      ["long_value", optionalOf(builtin("LONG")), "The integer."],
      ["string_value", optionalOf(builtin("STRING")), "The string."],
      ["list_value", optionalOf(listOfType(builtin("STRING"))), "The strings."],
      ["structure_id", optionalOf(builtin("ID")), "Name of the structure."],
      ["structure_ids", optionalOf(listOfType(builtin("ID"))), "Names of the structures."],
    ],
    [
      "type",
      {
        long_value: ["LONG"],
        string_value: ["STRING"],
        list_value: ["STRING_LIST"],
        structure_id: ["STRUCTURE_REFERENCE"],
        structure_ids: ["STRUCTURE_REFERENCE_LIST"],
      },
    ],
  ),
  define("constant_info", "A constant.", [
    ["type", model("type"), "Type of the constant."],
    ["value", model("constant_value"), "Value of the constant."],
    DOCUMENTATION,
  ]),
  define(
    "constant_value",
    "The value of a constant.",
    [
      ["category", enumerationOf(`${METAMODEL}.constant_value.category`), "Kind of the value."],
      ["primitive_value", optionalOf(model("primitive_value")), "The value."],
      ["list_value", optionalOf(listOfType(model("primitive_value"))), "The values."],
    ],
    ["category", { primitive_value: ["PRIMITIVE"], list_value: ["LIST"] }],
  ),
  define(
    "primitive_value",
    "A value that needs no name.",
    [
      ["type", enumerationOf(`${METAMODEL}.primitive_value.type`), "Kind of the value."],
      ["boolean_value", optionalOf(builtin("BOOLEAN")), "True or false."],
      ["double_value", optionalOf(builtin("DOUBLE")), "The number."],
      ["long_value", optionalOf(builtin("LONG")), "The integer."],
      ["string_value", optionalOf(builtin("STRING")), "The string."],
    ],
    [
      "type",
      {
        boolean_value: ["BOOLEAN"],
        double_value: ["DOUBLE"],
        long_value: ["LONG"],
        string_value: ["STRING"],
      },
    ],
  ),
];

const INFO_STRUCTURES: readonly ApiStructure[] = [
  define("field_info", "A member of a structure, or a parameter.", [
    NAME,
    ["type", model("type"), "Its type."],
    METADATA,
    DOCUMENTATION,
  ]),
  define("structure_info", "A structure, or an error.", [
    NAME,
    ["type", enumerationOf(`${METAMODEL}.structure_info.type`), "Which of the two it is."],
    ENUMERATIONS,
    CONSTANTS,
    ["fields", listOfType(model("field_info")), "Its members."],
    METADATA,
    DOCUMENTATION,
  ]),
  define("enumeration_value_info", "A value of an enumeration.", [
    ["value", builtin("STRING"), "The word that stands for it."],
    METADATA,
    DOCUMENTATION,
  ]),
  define("enumeration_info", "An enumeration.", [
    NAME,
    ["values", listOfType(model("enumeration_value_info")), "Its values."],
    METADATA,
    DOCUMENTATION,
  ]),
  define("error_info", "A way in which an operation fails.", [
    ["structure_id", builtin("ID"), "Name of the error."],
    DOCUMENTATION,
  ]),
  define("operation_result_info", "What an operation answers.", [
    ["type", model("type"), "Type of the answer."],
    METADATA,
    DOCUMENTATION,
  ]),
  define("operation_info", "An operation.", [
    NAME,
    ["params", listOfType(model("field_info")), "What it takes."],
    ["output", model("operation_result_info"), "What it answers."],
    ["errors", listOfType(model("error_info")), "The ways in which it fails."],
    METADATA,
    DOCUMENTATION,
  ]),
  define("service_info", "A service.", [
    NAME,
    ["operations", byId(model("operation_info")), "Its operations."],
    STRUCTURES,
    ENUMERATIONS,
    CONSTANTS,
    METADATA,
    DOCUMENTATION,
  ]),
  define("package_info", "A package.", [
    NAME,
    STRUCTURES,
    ENUMERATIONS,
    ["services", byId(model("service_info")), "Its services."],
    METADATA,
    DOCUMENTATION,
  ]),
  define("component_info", "A component.", [
    NAME,
    ["packages", byId(model("package_info")), "Its packages."],
    METADATA,
    DOCUMENTATION,
  ]),
  define("component_data", "A component and its print.", [
    ["info", model("component_info"), "The component."],
    ["fingerprint", builtin("STRING"), "Print of the component; it changes when that does."],
  ]),
];

/** What the services of the metamodel answer. */
export const METAMODEL_STRUCTURES: readonly ApiStructure[] = [
  ...TYPE_STRUCTURES,
  ...ELEMENT_STRUCTURES,
  ...INFO_STRUCTURES,
];

const words = (name: string, values: readonly string[]): ApiEnumeration => ({
  name: `${METAMODEL}.${name}`,
  values,
});

export const METAMODEL_ENUMERATIONS: readonly ApiEnumeration[] = [
  words("type.category", ["BUILTIN", "USER_DEFINED", "GENERIC"]),
  words("type.builtin_type", [
    "VOID",
    "BOOLEAN",
    "LONG",
    "DOUBLE",
    "STRING",
    "BINARY",
    "SECRET",
    "DATE_TIME",
    "ID",
    "URI",
    "ANY_ERROR",
    "DYNAMIC_STRUCTURE",
    "OPAQUE",
  ]),
  words("generic_instantiation.generic_type", ["LIST", "MAP", "OPTIONAL", "SET"]),
  words("element_value.type", [
    "LONG",
    "STRING",
    "STRING_LIST",
    "STRUCTURE_REFERENCE",
    "STRUCTURE_REFERENCE_LIST",
  ]),
  words("constant_value.category", ["PRIMITIVE", "LIST"]),
  words("primitive_value.type", ["BOOLEAN", "DOUBLE", "LONG", "STRING"]),
  words("structure_info.type", ["STRUCTURE", "ERROR"]),
];
