import {
  type ApiCatalog,
  type ApiField,
  type ApiOperation,
  type ApiType,
  type BuiltinName,
  builtin,
  enumerationOf,
  listOfType,
  mapOfType,
  optionalOf,
  setOfType,
  structureOf,
} from "./api-type.ts";
import type { PlainValue } from "./plain-value.ts";
import type { DescribedApi } from "./described-api.ts";
import { fingerprintOf } from "./fingerprint.ts";
import {
  findIn,
  type Found,
  idParameter,
  listNames,
  type MetadataFamily,
  type MetadataInput,
  metadataOperation,
  metadataStructure,
  textOf,
  unionOf,
} from "./metadata-operation.ts";
import { errorsOf } from "./standard-errors.ts";

const INTROSPECTION = "com.vmware.vapi.std.introspection";
const DEFINITION = `${INTROSPECTION}.operation.data_definition`;
const DATA_TYPE = `${DEFINITION}.data_type`;

/** Strings of all kinds look alike on the wire. */
const WIRE_NAMES: Partial<Readonly<Record<BuiltinName, string>>> = {
  DATE_TIME: "STRING",
  ID: "STRING",
  URI: "STRING",
};

const structureDefinition = (
  api: ApiCatalog,
  definition: { readonly type: "STRUCTURE" | "ERROR"; readonly name: string },
  fields: readonly ApiField[],
  path: readonly string[],
): PlainValue => ({
  ...definition,
  fields: new Map(fields.map(({ name, type }) => [name, definitionOf(api, type, path)])),
});

/** How values of a type look on the wire. `path` names the structures around it, which are referred to and not repeated. */
const definitionOf = (api: ApiCatalog, type: ApiType, path: readonly string[]): PlainValue => {
  switch (type.kind) {
    case "builtin":
      return { type: WIRE_NAMES[type.name] ?? type.name };
    case "enumeration":
      return { type: "STRING" };
    case "optional":
      return { type: "OPTIONAL", element_definition: definitionOf(api, type.element, path) };
    case "list":
    case "set":
      return { type: "LIST", element_definition: definitionOf(api, type.element, path) };
    case "map": {
      const entry = [
        { name: "key", type: type.key, about: "" },
        { name: "value", type: type.value, about: "" },
      ];
      const name = "map-entry";
      return {
        type: "LIST",
        element_definition: structureDefinition(api, { type: "STRUCTURE", name }, entry, path),
      };
    }
    case "structure": {
      const { name } = type;
      if (path.includes(name)) return { type: "STRUCTURE_REF", name };
      const structure = api.structures.get(name);
      const kind = structure?.isError === true ? "ERROR" : "STRUCTURE";
      return structureDefinition(api, { type: kind, name }, structure?.fields ?? [], [
        ...path,
        name,
      ]);
    }
  }
};

const operationInfo = (api: ApiCatalog, operation: ApiOperation): PlainValue => ({
  input_definition: structureDefinition(
    api,
    { type: "STRUCTURE", name: "operation-input" },
    operation.params,
    [],
  ),
  output_definition: definitionOf(api, operation.output, []),
  error_definitions: [...errorsOf(operation)].map((name) =>
    definitionOf(api, structureOf(name), []),
  ),
});

/** The print of everything: services, operations and all that they take and answer. */
const checksumOf = ({ services, structures, enumerations }: DescribedApi): string =>
  fingerprintOf(
    JSON.stringify([services, structures, enumerations], (_name, value: unknown) =>
      value instanceof Map ? [...value] : value,
    ),
  );

const serviceParameter = idParameter("service_id", "Name of the service.");

const operationsOf = (api: DescribedApi, input: MetadataInput): Found => {
  const id = textOf(input, "service_id");
  return findIn(api.services, id, ({ operations }) => [...operations.keys()]);
};

const getOperation = (api: DescribedApi, input: MetadataInput): Found => {
  const id = textOf(input, "service_id");
  const service = api.services.get(id);
  if (service === undefined) return { missing: id };
  return findIn(service.operations, textOf(input, "operation_id"), (operation) =>
    operationInfo(api, operation),
  );
};

