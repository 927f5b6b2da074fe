import { builtin, lastOf, listOfType, structureOf } from "./api-type.ts";
import type { DescribedApi } from "./described-api.ts";
import {
  findIn,
  idParameter,
  listNames,
  type MetadataFamily,
  metadataOperation,
  type MetadataOperation,
  type MetadataService,
  textOf,
} from "./metadata-operation.ts";
import {
  componentInfo,
  enumerationInfo,
  fingerprintOfComponent,
  operationInfo,
  packageInfo,
  serviceInfo,
  structureInfo,
} from "./metamodel-info.ts";
import { METAMODEL, METAMODEL_ENUMERATIONS, METAMODEL_STRUCTURES } from "./metamodel-structures.ts";
import type { PlainValue } from "./plain-value.ts";

/** The tables of a described API that have a service with `list` and `get` each. */
type Table = "components" | "packages" | "services" | "structures" | "enumerations";

const listOperation = (table: Table): MetadataOperation =>
  metadataOperation(
    "list",
    { about: `Lists the names of all ${table}.`, output: listOfType(builtin("ID")) },
    (api) => listNames(api[table]),
  );

const getOperation = <Key extends Table>(
  table: Key,
  kind: string,
  answer: {
    readonly structure: string;
    plainOf(
      api: DescribedApi,
      entry: DescribedApi[Key] extends ReadonlyMap<string, infer Entry> ? Entry : never,
    ): PlainValue;
  },
): MetadataOperation => {
  const parameter = `${kind}_id`;
  return metadataOperation(
    "get",
    {
      about: `Shows one of the ${table}.`,
      params: [idParameter(parameter, `Name of the ${kind}.`)],
      output: structureOf(`${METAMODEL}.${answer.structure}`),
    },
    (api, input) => {
      const entries = api[table] as ReadonlyMap<string, Parameters<typeof answer.plainOf>[1]>;
      return findIn(entries, textOf(input, parameter), (entry) => answer.plainOf(api, entry));
    },
  );
};

const serviceOf = (name: string, operations: readonly MetadataOperation[]): MetadataService => ({
  name: `${METAMODEL}.${name}`,
  about: `Describes the API: ${lastOf(name)}.`,
  operations,
});

const componentParameter = idParameter("component_id", "Name of the component.");
const serviceParameter = idParameter("service_id", "Name of the service.");

/** The services that describe the API in its own type system. */
export const METAMODEL_FAMILY: MetadataFamily = {
  structures: METAMODEL_STRUCTURES,
  enumerations: METAMODEL_ENUMERATIONS,
  services: [
    serviceOf("component", [
      listOperation("components"),
      getOperation("components", "component", {
        structure: "component_data",
        plainOf: (api, component) => ({
          info: componentInfo(api, component),
          fingerprint: fingerprintOfComponent(api, component),
        }),
      }),
      metadataOperation(
        "fingerprint",
        {
          about: "Shows the print of a component.",
          params: [componentParameter],
          output: builtin("STRING"),
        },
        (api, input) =>
          findIn(api.components, textOf(input, "component_id"), (component) =>
            fingerprintOfComponent(api, component),
          ),
      ),
    ]),
    serviceOf("package", [
      listOperation("packages"),
      getOperation("packages", "package", { structure: "package_info", plainOf: packageInfo }),
    ]),
    serviceOf("service", [
      listOperation("services"),
      getOperation("services", "service", { structure: "service_info", plainOf: serviceInfo }),
    ]),
    serviceOf("service.hidden", [
      metadataOperation(
        "list",
        {
          about: "Lists the services that clients are not to show: none.",
          output: listOfType(builtin("ID")),
        },
        () => ({ found: [] }),
      ),
    ]),
    serviceOf("service.operation", [
      metadataOperation(
        "list",
        {
          about: "Lists the names of the operations of a service.",
          params: [serviceParameter],
          output: listOfType(builtin("ID")),
        },
        (api, input) =>
          findIn(api.services, textOf(input, "service_id"), ({ operations }) => [
            ...operations.keys(),
          ]),
      ),
      metadataOperation(
        "get",
        {
          about: "Shows an operation.",
          params: [serviceParameter, idParameter("operation_id", "Name of the operation.")],
          output: structureOf(`${METAMODEL}.operation_info`),
        },
        (api, input) => {
          const id = textOf(input, "service_id");
          const operations = api.services.get(id)?.operations;
          if (operations === undefined) return { missing: id };
          return findIn(operations, textOf(input, "operation_id"), (operation) =>
            operationInfo(api, operation),
          );
        },
      ),
    ]),
    serviceOf("structure", [
      listOperation("structures"),
      getOperation("structures", "structure", {
        structure: "structure_info",
        plainOf: structureInfo,
      }),
    ]),
    serviceOf("enumeration", [
      listOperation("enumerations"),
      getOperation("enumerations", "enumeration", {
        structure: "enumeration_info",
        plainOf: (_api, enumeration) => enumerationInfo(enumeration),
      }),
    ]),
  ],
};