const STRUCTURES = [
  metadataStructure(`${INTROSPECTION}.provider.info`, "Who provides the services.", [
    ["id", builtin("ID"), "Name of the provider."],
    ["checksum", builtin("STRING"), "Print of all services; it changes when one of them does."],
  ]),
  metadataStructure(`${INTROSPECTION}.service.info`, "What a service has.", [
    ["operations", setOfType(builtin("ID")), "Names of its operations."],
  ]),
  metadataStructure(`${INTROSPECTION}.operation.info`, "How calls of an operation look.", [
    ["input_definition", structureOf(DEFINITION), "What it takes."],
    ["output_definition", structureOf(DEFINITION), "What it answers."],
    ["error_definitions", listOfType(structureOf(DEFINITION)), "How it fails."],
  ]),
  metadataStructure(
    DEFINITION,
    "How a value looks on the wire.",
    [
      ["type", enumerationOf(DATA_TYPE), "Kind of the value."],
      ["element_definition", optionalOf(structureOf(DEFINITION)), "What it holds."],
      ["name", optionalOf(builtin("STRING")), "Name of the structure or error."],
      [
        "fields",
        optionalOf(mapOfType(builtin("STRING"), structureOf(DEFINITION))),
        "Members of the structure or error.",
      ],
    ],
    [
      unionOf("type", {
        element_definition: ["OPTIONAL", "LIST"],
        name: ["STRUCTURE", "STRUCTURE_REF", "ERROR"],
        fields: ["STRUCTURE", "ERROR"],
      }),
    ],
  ),
];

const DATA_TYPES = [
  "BINARY",
  "BOOLEAN",
  "DOUBLE",
  "DYNAMIC_STRUCTURE",
  "ERROR",
  "ANY_ERROR",
  "LIST",
  "LONG",
  "OPAQUE",
  "OPTIONAL",
  "SECRET",
  "STRING",
  "STRUCTURE",
  "STRUCTURE_REF",
  "VOID",
];

/** The services that tell which services and operations there are, and how values look on the wire. */
export const INTROSPECTION_FAMILY: MetadataFamily = {
  structures: STRUCTURES,
  enumerations: [{ name: DATA_TYPE, values: DATA_TYPES }],
  services: [
    {
      name: `${INTROSPECTION}.provider`,
      about: "Tells who provides the services.",
      operations: [
        metadataOperation(
          "get",
          {
            about: "Shows who provides the services, and a print of them.",
            output: structureOf(`${INTROSPECTION}.provider.info`),
          },
          (api) => ({ found: { id: "contentlib", checksum: checksumOf(api) } }),
        ),
      ],
    },
    {
      name: `${INTROSPECTION}.service`,
      about: "Tells which services there are.",
      operations: [
        metadataOperation(
          "list",
          { about: "Lists the names of all services.", output: setOfType(builtin("ID")) },
          (api) => listNames(api.services),
        ),
        metadataOperation(
          "get",
          {
            about: "Shows the operations of a service.",
            params: [idParameter("id", "Name of the service.")],
            output: structureOf(`${INTROSPECTION}.service.info`),
          },
          (api, input) =>
            findIn(api.services, textOf(input, "id"), ({ operations }) => ({
              operations: [...operations.keys()],
            })),
        ),
      ],
    },
    {
      name: `${INTROSPECTION}.operation`,
      about: "Tells how calls of the operations look.",
      operations: [
        metadataOperation(
          "list",
          {
            about: "Lists the names of the operations of a service.",
            params: [serviceParameter],
            output: setOfType(builtin("ID")),
          },
          operationsOf,
        ),
        metadataOperation(
          "get",
          {
            about: "Shows what an operation takes and answers, and how it fails.",
            params: [serviceParameter, idParameter("operation_id", "Name of the operation.")],
            output: structureOf(`${INTROSPECTION}.operation.info`),
          },
          getOperation,
        ),
      ],
    },
  ],
};
